#pragma once
// The file: its bytes, and which key belongs to which layer and line of code.
#include <cstdint>
#include <string>

uint64_t header_length(const std::string& bytes);  // of a safetensors file
void the_bytes();
void the_keys();

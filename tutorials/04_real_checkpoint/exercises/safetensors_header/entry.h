#pragma once
// What the header of a safetensors file says about one tensor.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

struct Entry {
  std::string name;
  std::string dtype;           // "F32", ...
  std::vector<int64_t> shape;  // empty for a single number
  size_t begin, end;           // where its bytes are in the file: [begin, end)
};

#pragma once
// Tokenizers with one stage wrong, for the table of what each mistake costs.
#include <cstdint>
#include <string>
#include <vector>

using Tokens = std::vector<int32_t>;

Tokens whole_words(const std::string& text);
Tokens capitals_kept(const std::string& text);
Tokens split_at_spaces(const std::string& text);
Tokens without_hashes(const std::string& text);

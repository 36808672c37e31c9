#pragma once
// Reader for a file that gives the order of the examples, for FinetuneOptions::order.
#include <cstdint>
#include <string>
#include <vector>

namespace cairn {

// Reads indices in [0, count), one per line; an index may come twice or not at all. Error with
// FILE:LINE for anything else.
std::vector<int64_t> read_order(const std::string& path, int64_t count);

}  // namespace cairn

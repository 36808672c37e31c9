// Reading and checking the indices, line by line.
#include "text/more/order_file.h"

#include <charconv>
#include <string_view>

#include "core/error.h"
#include "core/io/files.h"

namespace cairn {

std::vector<int64_t> read_order(const std::string& path, int64_t count) {
  const std::string bytes = read_file(path);
  const size_t ends = count_newlines(bytes);
  check_memory(path, bytes.size(), ends * sizeof(int64_t), "lines");
  std::vector<int64_t> order;
  order.reserve(ends + 1);
  for (std::string_view rest = bytes; !rest.empty();) {
    const std::string_view line = take_line(rest);
    int64_t index = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), index);
    if (error != std::errc() || end != line.data() + line.size() || index < 0 || index >= count)
      fail(path + ":" + std::to_string(order.size() + 1),
           "\"" + std::string(line.substr(0, 100)) + "\" is not an index",
           "indices are 0 to " + std::to_string(count - 1) + ", one per line");
    order.push_back(index);
  }
  if (order.empty()) fail(path, "the file is empty", "it needs one index per line");
  return order;
}

}  // namespace cairn

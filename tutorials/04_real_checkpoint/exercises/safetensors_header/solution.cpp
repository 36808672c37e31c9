// The table of contents of a safetensors file.
#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/io/json.h"
#include "tutorials/04_real_checkpoint/exercises/safetensors_header/entry.h"

namespace mine {

// The tensors of the file with these bytes, in the order of their bytes, with positions in the file.
// Throws a std::exception if the file is damaged.
std::vector<Entry> safetensors_header(const std::string& bytes) {
  if (bytes.size() < 8) throw std::runtime_error("the file has no room for the header's length");
  uint64_t n = 0;
  for (size_t i = 8; i-- > 0;) n = n * 256 + static_cast<unsigned char>(bytes[i]);
  if (n > bytes.size() - 8) throw std::runtime_error("the header is longer than the file");

  const size_t start = 8 + n;
  const int64_t room = static_cast<int64_t>(bytes.size() - start);
  const cairn::Json header = cairn::parse_json(bytes.substr(8, n), "header");
  if (!header.is_object()) throw std::runtime_error("the header is no object");
  std::vector<Entry> entries;
  for (const cairn::Json& tensor : header.items()) {
    if (tensor.key() == "__metadata__") continue;
    Entry entry{std::string(tensor.key()), tensor.at("dtype").as_string(), {}, 0, 0};
    for (const cairn::Json& size : tensor.at("shape").items()) entry.shape.push_back(size.as_int());
    const cairn::Json& offsets = tensor.at("data_offsets");
    if (offsets.items().size() != 2) throw std::runtime_error("data_offsets are not two numbers");
    const int64_t begin = offsets.items()[0].as_int(), end = offsets.items()[1].as_int();
    if (begin < 0 || end < begin || end > room)
      throw std::runtime_error("a tensor is not within the file");
    entry.begin = start + static_cast<size_t>(begin);
    entry.end = start + static_cast<size_t>(end);
    entries.push_back(entry);
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.begin < b.begin; });
  return entries;
}

}  // namespace mine

// Other ways to write it, as good.
#include <algorithm>
#include <bit>
#include <cctype>
#include <charconv>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string_view>

#include "core/io/json.h"
#include "tutorials/04_real_checkpoint/exercises/safetensors_header/safetensors_header.h"

namespace alternatives {
namespace {

// The length by memcpy, which is right on a little-endian machine; a map for the order.
std::vector<Entry> through_a_map(const std::string& bytes) {
  uint64_t n;
  if (bytes.size() < sizeof n) throw std::length_error("short");
  std::memcpy(&n, bytes.data(), sizeof n);
  if (std::endian::native == std::endian::big) n = __builtin_bswap64(n);
  if (bytes.size() - sizeof n < n) throw std::length_error("short");
  std::multimap<size_t, Entry> by_place;
  const cairn::Json header = cairn::parse_json(bytes.substr(sizeof n, n), "header");
  if (header.kind() != cairn::Json::Kind::object) throw std::invalid_argument("no object");
  for (const cairn::Json& tensor : header.items()) {
    if (tensor.key() == "__metadata__") continue;
    std::vector<int64_t> shape;
    for (const cairn::Json& size : tensor.at("shape").items()) shape.push_back(size.as_int(0));
    const std::vector<cairn::Json>& offsets = tensor.at("data_offsets").items();
    const int64_t begin = offsets.at(0).as_int(0), end = offsets.at(1).as_int(begin);
    if (static_cast<uint64_t>(end) > bytes.size() - 8 - n) throw std::out_of_range("end");
    by_place.emplace(static_cast<size_t>(begin),
                     Entry{std::string(tensor.key()), tensor.at("dtype").as_string(), shape,
                           8 + n + static_cast<size_t>(begin), 8 + n + static_cast<size_t>(end)});
  }
  std::vector<Entry> entries;
  for (const auto& [place, entry] : by_place) entries.push_back(entry);
  return entries;
}

// Each tensor is put where it belongs as it is read.
std::vector<Entry> sorted_while_read(const std::string& bytes) {
  const std::string_view file = bytes;
  if (file.size() < 8) throw std::runtime_error("short");
  unsigned long long n = 0;
  for (int i = 0; i < 8; ++i)
    n += static_cast<unsigned long long>(static_cast<unsigned char>(file[static_cast<size_t>(i)]))
         << 8 * i;
  const std::string_view rest = file.substr(8);
  if (rest.size() < n) throw std::runtime_error("short");
  const std::string_view numbers = rest.substr(n);
  const cairn::Json header = cairn::parse_json(std::string(rest.substr(0, n)), "header");
  if (!header.is_object()) throw std::runtime_error("no object");
  std::vector<Entry> entries;
  for (const cairn::Json& json : header.items()) {
    if (json.key() == "__metadata__") continue;
    Entry entry;
    entry.name = json.key();
    entry.dtype = json.at("dtype").as_string();
    for (const cairn::Json& size : json.at("shape").items()) entry.shape.push_back(size.as_int());
    const auto place = [&](size_t which) {
      return 8 + n +
             static_cast<size_t>(json.at("data_offsets")
                                     .items()
                                     .at(which)
                                     .as_int(0, static_cast<int64_t>(numbers.size())));
    };
    entry.begin = place(0), entry.end = place(1);
    if (entry.begin > entry.end) throw std::runtime_error("ends before it begins");
    size_t at = entries.size();
    while (at > 0 && entries[at - 1].begin > entry.begin) --at;
    entries.insert(entries.begin() + static_cast<ptrdiff_t>(at), entry);
  }
  return entries;
}

// Without a reader of JSON: the few forms that a header has, read from left to right.
class Reader {
 public:
  Reader(std::string_view text, size_t start, size_t room)
      : text_(text), start_(start), room_(room) {}

  std::vector<Entry> tensors() {
    std::vector<Entry> entries;
    members([&](const std::string& name) {
      if (name == "__metadata__") return skip();
      Entry entry{name, "", {}, 0, 0};
      int found = 0;
      members([&](const std::string& key) {
        if (key == "dtype") entry.dtype = string();
        else if (key == "shape") entry.shape = numbers();
        else if (key == "data_offsets") place(entry);
        else return skip();
        ++found;
      });
      if (found != 3) wrong();
      entries.push_back(entry);
    });
    if (peek() != '\0') wrong();
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.begin < b.begin; });
    return entries;
  }

 private:
  [[noreturn]] static void wrong() { throw std::invalid_argument("not a header"); }
  char peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  void take(char c) {
    if (peek() != c) wrong();
    ++at_;
  }
  std::string string() {
    take('"');
    const size_t end = text_.find('"', at_);
    if (end == std::string_view::npos) wrong();
    const std::string value(text_.substr(at_, end - at_));
    at_ = end + 1;
    return value;
  }
  std::vector<int64_t> numbers() {
    std::vector<int64_t> values;
    take('[');
    while (peek() != ']') {
      if (!values.empty()) take(',');
      peek();
      int64_t value = 0;
      const auto [end, error] =
          std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
      if (error != std::errc()) wrong();
      at_ = static_cast<size_t>(end - text_.data());
      values.push_back(value);
    }
    take(']');
    return values;
  }
  void place(Entry& entry) {
    const std::vector<int64_t> offsets = numbers();
    if (offsets.size() != 2 || offsets[0] < 0 || offsets[1] < offsets[0] ||
        static_cast<size_t>(offsets[1]) > room_)
      wrong();
    entry.begin = start_ + static_cast<size_t>(offsets[0]);
    entry.end = start_ + static_cast<size_t>(offsets[1]);
  }
  template <class Member>
  void members(const Member& member) {
    take('{');
    for (bool first = true; peek() != '}'; first = false) {
      if (!first) take(',');
      const std::string key = string();
      take(':');
      member(key);
    }
    take('}');
  }
  void skip() {
    if (peek() == '{') members([&](const std::string&) { skip(); });
    else if (peek() == '[') numbers();
    else string();
  }

  std::string_view text_;
  size_t start_, room_, at_ = 0;
};

std::vector<Entry> by_hand(const std::string& bytes) {
  if (bytes.size() < 8) throw std::runtime_error("short");
  uint64_t n = 0;
  for (size_t i = 0; i < 8; ++i)
    n |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  if (n > bytes.size() - 8) throw std::runtime_error("short");
  return Reader(std::string_view(bytes).substr(8, n), 8 + n, bytes.size() - 8 - n).tensors();
}

}  // namespace

const std::vector<check::Alternative<Header>> list = {
    {"memcpy and a map", through_a_map},
    {"sorted while it is read", sorted_while_read},
    {"without a reader of JSON", by_hand},
};

}  // namespace alternatives

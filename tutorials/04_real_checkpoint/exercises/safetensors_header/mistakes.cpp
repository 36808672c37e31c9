// What people write instead.
#include <algorithm>
#include <stdexcept>

#include "core/io/json.h"
#include "tutorials/04_real_checkpoint/exercises/safetensors_header/safetensors_header.h"

namespace mistakes {
namespace {

enum {
  highest_byte_first = 1,
  signed_bytes,
  four_bytes,
  sum_overflows,
  length_not_checked,
  short_file_is_empty,
  metadata_is_a_tensor,
  offsets_from_the_file,
  eight_forgotten,
  length_for_end,
  order_of_the_text,
  order_of_the_names,
  end_not_checked,
  end_before_begin,
  negative_begin,
  single_number_left_out,
  nothing_is_no_tensor,
  array_is_empty,
  shape_may_be_missing,
  shape_reversed,
};

bool now(int mistake) { return check::mistake == mistake; }

uint64_t length_of(const std::string& bytes) {
  uint64_t n = 0;
  if (now(highest_byte_first)) {
    for (size_t i = 0; i < 8; ++i) n = n << 8 | static_cast<unsigned char>(bytes[i]);
  } else if (now(signed_bytes)) {
    for (size_t i = 8; i-- > 0;)
      n = n * 256 + static_cast<uint64_t>(static_cast<signed char>(bytes[i]));
  } else {
    for (size_t i = now(four_bytes) ? 4 : 8; i-- > 0;)
      n = n << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return n;
}

void check_length(uint64_t n, size_t size) {
  const bool too_long = now(sum_overflows) ? 8 + n > size : n > size - 8;
  if (too_long && !now(length_not_checked)) throw std::runtime_error("the header is too long");
}

Entry entry_of(const cairn::Json& tensor, size_t n, size_t size) {
  Entry entry{std::string(tensor.key()), tensor.at("dtype").as_string(), {}, 0, 0};
  if (!now(shape_may_be_missing) || tensor.find("shape"))
    for (const cairn::Json& extent : tensor.at("shape").items())
      entry.shape.push_back(extent.as_int());
  if (now(shape_reversed)) std::reverse(entry.shape.begin(), entry.shape.end());
  const size_t header = now(length_not_checked) ? 0 : 8 + n;
  const int64_t room = static_cast<int64_t>(size) - static_cast<int64_t>(header);
  const int64_t begin = tensor.at("data_offsets").items().at(0).as_int();
  const int64_t end = tensor.at("data_offsets").items().at(1).as_int();
  if (begin < 0 && !now(negative_begin)) throw std::runtime_error("a negative offset");
  if (end < begin && !now(end_before_begin)) throw std::runtime_error("ends before it begins");
  if (end > room && !now(end_not_checked)) throw std::runtime_error("ends after the file");
  const size_t start = now(offsets_from_the_file) ? 0 : now(eight_forgotten) ? n : 8 + n;
  entry.begin = start + static_cast<size_t>(begin);
  entry.end = (now(length_for_end) ? entry.begin : start) + static_cast<size_t>(end);
  return entry;
}

bool left_out(const cairn::Json& tensor) {
  if (tensor.key() == "__metadata__") return !now(metadata_is_a_tensor);
  if (!tensor.is_object() || !tensor.find("shape")) return false;
  if (now(single_number_left_out)) return tensor.at("shape").items().empty();
  bool has_zero = false;
  for (const cairn::Json& extent : tensor.at("shape").items()) has_zero |= extent.as_int() == 0;
  return now(nothing_is_no_tensor) && has_zero;
}

}  // namespace

std::vector<Entry> safetensors_header(const std::string& bytes) {
  if (bytes.size() < 8) {
    if (now(short_file_is_empty)) return {};
    throw std::runtime_error("too short");
  }
  const uint64_t n = length_of(bytes);
  check_length(n, bytes.size());
  const cairn::Json header = cairn::parse_json(bytes.substr(8, n), "header");
  if (!header.is_object() && !now(array_is_empty)) throw std::runtime_error("no object");
  std::vector<Entry> entries;
  for (const cairn::Json& tensor : header.items())
    if (!left_out(tensor)) entries.push_back(entry_of(tensor, n, bytes.size()));
  if (!now(order_of_the_text))
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return now(order_of_the_names) ? a.name < b.name : a.begin < b.begin;
    });
  return entries;
}

const std::vector<check::Mistake> list = {
    {highest_byte_first, "the highest byte first",
     "your length is far too large for any file: the first of the eight bytes is the lowest, not "
     "the "
     "highest."},
    {signed_bytes, "bytes that are negative",
     "short headers are right and longer ones are not: a char may be negative, and a byte of 128 "
     "or more then counts as one less than 0. Make it an unsigned char before you add it."},
    {four_bytes, "four bytes of the length",
     "you read fewer than eight bytes of the length, so a file that promises 2^32 bytes more than "
     "it "
     "has looks whole."},
    {sum_overflows, "8 + n overflows",
     "if n is nearly 2^64, 8 + n starts again at 0 and is not larger than the file. Compare n with "
     "the size less 8."},
    {length_not_checked, "the length is not compared with the file",
     "the header may claim to be longer than the file, and you believe it: substr() silently takes "
     "what is there."},
    {short_file_is_empty, "a short file has no tensors",
     "a file of fewer than 8 bytes is damaged. An empty list would say that it is whole, and "
     "empty."},
    {metadata_is_a_tensor, "__metadata__ is read as a tensor",
     "__metadata__ is a member of the header and not a tensor. It has no dtype; leave it out."},
    {offsets_from_the_file, "offsets from the beginning of the file",
     "data_offsets count from the end of the header. Add 8 and the header's length."},
    {eight_forgotten, "the eight bytes are forgotten",
     "each of your positions is 8 too small: the header begins after the eight bytes of its "
     "length."},
    {length_for_end, "the end taken for a length",
     "the first tensor is right and the next ends too late: the second of the data_offsets is an "
     "end, "
     "not a number of bytes. Both count from the same place."},
    {order_of_the_text, "in the order of the text",
     "the tensors are in the order of the header. Sort them by where their bytes are."},
    {order_of_the_names, "in the order of the names",
     "the tensors are in the order of their names. Sort them by where their bytes are."},
    {end_not_checked, "the end of a tensor is not compared with the file",
     "a tensor whose bytes go on after the end of the file is read as if they were there."},
    {end_before_begin, "a tensor may end before it begins",
     "data_offsets of [8, 4] would be a tensor of -4 bytes. Refuse it."},
    {negative_begin, "a tensor may begin before the numbers",
     "an offset of -8 lies in the header. Refuse negative offsets, before they become a size_t."},
    {single_number_left_out, "a single number is left out",
     "a tensor of shape [] is one number, with four bytes as any F32. Only its shape is empty."},
    {nothing_is_no_tensor, "a tensor without numbers is left out",
     "a tensor of shape [0, 7] has no numbers, but a name, which a loader will look for."},
    {array_is_empty, "an array for an object",
     "the JSON text [] is no header: there are no names in it. Ask is_object()."},
    {shape_may_be_missing, "the shape may be missing",
     "without its shape a tensor cannot be used. at() throws if there is none; find() does not."},
    {shape_reversed, "the shape is reversed",
     "the sizes of your shape are in the opposite order. [2, 3] is two rows of three."},
};

}  // namespace mistakes

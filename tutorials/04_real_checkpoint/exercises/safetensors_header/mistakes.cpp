// What people write instead.
#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include "core/io/json.h"
#include "tutorials/04_real_checkpoint/exercises/safetensors_header/safetensors_header.h"

namespace mistakes {
namespace {

enum {
  empty_list = 1,
  highest_byte_first,
  signed_bytes,
  four_bytes,
  sum_overflows,
  length_not_checked,
  length_checked_by_offsets,
  length_within_the_file,
  short_file_is_empty,
  metadata_is_a_tensor,
  underscores_left_out,
  other_members_left_out,
  offsets_from_the_file,
  eight_forgotten,
  eight_alone,
  begin_not_moved,
  length_for_end,
  order_of_the_text,
  order_of_the_names,
  order_of_the_ends,
  map_by_begin,
  map_keeps_the_first,
  end_not_checked,
  end_cast_to_int,
  end_before_begin,
  end_after_begin,
  negative_begin,
  single_number_left_out,
  nothing_is_no_tensor,
  array_is_empty,
  dtype_may_be_missing,
  shape_may_be_missing,
  offsets_may_be_missing,
  one_offset,
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
  const bool too_long = now(sum_overflows)            ? 8 + n > size
                        : now(length_within_the_file) ? n > size
                                                      : n > size - 8;
  if (too_long && !now(length_not_checked) && !now(length_checked_by_offsets))
    throw std::runtime_error("the header is too long");
}

// The two numbers of data_offsets.
std::pair<int64_t, int64_t> offsets_of(const cairn::Json& tensor) {
  if (now(offsets_may_be_missing) && !tensor.find("data_offsets")) return {0, 0};
  const cairn::Json& offsets = tensor.at("data_offsets");
  if (now(one_offset) && offsets.size() < 2) return {0, 0};
  return {offsets[0].as_int(), offsets[1].as_int()};
}

Entry entry_of(const cairn::Json& tensor, size_t n, size_t size) {
  Entry entry{tensor.key(), "", {}, 0, 0};
  if (!now(dtype_may_be_missing) || tensor.find("dtype"))
    entry.dtype = tensor.at("dtype").as_string();
  if (!now(shape_may_be_missing) || tensor.find("shape"))
    for (const cairn::Json& extent : tensor.at("shape").items())
      entry.shape.push_back(extent.as_int());
  if (now(shape_reversed)) std::reverse(entry.shape.begin(), entry.shape.end());
  const size_t header = now(length_not_checked) ? 0 : 8 + n;
  const int64_t room = static_cast<int64_t>(size) - static_cast<int64_t>(header);
  const auto [begin, end] = offsets_of(tensor);
  if (begin < 0 && !now(negative_begin)) throw std::runtime_error("a negative offset");
  if (end < begin && !now(end_before_begin)) throw std::runtime_error("ends before it begins");
  if (end == begin && now(end_after_begin)) throw std::runtime_error("has no bytes");
  const int64_t compared = now(end_cast_to_int) ? static_cast<int>(end) : end;
  if (compared > room && !now(end_not_checked)) throw std::runtime_error("ends after the file");
  const size_t start = now(offsets_from_the_file) ? 0
                       : now(eight_forgotten)     ? n
                       : now(eight_alone)         ? 8
                                                  : 8 + n;
  entry.begin = (now(begin_not_moved) ? 0 : start) + static_cast<size_t>(begin);
  entry.end = (now(length_for_end) ? entry.begin : start) + static_cast<size_t>(end);
  return entry;
}

// One tensor for each begin.
std::vector<Entry> through_a_map(const std::vector<Entry>& entries) {
  std::map<size_t, Entry> by_begin;
  for (const Entry& entry : entries)
    if (now(map_by_begin)) by_begin[entry.begin] = entry;
    else by_begin.emplace(entry.begin, entry);
  std::vector<Entry> in_order;
  for (const auto& [begin, entry] : by_begin) in_order.push_back(entry);
  return in_order;
}

bool left_out(const cairn::Json& tensor) {
  if (tensor.key() == "__metadata__") return !now(metadata_is_a_tensor);
  if (now(underscores_left_out) && tensor.key().starts_with("_")) return true;
  if (!tensor.is_object()) return now(other_members_left_out);
  if (!tensor.find("shape")) return false;
  if (now(single_number_left_out)) return tensor.at("shape").items().empty();
  bool has_zero = false;
  for (const cairn::Json& extent : tensor.at("shape").items()) has_zero |= extent.as_int() == 0;
  return now(nothing_is_no_tensor) && has_zero;
}

}  // namespace

std::vector<Entry> safetensors_header(const std::string& bytes) {
  if (now(empty_list)) return {};
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
  if (now(map_by_begin) || now(map_keeps_the_first)) return through_a_map(entries);
  if (!now(order_of_the_text))
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      if (now(order_of_the_ends)) return a.end < b.end;
      return now(order_of_the_names) ? a.name < b.name : a.begin < b.begin;
    });
  return entries;
}

const std::vector<check::Mistake> list = {
    {empty_list, "an empty list",
     "your list has no tensor in it yet. The way there: the length, the JSON text, and an Entry "
     "for "
     "each of its members."},
    {highest_byte_first, "the highest byte first",
     "your length is far too large for any file: the first of the eight bytes is the lowest, not "
     "the highest."},
    {signed_bytes, "bytes that are negative",
     "short headers are right and longer ones are not: a char may be negative, and a byte of 128 "
     "or more then counts as one less than 0. Make it an unsigned char before you add it."},
    {four_bytes, "four bytes of the length",
     "you read fewer than eight bytes of the length, so a file that promises 2^32 bytes more than "
     "it has looks whole."},
    {sum_overflows, "8 + n overflows",
     "if n is nearly 2^64, 8 + n starts again at 0 and is not larger than the file. Compare n with "
     "the size less 8."},
    {length_not_checked, "the length is not compared with the file",
     "the header may claim to be longer than the file, and you believe it: substr() silently takes "
     "what is there."},
    {length_checked_by_offsets, "the length is compared where there are tensors",
     "you never compare n with the size: substr() silently takes what is there. Where there is a "
     "tensor, its offsets may give the file away; where there is none, nothing does."},
    {length_within_the_file, "the length is compared with the whole file",
     "the header cannot be as long as the file: eight bytes of it come before. Compare n with the "
     "size less 8."},
    {short_file_is_empty, "a short file has no tensors",
     "a file of fewer than 8 bytes is damaged. An empty list would say that it is whole, and "
     "empty."},
    {metadata_is_a_tensor, "__metadata__ is read as a tensor",
     "__metadata__ is a member of the header and not a tensor. It has no dtype; leave it out."},
    {underscores_left_out, "names with _ are left out",
     "only __metadata__ is no tensor. Compare the whole name; another may begin with _."},
    {other_members_left_out, "a member that is no object is left out",
     "each member but __metadata__ has to be a tensor. A file with another is damaged: throw."},
    {offsets_from_the_file, "offsets from the beginning of the file",
     "data_offsets count from the end of the header. Add 8 and the header's length."},
    {eight_forgotten, "the eight bytes are forgotten",
     "each of your positions is 8 too small: the header begins after the eight bytes of its "
     "length."},
    {eight_alone, "eight is added alone",
     "you have added 8, but not the length of the header, n, which stands between the eight bytes "
     "and the numbers."},
    {begin_not_moved, "the end is moved alone",
     "your end counts from the first byte of the file, and your begin still from the end of the "
     "header. Add 8 + n to both."},
    {length_for_end, "the end taken for a length",
     "the first tensor is right and the next ends too late: the second of the data_offsets is an "
     "end, not a number of bytes. Both count from the same place."},
    {order_of_the_text, "in the order of the text",
     "the tensors are in the order of the header. Sort them by where their bytes are."},
    {order_of_the_names, "in the order of the names",
     "the tensors are in the order of their names. Sort them by where their bytes are."},
    {order_of_the_ends, "in the order of the ends",
     "the tensors are in the order of their ends. Sort them by begin."},
    {map_by_begin, "a map from the begin",
     "of two tensors that begin at the same place only the last is left: a std::map has one value "
     "for a key. Sort a vector, or take a std::multimap."},
    {map_keeps_the_first, "a map from the begin that keeps the first",
     "of two tensors that begin at the same place only the first is left: a std::map has one value "
     "for a key. Sort a vector, or take a std::multimap."},
    {end_not_checked, "the end of a tensor is not compared with the file",
     "a tensor whose bytes go on after the end of the file is read as if they were there."},
    {end_cast_to_int, "the end is made an int",
     "an end of 2^32 + 8 becomes 8 where it is made an int, and looks as if it were in the file. "
     "Compare it as an int64_t."},
    {end_before_begin, "a tensor may end before it begins",
     "data_offsets of [8, 4] would be a tensor of -4 bytes. Refuse it."},
    {end_after_begin, "a tensor has to have bytes",
     "a tensor without numbers has data_offsets such as [0, 0]: its end may be its begin."},
    {negative_begin, "a tensor may begin before the numbers",
     "an offset of -8 lies in the header. Refuse negative offsets, before they become a size_t."},
    {single_number_left_out, "a single number is left out",
     "a tensor of shape [] is one number, with four bytes as any F32. Only its shape is empty."},
    {nothing_is_no_tensor, "a tensor without numbers is left out",
     "a tensor of shape [0, 7] has no numbers, but a name, which a loader will look for."},
    {array_is_empty, "an array for an object",
     "the JSON text [] is no header: there are no names in it. Ask is_object()."},
    {dtype_may_be_missing, "the dtype may be missing",
     "without its dtype nobody knows what the bytes mean. at() throws if there is none; find() "
     "does "
     "not."},
    {shape_may_be_missing, "the shape may be missing",
     "without its shape a tensor cannot be used. at() throws if there is none; find() does not."},
    {offsets_may_be_missing, "the data_offsets may be missing",
     "without data_offsets there are no bytes to be found. at() throws if there are none; find() "
     "does not."},
    {one_offset, "one offset is enough",
     "data_offsets has to have two numbers. at(\"data_offsets\")[1] throws if there is no second "
     "one; items()[1] reads past the end of the vector."},
    {shape_reversed, "the shape is reversed",
     "the sizes of your shape are in the opposite order. [2, 3] is two rows of three."},
};

}  // namespace mistakes

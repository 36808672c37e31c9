// Files made here, whole and damaged; and the checkpoint that the chapter reads.
#include <algorithm>
#include <exception>

#include "core/io/files.h"
#include "core/io/safetensors.h"
#include "tutorials/04_real_checkpoint/exercises/safetensors_header/safetensors_header.h"

namespace {

std::string length_bytes(uint64_t n) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(n >> (8 * i) & 255);
  return bytes;
}

// A file with this header and `data` bytes after it.
std::string file_of(const std::string& header, size_t data) {
  return length_bytes(header.size()) + header + std::string(data, '\x7f');
}

std::string text(const Entry& entry) {
  std::string shape;
  for (int64_t size : entry.shape) shape += (shape.empty() ? "" : ", ") + std::to_string(size);
  return entry.name + ": " + entry.dtype + " [" + shape + "] from " + std::to_string(entry.begin) +
         " to " + std::to_string(entry.end);
}

const std::string one = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
const std::string none = R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})";

// Whether the function takes the first byte of the length for the highest.
bool highest_byte_first(Header* read) {
  std::string bytes = file_of(one, 8);
  std::reverse(bytes.begin(), bytes.begin() + 8);
  try {
    return read(bytes).size() == 1;
  } catch (const std::exception&) {
    return false;
  }
}

// Tensors with the same begin, which may come in any order, by their ends.
void order_ties(std::vector<Entry>& entries) {
  for (auto first = entries.begin(); first != entries.end();) {
    const auto last = std::find_if(first, entries.end(),
                                   [&](const Entry& entry) { return entry.begin != first->begin; });
    std::sort(first, last, [](const Entry& a, const Entry& b) { return a.end < b.end; });
    first = last;
  }
}

// The function finds these tensors; the first difference is told.
void finds(Header* read, check::Judge& judge, const std::string& what, const std::string& bytes,
           const std::vector<Entry>& expected) {
  const std::string before = bytes;
  std::vector<Entry> got;
  try {
    got = read(bytes);
  } catch (const std::exception& error) {
    return judge.that(false, what,
                      highest_byte_first(read)
                          ? "an exception, and none if the length has its highest byte first"
                          : "an exception, but the file is whole",
                      error.what());
  }
  judge.that(bytes == before, what + ": the bytes", "the input was changed");
  order_ties(got);
  for (size_t i = 0; i < got.size() && i < expected.size(); ++i)
    if (text(got[i]) != text(expected[i]))
      return judge.equal(what, text(got[i]), text(expected[i]));
  judge.equal(what + ": how many tensors", static_cast<int64_t>(got.size()),
              static_cast<int64_t>(expected.size()));
}

std::string entry_of(const std::string& offsets) {
  return R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)" + offsets + "}}";
}

void whole_files(Header* read, check::Judge& judge) {
  const size_t start = 8 + one.size();
  finds(read, judge, "one tensor", file_of(one, 8), {{"a", "F32", {2}, start, start + 8}});
  finds(read, judge, "the same once more", file_of(one, 8), {{"a", "F32", {2}, start, start + 8}});

  const std::string two = R"({"b":{"dtype":"F16","shape":[2,3],"data_offsets":[8,20]},)"
                          R"("z":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const size_t at = 8 + two.size();
  finds(read, judge, "two tensors, the second first in the file", file_of(two, 20),
        {{"z", "F32", {2}, at, at + 8}, {"b", "F16", {2, 3}, at + 8, at + 20}});

  const std::string last = R"({"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                           R"("a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})";
  const size_t from = 8 + last.size();
  finds(read, judge, "names not in the order of the alphabet", file_of(last, 16),
        {{"b", "F32", {2}, from, from + 8}, {"a", "F32", {2}, from + 8, from + 16}});

  const std::string metadata = R"({"__metadata__":{"format":"pt"},)" + one.substr(1);
  const size_t after = 8 + metadata.size();
  finds(read, judge, "a file with __metadata__", file_of(metadata, 8),
        {{"a", "F32", {2}, after, after + 8}});

  const std::string scalar = R"({"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})";
  const size_t next = 8 + scalar.size();
  finds(read, judge, "a single number, shape []", file_of(scalar, 4),
        {{"s", "F32", {}, next, next + 4}});
  const size_t behind = next + 80;
  finds(read, judge, "a header of more than 127 bytes, with spaces at its end",
        file_of(scalar + std::string(80, ' '), 4), {{"s", "F32", {}, behind, behind + 4}});

  const std::string under = R"({"_a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const size_t first = 8 + under.size();
  finds(read, judge, "a tensor whose name begins with _", file_of(under, 8),
        {{"_a", "F32", {2}, first, first + 8}});

  const std::string over = R"({"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},)"
                           R"("a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})";
  const size_t base = 8 + over.size();
  finds(read, judge, "two tensors that overlap", file_of(over, 16),
        {{"a", "F32", {4}, base, base + 16}, {"b", "F32", {2}, base + 4, base + 12}});

  const std::string odd = R"({"a b.c ":{"dtype":"I64","shape":[0,7],"data_offsets":[0,0]}})";
  finds(read, judge, "a tensor without numbers", file_of(odd, 0),
        {{"a b.c ", "I64", {0, 7}, 8 + odd.size(), 8 + odd.size()}});
  finds(read, judge, "no tensor at all", file_of("{}", 0), {});

  const std::string tie = R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)"
                          R"("b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const size_t both = 8 + tie.size();
  finds(read, judge, "two tensors with the same begin, the first without numbers", file_of(tie, 8),
        {{"a", "F32", {0}, both, both}, {"b", "F32", {2}, both, both + 8}});

  const std::string path = CAIRN_SOURCE_DIR "/tests/fixtures/models/bert/model.safetensors";
  const std::string bytes = cairn::read_file(path);
  const cairn::SafeTensors file(path);
  std::vector<Entry> expected;
  for (const cairn::TensorView& view : file.tensors()) {
    const size_t begin = static_cast<size_t>(view.bytes - file.file()->data());
    expected.push_back({view.name, view.dtype, view.shape, begin, begin + view.size});
  }
  finds(read, judge, "the checkpoint of the chapter", bytes, expected);
}

void damaged_files(Header* read, check::Judge& judge) {
  const auto refuses = [&](const std::string& what, const std::string& bytes) {
    judge.throws(what, [&] { read(bytes); });
  };
  refuses("an empty file", "");
  refuses("a file of 7 bytes", std::string(7, '\0'));
  // Here bytes[7] is past the string's end, which the check of an index finds; above it is the '\0'.
  refuses("a file of 3 bytes", std::string(3, '\0'));
  refuses("a file of 8 bytes that promises 4 more", length_bytes(4));
  refuses("no tensor, and a header 98 bytes longer than the file's rest", length_bytes(100) + "{}");
  refuses("no tensor, and a header 1 byte longer than the file's rest", length_bytes(3) + "{}");
  refuses("no tensor, and a header 8 bytes longer than the file's rest", length_bytes(10) + "{}");
  refuses("a header that ends one byte after the file", length_bytes(none.size() + 1) + none);
  refuses("a header of 2^32 bytes too many",
          length_bytes((uint64_t{1} << 32) + none.size()) + none);
  refuses("a header of 2^56 bytes too many",
          length_bytes((uint64_t{1} << 56) + none.size()) + none);
  refuses("a header of 2^64 - 1 bytes", length_bytes(~uint64_t{0}) + none);
  refuses("a header cut in two", file_of(one.substr(0, 20), 0));
  refuses("a header that is not JSON", file_of("hello, world", 8));
  refuses("a header that is an array", file_of("[]", 8));
  refuses("a tensor that is a number", file_of(R"({"a":8})", 8));
  refuses("a tensor without a dtype", file_of(R"({"a":{"shape":[2],"data_offsets":[0,8]}})", 8));
  refuses("a tensor without a shape", file_of(R"({"a":{"dtype":"F32","data_offsets":[0,8]}})", 8));
  refuses("a tensor without data_offsets", file_of(R"({"a":{"dtype":"F32","shape":[2]}})", 8));
  refuses("data_offsets of one number", file_of(entry_of("[8]"), 8));
  refuses("data_offsets without a number", file_of(entry_of("[]"), 8));
  refuses("a tensor that ends after the file", file_of(entry_of("[0,8]"), 7));
  refuses("a tensor that ends 2^32 bytes after the file", file_of(entry_of("[0,4294967304]"), 8));
  refuses("a tensor that ends before it begins", file_of(entry_of("[8,4]"), 8));
  refuses("a tensor that begins before the numbers", file_of(entry_of("[-8,0]"), 8));
}

void check_safetensors_header(Header* read, check::Judge& judge) {
  whole_files(read, judge);
  damaged_files(read, judge);
}

void work(Header* read) {
  static const std::string bytes =
      cairn::read_file(CAIRN_SOURCE_DIR "/tests/fixtures/models/bert/model.safetensors");
  read(bytes);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Header>({.name = "safetensors_header",
                             .check = check_safetensors_header,
                             .mine = mine::safetensors_header,
                             .mistaken = mistakes::safetensors_header,
                             .mistakes = mistakes::list,
                             .alternatives = alternatives::list,
                             .work = work},
                            argc, argv);
}

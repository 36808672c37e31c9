// UTF-8, CRC-32 and files: what is accepted, what is refused and how, and that a failed write leaves
// everything as it was. JSON: test_json*.cpp.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <random>

#include "core/error.h"
#include "core/io/crc32.h"
#include "core/io/files.h"
#include "core/io/utf8.h"
#include "tests/folders.h"
#include "tests/support.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::TempFolder;

TEST_CASE("utf8: the first invalid byte is found") {
  CHECK(utf8_error("") == -1);
  CHECK(utf8_error("plain ASCII of more than eight bytes") == -1);
  CHECK(utf8_error("0123456\xC3\xA9 89") == -1);
  CHECK(utf8_error("0123456789\x80") == 10);
  CHECK(utf8_error("a\xC0\x80") == 1);
  CHECK(utf8_error("\xE0\x9F\xBF") == 0);
  CHECK(utf8_error("\xED\x9F\xBF") == -1);
  CHECK(utf8_error("\xED\xA0\x80") == 0);
  CHECK(utf8_error("\xF0\x8F\xBF\xBF") == 0);
  CHECK(utf8_error("\xF4\x8F\xBF\xBF") == -1);
  CHECK(utf8_error("\xF4\x90\x80\x80") == 0);
  CHECK(utf8_error("\xF5\x80\x80\x80") == 0);
  CHECK(utf8_error("ab\xE2\x82") == 2);
}

TEST_CASE("utf8: every code point is written as valid bytes, every surrogate as invalid ones") {
  int64_t wrong = 0;
  for (char32_t point = 0; point <= 0x10FFFF; point++) {
    std::string text;
    append_utf8(text, point);
    const bool surrogate = 0xD800 <= point && point <= 0xDFFF;
    wrong += (utf8_error(text) == -1) == surrogate;
    if (text.size() > 1) wrong += utf8_error(text.substr(0, text.size() - 1)) != 0;
  }
  CHECK(wrong == 0);
}

TEST_CASE("crc32: equals zlib's, whole or in parts") {
  CHECK(crc32("", 0) == 0);
  CHECK(crc32("123456789", 9) == 0xCBF43926u);  // the check value that specifications quote
  CHECK(crc32("The quick brown fox jumps over the lazy dog", 43) == 0x414FA339u);
  std::string bytes(1000, '\0');
  std::mt19937 random(2);
  for (char& c : bytes) c = static_cast<char>(random());
  const uint32_t whole = crc32(bytes.data(), bytes.size());
  for (size_t cut = 0; cut <= bytes.size(); cut += 37)
    CHECK(crc32(bytes.data() + cut, bytes.size() - cut, crc32(bytes.data(), cut)) == whole);
}

TEST_CASE("files: reading what is not there, a folder, or too much is an error") {
  const TempFolder folder;
  CHECK(has(error_of([&] { read_file(folder / "none"); }), "hint: check the path"));
  CHECK(has(error_of([&] { read_file(folder.path()); }), "is a folder"));
  CHECK(has(error_of([&] { MappedFile{folder.path()}; }), "is a folder"));
  CHECK(has(error_of([&] { MappedFile{folder / "none"}; }), folder / "none"));
  CHECK(has(error_of([&] { read_file("/dev/zero", 1000); }), "larger than 1000 bytes"));
  CHECK(has(error_of([&] { MappedFile{"/dev/zero"}; }), "not a regular file"));
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(has(error_of([&] { MappedFile{folder / "pipe"}; }), "not a regular file"));
  write_file_atomically(folder / "four", "1234");
  CHECK(read_file(folder / "four", 4) == "1234");
  CHECK_THROWS_AS(read_file(folder / "four", 3), Error);
}

TEST_CASE("files: what is written is read, by both ways, empty or large") {
  const TempFolder folder;
  const std::string path = folder / "file";
  for (const size_t size : {size_t{0}, size_t{1}, size_t{3'000'000}}) {
    std::string bytes(size, 'x');
    if (size) bytes[size / 2] = '\0';
    write_file_atomically(path, bytes);
    CHECK(read_file(path) == bytes);
    const MappedFile mapped(path);
    CHECK(mapped.size() == size);
    CHECK(std::string(reinterpret_cast<const char*>(mapped.data()), mapped.size()) == bytes);
  }
  CHECK(folder.count() == 1);
}

TEST_CASE("files: lines and fields") {
  using Texts = std::vector<std::string>;
  CHECK(split_lines("") == Texts{});
  CHECK(split_lines("\n") == Texts{""});
  CHECK(split_lines("a\r\n\nb") == Texts{"a", "", "b"});
  CHECK(split_lines("a\nb\n") == Texts{"a", "b"});
  CHECK(split("a\t\tb\t", '\t') == Texts{"a", "", "b", ""});
  CHECK(split("", '\t') == Texts{""});
}

TEST_CASE("files: an exception while writing leaves the old file and no other") {
  const TempFolder folder;
  const std::string path = folder / "file";
  write_file_atomically(path, "old");
  CHECK_THROWS_AS(
      {
        AtomicFile file(path);
        file.write("half of the ne");
        throw Error("something else failed");
      },
      Error);
  CHECK(read_file(path) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("files: a disk that is full leaves the old file and no other") {
  const TempFolder folder;
  const std::string path = folder / "file";
  write_file_atomically(path, "old");
  // A limit on file sizes acts as a full disk does: a write stores less than it was given.
  struct rlimit before, limit;
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  limit = before;
  limit.rlim_cur = 100'000;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  const std::string message =
      error_of([&] { write_file_atomically(path, std::string(200'000, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(has(message, path));
  CHECK(has(message, "hint:"));
  CHECK(read_file(path) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("files: writing where no file can be is an error that names the place") {
  const TempFolder folder;
  write_file_atomically(folder / "file", "old");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);  // as would be /dev/null
  for (const std::string& path : {folder / "none/file", folder / "file/below", folder / "pipe",
                                  folder.path(), folder.path() + "/", std::string()}) {
    CAPTURE(path);
    CHECK(has(error_of([&] { write_file_atomically(path, "new"); }), "[" + path));
  }
  CHECK(read_file(folder / "file") == "old");
  CHECK(folder.count() == 2);
  CHECK(std::filesystem::is_fifo(folder / "pipe"));
}

TEST_CASE("files: a symbolic link and the permissions survive a replacement") {
  const TempFolder folder;
  write_file_atomically(folder / "file", "old");
  REQUIRE(::chmod((folder / "file").c_str(), 0640) == 0);
  std::filesystem::create_symlink(folder / "file", folder / "link");
  const MappedFile mapped(folder / "file");
  write_file_atomically(folder / "link", "new");
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(read_file(folder / "file") == "new");
  CHECK(std::memcmp(mapped.data(), "old", 3) == 0);
  struct stat status;
  REQUIRE(::stat((folder / "file").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
  std::filesystem::create_symlink(folder / "none", folder / "broken");
  CHECK(has(error_of([&] { write_file_atomically(folder / "broken", ""); }), "symbolic link"));
}

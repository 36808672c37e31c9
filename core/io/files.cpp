// Reading files on POSIX: open, read, mmap. Each call's result is checked.
#include "core/io/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/error.h"
#include "core/io/descriptor.h"

namespace cairn {
namespace {

std::string remedy(int error_number) {
  switch (error_number) {
    case ENOENT: return "check the path";
    case EACCES:
    case EPERM: return "check the permissions";
    case ENOSPC:
    case EDQUOT: return "free some disk space, or choose another disk";
    case EFBIG: return "raise the limit on file sizes (ulimit -f), or choose another disk";
    case EROFS: return "choose a place that is not read-only";
    case ENOTDIR: return "a part of the path is a file, not a folder";
    case EMFILE:
    case ENFILE: return "too many files are open (ulimit -n)";
    default: return "";
  }
}

struct stat status_of(const Descriptor& file, const std::string& path) {
  struct stat status;
  if (::fstat(file.number, &status) != 0) fail_for(path, "can't be examined", errno);
  if (S_ISDIR(status.st_mode)) fail(path, "is a folder, not a file", "name a file inside it");
  return status;
}

}  // namespace

void fail_for(const std::string& path, const std::string& what, int error_number) {
  fail(path.empty() ? "\"\"" : path, what + ": " + std::generic_category().message(error_number),
       remedy(error_number));
}

Descriptor::Descriptor(const std::string& path, int flags)
    : number(::open(path.c_str(), flags | O_CLOEXEC)) {
  if (number < 0) fail_for(path, "can't be opened", errno);
}

Descriptor::~Descriptor() { ::close(number); }

std::string read_file(const std::string& path, int64_t max_bytes) {
  const Descriptor file(path, O_RDONLY);
  const struct stat status = status_of(file, path);
  const auto check_size = [&](int64_t size) {
    if (size > max_bytes)
      fail(path, "is larger than " + std::to_string(max_bytes) + " bytes",
           "is this the right file?");
  };
  // The size is a first guess only: a pipe has none, and a file may be growing.
  const int64_t expected = S_ISREG(status.st_mode) ? static_cast<int64_t>(status.st_size) : 0;
  check_size(expected);
  std::string bytes(static_cast<size_t>(expected) + 1, '\0');
  size_t size = 0;
  while (true) {
    if (size == bytes.size()) bytes.resize(2 * size + 4096);
    const ssize_t n = ::read(file.number, bytes.data() + size, bytes.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_for(path, "can't be read", errno);
    if (n == 0) break;
    size += static_cast<size_t>(n);
    check_size(static_cast<int64_t>(size));
  }
  bytes.resize(size);
  return bytes;
}

void check_memory(const std::string& path, size_t size, size_t needed, const char* what,
                  size_t max_memory) {
  constexpr size_t mebibyte = 1 << 20;
  if (max_memory == 0) max_memory = 2 * size + 40 * mebibyte;
  if (needed <= max_memory) return;
  fail(path,
       std::string("has too many ") + what + " for a file of " + std::to_string(size) +
           " bytes: they would take more than " + std::to_string(max_memory / mebibyte) +
           " MiB of memory",
       "is this the right file?");
}

std::string_view take_line(std::string_view& text) {
  const size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

size_t count_newlines(std::string_view text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  while (true) {
    const size_t end = text.find(separator);
    pieces.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) lines.emplace_back(take_line(text));
  return lines;
}

MappedFile::MappedFile(const std::string& path) {
  const Descriptor file(path, O_RDONLY | O_NONBLOCK);  // a pipe must not make open wait
  const struct stat status = status_of(file, path);
  if (!S_ISREG(status.st_mode)) fail(path, "is not a regular file", "copy it to a file first");
  if (status.st_size == 0) return;
  size_ = static_cast<size_t>(status.st_size);
  void* bytes = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (bytes == MAP_FAILED) fail_for(path, "can't be mapped into memory", errno);
  data_ = static_cast<const unsigned char*>(bytes);
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<unsigned char*>(data_), size_);
}

}  // namespace cairn

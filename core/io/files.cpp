// Files on POSIX: open, read, mmap, fsync, rename. Each call's result is checked.
#include "core/io/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "core/error.h"

namespace cairn {
namespace {

namespace fs = std::filesystem;

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

[[noreturn]] void fail_for(const std::string& path, const std::string& what, int error_number) {
  fail(path.empty() ? "\"\"" : path, what + ": " + std::generic_category().message(error_number),
       remedy(error_number));
}

// An open file, closed at the end of its scope.
struct Descriptor {
  Descriptor(const std::string& path, int flags) : number(::open(path.c_str(), flags | O_CLOEXEC)) {
    if (number < 0) fail_for(path, "can't be opened", errno);
  }
  ~Descriptor() { ::close(number); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number;
};

struct stat status_of(const Descriptor& file, const std::string& path) {
  struct stat status;
  if (::fstat(file.number, &status) != 0) fail_for(path, "can't be examined", errno);
  if (S_ISDIR(status.st_mode)) fail(path, "is a folder, not a file", "name a file inside it");
  return status;
}

std::string folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// Makes a rename durable: the name is part of the folder, which is synced like a file.
void sync_folder(const std::string& folder) {
  const Descriptor open(folder, O_RDONLY | O_DIRECTORY);
  // Some file systems can't sync a folder and say EINVAL.
  if (::fsync(open.number) != 0 && errno != EINVAL)
    fail_for(folder, "can't be synced to the disk", errno);
}

// Creates a new file in the folder, under a name that no other process or thread takes.
int create_temporary(const std::string& folder, std::string& name) {
  static std::atomic<int> counter{0};
  while (true) {
    name =
        folder + "/.cairn-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp";
    const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0 || errno != EEXIST) return descriptor;
  }
}

}  // namespace

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
  if (text.empty()) return {};
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::vector<std::string> lines = split(text, '\n');
  for (std::string& line : lines)
    if (line.ends_with('\r')) line.pop_back();
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

AtomicFile::AtomicFile(const std::string& path) : path_(path), target_(path) {
  std::error_code error;
  if (fs::is_symlink(path, error)) {
    target_ = fs::canonical(path, error).string();
    if (error) fail_to("can't follow the symbolic link", error.value());
  }
  struct stat old;
  const bool exists = ::stat(target_.c_str(), &old) == 0;
  if (exists && S_ISDIR(old.st_mode)) fail(path, "is a folder, so no file can be written there");
  if (exists && !S_ISREG(old.st_mode)) fail(path, "is a device or pipe, not a file");
  const std::string name = fs::path(target_).filename().string();
  if (name.empty()) fail(path.empty() ? "\"\"" : path, "is not the name of a file");
  descriptor_ = create_temporary(folder_of(target_), temporary_);
  if (descriptor_ < 0) {
    temporary_.clear();
    fail_to("can't be written", errno);
  }
  if (exists) (void)::fchmod(descriptor_, old.st_mode & 07777);  // the old rights, where allowed
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::fail_to(const std::string& what, int error_number) const {
  fail_for(path_, what, error_number);
}

void AtomicFile::write(std::string_view bytes) { write(bytes.data(), bytes.size()); }

void AtomicFile::write(const void* bytes, size_t size) {
  if (descriptor_ < 0) fail(path_, "is finished; nothing more can be written");
  const auto* from = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t n = ::write(descriptor_, from, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_to("can't be written", errno);
    from += n;
    size -= static_cast<size_t>(n);
  }
}

void AtomicFile::finish() {
  if (descriptor_ < 0) return;
  if (::fsync(descriptor_) != 0) fail_to("can't be synced to the disk", errno);
  const int result = ::close(descriptor_);
  descriptor_ = -1;
  if (result != 0) fail_to("can't be closed", errno);
}

void AtomicFile::commit() {
  finish();
  if (temporary_.empty()) return;
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail_to("can't be replaced", errno);
  temporary_.clear();
  sync_folder(folder_of(target_));
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void prepare_output_folder(const std::string& path, bool overwrite) {
  std::error_code error;
  if (path.empty()) fail("\"\"", "is not the name of a folder");
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status)) {
    if (!fs::is_directory(status))
      fail(path, "exists and is not a folder", "choose another name, or move it away");
    const bool empty = fs::is_empty(path, error);
    if (error) fail_for(path, "can't be listed", error.value());
    if (!empty && !overwrite)
      fail(path, "exists and is not empty",
           "choose another folder, or write into this one with --overwrite");
  } else {
    fs::create_directories(path, error);
    if (error) fail_for(path, "can't be created", error.value());
  }
  // The one sure way to learn whether files can be written there.
  std::string probe;
  const int descriptor = create_temporary(path, probe);
  if (descriptor < 0) fail_for(path, "can't be written into", errno);
  ::close(descriptor);
  ::unlink(probe.c_str());
}

}  // namespace cairn

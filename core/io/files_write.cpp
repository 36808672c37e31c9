// Writing files on POSIX: write, fsync, rename, and flock, which keeps processes out of each
// other's way. Each call's result is checked.
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <map>
#include <mutex>
#include <system_error>

#include "core/error.h"
#include "core/io/descriptor.h"
#include "core/io/files.h"

namespace cairn {
namespace {

namespace fs = std::filesystem;

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

bool try_lock(int descriptor) { return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0; }

// Creates a new file in the folder, under a name that no other process or thread takes, and locks
// it until it is closed. The descriptor, or -1.
int create_temporary(const std::string& folder, std::string& name) {
  static std::atomic<int> counter{0};
  while (true) {
    name =
        folder + "/.cairn-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp";
    const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) (void)try_lock(descriptor);  // for is_left_over; not every file system can
    if (descriptor >= 0 || errno != EEXIST) return descriptor;
  }
}

// The process that a file's name, .cairn-PROCESS-N.tmp, says it belongs to; 0 for another name.
pid_t owner_of(const std::string& name) {
  int process = 0, number = 0, length = 0;
  const bool temporary =
      std::sscanf(name.c_str(), ".cairn-%9d-%9d.tmp%n", &process, &number, &length) == 2 &&
      static_cast<size_t>(length) == name.size();
  return temporary ? process : 0;
}

// Is a temporary file left over from a process that was killed? It may have had this process's
// number.
bool is_left_over(const fs::path& path, pid_t owner) {
  if (owner != ::getpid() && (::kill(owner, 0) == 0 || errno != ESRCH)) return false;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool unlocked = try_lock(descriptor);
  ::close(descriptor);
  return unlocked;
}

// Removes left-over temporary files. Does the folder hold anything else than temporary ones?
bool clear_temporaries(const std::string& folder) {
  std::error_code error;
  bool others = false;
  fs::directory_iterator entries(folder, error), end;
  for (; !error && entries != end; entries.increment(error)) {
    const pid_t owner = owner_of(entries->path().filename().string());
    others |= owner <= 0;
    if (owner > 0 && is_left_over(entries->path(), owner)) ::unlink(entries->path().c_str());
  }
  if (error) fail_for(folder, "can't be listed", error.value());
  return others;
}

// Locks on folders that this process holds, by device and file number.
std::mutex folders_mutex;
std::map<std::pair<dev_t, ino_t>, std::weak_ptr<const Descriptor>> folders;

// A lock of the folder itself, so that no file is left when the program is killed.
std::shared_ptr<const Descriptor> lock_folder(const std::string& path) {
  auto folder = std::make_shared<const Descriptor>(path, O_RDONLY | O_DIRECTORY);
  struct stat status;
  if (::fstat(folder->number, &status) != 0) fail_for(path, "can't be examined", errno);
  const std::lock_guard guard(folders_mutex);
  std::weak_ptr<const Descriptor>& held = folders[{status.st_dev, status.st_ino}];
  if (auto already = held.lock()) return already;
  if (!try_lock(folder->number) && errno == EWOULDBLOCK)  // some file systems have no locks
    fail(path, "another run is writing into this folder",
         "wait until it has ended, stop it, or choose another folder");
  held = folder;
  return folder;
}

}  // namespace

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
  std::error_code ignored;  // if the folder is missing, the next call says so
  if (fs::is_directory(folder_of(target_), ignored)) clear_temporaries(folder_of(target_));
  descriptor_ = create_temporary(folder_of(target_), temporary_);
  if (descriptor_ < 0) {
    temporary_.clear();
    fail_to("can't be written", errno);
  }
  if (exists) (void)::fchmod(descriptor_, old.st_mode & 07777);  // its permissions, where allowed
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
  if (finished_) fail(path_, "is finished; nothing more can be written");
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
  if (finished_) return;
  if (::fsync(descriptor_) != 0) fail_to("can't be synced to the disk", errno);
  finished_ = true;
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

OutputFolder::OutputFolder(const std::string& path, bool overwrite) {
  std::error_code error;
  if (path.empty()) fail("\"\"", "is not the name of a folder");
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_directory(status))
    fail(path, "exists and is not a folder", "choose another name, or move it away");
  if (!fs::exists(status)) {
    fs::create_directories(path, error);
    if (error) fail_for(path, "can't be created", error.value());
  }
  lock_ = lock_folder(path);
  if (clear_temporaries(path) && !overwrite)
    fail(path, "exists and is not empty",
         "choose another folder, or write into this one with --overwrite");
  // The one sure way to learn whether files can be written there.
  std::string probe;
  const int descriptor = create_temporary(path, probe);
  if (descriptor < 0) fail_for(path, "can't be written into", errno);
  ::close(descriptor);
  ::unlink(probe.c_str());
}

}  // namespace cairn

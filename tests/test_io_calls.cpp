// What the library asks of the system, and in which order: what was written is on the disk before
// it takes a name, and the name too; a call that fails or does half of its work damages nothing.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "core/io/descriptor.h"
#include "core/io/files.h"
#include "tests/folders.h"
#include "tests/io_calls.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;
namespace fs = std::filesystem;

namespace {

// Logs a call. Is it to fail? Then errno says why.
bool fails(const std::string& call) {
  if (!Calls::seen) return false;
  Calls::seen->log.push_back(call);
  errno = Calls::seen->error ? Calls::seen->error(call) : 0;
  return errno != 0;
}

ssize_t moved(size_t size) {
  const bool bent = Calls::seen && Calls::seen->moved;
  const ssize_t n = bent ? Calls::seen->moved(size) : static_cast<ssize_t>(size);
  if (n < 0) errno = static_cast<int>(-n);
  return n;
}

std::string path_of(int descriptor) {
  std::error_code error;
  return fs::read_symlink("/proc/self/fd/" + std::to_string(descriptor), error).string();
}

}  // namespace

extern "C" {

int fsync(int descriptor) {
  if (fails("sync " + path_of(descriptor))) return -1;
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

int rename(const char* from, const char* to) noexcept {
  if (fails(std::string("rename ") + from + " " + to)) return -1;
  return ::renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int remove(const char* path) noexcept {
  if (fails(std::string("remove ") + path)) return -1;
  std::error_code error;
  const bool folder = fs::is_directory(fs::symlink_status(path, error));
  return ::unlinkat(AT_FDCWD, path, folder ? AT_REMOVEDIR : 0);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  const ssize_t n = moved(size);
  return n < 0 ? -1 : static_cast<ssize_t>(::syscall(SYS_write, descriptor, bytes, n));
}

ssize_t read(int descriptor, void* bytes, size_t size) {
  const ssize_t n = moved(size);
  return n < 0 ? -1 : static_cast<ssize_t>(::syscall(SYS_read, descriptor, bytes, n));
}

int flock(int descriptor, int operation) noexcept {
  if (Calls::seen && Calls::seen->lock_error) return errno = Calls::seen->lock_error, -1;
  return static_cast<int>(::syscall(SYS_flock, descriptor, operation));
}

}  // extern "C"

TEST_CASE("files: a file is synced, then takes its name, and then the folder is synced") {
  const TempFolder folder;
  fs::create_directory(folder / "other");
  write_file_atomically(folder / "file", "old");
  Calls calls;
  std::string at_rename;
  calls.error = [&](const std::string& call) {
    if (call.starts_with("rename "))
      at_rename = read_file(split(call, ' ')[1]) + " for " + read_file(split(call, ' ')[2]);
    return 0;
  };
  write_file_atomically(folder / "file", "new");
  CHECK(plain(calls.log, folder.path()) ==
        Log{"sync 1.tmp", "rename 1.tmp file", "sync " + folder.path()});
  CHECK(at_rename == "new for old");
  calls.error = nullptr;

  // Through a link all happens in the folder of the file.
  fs::rename(folder / "file", folder / "other/file");
  fs::create_symlink("other/file", folder / "link");
  calls.log.clear();
  write_file_atomically(folder / "link", "newer");
  CHECK(plain(calls.log, folder / "other") ==
        Log{"sync 1.tmp", "rename 1.tmp file", "sync " + folder / "other"});

  // A name without a folder is in the current one.
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  calls.log.clear();
  write_file_atomically("bare", "1");
  fs::current_path(before);
  CHECK(plain(calls.log, folder.path()) ==
        Log{"sync 1.tmp", "rename ./1.tmp bare", "sync " + folder.path()});
}

TEST_CASE("files: finish syncs and commit renames, each once - nothing is written after") {
  const TempFolder folder;
  Calls calls;
  {
    AtomicFile file(folder / "file");
    file.write("ab");
    file.write(std::string("cd").data(), 2);
    file.finish();
    file.finish();
    CHECK(plain(calls.log, folder.path()) == Log{"sync 1.tmp"});
    CHECK_FALSE(fs::exists(folder / "file"));
    CHECK(
        has(error_of([&] { file.write("e"); }), "file] is finished; nothing more can be written"));
    file.commit();
    file.commit();
    CHECK(plain(calls.log, folder.path()) ==
          Log{"sync 1.tmp", "rename 1.tmp file", "sync " + folder.path()});
    CHECK(has(error_of([&] { file.write("e"); }), "is finished"));
  }
  CHECK(read_file(folder / "file") == "abcd");
  CHECK(folder.count() == 1);
}

TEST_CASE("files: a call that fails is told with its reason, and the old file stays alone") {
  const TempFolder folder;
  const std::string path = folder / "file";
  write_file_atomically(path, "old");
  const auto replace = [&] { write_file_atomically(path, "new"); };
  for (const int error : {EIO, ENOSPC, EINVAL}) {
    Calls calls;
    const std::string reason = std::generic_category().message(error);
    calls.moved = [&](size_t) { return ssize_t{-error}; };
    CHECK(has(error_of(replace), "[" + path + "] can't be written: " + reason));
    calls.moved = nullptr;
    calls.error = [&](const std::string& call) { return has(call, ".tmp") ? error : 0; };
    CHECK(has(error_of(replace), "[" + path + "] can't be synced to the disk: " + reason));
    calls.error = [&](const std::string& call) { return call.starts_with("re") ? error : 0; };
    CHECK(has(error_of(replace), "[" + path + "] can't be replaced: " + reason));
    CHECK(read_file(path) == "old");
    CHECK(folder.count() == 1);
  }
  const auto sync_folder_gives = [&](int error) {
    Calls calls;
    calls.error = [&](const std::string& call) {
      return call == "sync " + folder.path() ? error : 0;
    };
    return error_of(replace);
  };
  CHECK(has(sync_folder_gives(EIO), "[" + folder.path() + "] can't be synced to the disk: "));
  CHECK(sync_folder_gives(EINVAL).empty());  // a file system that can't sync folders
  CHECK(read_file(path) == "new");
  CHECK(folder.count() == 1);
}

TEST_CASE("files: reads and writes that are interrupted or move a part only are gone on with") {
  const TempFolder folder;
  const std::string path = folder / "file";
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += static_cast<char>(i * 7);
  Calls calls;
  int call = 0;
  calls.moved = [&](size_t size) {
    return ++call % 3 == 0 ? ssize_t{-EINTR} : static_cast<ssize_t>(std::min<size_t>(size, 97));
  };
  write_file_atomically(path, bytes);
  CHECK(call > 70);
  call = 0;
  CHECK(read_file(path) == bytes);
  CHECK(call > 70);
  calls.moved = [](size_t) { return ssize_t{-EIO}; };
  CHECK(error_of([&] { read_file(path); }) == "[" + path + "] can't be read: Input/output error");
}

TEST_CASE("files: a pipe is read to its end, up to the bound and not a byte more") {
  const auto through_pipe = [](size_t size, int64_t max_bytes) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    std::string bytes;
    for (size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 7 / 3);
    REQUIRE(::write(ends[1], bytes.data(), size) == static_cast<ssize_t>(size));
    ::close(ends[1]);
    std::string read;
    const std::string error =
        error_of([&] { read = read_file("/dev/fd/" + std::to_string(ends[0]), max_bytes); });
    ::close(ends[0]);
    return error.empty() ? (read == bytes ? "whole" : "other bytes") : error;
  };
  for (const size_t size : {0, 1, 2, 4096, 4097, 4098, 4099, 30'000}) {
    CAPTURE(size);
    const auto exact = static_cast<int64_t>(size);
    CHECK(through_pipe(size, 1 << 30) == "whole");
    CHECK(through_pipe(size, exact) == "whole");
    if (size > 0)
      CHECK(has(through_pipe(size, exact - 1),
                "is larger than " + std::to_string(exact - 1) + " bytes"));
  }
}

TEST_CASE("files: the system's reason comes with its remedy") {
  const std::pair<int, const char*> table[] = {
      {ENOENT, "check the path"},
      {EACCES, "check the permissions"},
      {EPERM, "check the permissions"},
      {ENOSPC, "free some disk space, or choose another disk"},
      {EDQUOT, "free some disk space, or choose another disk"},
      {EFBIG, "raise the limit on file sizes (ulimit -f), or choose another disk"},
      {EROFS, "choose a place that is not read-only"},
      {ENOTDIR, "a part of the path is a file, not a folder"},
      {EMFILE, "too many files are open (ulimit -n)"},
      {ENFILE, "too many files are open (ulimit -n)"},
  };
  for (const auto& row : table)
    CHECK(error_of([&] { fail_for("f", "can't be written", row.first); }) ==
          "[f] can't be written: " + std::generic_category().message(row.first) +
              "\n  hint: " + row.second);
  CHECK(error_of([&] { fail_for("", "can't be read", EIO); }) ==
        "[\"\"] can't be read: Input/output error");
}

TEST_CASE("files: a disk without locks is written to all the same - a lock held is told") {
  const TempFolder folder;
  Calls calls;
  calls.lock_error = ENOLCK;
  CHECK(error_of([&] { OutputFolder(folder / "out", false); }).empty());
  write_file_atomically(folder / "out/file", "1");
  CHECK(read_file(folder / "out/file") == "1");
  calls.lock_error = EWOULDBLOCK;
  CHECK(has(error_of([&] { OutputFolder(folder / "out", true); }),
            "another run is writing into this folder"));
}

// What the library asks of the system, and in which order: what was written is on the disk before
// it takes a name, and the name too; a call that fails or does half of its work damages nothing.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

#include "core/io/descriptor.h"
#include "core/io/files.h"
#include "core/io/model_files.h"
#include "tests/folders.h"
#include "tests/support.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::TempFolder;
namespace fs = std::filesystem;

namespace {

// While one lives, the library's calls are logged, or fail or do less than was asked, as the test
// says. Otherwise the functions below, which stand before the C library's, do what those do.
struct Calls {
  Calls() { seen = this; }
  ~Calls() { seen = nullptr; }
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  std::vector<std::string> log;  // in order: "sync PATH", "rename FROM TO", "remove PATH"
  std::function<int(const std::string&)> error;  // what a call fails with before it is done; or 0
  std::function<ssize_t(size_t)> moved;  // of so many bytes to read or write; -E fails with E
  int lock_error = 0;

  static inline Calls* seen = nullptr;
};

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

namespace {

using Log = std::vector<std::string>;

// The log with the names of temporary files as "1.tmp", "2.tmp" in their order, without `folder/`.
Log plain(const Log& log, const std::string& folder) {
  std::vector<std::string> names;
  Log result;
  for (std::string call : log) {
    for (size_t at; (at = call.find(folder + "/")) != std::string::npos;)
      call.erase(at, folder.size() + 1);
    if (const size_t at = call.find(".cairn-"); at != std::string::npos) {
      const std::string name = call.substr(at, call.find(".tmp") - at);
      auto known = std::find(names.begin(), names.end(), name);
      if (known == names.end()) known = names.insert(known, name);
      call.replace(at, name.size(), std::to_string(known - names.begin() + 1));
    }
    result.push_back(call);
  }
  return result;
}

// The tensors t0 ... t2 of three numbers, 12 bytes, each of which is `value`.
struct Weights {
  explicit Weights(float value) : values(3, value) {}
  std::vector<TensorView> views() const {
    std::vector<TensorView> all;
    for (const char* name : {"t0", "t1", "t2"})
      all.push_back(tensor_view(name, {3}, values.data()));
    return all;
  }
  std::vector<float> values;
};

// The one value that all numbers of a folder's weights have; 0 if they differ or can't be read.
float value_of(const std::string& folder) {
  try {
    const ModelFiles weights(folder);
    std::vector<float> all;
    for (const TensorView& view : weights.tensors()) {
      std::vector<float> values(static_cast<size_t>(view.numel()));
      to_float(view, values.data());
      all.insert(all.end(), values.begin(), values.end());
    }
    const bool whole = all.size() == 9 && std::equal(all.begin() + 1, all.end(), all.begin());
    return whole ? all[0] : 0;
  } catch (const Error&) {
    return 0;
  }
}

size_t open_files() {
  const fs::directory_iterator entries("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace

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

TEST_CASE(
    "model files: all shards and the index are on the disk before the first one is replaced") {
  const TempFolder folder;
  write_model_files(folder.path(), Weights(1).views(), 12);
  REQUIRE(fs::exists(folder / "model-00003-of-00003.safetensors"));
  Calls calls;
  std::vector<float> values;  // of what the folder holds when a file is about to be replaced
  calls.error = [&](const std::string& call) {
    if (call.starts_with("rename")) values.push_back(value_of(folder.path()));
    return 0;
  };
  write_model_files(folder.path(), Weights(2).views(), 12);
  const std::string f = folder.path();
  CHECK(plain(calls.log, f) == Log{"sync 1.tmp", "sync 2.tmp", "sync 3.tmp", "sync 4.tmp",
                                   "rename 1.tmp model-00001-of-00003.safetensors", "sync " + f,
                                   "rename 2.tmp model-00002-of-00003.safetensors", "sync " + f,
                                   "rename 3.tmp model-00003-of-00003.safetensors", "sync " + f,
                                   "rename 4.tmp model.safetensors.index.json", "sync " + f});
  CHECK(values == std::vector<float>{1, 0, 0, 2});  // the old ones until the first is renamed
  CHECK(value_of(f) == 2);

  // The old save goes last, and first of all what says which files are to be loaded.
  calls.log.clear();
  write_model_files(f, Weights(3).views(), 100);
  CHECK(plain(calls.log, f) ==
        Log{"sync 1.tmp", "rename 1.tmp model.safetensors", "sync " + f,
            "remove model.safetensors.index.json", "remove model-00003-of-00003.safetensors",
            "remove model-00002-of-00003.safetensors", "remove model-00001-of-00003.safetensors"});
  CHECK(value_of(f) == 3);
  calls.log.clear();
  write_model_files(f, Weights(4).views(), 24);
  CHECK(plain(calls.log, f).back() == "remove model.safetensors");
  CHECK(value_of(f) == 4);
}

TEST_CASE("model files: a disk that is full at any file, written or synced, leaves the old save") {
  const TempFolder folder;
  write_model_files(folder.path(), Weights(1).views(), 12);
  const size_t files = folder.count();
  for (int broken = 0; broken < 4; ++broken) {
    Calls calls;
    int synced = 0;
    calls.error = [&](const std::string& call) {
      return call.starts_with("sync") && synced++ == broken ? ENOSPC : 0;
    };
    CHECK(has(error_of([&] { write_model_files(folder.path(), Weights(2).views(), 12); }),
              "can't be synced to the disk: No space left on device"));
    CHECK(value_of(folder.path()) == 1);
    CHECK(folder.count() == files);
  }
  for (int broken = 0; broken < 13; ++broken) {  // 3 writes a shard, 1 for the index; 3 calls more
    Calls calls;
    int written = 0;
    calls.moved = [&](size_t size) {
      return written++ == broken ? ssize_t{-ENOSPC} : static_cast<ssize_t>(size);
    };
    const std::string error =
        error_of([&] { write_model_files(folder.path(), Weights(1).views(), 12); });
    CHECK(has(error, "can't be written: No space left on device") == (broken < 10));
    calls.moved = nullptr;
    CHECK(value_of(folder.path()) == 1);
    CHECK(folder.count() == files);
  }
}

TEST_CASE("model files: an old file that can't be removed is an error with the remedy") {
  const TempFolder folder;
  write_model_files(folder.path(), Weights(1).views(), 12);
  Calls calls;
  calls.error = [](const std::string& call) { return has(call, "remove") ? EACCES : 0; };
  const std::string error = error_of([&] { write_model_files(folder.path(), Weights(2).views()); });
  CHECK(has(error, "/model.safetensors.index.json] an earlier save's file can't be removed: "));
  CHECK(has(error, "hint: remove it by hand"));
  CHECK(value_of(folder.path()) == 2);  // the single file counts
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

TEST_CASE("files: nothing stays open or mapped, whether all goes well or not") {
  const TempFolder folder;
  write_file_atomically(folder / "file", "1234");
  const size_t before = open_files();
  const auto calls = [&] {
    read_file(folder / "file");
    write_file_atomically(folder / "file", "5678");
    { const AtomicFile unfinished(folder / "file"); }
    { const OutputFolder held(folder / "out", true); }
    // A file that a killed process left, which is looked at and removed.
    std::ofstream(folder / ".cairn-999999999-1.tmp");
    std::ofstream(folder / ".cairn-1-1.tmp");
    { const OutputFolder held(folder.path(), true); }
    CHECK_FALSE(fs::exists(folder / ".cairn-999999999-1.tmp"));
    CHECK(fs::exists(folder / ".cairn-1-1.tmp"));  // whose process, the system's first, lives
  };
  calls();
  CHECK(open_files() == before);
  error_of([&] { read_file(folder / "file", 3); });
  error_of([&] { read_file(folder.path()); });
  error_of([&] { MappedFile{folder.path()}; });
  error_of([&] { OutputFolder(folder.path(), false); });
  error_of([&] {
    Calls failing;
    failing.error = [](const std::string&) { return EIO; };
    write_file_atomically(folder / "file", "");
  });
  CHECK(open_files() == before);
  const auto mapped = [&] { return has(read_file("/proc/self/maps"), folder / "file"); };
  {
    const MappedFile file(folder / "file");
    CHECK(mapped());
    CHECK(open_files() == before);  // a mapping needs no descriptor
  }
  CHECK_FALSE(mapped());
}

TEST_CASE("files: no program that is started inherits a file or a lock") {
  const TempFolder folder;
  const OutputFolder held(folder.path(), true);
  AtomicFile file(folder / "file");
  const Descriptor open(folder.path(), O_RDONLY);
  int ours = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    if (!fs::read_symlink(entry, error).string().starts_with(folder.path())) continue;
    ++ours;
    CHECK((::fcntl(std::stoi(entry.path().filename()), F_GETFD) & FD_CLOEXEC) != 0);
  }
  CHECK(ours == 3);
}

TEST_CASE("files: a new file has the rights that the mask leaves, a replaced one keeps its own") {
  const TempFolder folder;
  const std::string path = folder / "file";
  const auto mode = [&] {
    struct stat status;
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
  };
  for (const mode_t mask : {0022, 0077, 0002, 0000}) {
    fs::remove(path);
    const mode_t before = ::umask(mask);
    write_file_atomically(path, "new");
    ::umask(before);
    CHECK(mode() == (0666 & ~mask));
  }
  for (const mode_t rights : {0755, 0600, 0464, 01644}) {
    REQUIRE(::chmod(path.c_str(), rights) == 0);
    write_file_atomically(path, "newer");
    CHECK(mode() == rights);
  }
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

TEST_CASE("files: a folder in which no file can be made is told, whoever asks") {
  // In /proc not even root can make one.
  CHECK(has(error_of([] { OutputFolder("/proc/self", true); }),
            "[/proc/self] can't be written into: "));
  CHECK(has(error_of([] { OutputFolder("/proc/self/new", true); }),
            "[/proc/self/new] can't be created: "));
  CHECK(has(error_of([] { AtomicFile{"/proc/self/new"}; }), "[/proc/self/new] can't be written: "));
}

// What the library leaves behind in the process and on the disk: no file that stays open, none that a
// started program inherits, the rights of new files.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "core/io/descriptor.h"
#include "core/io/files.h"
#include "tests/folders.h"
#include "tests/io_calls.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;
namespace fs = std::filesystem;

namespace {

size_t open_files() {
  const fs::directory_iterator entries("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace

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

TEST_CASE("files: a folder in which no file can be made is told, whoever asks") {
  // In /proc not even root can make one.
  CHECK(has(error_of([] { OutputFolder("/proc/self", true); }),
            "[/proc/self] can't be written into: "));
  CHECK(has(error_of([] { OutputFolder("/proc/self/new", true); }),
            "[/proc/self/new] can't be created: "));
  CHECK(has(error_of([] { AtomicFile{"/proc/self/new"}; }), "[/proc/self/new] can't be written: "));
}

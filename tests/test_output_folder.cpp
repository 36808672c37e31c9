// Folders of results: who may write into them, and what a program that was killed leaves there.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/files.h"
#include "tests/folders.h"
#include "tests/limits.h"
#include "tests/support.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::TempFolder;
using cairn::test::Waiting;
namespace fs = std::filesystem;

namespace {

// The number of a process that has ended.
pid_t dead_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

void leave(const std::string& path) { write_file_atomically(path, "left over"); }

}  // namespace

TEST_CASE("files: an output folder is made, or refused if it is in use") {
  const TempFolder folder;
  const std::string path = folder / "runs/a/b";
  OutputFolder(path, false);
  CHECK(std::filesystem::is_directory(path));
  OutputFolder(path, false);  // empty: fine
  CHECK(std::filesystem::is_empty(path));
  write_file_atomically(path + "/model", "old");
  const std::string message = error_of([&] { OutputFolder(path, false); });
  CHECK(has(message, path));
  CHECK(has(message, "not empty"));
  CHECK(has(message, "--overwrite"));
  OutputFolder(path, true);
  CHECK(read_file(path + "/model") == "old");
  CHECK(has(error_of([&] { OutputFolder(path + "/model", true); }), "not a folder"));
  CHECK(has(error_of([&] { OutputFolder(path + "/model/x", true); }), "not a folder"));
  CHECK_THROWS_AS(OutputFolder("", true), Error);
  if (::geteuid() != 0) {  // root may write anywhere
    REQUIRE(::chmod(path.c_str(), 0500) == 0);
    CHECK(has(error_of([&] { OutputFolder(path, true); }), "permissions"));
    ::chmod(path.c_str(), 0700);
  }
}

TEST_CASE("files: a folder of results belongs to one process, until that ends") {
  const TempFolder folder;
  const std::string path = folder / "runs/a";
  Waiting other([&] { new OutputFolder(path, false); });
  for (const bool overwrite : {false, true}) {
    const std::string message = error_of([&] { OutputFolder(path, overwrite); });
    CHECK(has(message, "[" + path + "] another run is writing into this folder"));
    CHECK(has(message, "hint: wait until it has ended"));
  }
  CHECK(error_of([&] { OutputFolder(folder / "runs/b", false); }).empty());
  other.kill();
  CHECK(error_of([&] { OutputFolder(path, false); }).empty());
  CHECK(fs::is_empty(path));  // nothing is left of the lock
}

TEST_CASE("files: within a process a folder of results may be held many times, under any name") {
  const TempFolder folder;
  const std::string path = folder / "a";
  const auto refused_elsewhere = [&] {
    const pid_t child = ::fork();  // a program of its own would open the folder anew; so does this
    if (child == 0) {
      const int own = ::open(path.c_str(), O_RDONLY | O_DIRECTORY);
      ::_exit(::flock(own, LOCK_EX | LOCK_NB) != 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 1;
  };
  {
    const OutputFolder first(path, false);
    { const OutputFolder second(folder / "./a/../a/", true); }
    CHECK(refused_elsewhere());
  }
  CHECK_FALSE(refused_elsewhere());
}

TEST_CASE("files: what a killed program was writing is cleared, and never fills a folder") {
  const TempFolder folder;
  const std::string path = folder / "out";
  fs::create_directory(path);
  const std::string dead = path + "/.cairn-" + std::to_string(dead_process()) + "-3.tmp";
  const std::string same_number = path + "/.cairn-" + std::to_string(::getpid()) + "-70000.tmp";
  leave(dead);
  leave(same_number);  // of an earlier process with this one's number
  OutputFolder(path, false);
  CHECK(fs::is_empty(path));

  leave(dead);
  write_file_atomically(path + "/vocab.txt", "a");  // any write into the folder clears, too
  CHECK_FALSE(fs::exists(dead));
  CHECK(has(error_of([&] { OutputFolder(path, false); }), "not empty"));
}

TEST_CASE("files: what a living program is writing stays, and is no content yet") {
  const TempFolder folder;
  const std::string path = folder / "out", file = path + "/model";
  fs::create_directory(path);
  Waiting writer([&] {
    auto* unfinished = new AtomicFile(file);
    unfinished->write("half of");
  });
  AtomicFile own(path + "/own");
  own.write("mine");
  CHECK(std::distance(fs::directory_iterator(path), {}) == 2);
  OutputFolder(path, false);  // empty but for these
  CHECK(std::distance(fs::directory_iterator(path), {}) == 2);
  writer.kill();
  own.commit();
  OutputFolder(path, true);
  CHECK(std::distance(fs::directory_iterator(path), {}) == 1);
  CHECK(read_file(path + "/own") == "mine");
}

TEST_CASE("files: only names of temporary files are cleared") {
  const TempFolder folder;
  const std::string dead = std::to_string(dead_process());
  for (const std::string& name : {".cairn-" + dead + "-1.tmp.bak", ".cairn-" + dead + ".tmp",
                                  "a.cairn-" + dead + "-1.tmp", std::string(".cairn-x-1.tmp"),
                                  std::string(".cairn-0-1.tmp"), std::string(".cairn--5-1.tmp")}) {
    CAPTURE(name);
    leave(folder / name);
    OutputFolder(folder.path(), true);
    CHECK(fs::exists(folder / name));
    CHECK(has(error_of([&] { OutputFolder(folder.path(), false); }), "not empty"));
    fs::remove(folder / name);
  }
}

TEST_CASE("files: a left-over file is removed only if nobody holds it, and is never waited for") {
  const TempFolder folder;
  const std::string dead = folder / (".cairn-" + std::to_string(dead_process()) + "-1.tmp");
  {
    // A process that another machine, or another container, knows by this number.
    Waiting other([&] { ::flock(::open(dead.c_str(), O_WRONLY | O_CREAT, 0600), LOCK_EX); });
    OutputFolder(folder.path(), false);
    CHECK(fs::exists(dead));
  }
  OutputFolder(folder.path(), false);
  CHECK_FALSE(fs::exists(dead));
  leave(folder / "file");
  fs::create_symlink("file", dead);  // none of ours
  OutputFolder(folder.path(), true);
  CHECK(fs::is_symlink(dead));
  fs::remove(dead);
  fs::remove(folder / "file");
  REQUIRE(::mkfifo(dead.c_str(), 0600) == 0);
  OutputFolder(folder.path(), false);
  CHECK_FALSE(fs::exists(dead));
}

TEST_CASE("files: a process of another user lives, though no signal can be sent to it") {
  const TempFolder folder;
  REQUIRE(::chmod(folder.path().c_str(), 0777) == 0);
  const std::string others = folder / ".cairn-1-1.tmp";  // of the system's first process
  leave(others);
  const pid_t child = ::fork();
  if (child == 0) {
    (void)!::setuid(65534);  // where the tests run as root
    try {
      OutputFolder(folder.path(), true);
    } catch (const Error&) {
      ::_exit(1);
    }
    ::_exit(fs::exists(others) ? 42 : 2);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 42);
}

TEST_CASE("files: a temporary name that is taken is passed over") {
  const TempFolder folder;
  const std::string own = ".cairn-" + std::to_string(::getpid()) + "-";
  const auto name_in = [&] {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder.path()))
      if (const std::string name = entry.path().filename(); name.starts_with(own))
        return name.substr(own.size(), name.find(".tmp") - own.size());
    return std::string();
  };
  std::string last;
  {
    const AtomicFile file(folder / "file");
    last = name_in();
  }
  REQUIRE(!last.empty());
  const std::string next = folder / (own + std::to_string(std::stoi(last) + 1) + ".tmp");
  const int taken = ::open(next.c_str(), O_WRONLY | O_CREAT, 0600);
  ::flock(taken, LOCK_EX);  // so that it is not left over
  REQUIRE(::write(taken, "mine", 4) == 4);
  write_file_atomically(folder / "file", "other");
  CHECK(read_file(next) == "mine");
  CHECK(read_file(folder / "file") == "other");
  ::close(taken);
}

TEST_CASE("files: what is no place for a file or folder is told for what it is") {
  const TempFolder folder;
  write_file_atomically(folder / "file", "old");
  fs::create_directory(folder / "sub");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  fs::create_symlink("nowhere", folder / "broken");
  const auto said = [&](const std::string& path) { return error_of([&] { AtomicFile{path}; }); };
  const std::string f = folder.path();
  CHECK(said(f + "/sub") == "[" + f + "/sub] is a folder, so no file can be written there");
  CHECK(said(f + "/pipe") == "[" + f + "/pipe] is a device or pipe, not a file");
  CHECK(said("/dev/null") == "[/dev/null] is a device or pipe, not a file");
  CHECK(said("") == "[\"\"] is not the name of a file");
  CHECK(said(f + "/none/") == "[" + f + "/none/] is not the name of a file");
  CHECK(has(said(f + "/broken"), "/broken] can't follow the symbolic link: No such file"));
  CHECK(has(said(f + "/none/x"), "/none/x] can't be written: No such file or directory\n  hint: "));
  CHECK(has(said(f + "/file/x"), "/file/x] can't be written: Not a directory\n  hint: "));
  const auto refused = [](const std::string& path) {
    return error_of([&] { OutputFolder(path, true); });
  };
  CHECK(refused("") == "[\"\"] is not the name of a folder");
  CHECK(refused(f + "/file") == "[" + f +
                                    "/file] exists and is not a folder\n  hint: choose "
                                    "another name, or move it away");
  CHECK(has(refused(f + "/pipe"), "exists and is not a folder"));
  CHECK(has(refused(f + "/file/x"), "can't be created: Not a directory\n  hint: a part of the"));
}

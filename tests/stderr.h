#pragma once
// What f writes to stderr, which is a file meanwhile, or a terminal.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include "tests/folders.h"

namespace cairn::test {

// Calls f while stderr is `other`, a descriptor.
inline void with_stderr(int other, const std::function<void()>& f) {
  std::fflush(stderr);
  const int before = ::dup(STDERR_FILENO);
  REQUIRE(::dup2(other, STDERR_FILENO) == STDERR_FILENO);
  const auto restore = [&] {
    std::fflush(stderr);
    ::dup2(before, STDERR_FILENO);
    ::close(before);
  };
  try {
    f();
  } catch (...) {
    restore();
    throw;
  }
  restore();
}

inline std::string stderr_of(const std::function<void()>& f) {
  const TempFolder folder;
  const int file = ::open((folder / "stderr").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  REQUIRE(file >= 0);
  with_stderr(file, f);
  ::close(file);
  return read_file(folder / "stderr");
}

// The same on a terminal of so many columns, up to 4 KB; "" after saying so where there is none.
inline std::string terminal_of(int columns, const std::function<void()>& f) {
  const int ours = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (ours < 0 || ::grantpt(ours) != 0 || ::unlockpt(ours) != 0) {
    std::cout << "SKIPPED: no terminal can be made\n";
    return "";
  }
  const int theirs = ::open(::ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(theirs >= 0);
  termios settings{};
  ::tcgetattr(theirs, &settings);
  settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);  // "\n" as it is
  ::tcsetattr(theirs, TCSANOW, &settings);
  winsize size{};
  size.ws_col = static_cast<unsigned short>(columns);
  ::ioctl(theirs, TIOCSWINSZ, &size);
  with_stderr(theirs, f);
  ::fcntl(ours, F_SETFL, O_NONBLOCK);
  std::string text;
  char part[512];
  for (ssize_t n; (n = ::read(ours, part, sizeof part)) > 0;)
    text.append(part, static_cast<size_t>(n));
  ::close(theirs);
  ::close(ours);
  return text;
}

}  // namespace cairn::test

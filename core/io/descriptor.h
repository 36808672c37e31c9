#pragma once
// An open file descriptor of the operating system, and the Error for a call that fails.
#include <string>

namespace cairn {

// Throws Error: PATH, what could not be done, the system's reason, and the remedy if there is one.
[[noreturn]] void fail_for(const std::string& path, const std::string& what, int error_number);

// Closed at the end of its scope. Error if the file can't be opened.
struct Descriptor {
  Descriptor(const std::string& path, int flags);
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number;
};

}  // namespace cairn

#pragma once
// The calls that the library makes of the system, seen and bent by a test.
#include <sys/types.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace cairn::test {

// While one lives, the library's calls are logged, or fail or do less than was asked, as the test
// says. Otherwise the functions of test_io_calls.cpp, which stand before the C library's, do what
// those do.
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

using Log = std::vector<std::string>;

// The log with the names of temporary files as "1.tmp", "2.tmp" in their order, without `folder/`.
inline Log plain(const Log& log, const std::string& folder) {
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

}  // namespace cairn::test

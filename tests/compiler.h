#pragma once
// For tests that compile: runs the compiler that compiled this, and shows what it says. Where tests
// can't (cross builds, sanitizers), CAIRN_CXX is not defined and they are skipped.
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <iostream>
#include <string>

#include "core/io/files.h"
#include "tests/folders.h"

namespace cairn::test {

// What a shell command did.
struct Output {
  int code = -1;
  std::string text;  // both streams

  size_t lines() const { return split_lines(text).size(); }
};

// A shell command with its exit code and all it prints.
inline Output run(const std::string& command) {
  Output ran;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (!pipe) return ran;
  std::array<char, 4096> buffer;
  for (size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    ran.text.append(buffer.data(), n);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) ran.code = WEXITSTATUS(status);
  return ran;
}

// The compiler with the library's headers; empty, and a line that says so, if there is none.
inline std::string compiler_or_skip() {
#ifdef CAIRN_CXX
  return std::string(CAIRN_CXX) + " -std=c++20 -fdiagnostics-color=never -I " + CAIRN_SOURCE_DIR;
#else
  std::cout << "SKIPPED: tests of this build can't compile programs\n";
  return "";
#endif
}

}  // namespace cairn::test

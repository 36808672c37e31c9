#pragma once
// A call in a process of its own, for graphs so deep that a function that calls itself runs out of
// stack, or with so many paths that one that walks each of them never ends.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>

namespace check {

// What became of call() with a stack of 1 MiB and two seconds; empty if it returned true.
template <class Call>
std::string apart(const Call& call) {
  enum { right = 40, wrong, threw };  // which no sanitizer says
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const rlimit stack = {1 << 20, 1 << 20}, seconds = {2, 3};  // of computing, however busy it is
    setrlimit(RLIMIT_STACK, &stack);
    setrlimit(RLIMIT_CPU, &seconds);
    std::signal(SIGSEGV, SIG_DFL);  // a sanitizer takes its time to say where
    if (!std::freopen("/dev/null", "w", stderr)) _exit(wrong);
    try {
      _exit(call() ? right : wrong);
    } catch (...) {
      _exit(threw);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) return "it does not end";
  switch (WIFEXITED(status) ? WEXITSTATUS(status) : 0) {
    case right: return "";
    case wrong: return "the answer is wrong";
    case threw: return "it throws an exception";
  }
  return "it crashed";
}

}  // namespace check

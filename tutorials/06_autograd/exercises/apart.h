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

// What became of call() with a stack of 1 MiB and some seconds; empty if it returned true.
template <class Call>
std::string apart(const Call& call) {
  constexpr int right = 40, wrong = 41;  // which no sanitizer says
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGALRM, SIG_DFL);
    alarm(3);
    const rlimit stack = {1 << 20, 1 << 20};
    setrlimit(RLIMIT_STACK, &stack);
    if (!std::freopen("/dev/null", "w", stderr)) _exit(wrong);
    _exit(call() ? right : wrong);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == right) return "";
  if (WIFEXITED(status) && WEXITSTATUS(status) == wrong) return "the answer is wrong";
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? "it does not end" : "it crashed";
}

}  // namespace check

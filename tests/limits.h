#pragma once
// What a call costs: under a limit on memory, in time of the processor; and a call in a process of
// its own, which then waits.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <new>
#include <string>

#include "core/error.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAIRN_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CAIRN_TEST_SANITIZED 1
#endif
#endif

namespace cairn::test {

// Sanitizers reserve more addresses than any limit would leave them.
#ifdef CAIRN_TEST_SANITIZED
constexpr bool can_limit_memory = false;
#else
constexpr bool can_limit_memory = true;
#endif

// Calls f where the process may map `bytes` more than it has mapped now, and gives "done", the text
// of the Error that f throws, or "out of memory".
inline std::string within_memory(int64_t bytes, const std::function<void()>& f) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    long long pages = 0;
    std::FILE* statm = std::fopen("/proc/self/statm", "r");
    if (!statm || std::fscanf(statm, "%lld", &pages) != 1) ::_exit(2);
    std::fclose(statm);
    const auto limit = static_cast<rlim_t>(pages * ::sysconf(_SC_PAGESIZE) + bytes);
    const rlimit limits{limit, limit};
    std::string outcome = "done";
    try {
      if (::setrlimit(RLIMIT_AS, &limits) != 0) ::_exit(2);
      f();
    } catch (const Error& error) {
      outcome = std::string(error.what()).substr(0, 2000);
    } catch (const std::bad_alloc&) {
      outcome = "out of memory";
    }
    ::_exit(::write(ends[1], outcome.data(), outcome.size()) < 0);
  }
  ::close(ends[1]);
  std::string outcome;
  char part[512];
  for (ssize_t n; (n = ::read(ends[0], part, sizeof part)) > 0;)
    outcome.append(part, static_cast<size_t>(n));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? outcome : "the process failed";
}

// The processor time of f in seconds: the best of three calls.
inline double cpu_seconds(const std::function<void()>& f) {
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const std::clock_t start = std::clock();
    f();
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

// A process that calls f, says so, and then waits to be killed.
class Waiting {
 public:
  explicit Waiting(const std::function<void()>& f) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    child_ = ::fork();
    if (child_ == 0) {
      f();
      if (::write(ends[1], "x", 1) != 1) ::_exit(1);
      while (true) ::pause();
    }
    char ready = 0;
    ::close(ends[1]);
    REQUIRE(::read(ends[0], &ready, 1) == 1);
    ::close(ends[0]);
  }
  ~Waiting() { kill(); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  pid_t process() const { return child_; }
  void kill() {
    if (child_ > 0) ::kill(child_, SIGKILL), ::waitpid(child_, nullptr, 0);
    child_ = 0;
  }

 private:
  pid_t child_ = 0;
};

}  // namespace cairn::test

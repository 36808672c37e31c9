#pragma once
// A call under a limit on memory, in a process of its own.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
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

}  // namespace cairn::test

// The thread pool: every chunk runs once; nested, concurrent and forked calls are safe.
#include "core/parallel.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"

namespace cairn {
namespace {

struct Counts {
  std::vector<std::atomic<int>> runs;
  explicit Counts(size_t n) : runs(n) {}
};

void count(void* context, int64_t i) {
  static_cast<Counts*>(context)->runs[static_cast<size_t>(i)]++;
}

bool each_once(const Counts& c) {
  for (const auto& n : c.runs)
    if (n != 1) return false;
  return true;
}

// Restores the number of threads.
struct Restore {
  int before = threads();
  ~Restore() { set_threads(before); }
};

TEST_CASE("parallel: every chunk runs exactly once") {
  const Restore restore;
  for (int n : {1, 2, 3, 8})
    for (size_t chunks : {0, 1, 2, 3, 1000}) {
      set_threads(n);
      for (int repeat = 0; repeat < 20; repeat++) {
        Counts c(chunks);
        parallel(static_cast<int64_t>(chunks), count, &c);
        CHECK(each_once(c));
      }
    }
}

TEST_CASE("parallel: a worker takes part") {
  const Restore restore;
  set_threads(2);
  struct Meeting {
    std::atomic<int> present{0};
    std::atomic<bool> met{false};
  } meeting;
  // Each of the two chunks waits for the other one, so two threads must run them.
  parallel(
      2,
      [](void* p, int64_t) {
        Meeting& m = *static_cast<Meeting*>(p);
        m.present++;
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (m.present < 2 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
        if (m.present == 2) m.met = true;
      },
      &meeting);
  CHECK(meeting.met);
}

TEST_CASE("parallel: a call from inside a body runs in place") {
  const Restore restore;
  set_threads(3);
  struct Nested {
    Counts counts{64};
    std::atomic<bool> moved{false};
  } nested;
  parallel(
      8,
      [](void* p, int64_t i) {
        struct Inner {
          Nested& nested;
          int64_t outer;
          std::thread::id thread;
        } inner{*static_cast<Nested*>(p), i, std::this_thread::get_id()};
        parallel(
            8,
            [](void* q, int64_t j) {
              Inner& in = *static_cast<Inner*>(q);
              if (std::this_thread::get_id() != in.thread) in.nested.moved = true;
              count(&in.nested.counts, in.outer * 8 + j);
            },
            &inner);
      },
      &nested);
  CHECK(each_once(nested.counts));
  CHECK(!nested.moved);
}

TEST_CASE("parallel: user threads may call it at the same time") {
  const Restore restore;
  set_threads(3);
  std::atomic<int> wrong{0};
  std::vector<std::thread> users;
  for (int u = 0; u < 4; u++)
    users.emplace_back([&] {
      for (int repeat = 0; repeat < 50; repeat++) {
        Counts c(100);
        parallel(100, count, &c);
        if (!each_once(c)) wrong++;
      }
    });
  for (std::thread& t : users) t.join();
  CHECK(wrong == 0);
}

// qemu-user, which runs the tests for Arm, cannot fork a process that has threads.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("parallel: a forked child has a pool of its own") {
  const Restore restore;
  set_threads(2);
  Counts before(10);
  parallel(10, count, &before);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    alarm(20);  // a hang is a failure
    Counts c(1000);
    parallel(1000, count, &c);
    _exit(each_once(c) ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
#endif

TEST_CASE("parallel: the number of threads is checked") {
  const Restore restore;
  CHECK(threads() >= 1);
  for (int n : {0, -1, 257}) CHECK_THROWS_AS(set_threads(n), Error);
  set_threads(256);
  CHECK(threads() == 256);
}

}  // namespace
}  // namespace cairn

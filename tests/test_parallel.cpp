// The thread pool: every chunk runs once; nested, concurrent and forked calls are safe.
#include "core/parallel.h"

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"

namespace cairn { namespace {

struct Counts {
  std::vector<std::atomic<int>> runs;  // of each chunk, and of one that is not there
  explicit Counts(size_t n) : runs(n + 1) {}
};

void count(void* context, int64_t i) {
  static_cast<Counts*>(context)->runs[static_cast<size_t>(i)]++;
}

bool each_once(const Counts& c) {
  for (size_t i = 0; i + 1 < c.runs.size(); i++)
    if (c.runs[i] != 1) return false;
  return c.runs.back() == 0;
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

// Each chunk of a job waits until `wanted` threads are in one, or the limit passes.
struct Meeting {
  int wanted;
  std::chrono::milliseconds limit;
  std::atomic<int> present{0}, most{0};

  // How many threads were in the job at once.
  int hold(int64_t chunks) {
    parallel(
        chunks, [](void* meeting, int64_t) { static_cast<Meeting*>(meeting)->wait(); }, this);
    return most;
  }

 private:
  void wait() {
    const int now = ++present;
    for (int before = most; before < now && !most.compare_exchange_weak(before, now);) {}
    const auto end = std::chrono::steady_clock::now() + limit;
    while (most < wanted && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    --present;
  }
};

constexpr std::chrono::seconds at_last{10};  // a meeting that should take place

TEST_CASE("parallel: a worker takes part, in each job") {
  const Restore restore;
  set_threads(2);
  for (int job = 0; job < 3; ++job) CHECK(Meeting{2, at_last}.hold(2) == 2);
  set_threads(5);
  CHECK(Meeting{5, at_last}.hold(5) == 5);
  CHECK(Meeting{3, at_last}.hold(3) == 3);
}

TEST_CASE("parallel: no more threads than set_threads() allows, whatever ran before") {
  const Restore restore;
  set_threads(6);
  CHECK(Meeting{6, at_last}.hold(6) == 6);  // all workers are there now
  constexpr std::chrono::milliseconds briefly{20};
  for (int n : {1, 2, 3}) {
    set_threads(n);
    for (int job = 0; job < 3; ++job) CHECK(Meeting{n + 1, briefly}.hold(4) <= n);
  }
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
// Whether f holds in a forked child, which has 20 seconds.
bool holds_in_child(const std::function<bool()>& f) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);  // a hang is a failure
    _exit(f() ? 0 : 1);
  }
  int status = -1;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

TEST_CASE("parallel: a forked child has a pool of its own, with workers, and so has the parent") {
  const Restore restore;
  set_threads(2);
  Counts before(10);
  parallel(10, count, &before);
  CHECK(holds_in_child([] {
    Counts c(1000);
    parallel(1000, count, &c);
    return each_once(c);
  }));
  CHECK(holds_in_child([] { return Meeting{2, at_last}.hold(2) == 2; }));
  CHECK(Meeting{2, at_last}.hold(2) == 2);
  // No more threads than are needed: of this process one, and its workers.
  const auto threads_there = [] {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return std::distance(begin(tasks), end(tasks));
  };
  for (int n : {2, 3, 5})
    CHECK(holds_in_child([&] {
      set_threads(n);
      Counts c(100), pair(2);
      parallel(2, count, &pair);
      const bool two = threads_there() == 2;
      parallel(100, count, &c);
      return two && threads_there() == n && each_once(c) && each_once(pair);
    }));
  // A fork from another thread, while the pool's owner is in a job.
  struct Forking {
    std::atomic<bool> worked{false};
  } forking;
  parallel(
      1000,
      [](void* p, int64_t chunk) {
        if (chunk != 0) return std::this_thread::sleep_for(std::chrono::microseconds(10));
        std::thread other([p] {
          static_cast<Forking*>(p)->worked = holds_in_child([] {
            return Meeting{2, at_last}.hold(2) == 2;
          });
        });
        other.join();
      },
      &forking);
  CHECK(forking.worked);
}

// Run as a program of its own by the next test.
TEST_CASE("parallel: prints the number of threads" * doctest::skip()) {
  try {
    std::printf("threads: %d\n", threads());
  } catch (const Error& error) {
    std::printf("%s\n", error.what());
  }
}

TEST_CASE("parallel: CAIRN_THREADS is the number of threads, or an Error") {
  const auto threads_of = [](const std::string& value) {
    const std::string command = "CAIRN_THREADS='" + value + "' /proc/" + std::to_string(getpid()) +
                                "/exe --no-skip -tc='parallel: prints the number of threads'";
    std::FILE* out = popen(command.c_str(), "r");
    REQUIRE(out != nullptr);
    std::string text;
    for (int c; (c = std::fgetc(out)) != EOF;) text += static_cast<char>(c);
    pclose(out);
    return text;
  };
  const auto says = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  for (const char* n : {"1", "3", "256"})
    CHECK(says(threads_of(n), "threads: " + std::string(n) + "\n"));
  for (const char* n : {"0", "-1", "257", "2x", "x", "99999999999999999999"})
    CHECK(says(threads_of(n), "[CAIRN_THREADS] the value is '" + std::string(n) + "'"));
#ifdef CAIRN_DEBUG
  const int processors = 1;
#else
  cpu_set_t set;
  REQUIRE(sched_getaffinity(0, sizeof set, &set) == 0);
  const int processors = std::min(CPU_COUNT(&set), 256);
#endif
  CHECK(says(threads_of(""), "threads: " + std::to_string(processors) + "\n"));
}
#endif

TEST_CASE("parallel: workers without work sleep") {
  const Restore restore;
  set_threads(3);
  CHECK(Meeting{3, at_last}.hold(3) == 3);
  const std::clock_t start = std::clock();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < 0.05);
}

TEST_CASE("parallel: after an Error no thread takes another chunk, and the next job runs") {
  const Restore restore;
  for (int n : {1, 3}) {
    set_threads(n);
    std::atomic<int> runs{0};
    const auto body = [](void* p, int64_t chunk) {
      ++*static_cast<std::atomic<int>*>(p);
      if (chunk == 0) fail("body", "as asked");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    };
    CHECK_THROWS_AS(parallel(1000, body, &runs), Error);
    CHECK(runs < 900);
    Counts c(100);
    parallel(100, count, &c);
    CHECK(each_once(c));
  }
}

TEST_CASE("parallel: the number of threads is checked") {
  const Restore restore;
  CHECK(threads() >= 1);
  for (int n : {0, -1, 257}) CHECK_THROWS_AS(set_threads(n), Error);
  set_threads(256);
  CHECK(threads() == 256);
}

}}  // namespace cairn

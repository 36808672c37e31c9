// The thread pool. The caller publishes one job and works on it too; workers only help. The job is
// finished when every chunk is done, so it does not matter whether a worker came in time, or at all
// (after a fork the child has none until it needs some). While one user thread has the pool,
// another that calls parallel() runs its chunks itself: the results are the same.
#include "core/parallel.h"

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

#include "core/error.h"

namespace cairn {
namespace {

constexpr int max_threads = 256;
constexpr int spins = 300;  // polls before a thread goes to sleep: some 10 microseconds

struct Job {
  int64_t chunks;
  void (*body)(void*, int64_t);
  void* context;
  std::atomic<int64_t> next{0};  // the first chunk that has not been taken
  std::mutex failing{};          // guards error
  std::exception_ptr error{};    // what a body threw
};

struct Pool {
  std::mutex owner;                    // held by the user thread whose job runs
  std::mutex mutex;                    // guards job and the sleepers
  std::condition_variable wake, done;  // a job came; the last helper left
  Job* job = nullptr;
  std::atomic<uint64_t> jobs{0};  // how many there have been
  std::atomic<int> helpers{0};    // workers inside the current job; raised under the mutex
  int workers = 0;                // started so far; guarded by owner
};

// Never destroyed: at exit the workers sleep on it, and the process ends under them.
Pool* pool = new Pool;
std::atomic<int> wanted{0};  // 0: not yet decided
thread_local bool inside = false;

void pause_briefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

void run(Job& job) {
  inside = true;
  try {
    for (int64_t i; (i = job.next.fetch_add(1)) < job.chunks;) job.body(job.context, i);
  } catch (...) {
    job.next = job.chunks;  // no thread takes another
    const std::lock_guard lock(job.failing);
    job.error = std::current_exception();
  }
  inside = false;
}

void work(Pool& p, int index) {
  uint64_t seen = 0;
  for (;;) {
    for (int i = 0; i < spins && p.jobs.load() == seen; i++) pause_briefly();
    std::unique_lock lock(p.mutex);
    p.wake.wait(lock, [&] { return p.jobs.load() != seen; });
    seen = p.jobs.load();
    Job* job = p.job;
    if (!job || index >= threads() - 1) continue;
    p.helpers++;
    lock.unlock();
    run(*job);
    lock.lock();
    if (--p.helpers == 0) p.done.notify_one();
  }
}

void start_workers(Pool& p, int count) {
  while (p.workers < count) {
    try {
      std::thread(work, std::ref(p), p.workers).detach();
    } catch (const std::system_error&) {
      return;  // the system has no more threads; the caller does the work
    }
    p.workers++;
  }
}

void publish(Pool& p, Job* job) {
  const std::lock_guard lock(p.mutex);
  p.job = job;
  p.jobs++;
  p.wake.notify_all();
}

void wait_for_helpers(Pool& p) {
  {
    const std::lock_guard lock(p.mutex);
    p.job = nullptr;  // from here on no worker joins
  }
  for (int i = 0; i < spins && p.helpers.load() != 0; i++) pause_briefly();
  std::unique_lock lock(p.mutex);
  p.done.wait(lock, [&] { return p.helpers.load() == 0; });
}

// A forked child has no workers, and the locks may be held by threads that it does not have.
void forget_pool() { pool = new Pool; }
const int at_fork = pthread_atfork(nullptr, nullptr, forget_pool);

int default_threads() {
  if (const char* text = std::getenv("CAIRN_THREADS"); text && *text) {
    char* end = nullptr;
    const long n = std::strtol(text, &end, 10);
    if (*end || n < 1 || n > max_threads)
      fail("CAIRN_THREADS", "the value is '" + std::string(text) + "'", "give a number, 1 to 256");
    return static_cast<int>(n);
  }
#ifdef CAIRN_DEBUG
  return 1;
#else
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  const int n = CPU_COUNT(&set);
  return n < max_threads ? n : max_threads;
#endif
}

}  // namespace

void set_threads(int n) {
  if (n < 1 || n > max_threads)
    fail("set_threads", "n is " + std::to_string(n), "give a number, 1 to 256");
  wanted = n;
}

int threads() {
  int n = wanted.load();
  if (n) return n;
  const int chosen = default_threads();
  return wanted.compare_exchange_strong(n, chosen) ? chosen : n;  // else set_threads came between
}

void parallel(int64_t chunks, void (*body)(void* context, int64_t chunk), void* context) {
  Pool& p = *pool;
  if (chunks < 2 || inside || threads() == 1 || !p.owner.try_lock()) {
    for (int64_t i = 0; i < chunks; i++) body(context, i);
    return;
  }
  const int64_t workers = chunks < threads() ? chunks : threads();
  start_workers(p, static_cast<int>(workers) - 1);
  Job job{chunks, body, context};
  publish(p, &job);
  run(job);
  wait_for_helpers(p);
  p.owner.unlock();
  if (job.error) std::rethrow_exception(job.error);
}

}  // namespace cairn

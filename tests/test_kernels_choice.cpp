// Around the kernels: which instruction set is chosen, their working memory, the measured peaks.
#include <fcntl.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>

#include "core/error.h"
#include "core/kernels/more/peak.h"
#include "core/kernels/scratch.h"
#include "tests/kernel_cases.h"

namespace cairn { namespace {

std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// --- the choice

// The features of the first processor, as the kernel of the operating system lists them.
std::vector<std::string> cpu_features() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("flags") && !line.starts_with("Features")) continue;
    std::istringstream words(line.substr(line.find(':') + 1));
    return {std::istream_iterator<std::string>(words), {}};
  }
  return {};
}

TEST_CASE("kernels: the available sets are those that the processor's features allow, best first") {
  const std::vector<std::string> features = cpu_features();
  const auto has = [&](const std::vector<std::string>& wanted) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& feature) {
      return std::find(features.begin(), features.end(), feature) != features.end();
    });
  };
  std::vector<std::string> expected, names;
#ifdef CAIRN_HAVE_AVX512
  if (has({"avx512f", "avx512dq", "avx512bw", "avx512vl", "avx2", "fma"}))
    expected.push_back("avx512");
#endif
#ifdef CAIRN_HAVE_AVX2
  if (has({"avx2", "fma"})) expected.push_back("avx2");
#endif
#ifdef CAIRN_HAVE_NEON
  if (has({"asimd"})) expected.push_back("neon");
#endif
  expected.push_back("reference");
  for (const Kernels* k : available_kernels()) names.push_back(k->name);
  if (features.empty()) MESSAGE("SKIPPED: no list of the processor's features");
  else CHECK(names == expected);
}

TEST_CASE("kernels: without a name the fastest set is chosen, with one that set or an error") {
#ifdef CAIRN_DEBUG
  const Kernels* preferred = available_kernels().back();
#else
  const Kernels* preferred = available_kernels().front();
#endif
  CHECK(&choose_kernels(nullptr) == preferred);
  CHECK(&choose_kernels("") == preferred);
  for (const Kernels* k : available_kernels()) {
    CHECK(&choose_kernels(k->name) == k);
    CHECK(&find_kernels(k->name) == k);
  }
  CHECK(available_kernels().back() == &reference::kernels);
  std::string names;
  for (const Kernels* k : available_kernels())
    names += (names.empty() ? "" : ", ") + std::string(k->name);
  for (const char* name : {"sse9", "AVX2", "avx", "avx25", " "}) {
    const std::string error = error_of([&] { choose_kernels(name); });
    CHECK(error.starts_with("[CAIRN_ISA] this machine has no instruction set '" +
                            std::string(name) + "'"));
    CHECK(error.find("hint: it has " + names) != std::string::npos);
    CHECK(error_of([&] { find_kernels(name); }) == error);
  }
}

// Run by the next test, in processes of their own, because the choice is made once.
TEST_CASE("kernels: the set that the environment names is the one in use") {
  const char* name = std::getenv("CAIRN_ISA");
  if (name && *name) CHECK(std::string(kernels().name) == name);
  else CHECK(&kernels() == &choose_kernels(nullptr));
  CHECK(&kernels() == &kernels());
}

TEST_CASE("kernels: CAIRN_ISA chooses for the process, and a wrong one is an error, not a crash") {
  std::vector<std::string> values = {"", "sse9"};
  for (const Kernels* k : available_kernels()) values.push_back(k->name);
  for (const std::string& value : values) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      setenv("CAIRN_ISA", value.c_str(), 1);
      if (dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO) < 0) _exit(2);
      execl("/proc/self/exe", "cairn_tests",
            "-tc=kernels: the set that the environment names is the one in use", nullptr);
      _exit(127);
    }
    int status = -1;
    waitpid(child, &status, 0);
    INFO("CAIRN_ISA=", value);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == (value == "sse9" ? 1 : 0));
  }
}

// --- working memory

#ifdef CAIRN_NO_POOL  // under a sanitizer every block comes from the C library
constexpr bool maps_large = false;
#else
constexpr bool maps_large = true;
#endif

TEST_CASE("scratch: as large as asked and a quarter to grow, aligned, kept until it is outgrown") {
  for (const int64_t bytes : {1, 1000, 4096, 100000, (2 << 20) - 1, 2 << 20, 9 << 20})
    std::thread([bytes] {  // whose slots are all empty
      CAPTURE(bytes);
      char* p = static_cast<char*>(scratch(scratch_rows, bytes));
      const size_t grown = size_t(bytes + bytes / 4);
      const bool mapped = maps_large && grown > (2 << 20) - 4096;  // rounded up to pages
      CHECK(reinterpret_cast<uintptr_t>(p) % (mapped ? 2 << 20 : 64) == 0);
      p[0] = p[grown - 1] = 1;
      if (!mapped) CHECK(malloc_usable_size(p) >= grown);
      if (!mapped) CHECK(malloc_usable_size(p) < grown + 4096 + 64);
      CHECK(scratch(scratch_rows, bytes) == p);
      CHECK(scratch(scratch_rows, bytes + bytes / 4) == p);
      CHECK(scratch(scratch_rows, 1) == p);
    })
        .join();
}

TEST_CASE("scratch: slots and threads do not share memory") {
  std::vector<char*> starts;
  const auto take_all = [&] {
    for (int slot = 0; slot < scratch_slots; slot++) {
      starts.push_back(static_cast<char*>(scratch(static_cast<ScratchSlot>(slot), 10000)));
      starts.back()[9999] = 1;
    }
  };
  take_all();
  std::thread([&] {
    take_all();
    std::sort(starts.begin(), starts.end());
    for (size_t i = 1; i < starts.size(); i++) CHECK(starts[i] - starts[i - 1] >= 10000);
  }).join();
}

#ifdef __linux__
TEST_CASE("scratch: what is outgrown is freed, and all of it when the thread ends") {
  const auto mapped = [] {  // bytes of address space
    int64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * int64_t(sysconf(_SC_PAGESIZE));
  };
  constexpr int64_t size = 64 << 20;
  std::thread([] { scratch(scratch_rows, 1); }).join();  // the C library's memory for one thread
  const int64_t before = mapped();
  std::thread([&] {
    for (const int64_t bytes : {size, 2 * size, 4 * size}) {
      scratch(scratch_rows, bytes);
      CHECK(mapped() - before > bytes);
      if (maps_large) CHECK(mapped() - before < bytes * 5 / 4 + size / 2);
    }
  }).join();
  if (maps_large) CHECK(mapped() - before < size / 2);
}
#endif

TEST_CASE("scratch: too much is an error that says how much, and the slot serves again") {
  std::thread([] {
    scratch(scratch_rows, 100);
    const int64_t far_too_much = int64_t(1) << 60;
    const std::string error = error_of([&] { scratch(scratch_rows, far_too_much); });
    CHECK(error.find("[kernels] no memory for 1441151880758558720 bytes") == 0);  // and a quarter
    CHECK(error.find("hint: use a smaller batch") != std::string::npos);
    static_cast<char*>(scratch(scratch_rows, 100))[99] = 1;
  }).join();
}

// --- peaks

TEST_CASE("peak: the loop counts two operations a lane, chain and iteration") {
  const std::pair<std::string, double> operations[] = {
      {"reference", 16}, {"neon", 2 * 12 * 4}, {"avx2", 2 * 12 * 8}, {"avx512", 2 * 12 * 16}};
  for (const Kernels* k : available_kernels())
    for (const auto& [name, each] : operations)
      if (name == k->name)
        for (const int64_t iterations : {0, 1, 1000})
          CHECK(k->fma_peak(iterations) == each * double(iterations));
}

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A loop that takes 50 microseconds and claims to have done a lot in rounds 2 to 5 of eight calls.
int call_count = 0;
double claimed = 0;
double mostly_slow(int64_t) {
  for (const double end = now() + 5e-5; now() < end;) {}
  const int round = call_count++ / 8;
  const double work = round >= 1 && round < 5 ? 1e9 : 1e6;
  claimed += work;
  return work;
}

TEST_CASE("peak: the best round and the mean of all are told apart, in GFLOP/s") {
  const Threads one(1);
  Kernels fake = reference::kernels;
  fake.fma_peak = mostly_slow;
  const double start = now(), best = measure_fma_peak(fake, 0.08);
  CHECK(now() - start >= 0.08);
  CHECK(best <= 20000 * 1.000001);  // 8e9 in 0.4 ms
  CHECK(best > 1000);               // or at least in 8 ms, on a machine that is busy otherwise
  CHECK(call_count % 8 == 0);       // eight pieces a thread
  call_count = 0, claimed = 0;
  const double again = now(), mean = measure_fma_mean(fake, 0.08);
  CHECK(mean >= 1e-9 * claimed / (now() - again));  // the measuring itself takes some time
  CHECK(mean <= 1e-9 * claimed / 0.08);
  CHECK(mean < 500);
}

TEST_CASE("peak: memory moves between 10 MB/s and 10 TB/s") {
  const double bandwidth = measure_bandwidth(0.001);
  CHECK(bandwidth > 0.01);
  CHECK(bandwidth < 10000);
}

}}  // namespace cairn

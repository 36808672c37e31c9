#pragma once
// What the tests of the kernels share: the fast tables, random values, memory that ends at a fence,
// comparisons.
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "core/kernels/choose_kernels.h"
#include "core/parallel.h"

namespace cairn {

using Values = std::vector<float>;

constexpr int64_t max_length = 67;  // four vectors of 16 and a tail of 3
constexpr float inf = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

// All tables but the reference.
inline std::vector<const Kernels*> fast_kernels() {
  std::vector<const Kernels*> all = available_kernels();
  all.pop_back();
  if (all.empty()) MESSAGE("SKIPPED: this CPU has no fast kernels");
  return all;
}

inline Values random_values(int64_t n, uint32_t seed, float size = 1) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal(0, size);
  Values x(static_cast<size_t>(n));
  for (float& v : x) v = normal(generator);
  return x;
}

// Whole numbers from -4 to 4: their sums and products are exact, in whatever order they are added.
inline Values whole_numbers(int64_t n, uint32_t seed) {
  std::mt19937 generator(seed);
  Values x(static_cast<size_t>(n));
  for (float& v : x) v = static_cast<float>(static_cast<int>(generator() % 9) - 4);
  return x;
}

// A copy of numbers whose last one ends a page, with no memory after it: whoever reads or writes
// beyond them is caught in the act.
class Fenced {
 public:
  explicit Fenced(const Values& x) : count_(x.size()) {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t pages = (count_ * sizeof(float) + page - 1) / page;
    bytes_ = (pages + 1) * page;
    memory_ = static_cast<char*>(
        mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    REQUIRE(memory_ != MAP_FAILED);
    REQUIRE(mprotect(memory_ + pages * page, page, PROT_NONE) == 0);
    data_ = reinterpret_cast<float*>(memory_ + pages * page) - count_;
    std::copy(x.begin(), x.end(), data_);
  }
  ~Fenced() { munmap(memory_, bytes_); }
  Fenced(const Fenced&) = delete;
  Fenced& operator=(const Fenced&) = delete;

  float* data() { return data_; }
  Values values() const { return Values(data_, data_ + count_); }

 private:
  size_t count_, bytes_;
  char* memory_;
  float* data_;
};

inline bool same_bits(const Values& a, const Values& b) {
  if (a.size() != b.size()) return false;
  return a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

// |a - b| <= tolerance * max(1, |b|), or the same infinity, or both NaN.
inline bool near(float a, float b, float tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (std::isinf(a) || std::isinf(b)) return a == b;
  return std::fabs(a - b) <= tolerance * std::fmax(1.0f, std::fabs(b));
}

// The first place where a and b are not near, or -1.
inline int64_t first_difference(const Values& a, const Values& b, float tolerance) {
  if (a.size() != b.size()) return 0;
  for (size_t i = 0; i < a.size(); i++)
    if (!near(a[i], b[i], tolerance)) return static_cast<int64_t>(i);
  return -1;
}

inline void check_near(const Values& a, const Values& b, float tolerance) {
  const int64_t i = first_difference(a, b, tolerance);
  if (i >= 0 && i < static_cast<int64_t>(a.size())) {
    CAPTURE(i);
    CAPTURE(a[static_cast<size_t>(i)]);
    CAPTURE(b[static_cast<size_t>(i)]);
    CHECK(i == -1);
  } else {
    CHECK(i == -1);
  }
}

// Sets the number of threads for a while.
class Threads {
 public:
  explicit Threads(int n) : before_(threads()) { set_threads(n); }
  ~Threads() { set_threads(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  int before_;
};

// run() gives the same bits with one, two and three threads.
template <class Run>
void check_threads(const Run& run) {
  std::vector<Values> results;
  for (int n = 1; n <= 3; n++) {
    const Threads scope(n);
    results.push_back(run());
  }
  CHECK(same_bits(results[0], results[1]));
  CHECK(same_bits(results[0], results[2]));
}

}  // namespace cairn

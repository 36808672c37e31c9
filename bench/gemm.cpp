// Matrix products as a fraction of the machine's peak: for each instruction set, thread count, shape
// and pair of transposes, GFLOP/s beside the multiply-add peak of that set at that count, measured
// in turn, round by round, because the clock of a shared machine moves. All figures are medians
// over the rounds. `ratio` goes by wall-clock time; `cpu` by the processor time that the
// threads got, which tells more while other programs run.
//
//   bench/gemm [ROUNDS]        default 15
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "core/kernels/choose_kernels.h"
#include "core/kernels/more/peak.h"
#include "core/parallel.h"
#include "core/storage.h"

namespace {

struct Shape {
  int64_t m, n, k;
};

const Shape shapes[] = {
    {1024, 1024, 1024}, {512, 384, 384}, {512, 1536, 384}, {512, 384, 1536}, {64, 64, 64}};

struct Matrices {
  cairn::Storage a{1 << 20}, b{1 << 20}, c{1 << 20};
};

double wall_seconds() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

// GFLOP/s of wall time, and of the threads' processor time.
struct Speed {
  double wall, cpu;
};

// run() returns its GFLOP/s by wall-clock time.
template <class Run>
Speed speed(const Run& run) {
  const double start = wall_seconds();
  const std::clock_t cpu_start = std::clock();
  const double gflops = run();
  const double cpu = static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
  return {gflops, gflops * (wall_seconds() - start) * cairn::threads() / cpu};
}

// op(a) (m, k) times op(b) (k, n), for some milliseconds.
double gemm_gflops(const cairn::Kernels& kernels, const Shape& s, bool trans_a, bool trans_b,
                   const Matrices& x) {
  const double flops = 2.0 * double(s.m) * double(s.n) * double(s.k);
  const int calls = std::max(1, static_cast<int>(4e8 / flops));
  const double start = wall_seconds();
  for (int i = 0; i < calls; i++)
    kernels.gemm({.c = x.c.data,
                  .c_stride = s.n,
                  .a = {x.a.data, trans_a ? s.m : s.k, trans_a},
                  .b = {x.b.data, trans_b ? s.k : s.n, trans_b},
                  .m = s.m,
                  .n = s.n,
                  .k = s.k});
  return 1e-9 * flops * calls / (wall_seconds() - start);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void bench(const cairn::Kernels& kernels, const Shape& s, int layout, int rounds,
           const Matrices& x) {
  const char* const names[] = {"a b", "a b'", "a' b", "a' b'"};
  std::vector<double> gflops, peaks, wall, cpu;
  for (int round = 0; round < rounds; round++) {
    const auto peak = [&] { return cairn::measure_fma_mean(kernels, 0.003); };
    const Speed before = speed(peak);
    const Speed gemm = speed([&] { return gemm_gflops(kernels, s, layout & 2, layout & 1, x); });
    const Speed after = speed(peak);
    gflops.push_back(gemm.wall);
    peaks.push_back((before.wall + after.wall) / 2);
    wall.push_back(gemm.wall / peaks.back());
    cpu.push_back(2 * gemm.cpu / (before.cpu + after.cpu));
  }
  std::printf("%-9s %7d   %4ldx%4ldx%4ld  %-6s %8.1f %8.1f   %.2f  %.2f\n", kernels.name,
              cairn::threads(), static_cast<long>(s.m), static_cast<long>(s.n),
              static_cast<long>(s.k), names[layout], median(gflops), median(peaks), median(wall),
              median(cpu));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 15;
  const int most = std::min(2, cairn::threads());
  Matrices x;
  for (int64_t i = 0; i < x.a.size; i++) {
    x.a.data[i] = static_cast<float>(i % 17) / 17 - 0.5f;
    x.b.data[i] = static_cast<float>(i % 23) / 23 - 0.5f;
  }
  std::printf("c = op(a) op(b), m x n x k; b' is b transposed\n");
  std::printf("%-9s %7s   %-14s  %-6s %8s %8s  %s   %s\n", "kernels", "threads", "shape", "layout",
              "GFLOP/s", "peak", "ratio", "cpu");
  for (const cairn::Kernels* kernels : cairn::available_kernels()) {
    if (kernels == &cairn::reference::kernels) continue;  // a definition, not a contender
    for (int threads = 1; threads <= most; threads++) {
      cairn::set_threads(threads);
      for (const Shape& s : shapes)
        for (int layout = 0; layout < 4; layout++) bench(*kernels, s, layout, rounds, x);
    }
  }
}

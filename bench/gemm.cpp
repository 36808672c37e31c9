// Matrix products as a part of the machine's peak: for each instruction set, thread count, shape
// and pair of transposes, GFLOP/s beside the multiply-add peak of that set at that count, measured
// in turn, round by round, because the clock of a shared machine moves. The figures are medians
// over the rounds; the ratio is the median of the rounds' ratios, and beside it stands that of the
// best round's product to the best round's peak.
//
//   bench/gemm [ROUNDS]        default 15
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/kernels/cpu.h"
#include "core/kernels/peak.h"
#include "core/parallel.h"
#include "core/storage.h"

namespace {

struct Shape {
  int64_t m, n, k;
};

const Shape shapes[] = {
    {1024, 1024, 1024}, {512, 384, 384}, {512, 1536, 384}, {512, 384, 1536}, {64, 64, 64}};

struct Sample {
  double gflops, peak;
};

double seconds() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

// op(a) (m, k) times op(b) (k, n), for some milliseconds.
double gemm_gflops(const cairn::Kernels& kernels, const Shape& s, bool trans_a, bool trans_b,
                   const float* a, const float* b, float* c) {
  const double flops = 2.0 * double(s.m) * double(s.n) * double(s.k);
  const int calls = std::max(1, static_cast<int>(4e8 / flops));
  const double start = seconds();
  for (int i = 0; i < calls; i++)
    kernels.gemm(c, s.n, a, trans_a ? s.m : s.k, trans_a, b, trans_b ? s.k : s.n, trans_b, s.m, s.n,
                 s.k, 0);
  return 1e-9 * flops * calls / (seconds() - start);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void print_row(const cairn::Kernels& kernels, int threads, const Shape& s, const char* layout,
               const std::vector<Sample>& samples) {
  std::vector<double> gflops, peak, ratio;
  for (const Sample& x : samples) {
    gflops.push_back(x.gflops);
    peak.push_back(x.peak);
    ratio.push_back(x.gflops / x.peak);
  }
  const double best =
      *std::max_element(gflops.begin(), gflops.end()) / *std::max_element(peak.begin(), peak.end());
  std::printf("%-9s %7d   %4ldx%4ldx%4ld  %-6s %8.1f %8.1f   %.2f   %.2f\n", kernels.name, threads,
              static_cast<long>(s.m), static_cast<long>(s.n), static_cast<long>(s.k), layout,
              median(gflops), median(peak), median(ratio), best);
  std::fflush(stdout);
}

void bench(const cairn::Kernels& kernels, int threads, const Shape& s, int rounds,
           const cairn::Storage& a, const cairn::Storage& b, const cairn::Storage& c) {
  const char* names[] = {"a b", "a b'", "a' b", "a' b'"};
  std::vector<Sample> samples[4];
  for (int round = 0; round < rounds; round++)
    for (int layout = 0; layout < 4; layout++) {
      const double before = cairn::measure_fma_peak(kernels, 0.002);
      const double gflops = gemm_gflops(kernels, s, layout & 2, layout & 1, a.data, b.data, c.data);
      const double after = cairn::measure_fma_peak(kernels, 0.002);
      samples[layout].push_back({gflops, (before + after) / 2});
    }
  for (int layout = 0; layout < 4; layout++)
    print_row(kernels, threads, s, names[layout], samples[layout]);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 15;
  const int most = cairn::threads();
  cairn::Storage a(1 << 20), b(1 << 20), c(1 << 20);
  for (int64_t i = 0; i < a.size; i++) {
    a.data[i] = static_cast<float>(i % 17) / 17 - 0.5f;
    b.data[i] = static_cast<float>(i % 23) / 23 - 0.5f;
  }
  std::printf("c = op(a) op(b), m x n x k; b' is b transposed\n");
  std::printf("%-9s %7s   %-14s  %-6s %8s %8s   %s  %s\n", "kernels", "threads", "shape", "layout",
              "GFLOP/s", "peak", "ratio", "best");
  for (const cairn::Kernels* kernels : cairn::available_kernels()) {
    if (kernels == &cairn::reference::kernels) continue;  // a definition, not a contender
    for (int threads = 1; threads <= std::min(2, most); threads++) {
      cairn::set_threads(threads);
      for (const Shape& s : shapes) bench(*kernels, threads, s, rounds, a, b, c);
    }
  }
}

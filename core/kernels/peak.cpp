// The two limits of a computation: arithmetic and memory.
#include "core/kernels/peak.h"

#include <chrono>
#include <vector>

#include "core/parallel.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

// Calls round() until `seconds` have passed; returns the sum of what it returns, per second.
template <class Round>
double rate(double seconds, const Round& round) {
  const double start = now();
  double work = 0;
  do work += round();
  while (now() - start < seconds);
  return work / (now() - start);
}

struct Triad {
  std::vector<real> a, b, c;
};

constexpr int64_t triad_run = 1 << 16;

void triad_chunk(void* context, int64_t i) {
  Triad& t = *static_cast<Triad*>(context);
  real* a = t.a.data() + i * triad_run;
  const real *b = t.b.data() + i * triad_run, *c = t.c.data() + i * triad_run;
  for (int64_t j = 0; j < triad_run; j++) a[j] = b[j] + real(3) * c[j];
}

}  // namespace

double measure_fma_peak(const Kernels& kernels, double seconds) {
  constexpr int64_t iterations =
      20000;  // some 50 microseconds: short, so that threads end together
  const int64_t chunks = 8 * threads();
  std::vector<double> flops(static_cast<size_t>(chunks));
  struct Context {
    const Kernels& kernels;
    double* flops;
  } context{kernels, flops.data()};
  const auto body = [](void* p, int64_t i) {
    const Context& c = *static_cast<Context*>(p);
    c.flops[i] = c.kernels.fma_peak(iterations);
  };
  return 1e-9 * rate(seconds, [&] {
           parallel(chunks, body, &context);
           double sum = 0;
           for (double f : flops) sum += f;
           return sum;
         });
}

double measure_bandwidth(double seconds) {
  constexpr int64_t chunks = 256, n = chunks * triad_run;  // 64 MB an array in float
  Triad t{std::vector<real>(n), std::vector<real>(n, real(1)), std::vector<real>(n, real(2))};
  return 1e-9 * rate(seconds, [&] {
           parallel(chunks, triad_chunk, &t);
           return 3.0 * double(n) * double(sizeof(real));
         });
}

}  // namespace cairn::inline CAIRN_PRECISION

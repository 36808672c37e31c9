// The two limits of a computation: arithmetic and memory.
#include "core/kernels/more/peak.h"

#include <algorithm>
#include <vector>

#include "core/clock.h"
#include "core/parallel.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// How much work a second was done, in all rounds and in the best.
struct Rate {
  double mean = 0, best = 0;
};

// Calls round(), which returns how much work it did, until `seconds` have passed.
template <class Round>
Rate rate(double seconds, const Round& round) {
  const double start = steady_seconds();
  double done = 0, last = start;
  Rate result;
  do {
    const double work = round(), time = steady_seconds();
    result.best = std::max(result.best, work / (time - last));
    done += work, last = time;
  } while (last - start < seconds);
  result.mean = done / (last - start);
  return result;
}

struct Triad {
  std::vector<real> a, b, c;
  int64_t first = 0;  // the chunk where a round begins
};

constexpr int64_t triad_run = 1 << 16;

void triad_chunk(void* context, int64_t i) {
  Triad& t = *static_cast<Triad*>(context);
  const int64_t at = (t.first + i) * triad_run;
  real* a = t.a.data() + at;
  const real *b = t.b.data() + at, *c = t.c.data() + at;
  for (int64_t j = 0; j < triad_run; j++) a[j] = b[j] + real(3) * c[j];
}

Rate fma_rate(const Kernels& kernels, double seconds) {
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
  return rate(seconds, [&] {
    parallel(chunks, body, &context);
    double sum = 0;
    for (double f : flops) sum += f;
    return sum;
  });
}

}  // namespace

double measure_fma_peak(const Kernels& kernels, double seconds) {
  return 1e-9 * fma_rate(kernels, seconds).best;
}

double measure_fma_mean(const Kernels& kernels, double seconds) {
  return 1e-9 * fma_rate(kernels, seconds).mean;
}

double measure_bandwidth(double seconds) {
  constexpr int64_t chunks = 256, n = chunks * triad_run;  // 64 MB an array in float
  constexpr int64_t in_round = 32;  // the next eighth of each: short, yet not in a cache any more
  Triad t{std::vector<real>(n), std::vector<real>(n, real(1)), std::vector<real>(n, real(2))};
  const Rate found = rate(seconds, [&] {
    parallel(in_round, triad_chunk, &t);
    t.first = (t.first + in_round) % chunks;
    return 3.0 * double(in_round * triad_run) * double(sizeof(real));
  });
  return 1e-9 * found.best;
}

}}  // namespace cairn::CAIRN_PRECISION

// Other ways to write it, as good.
#include <algorithm>

#include "tutorials/08_optimisers/exercises/sgd_momentum/sgd_momentum.h"

namespace alternatives {
namespace {

void two_passes(real* p, real* b, const real* g, double lr, double momentum, int64_t n) {
  for (int64_t i = 0; i < n; ++i) b[i] = b[i] * momentum + g[i];
  for (int64_t i = n; i-- > 0;) p[i] = -b[i] * lr + p[i];
}

// What is remembered only changes by what is forgotten and by what is new.
void by_differences(real* p, real* b, const real* g, double lr, double momentum, int64_t n) {
  for (real* end = p + n; p != end; ++p, ++b, ++g) *p -= lr * (*b += *g - (1 - momentum) * *b);
}

void with_transform(real* p, real* b, const real* g, double lr, double momentum, int64_t n) {
  std::transform(b, b + n, g, b, [=](real old, real now) {
    return static_cast<real>(static_cast<long double>(old) * momentum + now);
  });
  std::transform(p, p + n, b, p, [=](real at, real step) { return at - lr * step; });
}

}  // namespace

const std::vector<check::Alternative<Step>> list = {
    {"two passes", two_passes},
    {"by differences", by_differences},
    {"with std::transform", with_transform},
};

}  // namespace alternatives

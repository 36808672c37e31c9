// Other ways to write it, as good.
#include <algorithm>

#include "tutorials/07_backward_by_hand/exercises/dropout/dropout.h"

namespace alternatives {
namespace {

// With the factor of dropout_mask.h.
void with_scale(real* y, const real* x, DropoutMask mask, int64_t n) {
  const cairn::DropoutHash hash = cairn::dropout_hash(mask);
  for (int64_t i = n; i-- > 0;) y[i] = cairn::keeps(hash, i) ? hash.scale * x[i] : 0;
}

// Zeros everywhere first.
void zeros_first(real* y, const real* x, DropoutMask mask, int64_t n) {
  std::fill_n(y, n, real{0});
  if (mask.p == 1) return;
  const real share = 1 - mask.p;
  for (int64_t i = 0; i < n; ++i)
    if (cairn::keeps(cairn::dropout_hash(mask), i)) y[i] = x[i] / share;
}

// All are scaled first, then some are dropped.
void dropped_last(real* y, const real* x, DropoutMask mask, int64_t n) {
  const long double factor = mask.p < 1 ? 1 / (1 - static_cast<long double>(mask.p)) : 0;
  std::transform(x, x + n, y, [=](real number) { return static_cast<real>(number * factor); });
  const cairn::DropoutHash hash = cairn::dropout_hash(mask);
  for (int64_t i = 0; i < n; ++i) y[i] = cairn::keeps(hash, i) ? y[i] : 0;
}

}  // namespace

const std::vector<check::Alternative<Dropout>> list = {
    {"with the factor of the hash", with_scale},
    {"zeros first", zeros_first},
    {"dropped last", dropped_last},
};

}  // namespace alternatives

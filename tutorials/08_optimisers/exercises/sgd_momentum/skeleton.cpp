// A step of SGD with momentum; task.md in tutorials/08_optimisers/exercises/sgd_momentum says what is
// asked.
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

// b = momentum b + g and p = p - lr b, for n numbers each.
void sgd_momentum(real* p, real* b, const real* g, double lr, double momentum, int64_t n) {
  // TODO
  (void)p, (void)b, (void)g, (void)lr, (void)momentum, (void)n;
}

}  // namespace mine

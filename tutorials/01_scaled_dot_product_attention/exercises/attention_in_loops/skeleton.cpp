// Scaled dot-product attention in loops; task.md in
// tutorials/01_scaled_dot_product_attention/exercises/attention_in_loops says what is asked.
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/real.h"

namespace mine {

using cairn::real;

// out = softmax(q k^T / sqrt(d)) v; q is [Tq, d], k [Tk, d], v [Tk, dv], out [Tq, dv].
void attention_in_loops(real* out, const real* q, const real* k, const real* v, int64_t Tq,
                        int64_t Tk, int64_t d, int64_t dv) {
  // TODO
  (void)out, (void)q, (void)k, (void)v, (void)Tq, (void)Tk, (void)d, (void)dv;
}

}  // namespace mine

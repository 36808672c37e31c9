// Scaled dot-product attention with tensors.
#include <cmath>

#include "core/ops.h"

namespace mine {

using cairn::real;
using cairn::Tensor;

// softmax(q k^T / sqrt(d) + bias) v, the bias hiding the keys where keep is 0. q is [Tq, d],
// k [Tk, d], v [Tk, dv], keep [Tq, Tk]; the result is [Tq, dv].
Tensor attention_with_tensors(const Tensor& q, const Tensor& k, const Tensor& v,
                              const Tensor& keep) {
  const real root = std::sqrt(static_cast<real>(k.size(1)));
  const Tensor scores = matmul(q, transpose(k, 0, 1)) / root;  // [Tq, Tk]
  return matmul(softmax(scores + log(keep)), v);               // log 1 = 0, log 0 = -inf
}

}  // namespace mine

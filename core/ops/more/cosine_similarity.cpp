// cosine_similarity: c = x . y / (|x| |y|) along an axis, the dot product of both, normalized.
//   dx = dc (y / |y| - c x / |x|) / |x|
// A composition. PyTorch: torch.nn.functional.cosine_similarity, along axis 1 by default.
#include "core/check.h"
#include "core/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor cosine_similarity(const Tensor& x, const Tensor& y, int axis, real eps, Where where) {
  if (!(x.shape() == y.shape()))
    fail("cosine_similarity", "x is " + to_string(x.shape()) + ", y " + to_string(y.shape()),
         "expand() one to the shape of the other", where);
  check_not_negative("cosine_similarity", "eps", eps, where);
  const Scope scope("cosine_similarity", where);
  return sum(normalize(x, 2, axis, eps) * normalize(y, 2, axis, eps), {axis});
}

OpInfo cosine_similarity_info() {
  return {
      .name = "cosine_similarity",
      .formula = "c = x . y / (|x| |y|)",
      .derivative = "dx = dc (y / |y| - c x / |x|) / |x|",
      .saved = "x, y, their norms",
      .cases = {CASE(cosine_similarity(x[0], x[1], -1), {{3, 4}, {3, 4}}, {{1, 4}, {1, 4}}),
                CASE(cosine_similarity(x[0], x[1], 0), {{3, 4}, {3, 4}}, {{5}, {5}}),
                CASE(cosine_similarity(x[0], x[1], -2), {{2, 3, 4}, {2, 3, 4}}, {{3, 0}, {3, 0}}),
                CASE(cosine_similarity(x[0], x[1], 1), {{2, 3, 4}, {2, 3, 4}}, {{0, 3}, {0, 3}})}};
}

}}  // namespace cairn::CAIRN_PRECISION

// triu, tril: x, but 0 below (above) a diagonal. dx = dy, but 0 there. Saves the mask.
// The op `where` with a mask that is 1 on a band. PyTorch: torch.triu, torch.tril.
#include "core/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// (m, n): 1 where low <= j - i <= high.
Tensor band(int64_t m, int64_t n, int64_t low, int64_t high) {
  Tensor mask = Tensor::zeros({m, n});
  real* to = mask.write();
  for (int64_t i = 0; n > 0 && i < m; ++i)
    for (int64_t j = 0; j < n; ++j) to[i * n + j] = j - i >= low && j - i <= high;
  return mask;
}

Tensor banded(const char* op, const Tensor& x, bool above, int64_t diagonal, Where where) {
  if (x.axes() < 2)
    fail(op, "x is " + to_string(x.shape()), "it takes matrices, (..., m, n)", where);
  const int64_t m = x.size(-2), n = x.size(-1);
  const Tensor mask = above ? band(m, n, diagonal, n) : band(m, n, -m, diagonal);
  return cairn::where(mask, x, Tensor::scalar(0), where);
}

}  // namespace

Tensor triu(const Tensor& x, int64_t diagonal, Where where) {
  return banded("triu", x, true, diagonal, where);
}

Tensor tril(const Tensor& x, int64_t diagonal, Where where) {
  return banded("tril", x, false, diagonal, where);
}

OpInfo triu_info() {
  return {.name = "triu",
          .formula = "y_ij = x_ij where j - i >= diagonal, else 0",
          .derivative = "dx = triu(dy)",
          .saved = "a mask",
          .cases = {CASE(triu(x[0], 1), {{3, 4}}, {{4, 3}}, {{2, 3, 3}}, {{2, 1, 2, 3}}, {{1, 1}},
                         {{0, 3}}, {{2, 0}}, {{1, 5}})}};
}
OpInfo tril_info() {
  return {.name = "tril",
          .formula = "y_ij = x_ij where j - i <= diagonal, else 0",
          .derivative = "dx = tril(dy)",
          .saved = "a mask",
          .cases = {CASE(tril(x[0], -1), {{3, 4}}, {{4, 3}}, {{2, 3, 3}}, {{2, 1, 2, 3}}, {{1, 1}},
                         {{0, 3}}, {{2, 0}}, {{1, 5}})}};
}

}}  // namespace cairn::CAIRN_PRECISION

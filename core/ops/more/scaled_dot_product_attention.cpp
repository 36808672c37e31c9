// scaled_dot_product_attention: attention (core/ops/attention.cpp) of padded batches, by way of
// sequences of equal length. PyTorch: torch.nn.functional.scaled_dot_product_attention.
#include "core/autograd/node.h"
#include "core/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor scaled_dot_product_attention(const Tensor& q, const Tensor& k, const Tensor& v,
                                    const Tensor& bias, bool causal, real scale, Where where) {
  Shape k_shape = q.shape();  // that of q, but for Tk
  if (q.axes() >= 2 && k.axes() >= 2) k_shape[q.axes() - 2] = k.size(-2);
  if (q.axes() < 2 || !(k.shape() == k_shape) || !(v.shape() == k_shape))
    fail("scaled_dot_product_attention",
         "shapes do not fit: q is " + to_string(q.shape()) + ", k " + to_string(k.shape()) +
             ", v " + to_string(v.shape()),
         "(..., Tq, D), (..., Tk, D), (..., Tk, D)", where);
  const Scope scope("scaled_dot_product_attention", where);
  const int64_t Tq = q.size(-2), Tk = k.size(-2), D = q.size(-1);
  const int64_t B = numel(Shape(q.shape().begin(), static_cast<size_t>(q.axes() - 2)));
  AttentionOptions options;
  options.causal = causal;
  options.scale = scale;
  if (bias.defined()) {
    Shape full = q.shape();
    full[full.size() - 1] = Tk;
    options.bias = reshape(expand(bias, full), {B, 1, Tq, Tk});
  }
  const Rows q_rows = Rows::equal(B, Tq), k_rows = Rows::equal(B, Tk);
  const Tensor y = attention(reshape(q, {q_rows.total(), D}), reshape(k, {k_rows.total(), D}),
                             reshape(v, {k_rows.total(), D}), q_rows, k_rows, options);
  return reshape(y, q.shape());
}

}}  // namespace cairn::CAIRN_PRECISION

// Multi-head attention over ragged or padded batches.
#include "nn/attention.h"

#include "core/ops.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

// Rows [part C, (part + 1) C) of the packed projection applied to x (N, C).
Tensor project(const Tensor& x, const Tensor& weight, const Tensor& bias, int part) {
  const int64_t size = weight.size(1);
  const Tensor w = slice(weight, 0, part * size, (part + 1) * size);
  const Tensor b = bias.defined() ? slice(bias, 0, part * size, (part + 1) * size) : Tensor();
  return linear(x, w, b);
}

}  // namespace

MultiheadAttention::MultiheadAttention(int64_t size, int64_t heads, double dropout,
                                       const Init& init, Linear::Bias with_bias)
    : Module("attention"),
      in_proj_weight(init.weight({3 * size, size})),
      out_proj(size, size, init, with_bias),
      heads_(heads),
      dropout_(static_cast<real>(dropout)) {
  if (heads < 1 || size % heads != 0) {
    fail("attention",
         "size " + std::to_string(size) + " can't be shared by " + std::to_string(heads) + " heads",
         "size must be a multiple of heads");
  }
  if (with_bias == Linear::Bias::yes) in_proj_bias = Init::constant(3 * size, 0);
}

void MultiheadAttention::visit(ModuleVisitor& v) {
  v("in_proj_weight", in_proj_weight);
  v("in_proj_bias", in_proj_bias);
  v("out_proj", out_proj);
}

Tensor MultiheadAttention::operator()(const Tensor& x, const Rows& rows, const Tensor& memory,
                                      const Rows& memory_rows, const Mask& mask, Where where) {
  Scope scope(name(), where);
  const Tensor queries = x.axes() == 3 ? pack(x, rows) : x;
  const Rows& k_rows = memory.defined() ? memory_rows : rows;
  const Tensor keys = !memory.defined()    ? queries
                      : memory.axes() == 3 ? pack(memory, memory_rows)
                                           : memory;

  const AttentionOptions options{.heads = heads_,
                                 .causal = mask.causal,
                                 .bias = mask.bias,
                                 .dropout = training() ? dropout_ : 0};
  const Tensor mixed =
      attention(project(queries, in_proj_weight, in_proj_bias, 0),
                project(keys, in_proj_weight, in_proj_bias, 1),
                project(keys, in_proj_weight, in_proj_bias, 2), rows, k_rows, options);
  const Tensor y = out_proj(mixed);
  if (x.axes() != 3) return y;
  const Tensor padded = unpack(y, rows);  // (B, longest, C); x may be padded further
  if (padded.size(1) == x.size(1)) return padded;
  return cat({padded, Tensor::zeros({x.size(0), x.size(1) - padded.size(1), x.size(2)})}, 1);
}

}  // namespace cairn::inline CAIRN_PRECISION

// layer_norm: y = (x - mean) / sqrt(var + eps) gamma + beta over the last axis, with the biased
// variance (Ba, Kiros & Hinton 2016). With rstd = 1 / sqrt(var + eps), xhat = (x - mean) rstd and
// dxhat = dy gamma:
//   dx = rstd (dxhat - mean(dxhat) - xhat mean(dxhat xhat))
//   dgamma = sum of dy xhat over the rows      dbeta = sum of dy over the rows
// Saves x, gamma, and the mean and rstd of each row.
// PyTorch: torch.nn.functional.layer_norm. eps has no default: BERT's is 1e-12, PyTorch's 1e-5.
#include <algorithm>

#include "core/autograd/node.h"
#include "core/check.h"
#include "core/kernels/kernels.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// The definition in plain ops; gamma and beta may be undefined.
Tensor composed(const Tensor& x, const Tensor& gamma, const Tensor& beta, real eps) {
  const Tensor centred = x - mean(x, {-1}, true);
  Tensor y = centred / sqrt(mean(centred * centred, {-1}, true) + eps);  // xhat
  if (gamma.defined()) y = y * gamma;
  return beta.defined() ? y + beta : y;
}

struct LayerNormNode final : Node {
  Saved x, gamma, mean, rstd;
  real eps = 0;
  void backward(Grads& g) override;
  void backward_in_ops(Grads& g) override;
  void visit(SavedVisitor& v) override {
    v("x", x);
    v("gamma", gamma);
    v("mean", mean);
    v("rstd", rstd);
  }
};

void check_size(const Tensor& vector, const Tensor& x, Where where) {
  if (!vector.defined() || (x.axes() > 0 && vector.shape() == Shape{x.size(-1)})) return;
  fail("layer_norm",
       "x is " + to_string(x.shape()) + ", gamma or beta " + to_string(vector.shape()),
       "they have the size of x's last axis", where);
}

}  // namespace

Tensor layer_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta, real eps, Where where) {
  if (x.axes() == 0) fail("layer_norm", "x is a single number", "", where);
  check_not_negative("layer_norm", "eps", eps, where);
  check_size(gamma, x, where);
  check_size(beta, x, where);
  const int64_t cols = x.size(-1), rows = x.numel() / std::max<int64_t>(cols, 1);
  Tensor y = Tensor::empty(x.shape()), mean = Tensor::empty({rows}), rstd = Tensor::empty({rows});
  const Contiguous g(gamma.defined() ? gamma : x), b(beta.defined() ? beta : x);
  kernels().layer_norm({.y = y.write(where),
                        .mean = mean.write(),
                        .rstd = rstd.write(),
                        .x = Contiguous(x),
                        .gamma = gamma.defined() ? g.data() : nullptr,
                        .beta = beta.defined() ? b.data() : nullptr,
                        .eps = eps,
                        .rows = rows,
                        .cols = cols});
  if (auto node = record<LayerNormNode>("layer_norm", {&x, &gamma, &beta}, y, where)) {
    node->x = x;
    node->mean = mean;
    node->rstd = rstd;
    node->eps = eps;
    if (gamma.defined()) node->gamma = gamma;
  }
  return y;
}

void LayerNormNode::backward(Grads& g) {
  const int64_t cols = x.tensor.size(-1), rows = mean.tensor.numel();
  const bool affine = gamma.tensor.defined();
  Tensor dx = Tensor::empty(x.tensor.shape()), dgamma, dbeta;
  if (g.needs(1)) dgamma = Tensor::zeros({cols});
  if (g.needs(2)) dbeta = Tensor::zeros({cols});
  const Contiguous scale(affine ? g.value(gamma) : x.tensor);
  kernels().layer_norm_backward({.dx = dx.write(),
                                 .dgamma = dgamma.defined() ? dgamma.write() : nullptr,
                                 .dbeta = dbeta.defined() ? dbeta.write() : nullptr,
                                 .dy = Contiguous(g.dout()),
                                 .x = Contiguous(g.value(x)),
                                 .gamma = affine ? scale.data() : nullptr,
                                 .mean = g.value(mean).data(),
                                 .rstd = g.value(rstd).data(),
                                 .rows = rows,
                                 .cols = cols});
  g.add(0, dx);
  if (dgamma.defined()) g.add(1, dgamma);
  if (dbeta.defined()) g.add(2, dbeta);
}
void LayerNormNode::backward_in_ops(Grads& g) {
  // beta is not kept, but any will do: the gradients do not depend on it.
  const Tensor scale = gamma.tensor.defined() ? g.tensor(gamma) : Tensor();
  Tensor shift;
  if (g.needs(2)) shift = Tensor::zeros({x.tensor.size(-1)}).set_requires_grad();
  g.through([&](auto& in) { return composed(in[0], in[1], in[2], eps); },
            {g.tensor(x), scale, shift});
}

OpInfo layer_norm_info() {
  constexpr real eps = 1e-5;
  return {
      .name = "layer_norm",
      .formula = "y = (x - mean) / sqrt(var + eps) gamma + beta",
      .derivative =
          "dx = rstd (dxhat - mean(dxhat) - xhat mean(dxhat xhat)), with xhat = (x - mean) rstd, "
          "dxhat = dy gamma; dgamma = sum dy xhat, dbeta = sum dy",
      .cases = {FUSED_CASE(layer_norm(x[0], x[1], x[2], eps), composed(x[0], x[1], x[2], eps),
                           {{3, 8}, {8}, {8}}, {{2, 3, 5}, {5}, {5}}, {{4}, {4}, {4}},
                           {{1, 1}, {1}, {1}}, {{2, 1, 3}, {3}, {3}}, {{0, 4}, {4}, {4}}),
                FUSED_CASE(layer_norm(x[0], x[1], {}, eps), composed(x[0], x[1], {}, eps),
                           {{3, 4}, {4}}),
                FUSED_CASE(layer_norm(x[0], {}, {}, eps), composed(x[0], {}, {}, eps), {{3, 8}})},
      .timed = {CASE(layer_norm(x[0], x[1], x[2], eps), {{1024, 768}, {768}, {768}})}};
}

}}  // namespace cairn::CAIRN_PRECISION

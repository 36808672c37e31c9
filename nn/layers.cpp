// Linear, Embedding, LayerNorm, Dropout.
#include "nn/layers.h"

#include <cmath>

#include "core/check.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Linear::Linear(int64_t in, int64_t out, Bias with_bias, const Init& init) : Module("Linear") {
  const double bound = 1 / std::sqrt(static_cast<double>(check_size("Linear", "in", in)));
  weight = init.uniform_weight({check_size("Linear", "out", out), in}, bound);
  if (with_bias == Bias::yes) bias = init.uniform_bias(out, bound);
}

void Linear::visit(ModuleVisitor& v) {
  v("weight", weight);
  v("bias", bias);
}

Tensor Linear::operator()(const Tensor& x, Where where) {
  Scope scope(name(), where);
  return linear(x, weight, bias);
}

Embedding::Embedding(int64_t count, int64_t size, const Init& init)
    : Module("Embedding"),
      weight(init.normal_weight(
          {check_size("Embedding", "count", count), check_size("Embedding", "size", size)})) {}

void Embedding::visit(ModuleVisitor& v) { v("weight", weight); }

Tensor Embedding::operator()(const Ids& ids, Where where) {
  Scope scope(name(), where);
  return embedding(weight, ids);
}

LayerNorm::LayerNorm(int64_t size, double eps, Bias with_bias)
    : Module("LayerNorm"),
      weight(Init::constant(check_size("LayerNorm", "size", size), 1)),
      eps_(static_cast<real>(check_not_negative("LayerNorm", "eps", eps))) {
  if (with_bias == Bias::yes) bias = Init::constant(size, 0);
}

void LayerNorm::visit(ModuleVisitor& v) {
  v("weight", weight);
  v("bias", bias);
}

Tensor LayerNorm::operator()(const Tensor& x, Where where) {
  Scope scope(name(), where);
  return layer_norm(x, weight, bias, eps_);
}

Dropout::Dropout(double p) : Module("Dropout"), p(p) {
  check_fraction("Dropout", "p", static_cast<real>(p));
}

Tensor Dropout::operator()(const Tensor& x, Where where) {
  Scope scope(name(), where);
  return training() ? dropout(x, static_cast<real>(p)) : x;
}

}}  // namespace cairn::CAIRN_PRECISION

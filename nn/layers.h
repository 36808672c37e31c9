#pragma once
// The small layers: Linear, Embedding, LayerNorm, Dropout. Each is an op of core/ops.h with its
// parameters. A size below 1, or an eps that is negative or no number, is an Error.
#include "core/ids.h"
#include "nn/init.h"
#include "nn/module.h"

namespace cairn::inline CAIRN_PRECISION {

enum class Bias { yes, no };  // does a layer learn one?

// y = x weight^T + bias: (..., in) -> (..., out). weight is (out, in), bias (out).
class Linear : public Module {
 public:
  Tensor weight, bias;

  Linear(int64_t in, int64_t out, const Init& init = {}, Bias with_bias = Bias::yes);
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& x, Where where = Where::current());
};

// Row id of the table `weight` (count, size) for each id: ids (...) -> (..., size).
class Embedding : public Module {
 public:
  Tensor weight;

  Embedding(int64_t count, int64_t size, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Ids& ids, Where where = Where::current());
};

// y = (x - mean) / sqrt(variance + eps) * weight + bias over the last axis, which has `size`
// numbers (Ba, Kiros & Hinton 2016). eps has no default, because models differ: BERT's is 1e-12.
class LayerNorm : public Module {
 public:
  Tensor weight, bias;

  LayerNorm(int64_t size, double eps, Bias with_bias = Bias::yes);
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& x, Where where = Where::current());

 private:
  real eps_;
};

// In training mode, zeroes each element with probability p and scales the others by 1 / (1 - p);
// else returns x itself. The random numbers come from default_random().
class Dropout : public Module {
 public:
  double p;

  explicit Dropout(double p);  // Error unless 0 <= p < 1
  void visit(ModuleVisitor&) override {}
  Tensor operator()(const Tensor& x, Where where = Where::current());
};

}  // namespace cairn::inline CAIRN_PRECISION

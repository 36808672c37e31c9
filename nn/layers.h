#pragma once
// The small layers: Linear, Embedding, LayerNorm, Dropout. Each is an op with its parameters. The
// arguments of every layer come in one order: sizes, options, initial values (Init). A size below
// 1, or an eps that is negative or NaN, is an Error.
#include "core/ids.h"
#include "nn/init.h"
#include "nn/module.h"

namespace cairn { inline namespace CAIRN_PRECISION {

enum class Bias { yes, no };  // whether a layer has one

// y = x weight^T + bias: (..., in) -> (..., out). weight is (out, in), bias (out); both start
// uniform in +-1 / sqrt(in).
class Linear : public Module {
 public:
  Tensor weight, bias;

  Linear(int64_t in, int64_t out, Bias with_bias = Bias::yes, const Init& init = {});
  Linear(int64_t in, int64_t out, const Init& init) : Linear(in, out, Bias::yes, init) {}
  Linear(int64_t in, int64_t out, bool with_bias) = delete;  // write Bias::yes or Bias::no
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& x, Where where = Where::current());
};

// Row id of the table `weight` (count, size) for each id: ids (...) -> (..., size). The table
// starts normal, of mean 0 and variance 1.
class Embedding : public Module {
 public:
  Tensor weight;

  Embedding(int64_t count, int64_t size, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Ids& ids, Where where = Where::current());
};

// y = (x - mean) / sqrt(variance + eps) * weight + bias over the last axis, which has `size`
// numbers (Ba, Kiros & Hinton 2016). Models differ in eps: 1e-5 is PyTorch's, BERT's is 1e-12.
class LayerNorm : public Module {
 public:
  Tensor weight, bias;

  explicit LayerNorm(int64_t size, double eps = 1e-5, Bias with_bias = Bias::yes);
  LayerNorm(int64_t size, Bias with_bias) : LayerNorm(size, 1e-5, with_bias) {}
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

  explicit Dropout(double p = 0.5);  // Error unless 0 <= p < 1
  void visit(ModuleVisitor&) override {}
  Tensor operator()(const Tensor& x, Where where = Where::current());
};

}}  // namespace cairn::CAIRN_PRECISION

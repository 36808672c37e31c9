#pragma once
// The numbers that new parameters start with. Left to themselves, layers start as PyTorch's do. A
// model that knows better passes a standard deviation: BERT's weights come from a normal
// distribution of deviation 0.02, cut off at two deviations and drawn again, as Google's code does
// (tf.truncated_normal_initializer(0.02)); Hugging Face's own initialisation leaves the cut out.
// The weights of normalisations start at 1.
#include <optional>

#include "core/autograd/autograd.h"
#include "core/random.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Fills `weight` with numbers of mean 0 from a normal distribution of deviation `std`, none of them
// further than 2 `std` from 0. (The cut leaves an actual deviation of 0.88 `std`.) Error if `std` is
// negative or no number; likewise in nn/more/init.h.
void truncated_normal_(Tensor& weight, double std, Random& random = default_random());

// Each number of `weight`, in the order of the index, is what draw() gives. A view is filled too:
// what it looks at, and nothing else.
template <class Draw>
void fill_each(Tensor& weight, const Draw& draw) {
  Tensor numbers = weight.is_contiguous() ? weight : Tensor::empty(weight.shape());
  real* to = numbers.write();
  for (int64_t i = 0; i < numbers.numel(); ++i) to[i] = static_cast<real>(draw());
  const NoGrad no_grad;
  if (!weight.is_contiguous()) weight.copy_(numbers);
}

// How a layer makes its parameters; the last argument of the layers' constructors.
struct Init {
  std::optional<double> std = {};      // of truncated normal weights, beside biases of 0; not set:
                                       // each layer's own distribution, which is PyTorch's
  Random* random = &default_random();  // null: zeros, for a loader to overwrite

  static Init none() { return {{}, nullptr}; }

  // Parameters, which require grad. A weight is drawn with `std` or, if that is not set, as the
  // function says; a bias is 0 with `std`.
  Tensor normal_weight(const Shape& shape) const;                 // of mean 0, variance 1
  Tensor uniform_weight(const Shape& shape, double bound) const;  // in [-bound, bound)
  Tensor uniform_bias(int64_t size, double bound) const;
  static Tensor constant(int64_t size, real value);
};

}}  // namespace cairn::CAIRN_PRECISION

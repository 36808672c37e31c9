#pragma once
// The numbers that new parameters start with. Weights are drawn from a normal distribution of
// standard deviation 0.02, cut off at two deviations and drawn again, as Google's BERT does it
// (tf.truncated_normal_initializer(0.02)); Hugging Face's own initialisation leaves the cut out.
// Biases start at 0, the weights of normalisations at 1.
#include "core/autograd.h"
#include "core/random.h"
#include "core/tensor.h"

namespace cairn::inline CAIRN_PRECISION {

// Fills `weight` with numbers of mean 0 from a normal distribution of deviation `std`, none of them
// further than 2 `std` from 0. (The cut leaves an actual deviation of 0.88 `std`.) Error if `std` is
// negative or no number; likewise in nn/initializers.h.
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

// How a layer makes its weights; the last argument of the layers' constructors.
struct Init {
  double std = 0.02;
  Random* random = &default_random();  // null: zeros, for a loader to overwrite

  static Init none() { return {0, nullptr}; }

  Tensor weight(const Shape& shape) const;           // drawn; requires grad
  static Tensor constant(int64_t size, real value);  // (size), requires grad
};

}  // namespace cairn::inline CAIRN_PRECISION

#pragma once
// The numbers that new parameters start with. By default layers start as PyTorch's do. A model may
// pass a standard deviation instead: BERT's weights come from a normal distribution of deviation
// 0.02, drawn again if beyond two deviations, as in Google's code
// (tf.truncated_normal_initializer(0.02)); Hugging Face's initialisation does not truncate. The
// weights of normalisations start at 1.
#include <functional>
#include <optional>

#include "core/random.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Fills `weight` from a normal distribution of mean 0 and deviation `std`, truncated at 2 `std`
// from 0. (What is left has a deviation of 0.88 `std`.) Error if `std` is negative or NaN; likewise
// in nn/more/init.h.
void truncated_normal_(Tensor& weight, double std, Random& random = default_random());

// Sets each number of `weight`, in the order of the index, to what draw() returns. `weight` may be
// a view.
void fill_each(Tensor& weight, const std::function<double()>& draw);

// How a layer draws its parameters; the last argument of the layers' constructors.
struct Init {
  std::optional<double> std = {};      // of truncated normal weights, with biases of 0; not set:
                                       // each layer's own distribution, as in PyTorch
  Random* random = &default_random();  // null: zeros, for a loader to overwrite

  static Init none() { return {{}, nullptr}; }

  // Parameters, which require grad. With `std`, weights are truncated normal and biases 0; without,
  // as each function says.
  Tensor normal_weight(const Shape& shape) const;                 // of mean 0, variance 1
  Tensor uniform_weight(const Shape& shape, double bound) const;  // in [-bound, bound)
  Tensor uniform_bias(int64_t size, double bound) const;
  static Tensor constant(int64_t size, real value);
};

}}  // namespace cairn::CAIRN_PRECISION

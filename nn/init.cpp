// Initial values of parameters.
#include "nn/init.h"

#include <cmath>

#include "core/autograd/grad_mode.h"
#include "core/check.h"

namespace cairn { inline namespace CAIRN_PRECISION {

void fill_each(Tensor& weight, const std::function<double()>& draw) {
  Tensor numbers = weight.is_contiguous() ? weight : Tensor::empty(weight.shape());
  real* to = numbers.write();
  for (int64_t i = 0; i < numbers.numel(); ++i) to[i] = static_cast<real>(draw());
  const NoGrad no_grad;
  if (!weight.is_contiguous()) weight.copy_(numbers);
}

void truncated_normal_(Tensor& weight, double std, Random& random) {
  check_not_negative("truncated_normal_", "std", std);
  fill_each(weight, [&] {
    double x = random.normal();
    while (std::abs(x) > 2) x = random.normal();
    return x * std;
  });
}

Tensor Init::normal_weight(const Shape& shape) const {
  if (random && !std) return Tensor::randn(shape, *random).set_requires_grad();
  Tensor weight = Tensor::zeros(shape);
  if (random) truncated_normal_(weight, *std, *random);
  return weight.set_requires_grad();
}

Tensor Init::uniform_weight(const Shape& shape, double bound) const {
  if (!random || std) return normal_weight(shape);
  Tensor weight = Tensor::rand(shape, *random);
  real* numbers = weight.write();
  const real scale = static_cast<real>(bound);
  for (int64_t i = 0; i < weight.numel(); ++i) numbers[i] = (2 * numbers[i] - 1) * scale;
  return weight.set_requires_grad();
}

Tensor Init::uniform_bias(int64_t size, double bound) const {
  return std ? constant(size, 0) : uniform_weight(size, bound);
}

Tensor Init::constant(int64_t size, real value) {
  Tensor vector = Tensor::full({size}, value);
  return vector.set_requires_grad();
}

}}  // namespace cairn::CAIRN_PRECISION

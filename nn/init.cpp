// Initial values of parameters.
#include "nn/init.h"

#include <cmath>

#include "core/check.h"

namespace cairn::inline CAIRN_PRECISION {

void truncated_normal_(Tensor& weight, double std, Random& random) {
  check_not_negative("truncated_normal_", "std", std);
  fill_each(weight, [&] {
    double x = random.normal();
    while (std::abs(x) > 2) x = random.normal();
    return x * std;
  });
}

Tensor Init::weight(const Shape& shape) const {
  Tensor weight = Tensor::zeros(shape);
  if (random) truncated_normal_(weight, std, *random);
  return weight.set_requires_grad();
}

Tensor Init::constant(int64_t size, real value) {
  Tensor vector = Tensor::full({size}, value);
  return vector.set_requires_grad();
}

}  // namespace cairn::inline CAIRN_PRECISION

// Other ways to write it, as good.
#include "core/ops/ops.h"
#include "tutorials/06_autograd/exercises/unbroadcast/unbroadcast.h"

namespace alternatives {
namespace {

// One axis at a time, as micrograd's readers do it in NumPy.
Tensor axis_by_axis(const Tensor& x, const Shape& shape) {
  Tensor y = x;
  while (y.axes() > shape.size()) y = sum(y, {0});
  for (int axis = 0; axis < shape.size(); ++axis)
    if (shape[axis] == 1) y = sum(y, {axis}, true);
  return y;
}

// In a loop over all numbers: strides of 0 lead to the number that was repeated.
Tensor in_a_loop(const Tensor& x, const Shape& shape) {
  Tensor y = Tensor::zeros(shape);
  Shape strides = x.shape();
  for (int axis = x.axes() - 1, i = shape.size() - 1; axis >= 0; --axis, --i)
    strides[axis] = i < 0 || shape[i] == 1 ? 0 : y.strides()[i];
  const cairn::Contiguous from(x);
  real* to = y.write();
  for (int64_t i = 0; i < x.numel(); ++i)
    to[cairn::offset_of(i, x.shape(), strides)] += from.data()[i];
  return y;
}

// A product with ones: x as a matrix whose columns are what is kept.
Tensor as_a_product(const Tensor& x, const Shape& shape) {
  Shape kept = shape;
  while (kept.size() < x.axes()) kept.insert(0, 1);
  if (cairn::numel(shape) == 0 || x.numel() == 0) return Tensor::zeros(shape);
  const Tensor rows = reshape(permute(x, cairn::reduced_last(x.shape(), kept)),
                              {cairn::numel(shape), x.numel() / cairn::numel(shape)});
  return reshape(matmul(rows, Tensor::ones({rows.size(1)})), shape);
}

}  // namespace

const std::vector<check::Alternative<Unbroadcast>> list = {
    {"axis by axis", axis_by_axis},
    {"in a loop over all numbers", in_a_loop},
    {"as a product with ones", as_a_product},
};

}  // namespace alternatives

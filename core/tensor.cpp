// Tensors without their ops: making them, reading and writing their numbers, their gradient.
#include "core/tensor.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/autograd/autograd.h"
#include "core/autograd/node.h"

namespace cairn { inline namespace CAIRN_PRECISION {
Tensor Tensor::empty(const Shape& shape) {
  check_shape(shape, "tensor");
  auto impl = std::make_shared<TensorImpl>();
  impl->shape = shape;
  impl->strides = contiguous_strides(shape);
  impl->storage = std::make_shared<Storage>(cairn::numel(shape));
  return Tensor(std::move(impl));
}

Tensor Tensor::full(const Shape& shape, real value) {
  Tensor x = empty(shape);
  std::fill_n(x.impl().storage->data, x.numel(), value);
  return x;
}

Tensor Tensor::of(const Shape& shape, const std::vector<real>& values) {
  if (cairn::numel(shape) != static_cast<int64_t>(values.size()))
    fail("tensor", std::to_string(values.size()) + " values for the shape " + to_string(shape));
  Tensor x = empty(shape);
  std::copy(values.begin(), values.end(), x.impl().storage->data);
  return x;
}

void Tensor::fail_undefined() {
  fail("tensor", "an undefined tensor was used",
       "grad(), for one, is undefined until backward() has reached the leaf");
}

Tensor Tensor::rand(const Shape& shape, Random& random) {
  // Cut to the digits of `real`: rounding could give 1.
  constexpr double digits = double{1} / std::numeric_limits<real>::epsilon() * 2;
  Tensor x = empty(shape);
  real* numbers = x.write();
  for (int64_t i = 0; i < x.numel(); ++i)
    numbers[i] = static_cast<real>(std::floor(random.uniform() * digits) / digits);
  return x;
}

Tensor Tensor::randn(const Shape& shape, Random& random) {
  Tensor x = empty(shape);
  real* numbers = x.write();
  for (int64_t i = 0; i < x.numel(); ++i) numbers[i] = static_cast<real>(random.normal());
  return x;
}

int64_t Tensor::size(int axis, Where where) const {
  return shape()[normal_axis(axis, axes(), "size", where)];
}

bool Tensor::is_contiguous() const {
  if (numel() == 0) return true;
  int64_t step = 1;
  for (int i = axes() - 1; i >= 0; --i) {
    if (shape()[i] != 1 && strides()[i] != step) return false;
    step *= shape()[i];
  }
  return true;
}

void Tensor::check_contiguous(const char* op, Where where) const {
  if (!is_contiguous())
    fail(op,
         "the tensor of shape " + to_string(shape()) + " has strides " + to_string(strides()) +
             ": its numbers are not one contiguous block",
         "read it through Contiguous or contiguous(), write to it by copy_(); or walk the strides "
         "from strided_data()",
         where);
}

const real* Tensor::data(Where where) const {
  check_contiguous("data", where);
  return strided_data();
}

real* Tensor::write(Where where) {
  check_contiguous("write", where);
  return strided_write(where);
}

real* Tensor::strided_write(Where where) {
  ++impl().storage->version;
  impl().storage->written_at = Scope::outermost(where);
  return impl().storage->data + impl().offset;
}

real Tensor::item(Where where) const {
  if (numel() != 1)
    fail("item", "the tensor has shape " + to_string(shape()) + ", not one number", "", where);
  return *strided_data();
}

std::vector<real> Tensor::to_vector() const {
  const Contiguous numbers(*this);
  return std::vector<real>(numbers.data(), numbers.data() + numel());
}

Tensor& Tensor::set_requires_grad(bool on, Where where) {
  if (!is_leaf())
    fail("set_requires_grad", std::string("this tensor was made by [") + impl().op + "]",
         "only leaves can be set; detach() makes one", where);
  impl().requires_grad = on;
  return *this;
}

Tensor Tensor::grad(Where where) const {
  if (!is_leaf())
    fail("grad",
         std::string("only leaves keep a gradient; this tensor was made by [") + impl().op + "]",
         "hook(x, f) shows the gradient on its way back, grad({loss}, {x}) returns it", where);
  return Tensor(impl().grad);
}

void Tensor::set_grad(const Tensor& grad, Where where) {
  if (!is_leaf())
    fail("set_grad",
         std::string("only leaves keep a gradient; this tensor was made by [") + impl().op + "]",
         "hook(x, f) puts another in the gradient's place", where);
  if (!(grad.shape() == shape()))
    fail("set_grad",
         "the gradient is " + to_string(grad.shape()) + ", the tensor " + to_string(shape()), "",
         where);
  impl().grad = empty(shape()).copy_(grad.detach()).handle();
}

Tensor Tensor::detach() const {
  Tensor y = alias(*this, shape(), strides(), impl().offset);
  y.impl().op = impl().op;
  return y;
}

void Tensor::backward(Where where) const { cairn::backward(*this, false, where); }

Contiguous::Contiguous(const Tensor& x) : storage_(x.impl().storage), data_(x.strided_data()) {
  if (x.is_contiguous()) return;
  storage_ = std::make_shared<Storage>(x.numel());
  data_ = storage_->data;
  copy_numbers(storage_->data, contiguous_strides(x.shape()), x.strided_data(), x.strides(),
               x.shape());
}

void copy_numbers(real* to, const Shape& to_strides, const real* from, const Shape& from_strides,
                  const Shape& shape, int axis) {
  if (axis == 0 && numel(shape) == 0) return;
  if (shape.empty()) {
    *to = *from;
    return;
  }
  const int64_t n = shape[axis], to_step = to_strides[axis], from_step = from_strides[axis];
  if (axis + 1 < shape.size())
    for (int64_t i = 0; i < n; ++i)
      copy_numbers(to + i * to_step, to_strides, from + i * from_step, from_strides, shape,
                   axis + 1);
  else if (to_step == 1 && from_step == 1)
    std::memmove(to, from, static_cast<size_t>(n) * sizeof(real));
  else
    for (int64_t i = 0; i < n; ++i) to[i * to_step] = from[i * from_step];
}

Tensor alias(const Tensor& x, const Shape& shape, const Shape& strides, int64_t offset) {
  check_shape(shape, "tensor");
  auto impl = std::make_shared<TensorImpl>();
  impl->storage = x.impl().storage;
  impl->shape = shape;
  impl->strides = strides;
  impl->offset = offset;
  return Tensor(std::move(impl));
}

}}  // namespace cairn::CAIRN_PRECISION

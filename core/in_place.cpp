// The ops that change a tensor in place, such as Tensor::add_. They have no history; where that
// would be wrong, they are Errors.
#include "core/autograd/node.h"
#include "core/ops/elementwise.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// Changing a tensor with a history in place would falsify gradients; changing one with the help of
// a tensor with a history would lose that history.
void check(const Tensor& x, const Tensor& by, const char* op, const char* instead, Where where) {
  if (grad_enabled() && x.requires_grad())
    fail(op, "a tensor that requires grad cannot be changed in place",
         std::string("use ") + instead + ", or change it inside a NoGrad scope", where);
  if (grad_enabled() && by.defined() && by.requires_grad())
    fail(op, "the history of the tensor that it is changed with would be lost",
         std::string("use ") + instead + ", or detach() the other", where);
  for (int i = 0; i < x.axes() && x.numel() > 0; ++i)
    if (x.strides()[i] == 0 && x.shape()[i] > 1)
      fail(op, "elements of the expanded tensor " + to_string(x.shape()) + " share memory",
           "copy() it first", where);
  if (by.defined() && !(broadcast(x.shape(), by.shape(), op, where) == x.shape()))
    fail(op, to_string(by.shape()) + " does not fit into " + to_string(x.shape()), "", where);
}

// x = from, which is broadcast and does not overlap x.
Tensor& assign(Tensor& x, const Tensor& from, Where where) {
  copy_numbers(x.strided_write(where), x.strides(), from.strided_data(),
               broadcast_strides(from.shape(), from.strides(), x.shape()), x.shape());
  return x;
}

Tensor& change(Tensor& x, BinaryKernel* kernel, const Tensor& other, const char* op,
               const char* instead, Where where) {
  check(x, other, op, instead, where);
  return assign(x, apply_binary(kernel, x, other, op, where), where);
}

// x = factor x + shift
Tensor& change(Tensor& x, real factor, real shift, const char* op, const char* instead,
               Where where) {
  check(x, Tensor(), op, instead, where);
  if (!x.is_contiguous()) return assign(x, affine(x.detach(), factor, shift, where), where);
  real* data = x.write(where);
  kernels().scale(data, data, factor, shift, x.numel());
  return x;
}

}  // namespace

Tensor& Tensor::fill_(real value, Where where) {
  check(*this, Tensor(), "fill_", "full", where);
  return assign(*this, scalar(value), where);
}

Tensor& Tensor::copy_(const Tensor& from, Where where) {
  check(*this, from, "copy_", "the other tensor itself", where);
  const bool apart = from.impl().storage != impl().storage;
  return assign(*this, apart ? from : cairn::copy(from.detach()), where);
}

Tensor& Tensor::add_(const Tensor& other, real factor, Where where) {
  check(*this, other, "add_", "add", where);
  if (is_contiguous() && other.shape() == shape() && other.impl().storage != impl().storage) {
    const Contiguous numbers(other);
    kernels().axpy(write(where), numbers, factor, numel());
    return *this;
  }
  const Tensor scaled = affine(other.detach(), factor, 0, where);
  return assign(*this, apply_binary(kernels().add, *this, scaled, "add_", where), where);
}

Tensor& Tensor::sub_(const Tensor& other, Where where) {
  return change(*this, kernels().sub, other, "sub_", "sub", where);
}
Tensor& Tensor::mul_(const Tensor& other, Where where) {
  return change(*this, kernels().mul, other, "mul_", "mul", where);
}
Tensor& Tensor::div_(const Tensor& other, Where where) {
  return change(*this, kernels().div, other, "div_", "div", where);
}

Tensor& Tensor::add_(real shift, Where where) {
  return change(*this, 1, shift, "add_", "add", where);
}
Tensor& Tensor::mul_(real factor, Where where) {
  return change(*this, factor, 0, "mul_", "mul", where);
}
Tensor& Tensor::div_(real divisor, Where where) {
  return change(*this, kernels().div, scalar(divisor), "div_", "div", where);
}

Tensor& Tensor::clamp_(real low, real high, Where where) {
  check(*this, Tensor(), "clamp_", "clamp", where);
  return assign(*this, cairn::clamp(detach(), low, high, where), where);
}

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// Comparisons of tensors and numbers, with broadcasting, as functions and as operators.
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// ---- Comparisons: 1 where it holds, else 0. Not differentiable.
Tensor less(const Tensor& a, const Tensor& b, Where where = Where::current());
Tensor less_equal(const Tensor& a, const Tensor& b, Where where = Where::current());
Tensor greater(const Tensor& a, const Tensor& b, Where where = Where::current());
Tensor greater_equal(const Tensor& a, const Tensor& b, Where where = Where::current());
Tensor equal(const Tensor& a, const Tensor& b, Where where = Where::current());
Tensor not_equal(const Tensor& a, const Tensor& b, Where where = Where::current());

// ---- The same as operators.
// An operand is a tensor or a number.
struct Compared {
  Tensor tensor;
  Where where;
  Compared(const Tensor& x, Where where = Where::current()) : tensor(x), where(where) {}
  Compared(real x, Where where = Where::current()) : tensor(Tensor::scalar(x)), where(where) {}
};
Tensor operator<(Compared a, Compared b);
Tensor operator<=(Compared a, Compared b);
Tensor operator>(Compared a, Compared b);
Tensor operator>=(Compared a, Compared b);
Tensor operator==(Compared a, Compared b);
Tensor operator!=(Compared a, Compared b);

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// Operators on tensors: arithmetic and comparisons (1 where it holds, else 0), with broadcasting,
// and printing. They are the functions of core/ops.h under another name.
#include <iosfwd>

#include "core/ids.h"
#include "core/tensor.h"

namespace cairn::inline CAIRN_PRECISION {

// An operand carries the line it was written on.
struct In {
  const Tensor& tensor;
  Where where;
  In(const Tensor& tensor, Where where = Where::current()) : tensor(tensor), where(where) {}
};

// ---- Arithmetic: add, sub, mul, div and affine.
Tensor operator+(In a, In b);
Tensor operator-(In a, In b);
Tensor operator*(In a, In b);
Tensor operator/(In a, In b);
Tensor operator-(In a);
Tensor operator+(In a, real b);
Tensor operator-(In a, real b);
Tensor operator*(In a, real b);
Tensor operator/(In a, real b);
Tensor operator+(real a, In b);
Tensor operator-(real a, In b);
Tensor operator*(real a, In b);
Tensor operator/(real a, In b);

// ---- Comparisons: less, less_equal, greater, greater_equal, equal, not_equal.
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

// ---- Output, as to_string() in core/print.h has it.
std::ostream& operator<<(std::ostream& out, const Tensor& x);
std::ostream& operator<<(std::ostream& out, const Ids& ids);

}  // namespace cairn::inline CAIRN_PRECISION

#pragma once
// Operators on tensors: arithmetic with broadcasting, and printing. They are the functions of
// core/ops/ops.h under another name; comparisons are in core/ops/more/compare.h.
#include <iosfwd>

#include "core/ids.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

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

// ---- Output, as to_string() in core/inspect/print.h has it.
std::ostream& operator<<(std::ostream& out, const Tensor& x);
std::ostream& operator<<(std::ostream& out, const Ids& ids);

}}  // namespace cairn::CAIRN_PRECISION

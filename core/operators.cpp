// Operators call the ops, with the line of their left operand. Printing is in
// core/inspect/print.cpp.
#include "core/operators.h"

#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor operator+(In a, In b) { return add(a.tensor, b.tensor, a.where); }
Tensor operator-(In a, In b) { return sub(a.tensor, b.tensor, a.where); }
Tensor operator*(In a, In b) { return mul(a.tensor, b.tensor, a.where); }
Tensor operator/(In a, In b) { return div(a.tensor, b.tensor, a.where); }
Tensor operator-(In a) { return affine(a.tensor, -1, 0, a.where); }
Tensor operator+(In a, real b) { return affine(a.tensor, 1, b, a.where); }
Tensor operator-(In a, real b) { return affine(a.tensor, 1, -b, a.where); }
Tensor operator*(In a, real b) { return affine(a.tensor, b, 0, a.where); }
Tensor operator/(In a, real b) { return affine(a.tensor, 1 / b, 0, a.where); }
Tensor operator+(real a, In b) { return affine(b.tensor, 1, a, b.where); }
Tensor operator-(real a, In b) { return affine(b.tensor, -1, a, b.where); }
Tensor operator*(real a, In b) { return affine(b.tensor, a, 0, b.where); }
Tensor operator/(real a, In b) { return div(Tensor::scalar(a), b.tensor, b.where); }

Tensor Tensor::operator[](At i) const { return select(*this, 0, i.index, i.where); }

}}  // namespace cairn::CAIRN_PRECISION

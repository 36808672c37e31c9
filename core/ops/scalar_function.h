#pragma once
// Shared by the tables of elementwise functions in plain loops: a row is y = f(x, p) of each number
// x, with one fixed number p that most ignore. dx = dy f'(x, p); saved is x.
#include "core/ops/records/op_info.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct ScalarFunction {
  const char* name;
  real (*f)(real x, real p);
  real (*slope)(real x, real p);                    // f'
  Tensor (*slope_in_ops)(const Tensor& x, real p);  // the same in ops, for second derivatives
};

// The row must live as long as the history does.
Tensor apply(const ScalarFunction& row, const Tensor& x, real p, Where where);

}}  // namespace cairn::CAIRN_PRECISION

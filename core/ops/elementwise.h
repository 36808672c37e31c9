#pragma once
// Shared by the elementwise ops: a function applied to each number of one input, and a kernel
// applied to two inputs that broadcast against each other.
#include "core/kernels/kernels.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// y = f(x), with kernels; backward is dx = dy f'. f' is written in terms of y where that is cheaper
// (exp' = y), else of x: that one is saved.
enum class Saves { x, y };
struct KernelFunction {
  const char* name;
  MapKernel* Kernels::*forward;
  MapBackwardKernel* (*backward)();
  Saves saves;
  Tensor (*slope)(const Tensor& saved);  // f' in ops, for second derivatives
};

// y = f(x, p) in a plain loop, with one fixed number p, which most functions ignore. Saves x.
struct ScalarFunction {
  const char* name;
  real (*f)(real x, real p);
  real (*slope)(real x, real p);                    // f'
  Tensor (*slope_in_ops)(const Tensor& x, real p);  // the same in ops, for second derivatives
};

// The function must live as long as the history does.
Tensor apply(const KernelFunction& function, const Tensor& x, Where where);
Tensor apply(const ScalarFunction& function, const Tensor& x, real p, Where where);

// kernel over a and b broadcast against each other; the result has no history.
Tensor apply_binary(BinaryKernel* kernel, const Tensor& a, const Tensor& b, const char* op,
                    Where where);

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// Shared by the elementwise ops: walking two broadcast operands row by row.
#include "core/kernels/kernels.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

using BinaryKernel = void (*)(real* y, Operand a, Operand b, int64_t rows, int64_t cols);

// kernel over a and b broadcast against each other; the result has no history.
Tensor apply_binary(BinaryKernel kernel, const Tensor& a, const Tensor& b, const char* op,
                    Where where);

}}  // namespace cairn::CAIRN_PRECISION

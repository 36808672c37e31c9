// less, equal: 1 where the comparison holds, else 0, with broadcasting. Not differentiable: the
// result requires no grad, and backward() from it says so. PyTorch: torch.lt, torch.eq, as numbers.
#include "core/node.h"
#include "core/op_info.h"
#include "core/ops/elementwise.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

template <bool (*holds)(real a, real b)>
void compare(real* y, Operand a, Operand b, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < cols; ++j)
      *y++ = holds(a.data[i * a.row + j * a.col], b.data[i * b.row + j * b.col]);
}

bool is_less(real a, real b) { return a < b; }
bool is_equal(real a, real b) { return a == b; }

Tensor compared(const char* op, BinaryKernel kernel, const Tensor& a, const Tensor& b,
                Where where) {
  const Tensor y = apply_binary(kernel, a, b, op, where);
  record_undifferentiable(op, {&a, &b}, y, where);
  return y;
}

}  // namespace

Tensor less(const Tensor& a, const Tensor& b, Where where) {
  return compared("less", compare<is_less>, a, b, where);
}
Tensor equal(const Tensor& a, const Tensor& b, Where where) {
  return compared("equal", compare<is_equal>, a, b, where);
}

OpInfo less_info() {
  return {"less", "y = 1 if a < b else 0", "", "nothing", "torch.lt", "core/ops/compare.cpp", {}};
}
OpInfo equal_info() {
  return {"equal", "y = 1 if a = b else 0", "", "nothing", "torch.eq", "core/ops/compare.cpp", {}};
}

}  // namespace cairn::inline CAIRN_PRECISION

// less, less_equal, greater, greater_equal, equal, not_equal: 1 where the comparison holds, else 0,
// with broadcasting. Not differentiable: the result requires no grad, and backward() from it says
// so. PyTorch: torch.lt, le, gt, ge, eq, ne, as numbers.
#include "core/ops/more/compare.h"

#include "core/autograd/node.h"
#include "core/ops/elementwise.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

template <bool (*holds)(real a, real b)>
void compare(real* y, Operand a, Operand b, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < cols; ++j)
      *y++ = holds(a.data[i * a.row + j * a.col], b.data[i * b.row + j * b.col]);
}

bool is_less(real a, real b) { return a < b; }
bool is_less_equal(real a, real b) { return a <= b; }
bool is_equal(real a, real b) { return a == b; }
bool is_not_equal(real a, real b) { return a != b; }

Tensor compared(const char* op, BinaryKernel* kernel, const Tensor& a, const Tensor& b,
                Where where) {
  const Tensor y = apply_binary(kernel, a, b, op, where);
  record_undifferentiable(op, {&a, &b}, y, where);
  return y;
}

}  // namespace

Tensor less(const Tensor& a, const Tensor& b, Where where) {
  return compared("less", compare<is_less>, a, b, where);
}
Tensor less_equal(const Tensor& a, const Tensor& b, Where where) {
  return compared("less_equal", compare<is_less_equal>, a, b, where);
}
Tensor greater(const Tensor& a, const Tensor& b, Where where) {
  return compared("greater", compare<is_less>, b, a, where);
}
Tensor greater_equal(const Tensor& a, const Tensor& b, Where where) {
  return compared("greater_equal", compare<is_less_equal>, b, a, where);
}
Tensor equal(const Tensor& a, const Tensor& b, Where where) {
  return compared("equal", compare<is_equal>, a, b, where);
}
Tensor not_equal(const Tensor& a, const Tensor& b, Where where) {
  return compared("not_equal", compare<is_not_equal>, a, b, where);
}

// Operators carry the line of their left operand.
Tensor operator<(Compared a, Compared b) { return less(a.tensor, b.tensor, a.where); }
Tensor operator<=(Compared a, Compared b) { return less_equal(a.tensor, b.tensor, a.where); }
Tensor operator>(Compared a, Compared b) { return greater(a.tensor, b.tensor, a.where); }
Tensor operator>=(Compared a, Compared b) { return greater_equal(a.tensor, b.tensor, a.where); }
Tensor operator==(Compared a, Compared b) { return equal(a.tensor, b.tensor, a.where); }
Tensor operator!=(Compared a, Compared b) { return not_equal(a.tensor, b.tensor, a.where); }

namespace {

OpInfo info(const char* name, const char* formula, const char* pytorch) {
  return {.name = name, .formula = formula, .derivative = "", .pytorch = pytorch};
}

}  // namespace

OpInfo less_info() { return info("less", "y = 1 if a < b else 0", "torch.lt"); }
OpInfo less_equal_info() { return info("less_equal", "y = 1 if a <= b else 0", "torch.le"); }
OpInfo greater_info() { return info("greater", "y = 1 if a > b else 0", "torch.gt"); }
OpInfo greater_equal_info() { return info("greater_equal", "y = 1 if a >= b else 0", "torch.ge"); }
OpInfo equal_info() { return info("equal", "y = 1 if a = b else 0", "torch.eq"); }
OpInfo not_equal_info() { return info("not_equal", "y = 1 if a != b else 0", "torch.ne"); }

}}  // namespace cairn::CAIRN_PRECISION

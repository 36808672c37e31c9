// The gradients of y = x W^T + b, in the place of the library's.
#include <algorithm>
#include <cstdint>

#include "core/kernels/kernels.h"
#include "core/ops/linear_backward.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// dx = dy W, dw = beta dw + dy^T x, db = beta db + the column sums of dy; any of them may be null.
void linear_backward(const LinearBackwardArgs& args) {
  const int64_t rows = args.rows, in = args.in, out = args.out;
  const GemmOperand dy = {args.dy, out}, dy_transposed = {args.dy, out, true};
  if (args.dx) {
    const GemmOperand weight = {args.weight, in};
    kernels().gemm(
        {.c = args.dx, .c_stride = in, .a = dy, .b = weight, .m = rows, .n = in, .k = out});
  }
  if (args.dw) {
    const GemmOperand x = {args.x, in};
    kernels().gemm({.c = args.dw,
                    .c_stride = in,
                    .a = dy_transposed,
                    .b = x,
                    .m = out,
                    .n = in,
                    .k = rows,
                    .beta = args.beta});
  }
  if (args.db) {
    if (args.beta == 0) std::fill_n(args.db, out, real{0});
    for (int64_t t = 0; t < rows; ++t)
      for (int64_t o = 0; o < out; ++o) args.db[o] += args.dy[t * out + o];
  }
}

}}  // namespace cairn::CAIRN_PRECISION

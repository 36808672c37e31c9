// Separate from the node, so that the three products can be read, checked and replaced alone.
#include "core/ops/linear_backward.h"

#include "core/kernels/kernels.h"

namespace cairn { inline namespace CAIRN_PRECISION {

void linear_backward(const LinearBackwardArgs& args) {
  const int64_t rows = args.rows, in = args.in, out = args.out;
  if (args.dx)
    kernels().gemm({.c = args.dx,
                    .c_stride = in,
                    .a = {args.dy, out},
                    .b = {args.weight, in},
                    .m = rows,
                    .n = in,
                    .k = out});
  if (args.dw)
    kernels().gemm({.c = args.dw,
                    .c_stride = in,
                    .a = {.data = args.dy, .stride = out, .transposed = true},
                    .b = {args.x, in},
                    .m = out,
                    .n = in,
                    .k = rows,
                    .beta = args.beta});
  if (args.db) kernels().column_sums(args.db, args.dy, rows, out, args.beta);
}

}}  // namespace cairn::CAIRN_PRECISION

// The way back through cross entropy.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/kernels/kernels.h"

namespace mine {

using cairn::CrossEntropyBackwardArgs;
using cairn::real;

// dx = dloss (softmax(x) - onehot(label)) in each row, 0 where the label is negative.
void cross_entropy_backward(const CrossEntropyBackwardArgs& args) {
  for (int64_t i = 0; i < args.rows; ++i) {
    const real* x = args.x + i * args.cols;
    real* dx = args.dx + i * args.cols;
    if (args.label[i] < 0) {
      std::fill(dx, dx + args.cols, real{0});
      continue;
    }
    const double max = *std::max_element(x, x + args.cols);
    for (int64_t j = 0; j < args.cols; ++j) {
      const double p = std::exp(double(x[j]) - max - double(args.log_sum[i]));
      const double target = j == args.label[i] ? 1 : 0;
      dx[j] = static_cast<real>(double(args.dloss[i]) * (p - target));
    }
  }
}

}  // namespace mine

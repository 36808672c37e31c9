// Other ways to write it, as good.
#include <algorithm>
#include <cmath>
#include <vector>

#include "tutorials/07_backward_by_hand/exercises/cross_entropy_backward/cross_entropy_backward.h"

namespace alternatives {
namespace {

// The softmax of its own; log_sum is not needed.
void whole_softmax(const CrossEntropyBackwardArgs& args) {
  for (int64_t at = 0; at < args.rows * args.cols; ++at) {
    const int64_t i = at / args.cols, j = at % args.cols;
    const real* x = args.x + i * args.cols;
    long double sum = 0;
    for (int64_t k = 0; k < args.cols; ++k)
      sum += std::exp(static_cast<long double>(x[k]) - x[j]);  // infinite: p is 0
    const long double p = std::isinf(x[j]) ? 0 : 1 / sum;
    args.dx[at] = 0;
    if (args.label[i] >= 0)
      args.dx[at] = static_cast<real>(args.dloss[i] * (p - (args.label[i] == j)));
  }
}

// dloss p everywhere, then dloss is taken off at the label.
void label_last(const CrossEntropyBackwardArgs& args) {
  const int64_t cols = args.cols;
  for (int64_t i = args.rows; i-- > 0;) {
    const real *x = args.x + i * cols, max = *std::max_element(x, x + cols);
    const real factor = args.label[i] < 0 ? 0 : args.dloss[i];
    real* dx = args.dx + i * cols;
    std::transform(x, x + cols, dx,
                   [&](real number) { return factor * std::exp(number - max - args.log_sum[i]); });
    if (args.label[i] >= 0) dx[args.label[i]] -= factor;
  }
}

// At the label -dloss times the probability of all the others: no digits are lost where it is
// nearly certain.
void from_the_others(const CrossEntropyBackwardArgs& args) {
  std::fill(args.dx, args.dx + args.rows * args.cols, real{0});
  for (int64_t i = 0; i < args.rows; ++i) {
    if (args.label[i] < 0) continue;
    const real* x = args.x + i * args.cols;
    real max = x[0], others = 0;
    for (int64_t j = 1; j < args.cols; ++j) max = std::fmax(max, x[j]);
    real* dx = args.dx + i * args.cols;
    for (int64_t j = 0; j < args.cols; ++j) {
      const real p = std::exp(x[j] - max) / std::exp(args.log_sum[i]);
      if (j != args.label[i]) others += p, dx[j] = args.dloss[i] * p;
    }
    dx[args.label[i]] = -args.dloss[i] * others;
  }
}

}  // namespace

const std::vector<check::Alternative<CrossEntropyBackward>> list = {
    {"a softmax of its own", whole_softmax},
    {"the label last", label_last},
    {"from the other classes", from_the_others},
};

}  // namespace alternatives

// The way back through layer norm; task.md in
// tutorials/07_backward_by_hand/exercises/layer_norm_backward says what is asked.
#include <cstdint>

#include "core/kernels/kernels.h"

namespace mine {

using cairn::LayerNormBackwardArgs;
using cairn::real;

// y = xhat * gamma + beta of each row of x (rows, cols), with xhat = (x - mean) * rstd; dy is the
// gradient of the loss by y. dx is written; dgamma and dbeta are added to. Each may be null.
void layer_norm_backward(const LayerNormBackwardArgs& args) {
  // TODO: args.dy, args.x, args.gamma, args.mean, args.rstd, args.rows and args.cols are given.
  (void)args;
}

}  // namespace mine

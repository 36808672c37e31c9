// The way back through cross entropy; task.md in
// tutorials/07_backward_by_hand/exercises/cross_entropy_backward says what is asked.
#include <cmath>
#include <cstdint>

#include "core/kernels/kernels.h"

namespace mine {

using cairn::CrossEntropyBackwardArgs;
using cairn::real;

// dx is the gradient of the loss by the logits x (rows, cols), dloss that by each row's own loss.
void cross_entropy_backward(const CrossEntropyBackwardArgs& args) {
  // TODO: args.dloss, args.x, args.log_sum, args.label, args.rows and args.cols are given; args.dx
  // is to be written.
  (void)args;
}

}  // namespace mine

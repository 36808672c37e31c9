// Cross entropy of each row; task.md in tutorials/07_backward_by_hand/exercises/cross_entropy says
// what is asked.
#include <cmath>
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

// loss[i] = -ln softmax(x[i])[label[i]] for each row i of x (rows, cols), 0 where label[i] < 0;
// log_sum[i] = ln sum_j e^(x[i][j] - max x[i]).
void cross_entropy(real* loss, real* log_sum, const real* x, const int32_t* label, int64_t rows,
                   int64_t cols) {
  // TODO
  (void)loss, (void)log_sum, (void)x, (void)label, (void)rows, (void)cols;
}

}  // namespace mine

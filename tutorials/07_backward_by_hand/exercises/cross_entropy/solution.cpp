// Cross entropy of each row.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

// loss[i] = -ln softmax(x[i])[label[i]] for each row i of x (rows, cols), 0 where label[i] < 0;
// log_sum[i] = ln sum_j e^(x[i][j] - max x[i]).
void cross_entropy(real* loss, real* log_sum, const real* x, const int32_t* label, int64_t rows,
                   int64_t cols) {
  for (int64_t i = 0; i < rows; ++i, x += cols) {
    const double max = *std::max_element(x, x + cols);
    double sum = 0;
    for (int64_t j = 0; j < cols; ++j) sum += std::exp(double(x[j]) - max);
    log_sum[i] = static_cast<real>(std::log(sum));
    // max is nearest to x_label: their difference loses nothing, whatever they are.
    loss[i] = label[i] < 0 ? 0 : static_cast<real>(max - double(x[label[i]]) + std::log(sum));
  }
}

}  // namespace mine

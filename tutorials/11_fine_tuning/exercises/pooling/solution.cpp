// One row for a sentence.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/ops.h"
#include "tutorials/11_fine_tuning/exercises/pooling/pooling.h"

namespace mine {

// hidden (B, T, C), mask (B, T) of ones, with zeros behind them -> (B, C): each sentence's first
// row, or the mean of its rows. What stands at a zero of the mask never counts.
Tensor pooling(const Tensor& hidden, const Ids& mask, Pool pool) {
  const int64_t B = hidden.size(0), T = hidden.size(1), C = hidden.size(2);
  std::vector<Tensor> rows{Tensor::zeros({0, C})};  // so that there is something to join
  for (int64_t b = 0; b < B; ++b) {
    int64_t length = 0;
    while (length < T && mask[b * T + length] != 0) ++length;
    if (pool == Pool::cls) length = std::min<int64_t>(length, 1);
    const Tensor tokens = slice(hidden[b], 0, 0, length);  // (length, C)
    rows.push_back(length == 0 ? Tensor::zeros({1, C}) : mean(tokens, {0}, true));
  }
  return cairn::cat(rows, 0);
}

}  // namespace mine

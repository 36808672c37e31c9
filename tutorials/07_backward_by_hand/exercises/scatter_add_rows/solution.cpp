// The way back through an embedding.
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

// table[ids[i]] += x[i] for i = 0, ..., n - 1 in turn: rows of cols numbers.
void scatter_add_rows(real* table, const real* x, const int32_t* ids, int64_t n, int64_t cols) {
  for (int64_t i = 0; i < n; ++i) {
    real* row = table + ids[i] * cols;
    for (int64_t j = 0; j < cols; ++j) row[j] += x[i * cols + j];
  }
}

}  // namespace mine

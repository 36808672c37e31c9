// Other ways to write it, as good.
#include <algorithm>
#include <functional>

#include "tutorials/07_backward_by_hand/exercises/scatter_add_rows/scatter_add_rows.h"

namespace alternatives {
namespace {

void with_transform(real* table, const real* x, const int32_t* ids, int64_t n, int64_t cols) {
  for (const int32_t* id = ids; id != ids + n; ++id, x += cols) {
    real* row = table + *id * cols;
    std::transform(row, row + cols, x, row, std::plus<real>());
  }
}

// Each number's additions are still in the order of i.
void column_by_column(real* table, const real* x, const int32_t* ids, int64_t n, int64_t cols) {
  for (int64_t j = cols; j-- > 0;)
    for (int64_t i = 0; i < n; ++i)
      table[ids[i] * cols + j] = x[i * cols + j] + table[ids[i] * cols + j];
}

// At the first place of each id, all its rows.
void id_by_id(real* table, const real* x, const int32_t* ids, int64_t n, int64_t cols) {
  for (int64_t first = 0; first < n; ++first) {
    if (std::find(ids, ids + first, ids[first]) != ids + first) continue;
    for (int64_t j = 0; j < cols; ++j) {
      real sum = table[ids[first] * cols + j];
      for (int64_t i = first; i < n; ++i)
        if (ids[i] == ids[first]) sum += x[i * cols + j];
      table[ids[first] * cols + j] = sum;
    }
  }
}

}  // namespace

const std::vector<check::Alternative<ScatterAddRows>> list = {
    {"std::transform", with_transform},
    {"column by column", column_by_column},
    {"id by id", id_by_id},
};

}  // namespace alternatives

// What people write instead.
#include <algorithm>
#include <vector>

#include "tutorials/07_backward_by_hand/exercises/scatter_add_rows/scatter_add_rows.h"

namespace mistakes {
namespace {

enum {
  nothing_added = 1,
  written,
  first_only,
  last_only,
  equal_neighbours_once,
  gathered,
  place_for_id,
  first_id_for_all,
  id_zero_left_out,
  from_the_last,
  summed_apart,
  mean_of_repeated,
  divided_by_n,
  subtracted,
  last_row_left_out,
  first_row_left_out,
  last_column_left_out,
  first_column_only,
  columns_apart,
  n_for_cols,
  rows_n_apart,
  columns_forgotten,
  named_rows_cleared,
  x_by_id,
  in_float,
  in_long_double,
};

bool is(int mistake) { return check::mistake == mistake; }

// All rows of an id are added up before they meet the table.
void add_sums(real* table, const real* x, const int32_t* ids, int64_t n, int64_t cols) {
  for (int64_t first = 0; first < n; ++first) {
    if (std::find(ids, ids + first, ids[first]) != ids + first) continue;
    for (int64_t j = 0; j < cols; ++j) {
      long double sum = is(in_long_double) ? table[ids[first] * cols + j] : 0;
      int count = 0;
      for (int64_t i = first; i < n; ++i) {
        if (ids[i] != ids[first]) continue;
        sum = is(in_long_double) ? sum + x[i * cols + j] : static_cast<real>(sum) + x[i * cols + j];
        ++count;
      }
      if (is(mean_of_repeated)) sum /= count;
      if (is(in_long_double)) table[ids[first] * cols + j] = static_cast<real>(sum);
      else table[ids[first] * cols + j] += static_cast<real>(sum);
    }
  }
}

}  // namespace

void scatter_add_rows(real* table, const real* x, const int32_t* ids, int64_t n, int64_t cols) {
  if (is(nothing_added)) return;
  if (is(summed_apart) || is(mean_of_repeated) || is(in_long_double))
    return add_sums(table, x, ids, n, cols);
  for (int64_t i = 0; is(named_rows_cleared) && i < n; ++i)
    std::fill_n(table + ids[i] * cols, cols, real{0});
  for (int64_t turn = is(first_row_left_out); turn < n - is(last_row_left_out); ++turn) {
    const int64_t i = is(from_the_last) ? n - 1 - turn : turn;
    const bool before = std::find(ids, ids + i, ids[i]) != ids + i;
    const bool after = std::find(ids + i + 1, ids + n, ids[i]) != ids + n;
    if (is(first_only) && before) continue;
    if (is(last_only) && after) continue;
    if (is(equal_neighbours_once) && i > 0 && ids[i] == ids[i - 1]) continue;
    if (is(id_zero_left_out) && ids[i] == 0) continue;
    int64_t to = ids[i], from = i;
    if (is(place_for_id)) to = i;
    if (is(first_id_for_all)) to = ids[0];
    if (is(gathered)) to = i, from = ids[i];
    if (is(x_by_id)) from = ids[i];
    int64_t width = cols;
    if (is(last_column_left_out)) width = cols - 1;
    if (is(first_column_only)) width = std::min<int64_t>(cols, 1);
    if (is(columns_forgotten)) width = 1;
    if (is(n_for_cols)) width = std::min(n, cols);
    for (int64_t j = 0; j < width; ++j) {
      real number = x[from * cols + j];
      if (is(columns_apart)) number = x[j * n + from];
      if (is(columns_forgotten)) number = x[from];
      if (is(divided_by_n)) number /= static_cast<real>(n);
      if (is(subtracted)) number = -number;
      if (is(in_float)) number = static_cast<float>(number);
      int64_t at = to * cols + j;
      if (is(rows_n_apart)) at = to * n + j;
      if (is(columns_forgotten)) at = to;
      real& sum = table[at];
      sum = is(written) ? number : sum + number;
    }
  }
}

const std::vector<check::Mistake> list = {
    {nothing_added, "nothing is added", "the table is what it was before the call."},
    {written, "written in place of added",
     "you write where you should add: what the table held is lost, and of a repeated id the last "
     "row alone is left."},
    {first_only, "the first of a repeated id only",
     "of an id that comes twice only the first row is added. The word was used twice, and both "
     "places contribute."},
    {last_only, "the last of a repeated id only",
     "of an id that comes twice only the last row is added. The word was used twice, and both "
     "places contribute."},
    {equal_neighbours_once, "equal neighbours only once",
     "where an id follows itself it is added once. Both places contribute."},
    {gathered, "the wrong way round",
     "you read at ids[i] and write at i: that is the embedding itself. The way back reads at i and "
     "writes at ids[i]."},
    {place_for_id, "row i in place of row ids[i]",
     "you add to row i of the table. Row i of x belongs to row ids[i] of the table."},
    {first_id_for_all, "the first id for all rows",
     "all rows are added to the row of the first id. Row i has ids[i]."},
    {id_zero_left_out, "id 0 is left out",
     "rows of id 0 are not added. 0 is a row of the table like any other; only a padding_idx, "
     "which this kernel does not know, would be left out."},
    {from_the_last, "from the last to the first",
     "right but for the order: you add from the last row to the first, and rounding makes that "
     "another number. The contract says i = 0, 1, ..."},
    {summed_apart, "the rows of an id are summed first",
     "right but for the order: you add up all rows of an id before they meet the table, and "
     "rounding makes that another number. Add each to the table in turn."},
    {mean_of_repeated, "the mean of a repeated id",
     "you take the mean of the rows of a repeated id. Gradients of what is shared add up."},
    {divided_by_n, "divided by n",
     "you divide by the number of rows. If the loss is a mean, x has that factor already."},
    {subtracted, "subtracted",
     "you subtract. It is the optimiser that will go against the gradient."},
    {last_row_left_out, "the last row is left out",
     "the last row of x is not added. Does your loop end at n - 1?"},
    {first_row_left_out, "the first row is left out",
     "the first row of x is not added. Does your loop begin at 1?"},
    {last_column_left_out, "the last column is left out",
     "the last column is not added. Does your loop end at cols - 1?"},
    {first_column_only, "the first column only",
     "only the first column is added: a row has cols numbers."},
    {columns_apart, "x read by columns",
     "you read x as if a column were one after the other. Row i begins at x + i * cols."},
    {n_for_cols, "n columns", "you add n columns of each row. There are cols."},
    {rows_n_apart, "rows of n numbers",
     "row r of the table begins at r * cols: its rows have cols numbers, not n."},
    {columns_forgotten, "no loop over the columns",
     "you add one number for each id. A row has cols numbers: it begins at ids[i] * cols, and a "
     "second loop goes over its columns."},
    {named_rows_cleared, "the rows are cleared first",
     "you set the rows to 0 first: what the table held is lost. It is added to."},
    {x_by_id, "row ids[i] of x",
     "you read row ids[i] of x. x has a row for each place: read row i."},
    {in_float, "a float on the way",
     "right to seven digits: does a number go through a float? The check computes in double; write "
     "real or double."},
    {in_long_double, "a sum of more digits",
     "too good: you add in long double, or sort for the sum. The contract asks for the sum in "
     "real, in the order of i, so that it has the same bits everywhere."},
};

}  // namespace mistakes

// Each number of the table against the sum in the order of the contract, bit for bit.
#include <string>

#include "core/kernels/kernels.h"
#include "tutorials/07_backward_by_hand/exercises/scatter_add_rows/scatter_add_rows.h"

namespace {

void check_rows(ScatterAddRows* scatter, check::Judge& judge, const std::string& what,
                const std::vector<real>& table, const std::vector<real>& x,
                const std::vector<int32_t>& ids, int64_t cols) {
  judge.input(what);
  const auto n = static_cast<int64_t>(ids.size());
  std::vector<real> expected = table, got = table;
  for (size_t at = 0; at < expected.size(); ++at)
    for (size_t i = 0; i < ids.size(); ++i)
      if (ids[i] == static_cast<int64_t>(at) / cols)
        expected[at] += x[i * static_cast<size_t>(cols) + at % static_cast<size_t>(cols)];
  // Garbage behind the table and behind x, for functions that go there.
  const std::vector<real> behind = check::garbage(100);
  got.insert(got.end(), behind.begin(), behind.end());
  std::vector<real> rows_of_x = x;
  rows_of_x.insert(rows_of_x.end(), behind.begin(), behind.end());
  const std::vector<real> before = rows_of_x;
  const std::vector<int32_t> ids_before = ids;
  scatter(got.data(), rows_of_x.data(), ids.data(), n, cols);
  const auto end = got.begin() + static_cast<int64_t>(table.size());
  const int64_t rows = cols == 0 ? 0 : static_cast<int64_t>(table.size()) / cols;
  judge.equal(what, {got.begin(), end}, expected, {rows, cols}, 0);
  judge.unchanged(what + ": what stands behind the table", {end, got.end()}, behind);
  judge.unchanged(what + ": x", rows_of_x, before);
  judge.that(ids == ids_before, what + ": ids", "the input was changed");
}

void check_scatter_add_rows(ScatterAddRows* scatter, check::Judge& judge) {
  const auto check = [&](const std::string& what, const std::vector<real>& table,
                         const std::vector<real>& x, const std::vector<int32_t>& ids,
                         int64_t cols) { check_rows(scatter, judge, what, table, x, ids, cols); };
  const std::vector<real> zeros(20), held = check::normal(20, 1);
  check("each id once", zeros, check::normal(12, 2), {3, 0, 4}, 4);
  check("a repeated id", zeros, check::normal(12, 3), {2, 4, 2}, 4);
  check("equal neighbours", zeros, check::normal(16, 4), {1, 1, 1, 3}, 4);
  check("a table that holds something", held, check::normal(12, 5), {2, 4, 2}, 4);
  check("the same once more", held, check::normal(12, 5), {2, 4, 2}, 4);
  check("all rows, backwards", held, check::normal(20, 6), {4, 3, 2, 1, 0}, 4);
  check("the id 0", held, check::normal(12, 7), {0, 1, 0}, 4);
  check("more ids than rows", check::normal(6, 8), check::normal(21, 9), {0, 1, 1, 0, 0, 1, 0}, 3);
  check("where the order counts", {1, 1, 1, 1e16}, {1e16, -1, 1, 1, -1e16, -1}, {0, 0, 0}, 2);
  check("of one row 20 in turn", {0.1}, check::normal(20, 10), std::vector<int32_t>(20, 0), 1);
  // No id names them.
  std::vector<real> table = check::garbage(12);
  for (size_t j = 3; j < 6; ++j) table[j] = 0;
  check("rows of garbage beside it", table, check::normal(6, 11), {1, 1}, 3);
  check("one column", {1, 2, 3}, {5, -5}, {2, 2}, 1);
  check("no ids", held, {}, {}, 4);
  check("no columns", {}, {}, {1, 0}, 0);
}

void work(ScatterAddRows* scatter) {
  static const std::vector<real> x = check::normal(1024 * 128, 12);
  static std::vector<int32_t> ids(1024);
  static std::vector<real> table(1500 * 128);
  for (size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int32_t>(i * i % 1500);
  scatter(table.data(), x.data(), ids.data(), 1024, 128);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<ScatterAddRows>({.name = "scatter_add_rows",
                                     .check = check_scatter_add_rows,
                                     .mine = mine::scatter_add_rows,
                                     .mistaken = mistakes::scatter_add_rows,
                                     .mistakes = mistakes::list,
                                     .alternatives = alternatives::list,
                                     .library = cairn::kernels().scatter_add_rows,
                                     .work = work},
                                    argc, argv);
}

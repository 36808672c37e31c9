// Each row against the formula in long double, and what holds for every softmax.
#include <cmath>
#include <limits>

#include "core/kernels/kernels.h"
#include "tutorials/01_scaled_dot_product_attention/exercises/softmax/softmax.h"

namespace {

const real minus_infinity = -std::numeric_limits<real>::infinity();

std::vector<real> expected_softmax(const std::vector<real>& x, int64_t rows, int64_t cols) {
  std::vector<real> y(x.size());
  for (int64_t i = 0; i < rows; ++i) {
    const real* row = x.data() + i * cols;
    long double max = minus_infinity, sum = 0;
    for (int64_t j = 0; j < cols; ++j) max = std::fmax(max, static_cast<long double>(row[j]));
    for (int64_t j = 0; j < cols; ++j) sum += std::exp(row[j] - max);
    for (int64_t j = 0; j < cols; ++j)
      y[static_cast<size_t>(i * cols + j)] =
          max == minus_infinity ? 0 : static_cast<real>(std::exp(row[j] - max) / sum);
  }
  return y;
}

void check_rows(Softmax* softmax, check::Judge& judge, const std::string& what,
                const std::vector<real>& x, int64_t rows, int64_t cols) {
  const std::vector<real> before = x, expected = expected_softmax(x, rows, cols);
  std::vector<real> y = check::garbage(rows * cols);
  softmax(y.data(), x.data(), rows, cols);
  judge.equal(what, y, expected, {rows, cols});
  judge.unchanged(what + ": x", x, before);
}

void check_softmax(Softmax* softmax, check::Judge& judge) {
  check_rows(softmax, judge, "numbers of size 1", check::normal(12, 1), 3, 4);
  check_rows(softmax, judge, "the same once more", check::normal(12, 1), 3, 4);
  check_rows(softmax, judge, "more rows than columns", check::normal(35, 2, 5), 7, 5);
  check_rows(softmax, judge, "a long row", check::normal(1000, 3, 3), 1, 1000);
  check_rows(softmax, judge, "large numbers", {1000, 1001, 999, 710, 0, -1000}, 2, 3);
  check_rows(softmax, judge, "large negative numbers", {-1000, -1001, -999}, 1, 3);
  check_rows(softmax, judge, "rows far apart", {0, 1, 2, -2000, -2001, -2002}, 2, 3);
  check_rows(softmax, judge, "some keys hidden", {1, minus_infinity, 2, minus_infinity, 0, 1}, 2,
             3);
  check_rows(softmax, judge, "every key of a row hidden",
             {1, 2, 3, minus_infinity, minus_infinity, minus_infinity, 1, 1, 1}, 3, 3);
  check_rows(softmax, judge, "one column", {5, -5, minus_infinity}, 3, 1);
  check_rows(softmax, judge, "no rows", {}, 0, 3);
  check_rows(softmax, judge, "no columns", {}, 3, 0);

  std::vector<real> in_place = check::normal(12, 4);
  const std::vector<real> expected = expected_softmax(in_place, 3, 4);
  softmax(in_place.data(), in_place.data(), 3, 4);
  judge.equal("y is x", in_place, expected, {3, 4});
}

void work(Softmax* softmax) {
  static const std::vector<real> x = check::normal(128 * 128, 5);
  static std::vector<real> y(x.size());
  softmax(y.data(), x.data(), 128, 128);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Softmax>({.name = "softmax",
                              .check = check_softmax,
                              .mine = mine::softmax,
                              .mistaken = mistakes::softmax,
                              .mistakes = mistakes::list,
                              .alternatives = alternatives::list,
                              .library = cairn::kernels().softmax,
                              .work = work},
                             argc, argv);
}

// Each row against the matrix of derivatives in long double, and against central differences.
#include <cmath>
#include <limits>
#include <string>

#include "core/kernels/kernels.h"
#include "tutorials/07_backward_by_hand/exercises/differences.h"
#include "tutorials/07_backward_by_hand/exercises/softmax_backward/softmax_backward.h"

namespace {

const real minus_infinity = -std::numeric_limits<real>::infinity();

template <class Number>
std::vector<Number> softmax(const std::vector<Number>& x, int64_t cols) {
  std::vector<Number> y(x.size());
  for (size_t i = 0; i < x.size(); i += static_cast<size_t>(cols)) {
    long double sum = 0;
    for (int64_t j = 0; j < cols; ++j) sum += std::exp(static_cast<long double>((&x[i])[j]));
    for (int64_t j = 0; j < cols && sum > 0; ++j)
      (&y[i])[j] = static_cast<Number>(std::exp(static_cast<long double>((&x[i])[j])) / sum);
  }
  return y;
}

void check_rows(SoftmaxBackward* backward, check::Judge& judge, const std::string& what,
                const std::vector<real>& y, const std::vector<real>& dy, int64_t rows,
                int64_t cols) {
  judge.input(what);
  std::vector<real> expected(y.size()), dx = check::garbage(rows * cols);
  for (int64_t at = 0; at < rows * cols; ++at) {
    const int64_t row = at / cols * cols;
    long double sum = 0;
    for (int64_t k = row; k < row + cols; ++k) {
      const long double y_k = y[static_cast<size_t>(k)], y_j = y[static_cast<size_t>(at)];
      sum += dy[static_cast<size_t>(k)] * y_k * ((k == at ? 1 : 0) - y_j);
    }
    expected[static_cast<size_t>(at)] = static_cast<real>(sum);
  }
  const std::vector<real> y_before = y, dy_before = dy;
  backward(dx.data(), dy.data(), y.data(), rows, cols);
  judge.equal(what, dx, expected, {rows, cols});
  judge.unchanged(what + ": y", y, y_before);
  judge.unchanged(what + ": dy", dy, dy_before);
}

void check_softmax_backward(SoftmaxBackward* backward, check::Judge& judge) {
  const auto of_scores = [&](const std::string& what, const std::vector<real>& x, int64_t rows,
                             int64_t cols, real deviation = 1) {
    const std::vector<real> dy = check::normal(rows * cols, 7, deviation);
    check_rows(backward, judge, what, softmax(x, cols), dy, rows, cols);
  };
  check_rows(backward, judge, "the weights (1/2, 1/4, 1/4)", {0.5, 0.25, 0.25}, {1, 2, 3}, 1, 3);
  of_scores("three rows", check::normal(12, 1), 3, 4);
  of_scores("the same once more", check::normal(12, 1), 3, 4);
  of_scores("more rows than columns", check::normal(35, 2, 3), 7, 5);
  of_scores("a long row", check::normal(1000, 3, 2), 1, 1000);
  of_scores("large gradients", check::normal(12, 4), 3, 4, 30);
  of_scores("some keys hidden", {1, minus_infinity, 2, minus_infinity, 0, 1}, 2, 3);
  of_scores("every key of a row hidden",
            {1, 2, 3, minus_infinity, minus_infinity, minus_infinity, 1, 1, 1}, 3, 3);
  of_scores("one key is certain", {0, -800, -900}, 1, 3);
  of_scores("one column", {5, -5, 0}, 3, 1);
  check_rows(backward, judge, "no rows", {}, {}, 0, 3);
  check_rows(backward, judge, "no columns", {}, {}, 3, 0);

  const std::vector<real> x = check::normal(12, 5), dy = check::normal(12, 6), y = softmax(x, 4);
  std::vector<real> dx(12, 1);
  backward(dx.data(), dy.data(), y.data(), 3, 4);
  const auto loss = [&](const std::vector<long double>& at) {
    const std::vector<long double> moved = softmax(at, 4);
    long double sum = 0;
    for (size_t i = 0; i < moved.size(); ++i) sum += dy[i] * moved[i];
    return sum;
  };
  judge.equal("beside central differences, into a dx of ones", dx, differences(x, loss), {3, 4},
              1e-9);
}

void work(SoftmaxBackward* backward) {
  static const std::vector<real> y(128 * 128, 1.0 / 128), dy = check::normal(128 * 128, 8);
  static std::vector<real> dx(y.size());
  backward(dx.data(), dy.data(), y.data(), 128, 128);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<SoftmaxBackward>({.name = "softmax_backward",
                                      .check = check_softmax_backward,
                                      .mine = mine::softmax_backward,
                                      .mistaken = mistakes::softmax_backward,
                                      .mistakes = mistakes::list,
                                      .alternatives = alternatives::list,
                                      .library = cairn::kernels().softmax_backward,
                                      .work = work},
                                     argc, argv);
}

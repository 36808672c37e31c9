// Chapter 0: setting out. The mathematics and the C++ that the trail needs, each as a few lines that
// run: dot and matrix product, the exponential, mean and variance; how a matrix lies in memory, and
// what broadcasting does. README.md beside this file tells the story.
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "core/inspect/print.h"
#include "core/ops.h"
#include "tutorials/figure.h"

using cairn::real;
using cairn::Tensor;

namespace {

// [first]
void first_program() {
  const Tensor x = Tensor::of({{1, 2, 3}, {4, 5, 6}});
  print(x);
  std::printf("shape %s\n", to_string(x.shape()).c_str());
}
// [/first]

// [dot]
// a . b = sum over i of a_i b_i
double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}
// [/dot]

// [matrix_product]
// a is [M, K], b is [K, N], the result [M, N], all row by row: y_mn = sum over k of a_mk b_kn
std::vector<double> matrix_product(const std::vector<double>& a, const std::vector<double>& b,
                                   size_t M, size_t K, size_t N) {
  std::vector<double> y(M * N);
  for (size_t m = 0; m < M; ++m)
    for (size_t n = 0; n < N; ++n)
      for (size_t k = 0; k < K; ++k) y[m * N + n] += a[m * K + k] * b[k * N + n];
  return y;
}
// [/matrix_product]

void products() {
  std::printf("(1, 2, 3) . (4, 5, 6) = %g\n", dot({1, 2, 3}, {4, 5, 6}));
  const std::vector<double> y = matrix_product({1, 2, 3, 4, 5, 6}, {1, 0, 0, 1, 1, 1}, 2, 3, 2);
  std::printf("In loops: %g %g | %g %g\n", y[0], y[1], y[2], y[3]);
  const Tensor a = Tensor::of({{1, 2, 3}, {4, 5, 6}}), b = Tensor::of({{1, 0}, {0, 1}, {1, 1}});
  std::printf("matmul(a, b), of shape %s:\n", to_string(matmul(a, b).shape()).c_str());
  print(matmul(a, b));
}

// [exponential]
// e^x is positive for every x, and turns a sum into a product.
void exponential() {
  for (double x : {-2, -1, 0, 1, 2, 3})
    std::printf("e^%-2g = %6.3f   e^(%g + 1) / e^%g = %.3f\n", x, std::exp(x), x, x,
                std::exp(x + 1) / std::exp(x));
}
// [/exponential]

// [mean_and_variance]
// The mean, and the mean of the squared distances from it: divided by n, not by n - 1.
void mean_and_variance(const std::vector<double>& x) {
  const double n = static_cast<double>(x.size());
  double mean = 0, variance = 0;
  for (double number : x) mean += number / n;
  for (double number : x) variance += (number - mean) * (number - mean) / n;
  std::printf("mean %g, variance %g, standard deviation %.3f\n", mean, variance,
              std::sqrt(variance));
}
// [/mean_and_variance]

// [cells]
// One block of six numbers, read as two rows of three and, without moving one, as three rows of two.
void cells() {
  const Tensor x = Tensor::of({{0, 1, 2}, {3, 4, 5}});
  const Tensor turned = transpose(x, 0, 1), cut = reshape(x, {3, 2});
  const auto tell = [](const char* name, const Tensor& t) {
    std::printf("%s: shape %s, strides %s\n", name, to_string(t.shape()).c_str(),
                to_string(t.strides()).c_str());
    print(t);
  };
  tell("x", x);
  tell("transpose(x, 0, 1)", turned);
  tell("reshape(x, {3, 2})", cut);
}
// [/cells]

// [broadcasting]
// A size of 1, or an axis that is not there, is repeated to fit.
void broadcasting() {
  const Tensor x = Tensor::of({{0, 1, 2}, {3, 4, 5}});       // [2, 3]
  print(x + Tensor::of({10, 20, 30}));                       // [3]: the same for each row
  print(x + Tensor::of({{100}, {200}}));                     // [2, 1]: the same for each column
  print(Tensor::of({{1}, {2}}) * Tensor::of({10, 20, 30}));  // [2, 1] and [3]: a table
}
// [/broadcasting]

// [error]
// What does not fit is refused, where it is written.
void refused() {
  try {
    const Tensor x = Tensor::zeros({2, 3}), y = Tensor::zeros({2});
    print(x + y);
  } catch (const cairn::Error& error) {
    std::printf("%s\n", error.what());
  }
}
// [/error]

void draw_figures(const std::string& folder) {
  using namespace figure;
  const std::vector<double> shade{0, 1, 2, 3, 4, 5};
  const std::vector<std::string> number{"0", "1", "2", "3", "4", "5"};
  Figure rows(330, "One block of memory, read in three ways");
  rows.matrix(60, 66,
              {.rows = 1, .columns = 6, .values = shade, .cells = number, .title = "in memory"}, 40,
              30);
  rows.matrix(20, 138,
              {.rows = 2,
               .columns = 3,
               .values = shade,
               .cells = number,
               .title = "x: [2, 3], strides (3, 1)"},
              40, 30);
  rows.matrix(20, 232,
              {.rows = 3,
               .columns = 2,
               .values = {0, 3, 1, 4, 2, 5},
               .cells = {"0", "3", "1", "4", "2", "5"},
               .title = "transpose: strides (1, 3)",
               .colour = orange},
              40, 30);
  rows.matrix(210, 232,
              {.rows = 3,
               .columns = 2,
               .values = shade,
               .cells = number,
               .title = "reshape: (2, 1)",
               .colour = green},
              40, 30);
  rows.write(folder, "cells");

  Figure sum(238, "x + row, and x + column");
  const auto part = [&](double x, double y, size_t m, size_t n, std::vector<double> v, Colour c) {
    std::vector<std::string> text;
    for (double value : v) text.push_back(figure::number(value, 0));
    sum.matrix(x, y, {.rows = m, .columns = n, .values = std::move(v), .cells = text, .colour = c},
               32, 28);
  };
  part(10, 60, 2, 3, {0, 1, 2, 3, 4, 5}, blue);
  sum.text(114, 93, "+", ink, "middle", "bold");
  part(126, 60, 1, 3, {10, 20, 30}, orange);
  part(126, 88, 1, 3, {10, 20, 30}, faint);
  sum.text(234, 93, "=", ink, "middle", "bold");
  part(248, 60, 2, 3, {10, 21, 32, 13, 24, 35}, green);
  sum.text(126, 50, "[3], repeated");
  part(10, 160, 2, 3, {0, 1, 2, 3, 4, 5}, blue);
  sum.text(114, 193, "+", ink, "middle", "bold");
  part(126, 160, 2, 1, {100, 200}, orange);
  part(158, 160, 2, 2, {100, 100, 200, 200}, faint);
  sum.text(234, 193, "=", ink, "middle", "bold");
  part(248, 160, 2, 3, {100, 101, 102, 203, 204, 205}, green);
  sum.text(126, 150, "[2, 1], repeated");
  sum.write(folder, "broadcasting");
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
  first_program();
  std::printf("\n");
  products();
  std::printf("\n");
  exponential();
  std::printf("\n");
  mean_and_variance({2, 4, 4, 4, 5, 5, 7, 9});
  std::printf("\n");
  cells();
  std::printf("\n");
  broadcasting();
  std::printf("\n");
  refused();
}

// Both gradients against their sums in long double, over every matrix of every leading index.
#include <string>

#include "core/ops.h"
#include "tutorials/07_backward_by_hand/exercises/matmul_backward/matmul_backward.h"

using cairn::real;
using check::Shape;

namespace {

// Number i of y comes from which matrix of x? The leading index of y, where x has size 1 or no axis
// at all, is not looked at.
int64_t matrix_of(int64_t i, const Shape& y, const Shape& x) {
  int64_t number = 0, step = 1;
  for (int back = 3; back <= y.size(); ++back) {
    const int64_t size = y[y.size() - back], index = i % size;
    i /= size;
    if (back > x.size()) continue;
    const int64_t own = x[x.size() - back];
    number += step * (own == 1 ? 0 : index);
    step *= own;
  }
  return number;
}

using Sums = std::vector<long double>;

Tensor tensor_of(const Shape& shape, const Sums& sums) {
  return Tensor::of(shape, std::vector<real>(sums.begin(), sums.end()));
}

std::pair<Tensor, Tensor> expected_of(const Tensor& dy, const Tensor& a, const Tensor& b) {
  const std::vector<real> y = dy.to_vector(), as = a.to_vector(), bs = b.to_vector();
  const int64_t m = a.size(-2), k = a.size(-1), n = b.size(-1);
  Sums da(as.size()), db(bs.size());
  for (int64_t i = 0; m * n > 0 && i < dy.numel() / (m * n); ++i) {
    const int64_t ai = matrix_of(i, dy.shape(), a.shape()) * m * k;
    const int64_t bi = matrix_of(i, dy.shape(), b.shape()) * k * n;
    for (int64_t r = 0; r < m; ++r)
      for (int64_t c = 0; c < n; ++c)
        for (int64_t j = 0; j < k; ++j) {
          const long double g = y[static_cast<size_t>((i * m + r) * n + c)];
          const auto at_a = static_cast<size_t>(ai + r * k + j);
          const auto at_b = static_cast<size_t>(bi + j * n + c);
          da[at_a] += g * bs[at_b], db[at_b] += g * as[at_a];
        }
  }
  return {tensor_of(a.shape(), da), tensor_of(b.shape(), db)};
}

void check_pair(MatmulBackward* matmul_backward, check::Judge& judge, const std::string& what,
                const Tensor& a, const Tensor& b) {
  judge.input(what);
  const Tensor dy = check::normal(matmul(a, b).shape(), 3);
  const std::vector<real> dy0 = dy.to_vector(), a0 = a.to_vector(), b0 = b.to_vector();
  check::leave_garbage(a.shape());
  const auto [da, db] = matmul_backward(dy, a, b);
  const auto [expected_da, expected_db] = expected_of(dy, a, b);
  judge.that(da.defined() && db.defined(), what, "a gradient is an undefined tensor");
  if (!da.defined() || !db.defined()) return;
  judge.equal(what + ": da", da, expected_da);
  judge.equal(what + ": db", db, expected_db);
  judge.unchanged(what + ": dy", dy.to_vector(), dy0);
  judge.unchanged(what + ": a", a.to_vector(), a0);
  judge.unchanged(what + ": b", b.to_vector(), b0);
}

void check_matmul_backward(MatmulBackward* matmul_backward, check::Judge& judge) {
  const auto check = [&](const std::string& what, const Shape& a, const Shape& b) {
    check_pair(matmul_backward, judge, what, check::normal(a, 1), check::normal(b, 2));
  };
  check("square matrices", {3, 3}, {3, 3});
  check("square matrices, three of each", {3, 3, 3}, {3, 3, 3});
  check("(4, 5) by (5, 3)", {4, 5}, {5, 3});
  check("the same once more", {4, 5}, {5, 3});
  check("heads: (2, 4, 3) by (2, 3, 4)", {2, 4, 3}, {2, 3, 4});
  check("one b for all: (3, 2, 4) by (4, 5)", {3, 2, 4}, {4, 5});
  check("one a for all: (2, 4) by (3, 4, 5)", {2, 4}, {3, 4, 5});
  check("(1, 2, 4) by (3, 4, 5)", {1, 2, 4}, {3, 4, 5});
  check("(3, 2, 4) by (1, 4, 5)", {3, 2, 4}, {1, 4, 5});
  check("(2, 2, 4) by (1, 4, 5)", {2, 2, 4}, {1, 4, 5});
  check("(2, 1, 3, 4) by (5, 4, 2)", {2, 1, 3, 4}, {5, 4, 2});
  check("(2, 3, 1, 4) by (2, 3, 4, 1)", {2, 3, 1, 4}, {2, 3, 4, 1});
  check("one number each", {1, 1}, {1, 1});
  check("one row: (2, 1, 3) by (2, 3, 4)", {2, 1, 3}, {2, 3, 4});
  check("no rows: (0, 3) by (3, 2)", {0, 3}, {3, 2});
  check("nothing inside: (3, 0) by (0, 2)", {3, 0}, {0, 2});
  check("no matrices: (0, 2, 3) by (3, 4)", {0, 2, 3}, {3, 4});
  check("no matrices of b: (1, 2, 3) by (0, 3, 4)", {1, 2, 3}, {0, 3, 4});
  const Tensor a = transpose(check::normal(Shape{5, 4}, 4), 0, 1);
  check_pair(matmul_backward, judge, "a is a transposed view", a, check::normal(Shape{5, 3}, 5));
  const Tensor b = expand(check::normal(Shape{1, 3, 2}, 6), {4, 3, 2});
  check_pair(matmul_backward, judge, "b is an expanded view", check::normal(Shape{4, 2, 3}, 7), b);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<MatmulBackward>({.name = "matmul_backward",
                                     .check = check_matmul_backward,
                                     .mine = mine::matmul_backward,
                                     .mistaken = mistakes::matmul_backward,
                                     .mistakes = mistakes::list,
                                     .alternatives = alternatives::list},
                                    argc, argv);
}

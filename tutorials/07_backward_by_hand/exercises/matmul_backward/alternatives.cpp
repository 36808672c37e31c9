// Other ways to write it, as good.
#include "core/ops.h"
#include "tutorials/07_backward_by_hand/exercises/matmul_backward/matmul_backward.h"

using check::Shape;

namespace alternatives {
namespace {

// The library's own words.
std::pair<Tensor, Tensor> with_sum_to(const Tensor& dy, const Tensor& a, const Tensor& b) {
  return {sum_to(matmul(dy, transpose(b, -2, -1)), a.shape()),
          sum_to(matmul(transpose(a, -2, -1), dy), b.shape())};
}

// The transposes of the products of the transposes.
std::pair<Tensor, Tensor> turned(const Tensor& dy, const Tensor& a, const Tensor& b) {
  const Tensor dyt = transpose(dy, -2, -1);
  return {sum_to(transpose(matmul(b, dyt), -2, -1), a.shape()),
          sum_to(transpose(matmul(dyt, a), -2, -1), b.shape())};
}

// Without a product of matrices: every term of every sum, (..., m, k, n), and then the sums.
std::pair<Tensor, Tensor> all_terms(const Tensor& dy, const Tensor& a, const Tensor& b) {
  const Tensor g = unsqueeze(dy, -2), left = unsqueeze(a, -1), right = unsqueeze(b, -3);
  return {sum_to(sum(g * right, {-1}), a.shape()), sum_to(sum(g * left, {-3}), b.shape())};
}

// One matrix after the other, each added where it belongs.
std::pair<Tensor, Tensor> one_by_one(const Tensor& dy, const Tensor& a, const Tensor& b) {
  Tensor da = Tensor::zeros(a.shape()), db = Tensor::zeros(b.shape());
  const auto go = [](const auto& self, Tensor g, Tensor x, Tensor y, Tensor dx, Tensor dz) -> void {
    if (g.axes() == 2) {
      dx.add_(matmul(g, transpose(y, 0, 1)));
      dz.add_(matmul(transpose(x, 0, 1), g));
      return;
    }
    const int axes = g.axes();
    const auto part = [axes](Tensor& of, int64_t i) {
      if (of.axes() < axes) return of;
      return of[of.size(0) == 1 ? 0 : i];
    };
    for (int64_t i = 0; i < g.size(0); ++i)
      self(self, g[i], part(x, i), part(y, i), part(dx, i), part(dz, i));
  };
  go(go, dy, a, b, da, db);
  return {da, db};
}

}  // namespace

const std::vector<check::Alternative<MatmulBackward>> list = {
    {"with sum_to", with_sum_to},
    {"the products of the transposes", turned},
    {"all terms, and then their sums", all_terms},
    {"matrix by matrix", one_by_one},
};

}  // namespace alternatives

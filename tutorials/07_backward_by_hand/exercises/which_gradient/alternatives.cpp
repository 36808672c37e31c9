// The answers, worked out by programs.
#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "tutorials/07_backward_by_hand/exercises/which_gradient/which_gradient.h"

using cairn::Ids;
using cairn::Tensor;

namespace alternatives {
namespace {

Tensor leaf(Tensor x) { return x.set_requires_grad(); }

// By the library.
std::vector<double> by_backward(char question) {
  const Tensor x = leaf(Tensor::ones({5, 3})), w = leaf(Tensor::ones({2, 3}));
  const Tensor b = leaf(Tensor::ones({2})), row = leaf(Tensor::zeros({1, 2}));
  const Tensor table = leaf(Tensor::zeros({3, 2})), q = leaf(Tensor::of({{1, 2}}));
  const Tensor v = leaf(Tensor::of({{5, 6}}));
  backward(linear(x, w, b), Tensor::ones({5, 2}));
  switch (question) {
    case 'a': return {double(w.grad().size(0)), double(w.grad().size(1))};
    case 'b': return {2};
    case 'c': return b.grad().to_vector();
    case 'd': backward(softmax(row), Tensor::of({{3, 1}})); return row.grad().to_vector();
    case 'e': backward(cross_entropy(row, Ids{1})); return row.grad().to_vector();
    case 'f':
      backward(embedding(table, Ids{2, 0, 2}), Tensor::of({{1, 10}, {2, 20}, {4, 40}}));
      return table.grad()[2].to_vector();
    case 'g': return (Tensor::of({2, 0, 6, 0}) / Tensor::of({1, 2, 3, 4})).to_vector();
    default:
      backward(matmul(softmax(matmul(q, Tensor::of({{3}, {4}}))), v), Tensor::ones({1, 2}));
      return cairn::cat({q.grad(), v.grad()}, 1).to_vector();
  }
}

// By the formulas.
std::vector<double> by_formulas(char question) {
  const double sum = 3 * 0.5 + 1 * 0.5;
  if (question == 'a') return {2, 3};
  if (question == 'b') return {1 + 1};
  if (question == 'c') return {1. + 1 + 1 + 1 + 1, 5 * 1.};
  if (question == 'd') return {0.5 * (3 - sum), 0.5 * (1 - sum)};
  if (question == 'e') return {1. / 2 - 0, 1. / 2 - 1};
  if (question == 'f') return {1 + 4, 10 + 40};
  if (question == 'g') return {2. / 1, 0. / 2, 6. / 3, 0. / 4};
  return {-0.0, -0.0, 1, 1};
}

}  // namespace

const std::vector<check::Alternative<WhichGradient>> list = {
    {"by backward()", by_backward},
    {"by the formulas", by_formulas},
};

}  // namespace alternatives

// Values for a debugger to print: tests/debugger/values.walk.txt, tests/debugger/models.walk.txt.
#include <cmath>
#include <vector>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "models/bert/bert.h"
#include "nn/layers.h"

using namespace cairn;

namespace {

struct TwoLayers : Module {
  Linear first, second;
  TwoLayers() : Module("TwoLayers"), first(4, 3), second(3, 2, Bias::no) {}
  void visit(ModuleVisitor& v) override { v("first", first), v("second", second); }
};

template <class... Values>
void keep(const Values&...) {}  // so that no compiler says that they are not used

void look(const Tensor& matrix, const Ids& ids, const Rows& rows, Module& model, Module& bert) {
  const Tensor undefined;
  const Tensor number = Tensor::scalar(real{0.125});
  const Tensor vector = Tensor::of({1, -2, 3e-5f, 4e7f});
  const Tensor infinite = Tensor::of({0, -INFINITY, NAN});
  const Tensor transposed = transpose(matrix, 0, 1);
  const Tensor empty = Tensor::zeros({0, 3});
  const Tensor wide = Tensor::arange(60).set_requires_grad();
  const Tensor four_axes = reshape(Tensor::arange(36), {2, 3, 2, 3});
  const Tensor loss = sum(four_axes * wide[1]);
  const Shape shape = four_axes.shape();
  const std::vector<real> numbers = matrix.to_vector();
  loss.backward();
  // [look]
  keep(undefined, number, vector, infinite, transposed, empty, wide, four_axes, loss, shape,
       numbers);
  keep(ids, rows, model, bert);
}

BertConfig small() {
  BertConfig config;
  config.vocab_size = 10;
  config.hidden_size = 8;
  config.num_hidden_layers = 2;
  config.num_attention_heads = 2;
  config.intermediate_size = 16;
  return config;
}

}  // namespace

int main() {
  TwoLayers model;
  BertModel bert(small());
  bert.eval();
  const Tensor x = Tensor::of({{1, 2, 3}, {4.5, 5.25, -6}});
  look(x, {3, 1, 4, 1, 5}, Rows::of_lengths({3, 0, 2}), model, bert);
  model.second(x);
}

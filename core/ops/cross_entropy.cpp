// cross_entropy: loss_i = ln sum_j e^(x_ij) - x_i,label(i), over the rows whose label is not
// ignored; their mean, their sum, or each.
//   dx_ij = dloss_i (softmax(x_i)_j - [j = label(i)]), divided by the count for the mean
// Saves x, the labels and log_sum_i = ln sum_j e^(x_ij - max x_i): no probabilities are kept.
// PyTorch: torch.nn.functional.cross_entropy. Over no label at all the mean is 0 (PyTorch: NaN).
#include <algorithm>

#include "core/autograd/node.h"
#include "core/kernels/kernels.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// Row i is 1 at the label of i; all 0 if that is negative, and so does not count.
Tensor one_hot_rows(const Ids& labels, int64_t classes) {
  Tensor rows = Tensor::zeros({labels.numel(), classes});
  for (int64_t i = 0; i < labels.numel(); ++i)
    if (labels[i] >= 0) rows.write()[i * classes + labels[i]] = 1;
  return rows;
}

// The definition of the sum: minus the log-probability of each label that counts.
Tensor composed(const Tensor& x, const Ids& labels) {
  const Tensor log_p = reshape(log_softmax(x), {labels.numel(), x.size(-1)});
  return -sum(log_p * one_hot_rows(labels, x.size(-1)));
}

struct CrossEntropyNode final : Node {
  Saved x, log_sum;
  Ids labels;           // -1 where ignored
  bool spread = false;  // one dloss, scaled, serves all rows
  real scale = 1;
  void backward(Grads& g) override;
  void backward_in_ops(Grads& g) override;
  void visit(SavedVisitor& v) override {
    v("x", x);
    v("log_sum", log_sum);
  }
};

// The labels with -1 for ignore_index. Error on any other label outside [0, classes).
Ids checked(const Ids& labels, int64_t classes, int32_t ignore_index, Where where) {
  std::vector<int32_t> values = labels.values();
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] == ignore_index) values[i] = -1;
    else if (values[i] < 0 || values[i] >= classes)
      fail("cross_entropy",
           "label " + std::to_string(values[i]) + " at position " + std::to_string(i) +
               ", there are " + std::to_string(classes) + " classes",
           "", where);
  }
  return Ids(std::move(values));
}

}  // namespace

Tensor cross_entropy(const Tensor& logits, const Ids& labels, Reduction reduction,
                     int32_t ignore_index, Where where) {
  Shape leading = logits.shape();
  if (leading.size() > 0) leading.erase(leading.size() - 1);
  if (logits.axes() == 0 || !(leading == labels.shape()))
    fail("cross_entropy",
         "logits are " + to_string(logits.shape()) + ", labels " + to_string(labels.shape()),
         "logits have one more axis, the classes, at the end", where);
  const int64_t rows = labels.numel(), cols = logits.size(-1);
  const Ids checked_labels = checked(labels, cols, ignore_index, where);
  Tensor loss = Tensor::empty(labels.shape()), log_sum = Tensor::empty({rows});
  kernels().cross_entropy(loss.write(where), log_sum.write(), Contiguous(logits),
                          checked_labels.data(), rows, cols);

  real scale = 1;
  if (reduction == Reduction::mean) {
    const auto& values = checked_labels.values();
    const auto counts = [](int32_t label) { return label >= 0; };
    const auto counted = std::count_if(values.begin(), values.end(), counts);
    scale = counted ? real{1} / static_cast<real>(counted) : 0;
  }
  if (reduction != Reduction::none) {
    Tensor total = Tensor::empty({});
    kernels().row_sums(total.write(where), loss.data(), 1, rows);
    total.mul_(scale);
    loss = total;
  }
  if (auto node = record<CrossEntropyNode>("cross_entropy", {&logits}, loss, where)) {
    node->x = logits;
    node->log_sum = log_sum;
    node->labels = checked_labels;
    node->spread = reduction != Reduction::none;
    node->scale = scale;
  }
  return loss;
}

void CrossEntropyNode::backward(Grads& g) {
  const int64_t rows = labels.numel(), cols = x.tensor.size(-1);
  const Tensor dloss = spread ? Tensor::full({rows}, *g.dout().data() * scale) : g.dout();
  Tensor dx = Tensor::empty(x.tensor.shape());
  kernels().cross_entropy_backward({.dx = dx.write(),
                                    .dloss = Contiguous(dloss),
                                    .x = Contiguous(g.value(x)),
                                    .log_sum = g.value(log_sum).data(),
                                    .label = labels.data(),
                                    .rows = rows,
                                    .cols = cols});
  g.add(0, dx);
}
void CrossEntropyNode::backward_in_ops(Grads& g) {
  const int64_t rows = labels.numel(), cols = x.tensor.size(-1);
  const Tensor one_hot = one_hot_rows(labels, cols), counts = sum(one_hot, {-1}, true);
  const Tensor dloss = spread ? g.dout() * scale : reshape(g.dout(), {rows, 1});
  const Tensor p = softmax(reshape(g.tensor(x), {rows, cols}));
  g.add(0, reshape((p * counts - one_hot) * dloss, x.tensor.shape()));
}

OpInfo cross_entropy_info() {
  const Ids labels{2, 0, -100, 3};  // -100: ignored
  return {.name = "cross_entropy",
          .formula = "loss_i = ln sum_j e^(x_ij) - x_i,label(i)",
          .derivative = "dx_ij = dloss_i (softmax(x_i)_j - [j = label(i)])",
          .saved = "x, labels, log_sum",
          .cases = {FUSED_CASE(cross_entropy(x[0], labels), composed(x[0], labels) / 3, {{4, 5}}),
                    FUSED_CASE(cross_entropy(x[0], labels, Reduction::sum), composed(x[0], labels),
                               {{4, 5}}),
                    CASE(cross_entropy(x[0], labels, Reduction::none), {{4, 5}}),
                    FUSED_CASE(cross_entropy(x[0], Ids({2, 2}, {0, 2, 1, 1})),
                               composed(x[0], Ids({2, 2}, {0, 2, 1, 1})) / 4, {{2, 2, 3}}),
                    CASE(cross_entropy(x[0], Ids()), {{0, 3}}),
                    FUSED_CASE(cross_entropy(x[0], Ids{0}), composed(x[0], Ids{0}), {{1, 1}})}};
}

}}  // namespace cairn::CAIRN_PRECISION

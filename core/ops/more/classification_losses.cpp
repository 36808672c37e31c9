// cross_entropy with class weights, label smoothing or soft targets; nll_loss. With targets t_j of
// each row (for the label y and the smoothing e: t_j = w_j ((1 - e) [j = y] + e / C)):
//   loss = -sum_j t_j ln p_j      the mean divides by the sum of the labels' weights
// binary_cross_entropy_with_logits: pos_weight y softplus(-x) + (1 - y) softplus(x).
// kl_div: q (ln q - ln p), 0 with the gradient 0 where q is 0 (PyTorch: NaN where p is 0 as well).
// Compositions; the functions of torch.nn.functional with these names, but with the classes on the
// last axis, and with 0 for the mean over no label (PyTorch: NaN).
#include "core/ops.h"
#include "core/ops/more/reduced.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// What each class of each row weighs in the loss, and in the divisor of its mean.
struct Targets {
  Tensor weights;  // of the logits' shape
  double total = 0;
};

void check(const char* op, const Tensor& logits, const Shape& labels, const Shape& expected,
           const CrossEntropyOptions& options, Where where) {
  if (logits.axes() == 0 || !(labels == expected))
    fail(op, "logits are " + to_string(logits.shape()) + ", labels " + to_string(labels),
         "the classes are the logits' last axis", where);
  if (options.weight.defined() && !(options.weight.shape() == Shape{logits.size(-1)}))
    fail(op,
         "logits are " + to_string(logits.shape()) + ", the weight " +
             to_string(options.weight.shape()),
         "one for each class", where);
  if (!(options.label_smoothing >= 0 && options.label_smoothing <= 1))
    fail(op, "label_smoothing is " + std::to_string(options.label_smoothing), "in [0, 1]", where);
}

Targets targets_of(const char* op, const Tensor& logits, const Ids& labels,
                   const CrossEntropyOptions& options, Where where) {
  Shape leading = logits.shape();
  if (leading.size() > 0) leading.erase(leading.size() - 1);
  check(op, logits, labels.shape(), leading, options, where);
  const int64_t C = logits.size(-1);
  const Tensor ones = Tensor::ones({C});
  const Contiguous weight(options.weight.defined() ? options.weight : ones);
  Targets targets{Tensor::zeros(logits.shape())};
  real* to = targets.weights.write(where);
  for (int64_t i = 0; i < labels.numel(); ++i, to += C) {
    const int32_t y = labels[i];
    if (y == options.ignore_index) continue;
    if (y < 0 || y >= C)
      fail(op,
           "label " + std::to_string(y) + " at position " + std::to_string(i) + ", there are " +
               std::to_string(C) + " classes",
           "", where);
    for (int64_t j = 0; j < C; ++j)
      to[j] = weight[j] * options.label_smoothing / static_cast<real>(C);
    to[y] += weight[y] * (1 - options.label_smoothing);
    targets.total += static_cast<double>(weight[y]);
  }
  return targets;
}

// A class without weight counts for nothing, even if its ln p is minus infinity.
Tensor weighted(const Tensor& log_p, const Targets& targets, Reduction reduction) {
  const Tensor unweighted = equal(targets.weights, Tensor::scalar(0));
  const Tensor each = -sum(masked_fill(log_p * targets.weights, unweighted, 0), {-1});
  if (reduction == Reduction::none) return each;
  if (reduction == Reduction::sum) return sum(each);
  return sum(each) * (targets.total != 0 ? static_cast<real>(1 / targets.total) : 0);
}

}  // namespace

Tensor cross_entropy(const Tensor& logits, const Ids& labels, const CrossEntropyOptions& options,
                     Where where) {
  const Targets targets = targets_of("cross_entropy", logits, labels, options, where);
  const Scope scope("cross_entropy", where);
  return weighted(log_softmax(logits), targets, options.reduction);
}

Tensor cross_entropy(const Tensor& logits, const Tensor& targets,
                     const CrossEntropyOptions& options, Where where) {
  check("cross_entropy", logits, targets.shape(), logits.shape(), options, where);
  const Scope scope("cross_entropy", where);
  const real spread = options.label_smoothing / static_cast<real>(logits.size(-1));
  Tensor t = targets * (1 - options.label_smoothing) + spread;
  if (options.weight.defined()) t = t * options.weight;
  return reduced(-sum(t * log_softmax(logits), {-1}), options.reduction);
}

Tensor nll_loss(const Tensor& log_p, const Ids& labels, const CrossEntropyOptions& options,
                Where where) {
  if (options.label_smoothing != 0)
    fail("nll_loss", "label_smoothing is " + std::to_string(options.label_smoothing),
         "cross_entropy() of the logits smooths", where);
  const Targets targets = targets_of("nll_loss", log_p, labels, options, where);
  const Scope scope("nll_loss", where);
  return weighted(log_p, targets, options.reduction);
}

Tensor binary_cross_entropy_with_logits(const Tensor& logits, const Tensor& y,
                                        const Tensor& pos_weight, Reduction reduction,
                                        Where where) {
  const Scope scope("binary_cross_entropy_with_logits", where);
  check_one_shape("binary_cross_entropy_with_logits", logits, y, where);
  const Tensor positive = pos_weight.defined() ? y * pos_weight : y;
  return reduced(positive * softplus(-logits) + (1 - y) * softplus(logits), reduction);
}

Tensor kl_div(const Tensor& log_p, const Tensor& q, Reduction reduction, Where where) {
  const Scope scope("kl_div", where);
  check_one_shape("kl_div", log_p, q, where);
  const Tensor absent = equal(q, Tensor::scalar(0));  // there log_p may be minus infinity
  const Tensor log_ratio = log(masked_fill(q, absent, 1)) - log_p;
  return reduced(q * masked_fill(log_ratio, absent, 0), reduction);
}

namespace {

// 0, 1, 2, ... again and again, below C.
Ids labels_for(const Tensor& logits) {
  Shape shape = logits.shape();
  shape.erase(shape.size() - 1);
  std::vector<int32_t> labels;
  for (int64_t i = 0; i < numel(shape); ++i)
    labels.push_back(static_cast<int32_t>(i % logits.size(-1)));
  return Ids(shape, std::move(labels));
}

std::vector<InputShapes> logits_shapes() {
  return {{{4, 5}}, {{2, 2, 3}}, {{4}}, {{1, 1}}, {{0, 3}}, {{3, 1}}, {{1, 4}}, {{2, 1, 2}}};
}
// Of logits and targets.
std::vector<InputShapes> pairs() {
  std::vector<InputShapes> pairs;
  for (const InputShapes& logits : logits_shapes())
    pairs.push_back(InputShapes(std::vector<Shape>{logits[0], logits[0]}));
  return pairs;
}

}  // namespace

OpInfo nll_loss_info() {
  return {.name = "nll_loss",
          .formula = "loss_i = -w_label(i) ln p_i,label(i)",
          .derivative = "dlog_p = -dloss t",
          .saved = "t, log_p",
          .cases = {CASE(nll_loss(x[0], labels_for(x[0]), {.ignore_index = 1}), logits_shapes())}};
}
OpInfo binary_cross_entropy_with_logits_info() {
  return {
      .name = "binary_cross_entropy_with_logits",
      .formula = "loss = -(pos_weight y ln s + (1 - y) ln(1 - s)), s = sigmoid(x)",
      .derivative = "dx = dloss ((1 - y) s - pos_weight y (1 - s))",
      .saved = "x, y, pos_weight",
      .cases = {CASE(binary_cross_entropy_with_logits(x[0], x[1], {}, Reduction::sum), pairs()),
                CASE(binary_cross_entropy_with_logits(x[0], x[1], x[2]), {{3, 4}, {3, 4}, {4}})}};
}
OpInfo kl_div_info() {
  return {.name = "kl_div",
          .formula = "loss = q (ln q - log_p)",
          .derivative = "dlog_p = -dloss q, dq = dloss (ln q + 1 - log_p)",
          .saved = "log_p, q",
          .cases = {CASE(kl_div(x[0], x[1], Reduction::sum), pairs())},
          .low = 0.5};
}

// The options of the record that core/ops/cross_entropy.cpp begins.
std::vector<OpCase> cross_entropy_option_cases() {
  const CrossEntropyOptions smoothed{.label_smoothing = real{0.2}};
  const CrossEntropyOptions weighted{
      .ignore_index = 1, .label_smoothing = real{0.1}, .weight = Tensor::of({3}, {1, 2, 3})};
  return {CASE(cross_entropy(x[0], labels_for(x[0]), smoothed), logits_shapes()),
          CASE(cross_entropy(x[0], x[1], {.reduction = Reduction::sum}), pairs()),
          CASE(cross_entropy(x[0], labels_for(x[0]), weighted), {{4, 3}})};
}

}}  // namespace cairn::CAIRN_PRECISION

// Counting tokens, and logistic regression on the counts.
#include "train/more/bag_of_words.h"

#include <algorithm>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "optim/more/adam.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// (B, vocabulary): how often each token is in each text.
Tensor counts(const Examples& examples, int64_t vocabulary) {
  Tensor x = Tensor::zeros({examples.size(), vocabulary});
  real* row = x.write();
  for (const Encoding& text : examples.texts) {
    for (int32_t id : text.ids) row[id] += 1;
    row += vocabulary;
  }
  return x;
}

}  // namespace

BagOfWords::BagOfWords(int64_t vocabulary, int64_t classes)
    : weight_(Tensor::zeros({classes, vocabulary})), bias_(Tensor::zeros({classes})) {
  weight_.set_requires_grad();
  bias_.set_requires_grad();
}

void BagOfWords::fit(const Examples& examples, int64_t steps, double lr, double decay) {
  const Tensor x = counts(examples, weight_.size(1));
  const Ids labels(examples.labels);
  ParameterGroup weights{{{"weight", weight_}}, decay}, biases{{{"bias", bias_}}};
  Adam optimizer({weights, biases});  // Adam's weight decay is the gradient of the penalty
  for (int64_t step = 0; step < steps; ++step) {
    cross_entropy(linear(x, weight_, bias_), labels).backward();
    optimizer.step(lr);
    optimizer.zero_grad();
  }
}

Tensor BagOfWords::logits(const Examples& examples) const {
  const NoGrad no_grad;
  return linear(counts(examples, weight_.size(1)), weight_, bias_);
}

ConfusionMatrix BagOfWords::evaluate(const Examples& examples) const {
  const int64_t classes = bias_.numel();
  ConfusionMatrix matrix(classes);
  const std::vector<real> scores = logits(examples).to_vector();
  for (int64_t i = 0; i < examples.size(); ++i) {
    const auto row = scores.begin() + i * classes;
    matrix.add(examples.labels[static_cast<size_t>(i)],
               static_cast<int32_t>(std::max_element(row, row + classes) - row));
  }
  return matrix;
}

}}  // namespace cairn::CAIRN_PRECISION

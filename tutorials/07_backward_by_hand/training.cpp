#include "tutorials/07_backward_by_hand/training.h"

#include <algorithm>

#include "core/random.h"

namespace {

constexpr int steps = 200;
constexpr real lr = 0.5f;

// 20 points around each of these centres.
Points clouds(const std::vector<std::pair<double, double>>& centres) {
  cairn::Random random(3);
  std::vector<real> x;
  std::vector<int32_t> labels;
  for (int i = 0; i < 20; ++i)
    for (size_t c = 0; c < centres.size(); ++c) {
      x.push_back(static_cast<real>(centres[c].first + 0.7 * random.normal()));
      x.push_back(static_cast<real>(centres[c].second + 0.7 * random.normal()));
      labels.push_back(static_cast<int32_t>(c));
    }
  return {Tensor::of({static_cast<int64_t>(labels.size()), 2}, x), Ids(labels)};
}

// A linear layer, and one step against its gradient.
struct Classifier {
  Tensor w, b;
  explicit Classifier(int64_t outputs)
      : w(Tensor::zeros({outputs, 2})), b(Tensor::zeros({outputs})) {}
  void step(const Tensor& x, const Tensor& dlogits) {
    const auto [dx, dw, db] = d_linear(dlogits / static_cast<real>(x.size(0)), x, w);
    w.sub_(lr * dw), b.sub_(lr * db);
  }
};

}  // namespace

Points three_clouds() { return clouds({{0, 1.5}, {-1.3, -0.75}, {1.3, -0.75}}); }
Points two_clouds() { return clouds({{0.5, 0.5}, {2.5, 1.5}}); }

Result train(const Points& points, Rule* rule, int64_t classes) {
  Classifier classifier(classes);
  Result result{};
  const auto logits = [&] { return linear(points.x, classifier.w, classifier.b); };
  for (int i = 0; i < steps; ++i) {
    result.losses.push_back(cross_entropy(logits(), points.labels).item());
    classifier.step(points.x, rule(logits(), points.labels));
  }
  result.losses.push_back(cross_entropy(logits(), points.labels).item());
  result.right = mean(equal(argmax(logits(), 1), points.labels)).item();
  return result;
}

std::pair<double, double> train_one_logit(const Points& points, Rule* rule) {
  Classifier classifier(1);
  const auto logits = [&] { return linear(points.x, classifier.w, classifier.b); };
  for (int i = 0; i < steps; ++i) classifier.step(points.x, rule(logits(), points.labels));
  const Tensor p = rule == softmax_of_one ? softmax(logits()) : sigmoid(logits());
  const Tensor y = unsqueeze(to_tensor(points.labels), 1);
  return {sum(p * y).item() / sum(y).item(), sum(p * (1 - y)).item() / sum(1 - y).item()};
}

// The figures of the chapter.
#include "tutorials/07_backward_by_hand/figures.h"

#include <utility>
#include <vector>

#include "tutorials/07_backward_by_hand/parts.h"
#include "tutorials/07_backward_by_hand/training.h"
#include "tutorials/figure.h"

namespace {

using Curve = std::vector<std::pair<double, double>>;

std::vector<double> numbers_of(const Tensor& x) {
  const std::vector<real> numbers = x.to_vector();
  return {numbers.begin(), numbers.end()};
}

// A matrix of the figure, with its numbers in the cells.
figure::Matrix matrix(const Tensor& x, const std::string& title, figure::Colour colour) {
  return {static_cast<size_t>(x.size(0)),
          static_cast<size_t>(x.size(1)),
          numbers_of(x),
          {},
          {},
          {},
          title,
          colour,
          2};
}

void draw_cross_entropy(const std::string& folder) {
  using namespace figure;
  const Tensor x = Tensor::of({{4, 1, 0, -1}, {0, 0, 0, 0}, {-2, 3, 1, 0}});
  const Ids labels{0, 1, 2};
  const Tensor p = softmax(x), one = one_hot(labels, 4);
  Figure f(366, "Softmax and cross entropy: dx = p - onehot");
  f.matrix(30, 62, matrix(p, "p: each row sums to 1", blue));
  f.matrix(30, 166, matrix(one, "onehot: the labels are 0, 1, 2", green));
  f.matrix(30, 270, matrix(p - one, "dx: each row sums to 0", orange));
  f.text(220, 84, "sure, and right");
  f.text(220, 110, "undecided");
  f.text(220, 136, "sure, and wrong");
  f.write(folder, "cross_entropy");
}

void draw_gelu(const std::string& folder) {
  using namespace figure;
  Curve value, slope;
  for (double x = -4; x <= 4.01; x += 0.1) {
    if (x < 1.3) value.emplace_back(x, x * (1 + std::erf(x / std::sqrt(2))) / 2);
    slope.emplace_back(x, gelu_slope(x));
  }
  Figure f(230, "GELU and its slope");
  f.axes({"x", -4, 4, {{-4, "-4"}, {-1.41, "-1.41"}, {0, "0"}, {1.41, "1.41"}, {4, "4"}}},
         {"", -0.25, 1.3, {{0, "0"}, {0.5, "0.5"}, {1, "1"}}});
  f.curve(value, orange, "gelu");
  f.curve(slope, blue, "slope");
  f.write(folder, "gelu_slope");
}

void draw_attention(const std::string& folder) {
  using namespace figure;
  Random random(attention_seed);
  const auto normal = [&] { return Tensor::randn({4, 3}, random); };
  const Tensor q = normal(), k = normal(), v = normal(), dy = normal();
  const AttentionParts parts = parts_of_attention(dy, q, k, v, causal_mask(4));
  Figure f(446, "From dp to ds, through a causal softmax");
  f.matrix(30, 62, matrix(parts.p, "p: who listens to whom", blue));
  f.matrix(30, 194, matrix(parts.dp, "dp = dy v^T", green));
  f.matrix(30, 326, matrix(parts.ds, "ds = p (dp - sum(p dp)): rows sum to 0", orange));
  f.write(folder, "attention");
}

void draw_descent(const std::string& folder) {
  using namespace figure;
  const auto losses = [](Rule* rule) {
    const Result result = train(three_clouds(), rule, 3);
    Curve curve;
    for (size_t i = 0; i <= 60; ++i)
      if (result.losses[i] < 2.5) curve.emplace_back(i, result.losses[i]);
    return curve;
  };
  Figure f(230, "-ln p of one softmax, step by step");
  f.axes({"step", 0, 60, {{0, "0"}, {20, "20"}, {40, "40"}, {60, "60"}}},
         {"", 0, 2.5, {{0, "0"}, {1.1, "1.1"}, {2, "2"}}});
  f.curve(losses(right_rule), blue, "p - onehot");
  f.curve(losses(softmax_twice), green, "twice");
  f.curve(losses(double_negative), orange, "-(..)");
  f.write(folder, "descent");
}

}  // namespace

void draw_figures(const std::string& folder) {
  draw_cross_entropy(folder);
  draw_gelu(folder);
  draw_attention(folder);
  draw_descent(folder);
}

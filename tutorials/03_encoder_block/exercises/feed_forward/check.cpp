// Against loops; and that each row stands for itself.
#include <cmath>
#include <string>

#include "core/ops.h"
#include "tutorials/03_encoder_block/exercises/feed_forward/feed_forward.h"

using check::Shape;

namespace {

// x w^T + b in loops; b may be undefined.
Tensor affine_of(const Tensor& x, const Tensor& w, const Tensor& b) {
  const int64_t T = x.size(0), in = x.size(1), out = w.size(0);
  const std::vector<real> xs = x.to_vector(), ws = w.to_vector(),
                          bs = b.defined() ? b.to_vector() : std::vector<real>();
  std::vector<real> y;
  for (int64_t t = 0; t < T; ++t)
    for (int64_t o = 0; o < out; ++o) {
      long double sum = b.defined() ? bs[static_cast<size_t>(o)] : 0;
      for (int64_t i = 0; i < in; ++i)
        sum += static_cast<long double>(xs[static_cast<size_t>(t * in + i)]) *
               ws[static_cast<size_t>(o * in + i)];
      y.push_back(static_cast<real>(sum));
    }
  return Tensor::of({T, out}, y);
}

struct Weights {
  Tensor weight1, bias1, weight2, bias2;
};

Weights weights(int64_t C, int64_t H, uint64_t seed) {
  return {check::normal({H, C}, seed), check::normal(Shape{H}, seed + 1),
          check::normal({C, H}, seed + 2), check::normal(Shape{C}, seed + 3)};
}

void check_feed_forward(FeedForward* feed_forward, check::Judge& judge) {
  const auto run = [&](const std::string& what, const Tensor& x, const Weights& w) {
    const auto numbers = [](const Tensor& tensor) {
      return tensor.defined() ? tensor.to_vector() : std::vector<real>();
    };
    const std::vector<real> before[] = {numbers(x), numbers(w.weight1), numbers(w.bias1),
                                        numbers(w.weight2), numbers(w.bias2)};
    Tensor hidden = affine_of(x, w.weight1, w.bias1);
    std::vector<real> bent = hidden.to_vector();
    for (real& z : bent) z = z * (1 + std::erf(z / std::sqrt(real{2}))) / 2;
    const Tensor expected = affine_of(Tensor::of(hidden.shape(), bent), w.weight2, w.bias2);
    judge.input(what);
    judge.equal(what, feed_forward(x, w.weight1, w.bias1, w.weight2, w.bias2), expected, 1e-11);
    judge.unchanged(what + ": x", numbers(x), before[0]);
    judge.unchanged(what + ": weight1", numbers(w.weight1), before[1]);
    judge.unchanged(what + ": bias1", numbers(w.bias1), before[2]);
    judge.unchanged(what + ": weight2", numbers(w.weight2), before[3]);
    judge.unchanged(what + ": bias2", numbers(w.bias2), before[4]);
  };
  const Weights w = weights(3, 12, 10);
  run("4 tokens, C = 3, H = 12", check::normal({4, 3}, 1), w);
  run("the same once more", check::normal({4, 3}, 1), w);
  run("H = 5", check::normal({4, 3}, 2), weights(3, 5, 20));
  run("H = C", check::normal({2, 4}, 3), weights(4, 4, 30));
  run("large numbers", check::normal({4, 3}, 4, 100), w);
  run("no biases", check::normal({4, 3}, 5), {w.weight1, {}, w.weight2, {}});
  run("the second bias alone", check::normal({4, 3}, 5), {w.weight1, {}, w.weight2, w.bias2});
  run("x is a view", transpose(check::normal({3, 4}, 6), 0, 1), w);
  run("one token", check::normal({1, 3}, 7), w);
  run("no tokens", Tensor::zeros({0, 3}), w);
  run("C = 1 and H = 1", check::normal({5, 1}, 8), weights(1, 1, 40));
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<FeedForward>({.name = "feed_forward",
                                  .check = check_feed_forward,
                                  .mine = mine::feed_forward,
                                  .mistaken = mistakes::feed_forward,
                                  .mistakes = mistakes::list,
                                  .alternatives = alternatives::list},
                                 argc, argv);
}

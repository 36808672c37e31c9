#pragma once
// Random programs of some dozens of ops, the same ones in both precisions: what a program does
// depends on its seed and on shapes, never on the numbers. Included by one file in float and by one
// in double.
#include <algorithm>
#include <cfloat>
#include <cmath>
#include <string>
#include <vector>

#include "core/autograd/autograd.h"
#include "core/autograd/more/hook.h"
#include "core/ops.h"

namespace cairn::test {

struct Outcome {
  std::vector<std::string> lines;            // the program, an op a line
  std::vector<std::vector<double>> numbers;  // of each line's result, then of each leaf's gradient
};

namespace CAIRN_PRECISION {

// `noise` is 0, or the seed of errors that are made after every op, on the way and on the way back:
// up to 4 FLT_EPSILON of the largest number there (Monte Carlo arithmetic, Parker 1997).
class Program {
 public:
  Program(uint64_t seed, int steps, uint64_t noise) : random_(seed), noise_(noise) {
    for (int i = 0; i < 3; ++i) leaf(random_shape());
    for (int i = 0; i < steps; ++i) step();
  }

  Outcome run() {
    Tensor loss = Tensor::scalar(0);
    for (const Tensor& x : pool_)
      if (x.requires_grad()) loss = loss + mean(x * constant(x.shape()));
    loss.backward();
    for (const Tensor& x : pool_) outcome_.numbers.push_back(doubles(x));
    for (const Tensor& x : leaves_)
      outcome_.numbers.push_back(x.grad().defined() ? doubles(x.grad()) : std::vector<double>());
    return outcome_;
  }

 private:
  static std::vector<double> doubles(const Tensor& x) {
    const std::vector<real> numbers = x.to_vector();
    return {numbers.begin(), numbers.end()};
  }
  int64_t below(int64_t n) { return random_.below(n); }
  // Full vectors, and tails.
  Shape random_shape() {
    static const int64_t sizes[] = {1, 2, 3, 5, 8, 17, 33};
    Shape shape;
    for (int64_t axes = 1 + below(3); axes > 0; --axes) shape.push_back(sizes[below(7)]);
    return shape;
  }
  // Random numbers in [-1, 1) that float can represent.
  Tensor constant(const Shape& shape) {
    std::vector<real> numbers(static_cast<size_t>(numel(shape)));
    for (real& x : numbers) x = static_cast<float>(2 * random_.uniform() - 1);
    return Tensor::of(shape, numbers);
  }
  Tensor leaf(const Shape& shape) {
    leaves_.push_back(constant(shape).set_requires_grad());
    pool_.push_back(leaves_.back());
    outcome_.lines.push_back("leaf " + to_string(shape));
    return leaves_.back();
  }
  // Mostly a recent result, so that programs get deep.
  Tensor pick() {
    const auto size = static_cast<int64_t>(pool_.size());
    return pool_[static_cast<size_t>(size - 1 -
                                     (below(3) ? below(std::min<int64_t>(size, 4)) : below(size)))];
  }
  int axis_of(const Tensor& x) { return static_cast<int>(below(2 * x.axes())) - x.axes(); }

  // Errors for x, relative to the largest number of `to`.
  Tensor noise_for(const Tensor& x, const Tensor& to) {
    double most = 0;
    for (double number : doubles(to)) most = std::max(most, std::abs(number));
    std::vector<real> numbers(static_cast<size_t>(x.numel()));
    for (real& n : numbers)
      n = static_cast<real>(4 * FLT_EPSILON * most * (2 * noise_random_.uniform() - 1));
    return Tensor::of(x.shape(), numbers);
  }
  // y, or y with errors. A sum errs by its terms: `terms`, where they may be larger than y.
  Tensor noisy(const Tensor& y, const Tensor& terms) {
    if (!noise_) return y;
    const Tensor off = y + noise_for(y, terms);
    if (!off.requires_grad()) return off;
    return hook(off, [this](const Tensor& dy) { return dy + noise_for(dy, dy); });
  }
  void keep(const std::string& line, const Tensor& y, const Tensor& terms) {
    pool_.push_back(noisy(y, terms));
    outcome_.lines.push_back(line + " -> " + to_string(y.shape()));
  }
  void keep(const std::string& line, const Tensor& y) { keep(line, y, y); }
  Tensor square_and_one(const Tensor& x) {
    const Tensor y = x * x + 1;
    return noisy(y, y);
  }

  void step() {
    const Tensor x = pick();
    const bool small = x.numel() < 4096;
    switch (below(8)) {
      case 0: return binary(x);
      case 1: return unary(x);
      case 2: return x.axes() > 0 ? reduction(x) : unary(x);
      case 3: return x.axes() > 1 && small ? product(x) : unary(x);
      case 4: return x.axes() > 0 ? normalised(x) : unary(x);
      case 5: return x.axes() > 0 ? view(x) : unary(x);
      case 6: return x.axes() > 0 && small ? rearranged(x) : unary(x);
      default: return below(4) ? binary(x) : keep("detach", x.detach());
    }
  }

  // With x's own sums, with a row of another rank, or with a result that happens to fit.
  void binary(const Tensor& x) {
    Tensor b = pick();
    if (!fits(x, b) && x.axes() > 0) {
      const int axis = axis_of(x);  // drawn in this order by every compiler
      b = noisy(mean(x, {axis}, below(2) == 0), x);
    }
    if (!fits(x, b)) b = noisy(mean(x), x);
    switch (below(4)) {
      case 0: return keep("add", x + b);
      case 1: return keep("sub", b - x);
      case 2: return keep("mul", x * b);
      default: return keep("div", x / square_and_one(b));
    }
  }
  static bool fits(const Tensor& a, const Tensor& b) {
    for (int i = 1; i <= std::min(a.axes(), b.axes()); ++i)
      if (a.size(-i) != b.size(-i) && a.size(-i) != 1 && b.size(-i) != 1) return false;
    return true;
  }
  // No relu: its derivative jumps at 0, where no bound holds.
  void unary(const Tensor& x) {
    switch (below(8)) {
      case 0: return keep("exp tanh", exp(tanh(x)));
      case 1: return keep("log", log(square_and_one(x)));
      case 2: return keep("sqrt", sqrt(square_and_one(x)));
      case 3: return keep("erf", erf(x));
      case 4: return keep("sigmoid", sigmoid(x));
      case 5: return keep("gelu", gelu(x), x);  // x (1 + erf ..) / 2 cancels
      case 6: return keep("gelu_tanh", gelu_tanh(x), x);
      default: return keep("affine", 1 - x * static_cast<real>(0.75));
    }
  }
  void reduction(const Tensor& x) {
    const int axis = axis_of(x);
    const bool keepdim = below(2) == 0;
    if (below(4) == 0) return keep("mean", mean(x), x);
    keep("sum over " + std::to_string(axis),
         sum(x, {axis}, keepdim) / static_cast<real>(x.size(axis)), x);
  }
  void product(const Tensor& x) {
    const auto count = static_cast<real>(x.size(-1));
    if (below(2)) return keep("matmul x x^T", matmul(x, transpose(x, -1, -2)) / std::sqrt(count));
    const Tensor weight = leaf({1 + below(20), x.size(-1)}), bias = leaf({weight.size(0)});
    keep("linear", linear(x, weight, bias) / std::sqrt(count));
  }
  void normalised(const Tensor& x) {
    const real eps = static_cast<real>(0.01);
    const int axis = axis_of(x);
    switch (below(4)) {
      case 0: return keep("softmax over " + std::to_string(axis), softmax(x, axis));
      case 1: return keep("log_softmax over " + std::to_string(axis), log_softmax(x, axis));
      case 2: return keep("layer_norm", layer_norm(x, Tensor(), Tensor(), eps));
      default: {
        const Tensor gamma = leaf({x.size(-1)}), beta = leaf({x.size(-1)});
        return keep("layer_norm with gamma, beta", layer_norm(x, gamma, beta, eps));
      }
    }
  }
  void view(const Tensor& x) {
    const int axis = axis_of(x);
    const int64_t size = x.size(axis), from = below(size), step = 1 + below(2);
    const std::string at = " axis " + std::to_string(axis);
    Shape grown = x.shape();
    grown.insert(0, 2);
    switch (below(6)) {
      case 0: return keep("transpose" + at, transpose(x, axis, 0));
      case 1: return keep("slice" + at, slice(x, axis, from, size, step));
      case 2: return keep("select" + at, select(x, axis, from));
      case 3: return keep("reshape", reshape(x, {-1}));
      case 4: return keep("unsqueeze" + at, unsqueeze(x, axis));
      default: return grown.size() > 4 ? keep("alias", x) : keep("expand", expand(x, grown));
    }
  }
  void rearranged(const Tensor& x) {
    const int axis = axis_of(x);
    std::vector<int32_t> rows;
    for (int64_t i = 0; i <= x.size(0); ++i) rows.push_back(static_cast<int32_t>(below(x.size(0))));
    switch (below(3)) {
      case 0: return keep("cat", cat({x, slice(x, axis, 0, 1)}, axis));
      case 1: return keep("index_select", index_select(x, Ids(rows)));
      default: return keep("copy", copy(x));
    }
  }

  Random random_;
  uint64_t noise_;
  Random noise_random_{noise_};
  std::vector<Tensor> pool_, leaves_;
  Outcome outcome_;
};

}  // namespace CAIRN_PRECISION

// The program of this seed, cut after so many steps, in float on the kernels that kernels() gives.
Outcome run_in_float(uint64_t seed, int steps);
// The instruction sets of this machine.
std::vector<std::string> float_kernels();

}  // namespace cairn::test

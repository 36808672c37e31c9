// The values of the ops, against PyTorch 2.13 in double. Each result is summed up as its numbers
// times their places, 1 y_1 + 2 y_2 + ..., so that none can be wrong or out of order unnoticed. The
// inputs are numbers that a float holds exactly.
#include <doctest/doctest.h>

#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// (factor i mod 24 - shift) / divisor, for i = 0, ..., 23, of shape (2, 3, 4).
Tensor numbers(int factor, int shift, int divisor) {
  std::vector<real> values;
  for (int i = 0; i < 24; ++i)
    values.push_back(static_cast<real>(factor * i % 24 - shift) / static_cast<real>(divisor));
  return Tensor::of({2, 3, 4}, values);
}

}  // namespace

TEST_CASE("ops: values and shapes are PyTorch's") {
  const Tensor x = numbers(7, 11, 4), y = numbers(5, 9, 8), m = x[0], positive = abs(x) + 0.5;
  const Ids index({2, 2, 4}, {0, 2, 1, 0, 2, 2, 0, 1, 1, 0, 2, 0, 0, 1, 1, 2});
  const Tensor logits = reshape(x, {6, 4}), targets = reshape(y, {6, 4});
  const Tensor weight = Tensor::of({1, 2, 3, 0.5});
  const Ids labels{2, 0, 1, 3, 1, -100};
  struct Row {
    int line;
    Tensor y;
    Shape shape;
    double sum;
  };
  // clang-format off
  const Row rows[] = {
      {__LINE__, flatten(x, 1), {2, 12}, 91},
      {__LINE__, flatten(x, -3, -2), {6, 4}, 91},
      {__LINE__, flatten(x), {24}, 91},
      {__LINE__, repeat(m, {2, 1, 3}), {2, 3, 12}, -135},
      {__LINE__, repeat(m, {3, 2}), {9, 8}, -183},
      {__LINE__, flip(x, {1}), {2, 3, 4}, 59},
      {__LINE__, flip(x, {0, -1}), {2, 3, 4}, 16},
      {__LINE__, flip(x, {}), {2, 3, 4}, 91},
      {__LINE__, roll(x, 1, 0), {2, 3, 4}, 19},
      {__LINE__, roll(x, 2, 1), {2, 3, 4}, 67},
      {__LINE__, roll(x, -1, 2), {2, 3, 4}, 82},
      {__LINE__, roll(x, 9, -1), {2, 3, 4}, 94},
      {__LINE__, roll(x, -7, 1), {2, 3, 4}, 67},
      {__LINE__, roll(x, 0, 1), {2, 3, 4}, 91},
      {__LINE__, pad(x, {1, 2}), {2, 3, 7}, 155.5},
      {__LINE__, pad(x, {0, 1, 2, 0}, 9), {2, 5, 5}, 5181.5},
      {__LINE__, pad(x, {-1, 2, 1, -2, 0, 1}, 5), {3, 2, 5}, 1969},
      {__LINE__, pad(x, {-2, -1}), {2, 3, 1}, -4.25},
      {__LINE__, stack({m, m * 2, m * 3}, 1), {3, 3, 4}, 15},
      {__LINE__, stack({m, m * 2}, -1), {3, 4, 2}, 40.5},
      {__LINE__, stack({m, m * 2}), {2, 3, 4}, -16.5},
      {__LINE__, split(x, {1, 0, 3}, -1)[2], {2, 3, 3}, 26.25},
      {__LINE__, split(x, int64_t{2}, 1)[1], {2, 1, 4}, 13},
      {__LINE__, split(x, int64_t{2}, 2)[1], {2, 3, 2}, -5},
      {__LINE__, chunk(x, 2, 1)[0], {2, 2, 4}, 30},
      {__LINE__, chunk(x, 3, 2)[1], {2, 3, 2}, -5},
      {__LINE__, unbind(x, 1)[2], {2, 4}, 13},
      {__LINE__, cat({m, m * 2, m}, 1), {3, 12}, 18},
      {__LINE__, cat({x, y}, -2), {2, 6, 4}, 453.5},
      {__LINE__, diagonal(x, 0, 0, 1), {4, 2}, 26.5},
      {__LINE__, diagonal(x, 1, 1, 2), {2, 3}, 8.75},
      {__LINE__, diagonal(x, -1, 1, 2), {2, 2}, -4},
      {__LINE__, diagonal(x, 2, 0, 2), {3, 2}, 29.75},
      {__LINE__, diagonal(x, -2, 2, 1), {2, 2}, -9},
      {__LINE__, diagonal(x, 0, -1, 0), {3, 2}, -7.75},
      {__LINE__, triu(x, -2), {2, 3, 4}, 91},
      {__LINE__, tril(x, -2), {2, 3, 4}, 40.5},
      {__LINE__, triu(x, -1), {2, 3, 4}, 50.5},
      {__LINE__, tril(x, -1), {2, 3, 4}, 19},
      {__LINE__, triu(x, 0), {2, 3, 4}, 72},
      {__LINE__, tril(x, 0), {2, 3, 4}, 98},
      {__LINE__, triu(x, 1), {2, 3, 4}, -7},
      {__LINE__, tril(x, 1), {2, 3, 4}, 130.5},
      {__LINE__, triu(x, 3), {2, 3, 4}, 2},
      {__LINE__, tril(x, 3), {2, 3, 4}, 91},
      {__LINE__, permute(x, {2, 0, 1}), {4, 2, 3}, 59.5},
      {__LINE__, transpose(x, 0, -1), {4, 3, 2}, 57.5},
      {__LINE__, expand(slice(x, 1, 1, 2), {2, 5, 4}), {2, 5, 4}, 385},
      {__LINE__, slice(x, -1, 1, 4, 2), {2, 3, 2}, 28},
      {__LINE__, slice(x, 2, -3, -1), {2, 3, 2}, 14.5},
      {__LINE__, select(x, 1, -1), {2, 4}, 13},
      {__LINE__, squeeze(slice(x, 1, 2, 3), 1), {2, 4}, 13},
      {__LINE__, unsqueeze(m, -1), {3, 4, 1}, 6.5},
      {__LINE__, gather(x, 1, index), {2, 2, 4}, 75},
      {__LINE__, scatter_add(x, 1, index, slice(y, 1, 0, 2)), {2, 3, 4}, 208.5},
      {__LINE__, gather(x, -2, index), {2, 2, 4}, 75},
      {__LINE__, index_select(x, 2, Ids{3, 0, 0}), {2, 3, 3}, 82.5},
      {__LINE__, index_select(x, 0, Ids{1, 1}), {2, 3, 4}, 115},
      {__LINE__, index_add(x, 1, Ids{2, 0, 2}, y, 1.5), {2, 3, 4}, 294.25},
      {__LINE__, index_add(x, -1, Ids{1, 3}, slice(y, 2, 0, 2)), {2, 3, 4}, 129},
      {__LINE__, masked_select(x, x > y), {11}, 111},
      {__LINE__, masked_fill(x, m > 0, 7), {2, 3, 4}, 1051.5},
      {__LINE__, where(m > 0, x, y), {2, 3, 4}, 32.75},
      {__LINE__, one_hot(Ids{2, 0, 3}, 5), {3, 5}, 23},
      {__LINE__, sort(x, 1).first, {2, 3, 4}, 163},
      {__LINE__, to_tensor(sort(x, 1).second), {2, 3, 4}, 340},
      {__LINE__, to_tensor(sort(x, 2, true).second), {2, 3, 4}, 454},
      {__LINE__, sort(x, 0, true).first, {2, 3, 4}, -161},
      {__LINE__, topk(x, 2).first, {2, 3, 2}, 127.25},
      {__LINE__, to_tensor(topk(x, 2, 1).second), {2, 2, 4}, 164},
      {__LINE__, topk(x, 3, -1, false).first, {2, 3, 3}, -53.5},
      {__LINE__, topk(x, 1, 0).first, {1, 3, 4}, 135.5},
      {__LINE__, to_tensor(argmax(x, 1)), {2, 4}, 58},
      {__LINE__, to_tensor(argmin(x, -1, true)), {2, 3, 1}, 39},
      {__LINE__, to_tensor(argmax(x)), {}, 17},
      {__LINE__, to_tensor(argmin(x)), {}, 0},
      {__LINE__, max(x, 1).first, {2, 4}, 59},
      {__LINE__, to_tensor(max(x, 2, true).second), {2, 3, 1}, 22},
      {__LINE__, min(x, 0).first, {3, 4}, -98.5},
      {__LINE__, max(x), {}, 3},
      {__LINE__, min(x), {}, -2.75},
      {__LINE__, max(x, y), {2, 3, 4}, 359.875},
      {__LINE__, min(x, y), {2, 3, 4}, -131.375},
      {__LINE__, clamp(x, -1, 1.5), {2, 3, 4}, 90.75},
      {__LINE__, clamp(x, 0.5), {2, 3, 4}, 336.75},
      {__LINE__, sum(x, {0}), {3, 4}, 37},
      {__LINE__, mean(x, {0}, true), {1, 3, 4}, 18.5},
      {__LINE__, amax(x, {0}), {3, 4}, 135.5},
      {__LINE__, amin(x, {0}, true), {1, 3, 4}, -98.5},
      {__LINE__, logsumexp(x, {0}), {3, 4}, 139.289813423},
      {__LINE__, var(x, {0}), {3, 4}, 351},
      {__LINE__, cairn::std(x, {0}, 0, true), {1, 3, 4}, 117},
      {__LINE__, norm(x, 2, {0}), {3, 4}, 188.286334728},
      {__LINE__, sum(x, {1}), {2, 4}, 27},
      {__LINE__, mean(x, {1}, true), {2, 1, 4}, 9},
      {__LINE__, amax(x, {1}), {2, 4}, 59},
      {__LINE__, amin(x, {1}, true), {2, 1, 4}, -43},
      {__LINE__, logsumexp(x, {1}), {2, 4}, 71.605787212},
      {__LINE__, var(x, {1}), {2, 4}, 96},
      {__LINE__, cairn::std(x, {1}, 0, true), {2, 1, 4}, 42.831380099},
      {__LINE__, norm(x, 2, {1}), {2, 4}, 100.607180994},
      {__LINE__, sum(x, {2}), {2, 3}, 23.5},
      {__LINE__, mean(x, {2}, true), {2, 3, 1}, 5.875},
      {__LINE__, amax(x, {2}), {2, 3}, 50.75},
      {__LINE__, amin(x, {2}, true), {2, 3, 1}, -39.5},
      {__LINE__, logsumexp(x, {2}), {2, 3}, 56.780561163},
      {__LINE__, var(x, {2}), {2, 3}, 72.6875},
      {__LINE__, cairn::std(x, {2}, 0, true), {2, 3, 1}, 33.7742359},
      {__LINE__, norm(x, 2, {2}), {2, 3}, 71.147387756},
      {__LINE__, sum(x, {0, 2}), {3}, 10},
      {__LINE__, mean(x, {0, 2}, true), {1, 3, 1}, 1.25},
      {__LINE__, amax(x, {0, 2}), {3}, 16.75},
      {__LINE__, amin(x, {0, 2}, true), {1, 3, 1}, -13.75},
      {__LINE__, logsumexp(x, {0, 2}), {3}, 20.720475711},
      {__LINE__, var(x, {0, 2}), {3}, 19.821428571},
      {__LINE__, cairn::std(x, {0, 2}, 0, true), {1, 3, 1}, 10.195730732},
      {__LINE__, norm(x, 2, {0, 2}), {3}, 29.233899578},
      {__LINE__, sum(x, {-1, -2}), {2}, 7.5},
      {__LINE__, mean(x, {-1, -2}, true), {2, 1, 1}, 0.625},
      {__LINE__, amax(x, {-1, -2}), {2}, 8.75},
      {__LINE__, amin(x, {-1, -2}, true), {2, 1, 1}, -7.25},
      {__LINE__, logsumexp(x, {-1, -2}), {2}, 11.523850979},
      {__LINE__, var(x, {-1, -2}), {2}, 9.255681818},
      {__LINE__, cairn::std(x, {-1, -2}, 0, true), {2, 1, 1}, 5.038484627},
      {__LINE__, norm(x, 2, {-1, -2}), {2}, 17.765862435},
      {__LINE__, sum(x, {}), {}, 3},
      {__LINE__, mean(x, {}, true), {1, 1, 1}, 0.125},
      {__LINE__, amax(x, {}), {}, 3},
      {__LINE__, amin(x, {}, true), {1, 1, 1}, -2.75},
      {__LINE__, logsumexp(x, {}), {}, 4.50620972},
      {__LINE__, var(x, {}), {}, 3.125},
      {__LINE__, cairn::std(x, {}, 0, true), {1, 1, 1}, 1.730546638},
      {__LINE__, norm(x, 2, {}), {}, 8.5},
      {__LINE__, var(x, {1}, 2), {2, 4}, 192},
      {__LINE__, var(x, {2}, 0), {2, 3}, 54.515625},
      {__LINE__, prod(x, {1}), {2, 4}, -31.6875},
      {__LINE__, prod(x, {2}, true), {2, 3, 1}, 15.09375},
      {__LINE__, prod(m), {}, 0},
      {__LINE__, norm(x, 1, {1}), {2, 4}, 158},
      {__LINE__, norm(x, 3, {1}), {2, 4}, 89.277697093},
      {__LINE__, norm(x, INFINITY, {1}), {2, 4}, 80},
      {__LINE__, norm(x, 2.5, {1}), {2, 4}, 93.342733724},
      {__LINE__, normalize(x, 2, 1), {2, 3, 4}, 41.70720722},
      {__LINE__, normalize(x, 1, -1), {2, 3, 4}, 14.638095238},
      {__LINE__, normalize(x, 2, 2, 5), {2, 3, 4}, 18.2},
      {__LINE__, cosine_similarity(x, y), {2, 3}, -0.592693191},
      {__LINE__, cosine_similarity(x, y, 1), {2, 4}, 1.30411212},
      {__LINE__, cumsum(x, 0), {2, 3, 4}, 79.5},
      {__LINE__, cumsum(x, 1), {2, 3, 4}, 122},
      {__LINE__, cumsum(x, 2), {2, 3, 4}, 326.5},
      {__LINE__, sum_to(x, {3, 1}), {3, 1}, 10},
      {__LINE__, sum_to(x, {2, 1, 4}), {2, 1, 4}, 27},
      {__LINE__, sum_to(x, {4}), {4}, 9},
      {__LINE__, neg(x), {2, 3, 4}, -91},
      {__LINE__, abs(x), {2, 3, 4}, 438},
      {__LINE__, sign(x), {2, 3, 4}, 30},
      {__LINE__, square(x), {2, 3, 4}, 858},
      {__LINE__, exp(x), {2, 3, 4}, 1228.279951649},
      {__LINE__, sin(x), {2, 3, 4}, 15.48248163},
      {__LINE__, cos(x), {2, 3, 4}, 23.376151742},
      {__LINE__, expm1(x), {2, 3, 4}, 928.279951649},
      {__LINE__, tanh(x), {2, 3, 4}, 34.768166046},
      {__LINE__, sigmoid(x), {2, 3, 4}, 164.832095434},
      {__LINE__, erf(x), {2, 3, 4}, 35.543082535},
      {__LINE__, relu(x), {2, 3, 4}, 264.5},
      {__LINE__, gelu(x), {2, 3, 4}, 239.202392612},
      {__LINE__, gelu_tanh(x), {2, 3, 4}, 239.214787326},
      {__LINE__, silu(x), {2, 3, 4}, 201.542172964},
      {__LINE__, softplus(x), {2, 3, 4}, 343.845785421},
      {__LINE__, leaky_relu(x), {2, 3, 4}, 262.765},
      {__LINE__, elu(x), {2, 3, 4}, 179.372961652},
      {__LINE__, log(positive), {2, 3, 4}, 167.139535703},
      {__LINE__, sqrt(positive), {2, 3, 4}, 408.781191324},
      {__LINE__, rsqrt(positive), {2, 3, 4}, 234.938098455},
      {__LINE__, reciprocal(positive), {2, 3, 4}, 197.830835831},
      {__LINE__, log1p(positive), {2, 3, 4}, 312.125074436},
      {__LINE__, softplus(x, 2), {2, 3, 4}, 285.807277448},
      {__LINE__, leaky_relu(x, 0.3), {2, 3, 4}, 212.45},
      {__LINE__, elu(x, 0.7), {2, 3, 4}, 204.911073157},
      {__LINE__, pow(x, 3), {2, 3, 4}, 688.9375},
      {__LINE__, pow(positive, 1.5), {2, 3, 4}, 882.984175009},
      {__LINE__, pow(positive, y), {2, 3, 4}, 455.30547348},
      {__LINE__, x / positive, {2, 3, 4}, 28.592851593},
      {__LINE__, x - m, {2, 3, 4}, 96},
      {__LINE__, x * m, {2, 3, 4}, -87},
      {__LINE__, 2 - x / 4 + y, {2, 3, 4}, 714.75},
      {__LINE__, 3 / positive, {2, 3, 4}, 593.492507493},
      {__LINE__, x < y, {2, 3, 4}, 159},
      {__LINE__, x <= y, {2, 3, 4}, 159},
      {__LINE__, x > y, {2, 3, 4}, 141},
      {__LINE__, x >= y, {2, 3, 4}, 141},
      {__LINE__, x == y, {2, 3, 4}, 0},
      {__LINE__, x != y, {2, 3, 4}, 300},
      {__LINE__, cross_entropy(logits, labels), {}, 2.112601888},
      {__LINE__, cross_entropy(logits, labels, Reduction::sum), {}, 10.563009439},
      {__LINE__, cross_entropy(logits, labels, Reduction::none), {6}, 27.329017283},
      {__LINE__, cross_entropy(logits, labels, {.label_smoothing = real{0.2}}), {}, 2.197601888},
      {__LINE__, cross_entropy(logits, labels, {.weight = weight}), {}, 1.795284596},
      {__LINE__,
       cross_entropy(logits, labels, {.label_smoothing = real{0.1}, .weight = weight}),
       {}, 1.833872494},
      {__LINE__,
       cross_entropy(logits, labels, {.reduction = Reduction::sum, .weight = weight}),
       {}, 15.259919069},
      {__LINE__,
       cross_entropy(logits, labels, {.reduction = Reduction::none, .label_smoothing = real{0.3}}),
       {6}, 30.216517283},
      {__LINE__, cross_entropy(logits, softmax(targets)), {}, 2.553650911},
      {__LINE__,
       cross_entropy(logits, softmax(targets), {.reduction = Reduction::sum,
                                                .label_smoothing = real{0.2},
                                                .weight = weight}),
       {}, 25.385918326},
      {__LINE__, nll_loss(log_softmax(logits), labels), {}, 2.112601888},
      {__LINE__, nll_loss(log_softmax(logits), labels, {.weight = weight}), {}, 1.795284596},
      {__LINE__,
       nll_loss(log_softmax(logits), labels, {.reduction = Reduction::none}),
       {6}, 27.329017283},
      {__LINE__, mse_loss(x, y, Reduction::mean), {}, 3.8046875},
      {__LINE__, l1_loss(x, y, Reduction::mean), {}, 1.635416667},
      {__LINE__, smooth_l1_loss(x, y, 0.5, Reduction::mean), {}, 1.396484375},
      {__LINE__, huber_loss(x, y, 0.75, Reduction::mean), {}, 0.966796875},
      {__LINE__, kl_div(log_softmax(logits), softmax(targets), Reduction::mean), {}, 0.357271284},
      {__LINE__,
       binary_cross_entropy_with_logits(logits, softmax(targets), weight, Reduction::mean),
       {}, 1.226148785},
      {__LINE__, mse_loss(x, y, Reduction::sum), {}, 91.3125},
      {__LINE__, l1_loss(x, y, Reduction::sum), {}, 39.25},
      {__LINE__, smooth_l1_loss(x, y, 0.5, Reduction::sum), {}, 33.515625},
      {__LINE__, huber_loss(x, y, 0.75, Reduction::sum), {}, 23.203125},
      {__LINE__, kl_div(log_softmax(logits), softmax(targets), Reduction::sum), {}, 8.57451082},
      {__LINE__,
       binary_cross_entropy_with_logits(logits, softmax(targets), weight, Reduction::sum),
       {}, 29.427570851},
      {__LINE__, mse_loss(x, y, Reduction::none), {2, 3, 4}, 1157.25},
      {__LINE__, l1_loss(x, y, Reduction::none), {2, 3, 4}, 491.25},
      {__LINE__, smooth_l1_loss(x, y, 0.5, Reduction::none), {2, 3, 4}, 420.578125},
      {__LINE__, huber_loss(x, y, 0.75, Reduction::none), {2, 3, 4}, 292},
      {__LINE__,
       kl_div(log_softmax(logits), softmax(targets), Reduction::none),
       {6, 4}, 108.289030217},
      {__LINE__,
       binary_cross_entropy_with_logits(logits, softmax(targets), weight, Reduction::none),
       {6, 4}, 397.316283038},
      {__LINE__, smooth_l1_loss(x, y), {}, 1.188476562},
      {__LINE__, huber_loss(x, y), {}, 1.188476562},
      {__LINE__, binary_cross_entropy_with_logits(logits, softmax(targets)), {}, 1.052657844},
  };
  // clang-format on
  for (const Row& row : rows) {
    INFO("line ", row.line);
    double sum = 0, sizes = 1, place = 0;
    for (const real number : row.y.to_vector()) {
      sum += ++place * static_cast<double>(number);
      sizes += place * std::abs(static_cast<double>(number));
    }
    CHECK(row.y.shape() == row.shape);
    CHECK(std::abs(sum - row.sum) <= 2e-6 * sizes);
  }
}

TEST_CASE("ops of two: the same numbers whatever the strides of either") {
  using Op = Tensor (*)(const Tensor&, const Tensor&, Where);
  const Op ops[] = {add, sub, mul, div, less, less_equal, equal, maximum, minimum, pow};
  struct Layout {
    const char* name;
    Tensor (*view)(const Tensor&);  // of a tensor (6, 222), what broadcasts to (2, 3, 37)
  };
  const Tensor numbers_of_a = abs(random_tensor({6, 222}, 1)) + 0.5;
  const Tensor numbers_of_b = abs(random_tensor({6, 222}, 2)) + 0.5;
  // clang-format off
  const Layout layouts[] = {
      {"contiguous", [](const Tensor& x) { return reshape(x[0], {2, 3, 37}); }},
      {"every other column",
       [](const Tensor& x) { return slice(reshape(slice(x, 0, 0, 2), {2, 3, 74}), 2, 1, 74, 2); }},
      {"transposed", [](const Tensor& x) { return transpose(reshape(x[0], {2, 37, 3}), 1, 2); }},
      {"turned round", [](const Tensor& x) { return transpose(reshape(x[0], {37, 3, 2}), 0, 2); }},
      {"a row", [](const Tensor& x) { return slice(x[1], 0, 3, 40); }},
      {"a strided row", [](const Tensor& x) { return slice(x[1], 0, 0, 111, 3); }},
      {"a column", [](const Tensor& x) { return reshape(slice(x[2], 0, 0, 3), {3, 1}); }},
      {"one for each matrix",
       [](const Tensor& x) { return reshape(slice(x[3], 0, 5, 7), {2, 1, 1}); }},
      {"matrices repeated",
       [](const Tensor& x) {
         return expand(reshape(slice(x[4], 0, 0, 111), {3, 37}), {2, 3, 37});
       }},
      {"one number", [](const Tensor& x) { return x[5][7]; }},
  };
  // clang-format on
  for (const Op op : ops)
    for (const Layout& of_a : layouts)
      for (const Layout& of_b : layouts) {
        INFO(of_a.name, ", ", of_b.name);
        const Tensor a = of_a.view(numbers_of_a), b = of_b.view(numbers_of_b);
        const Shape shape = broadcast(a.shape(), b.shape(), "test");
        const Tensor y = op(a, b, {});
        CHECK(same(y, op(copy(expand(a, shape)), copy(expand(b, shape)), {})));
      }
}

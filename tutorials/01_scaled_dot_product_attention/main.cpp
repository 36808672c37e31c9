// Chapter 1: scaled dot-product attention. First in plain loops, then with the tensor; then why the
// scores are divided by sqrt(d), measured; what goes wrong if a part is left out or mixed up; the
// mask. README.md beside this file tells the story and shows the parts between the markers.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "core/ops.h"
#include "tutorials/figure.h"

using cairn::Random;
using cairn::real;
using cairn::Rows;
using cairn::Tensor;

namespace {

// [loops]
// q, k, v and the result are [T, d]: one row for each of T tokens.
std::vector<real> attention_in_loops(const std::vector<real>& q, const std::vector<real>& k,
                                     const std::vector<real>& v, size_t T, size_t d) {
  std::vector<real> out(T * d), p(T);
  for (size_t i = 0; i < T; ++i) {  // for each token that asks
    real sum = 0;
    for (size_t j = 0; j < T; ++j) {  // how well does token j's key fit its query?
      real score = 0;
      for (size_t c = 0; c < d; ++c) score += q[i * d + c] * k[j * d + c];
      p[j] = std::exp(score / std::sqrt(static_cast<real>(d)));
      sum += p[j];
    }
    for (size_t j = 0; j < T; ++j)  // the answer: the values, weighted by the fit
      for (size_t c = 0; c < d; ++c) out[i * d + c] += p[j] / sum * v[j * d + c];
  }
  return out;
}
// [/loops]

// [tensor]
Tensor attention_with_tensors(const Tensor& q, const Tensor& k, const Tensor& v) {
  const real scale = 1 / std::sqrt(static_cast<real>(q.size(-1)));
  const Tensor scores = matmul(q, transpose(k, -2, -1)) * scale;  // [T, T]
  const Tensor p = softmax(scores);                               // each row sums to one
  return matmul(p, v);                                            // [T, d]
}
// [/tensor]

// [weights]
// The weights alone: row i says how much token i takes from each token.
Tensor attention_weights(const Tensor& q, const Tensor& k, real scale) {
  return softmax(matmul(q, transpose(k, -2, -1)) * scale);
}
// [/weights]

// The three tokens of the first pages.
const std::vector<real> three_q{1, 0, 0, 1, 1, 1}, three_k{1, 0, 0, 2, 3, 3},
    three_v{1, 0, 0, 1, 5, 5};
const real root_2 = std::sqrt(real{2});

void print(const char* title, const Tensor& x) {
  std::printf("%s\n", title);
  for (int64_t i = 0; i < x.size(0); ++i) {
    for (int64_t j = 0; j < x.size(1); ++j) std::printf(" %6.3f", x[i][j].item());
    std::printf("\n");
  }
}

// NaN if one of the differences is NaN.
double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<real> x = a.to_vector(), y = b.to_vector();
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double difference = std::fabs(x[i] - y[i]);
    if (std::isnan(difference)) return difference;
    largest = std::fmax(largest, difference);
  }
  return largest;
}

void three_tokens() {
  const Tensor q = Tensor::of({3, 2}, three_q), k = Tensor::of({3, 2}, three_k),
               v = Tensor::of({3, 2}, three_v);
  const Tensor loops = Tensor::of({3, 2}, attention_in_loops(three_q, three_k, three_v, 3, 2));
  print("Three tokens, two numbers each, attended in loops:", loops);
  std::printf("\n");
  print("The weights, one row for each token that asks:", attention_weights(q, k, 1 / root_2));
  std::printf("\nLargest difference to the tensor version: %s\n\n",
              largest_difference(attention_with_tensors(q, k, v), loops) < 1e-6 ? "below 1e-6"
                                                                                : "TOO LARGE");
}

// [variance]
// The variance of q . k for components of variance one, over 20,000 pairs.
double variance_of_scores(int64_t d, Random& random) {
  const Tensor q = Tensor::randn({20000, d}, random), k = Tensor::randn({20000, d}, random);
  const Tensor scores = sum(q * k, {1});
  return mean(scores * scores).item();  // their mean is 0
}
// [/variance]

void variances(Random& random) {
  std::printf("     d   variance of q.k   of q.k / sqrt(d)\n");
  for (int64_t d : {4, 16, 64, 256}) {
    const double variance = variance_of_scores(d, random);
    std::printf("  %4d   %15.1f   %16.2f\n", static_cast<int>(d), variance,
                variance / static_cast<double>(d));
  }
}

// [gradient]
// How the answer to one query q of [1, d] changes with q: d(p v)/dq by central differences. Row c of
// `steps` moves component c alone, so one attention answers all d moved queries.
Tensor gradient_at_q(const Tensor& q, const Tensor& k, const Tensor& v, real scale) {
  const real h = 0.01f;
  const Tensor steps = Tensor::eye(q.size(1)) * h;  // [d, d]
  const Tensor up = matmul(attention_weights(q + steps, k, scale), v);
  const Tensor down = matmul(attention_weights(q - steps, k, scale), v);
  return (up - down) / (2 * h);  // [d, 1]
}
// [/gradient]

// [saturation]
// One query and 16 keys of d = 64, 500 times: the share of the best key, and the length of the
// gradient at q, of which the smallest tenth, the middle and the largest tenth are told.
void saturation(const char* name, real scale) {
  Random random(2);  // the same questions for each scale
  double best_key = 0;
  std::vector<double> lengths;
  for (int question = 0; question < 500; ++question) {
    const Tensor q = Tensor::randn({1, 64}, random), k = Tensor::randn({16, 64}, random),
                 v = Tensor::randn({16, 1}, random);
    const std::vector<real> p = attention_weights(q, k, scale).to_vector();
    best_key += *std::max_element(p.begin(), p.end()) / 500;
    const Tensor gradient = gradient_at_q(q, k, v, scale);
    lengths.push_back(std::sqrt(sum(gradient * gradient).item()));
  }
  std::sort(lengths.begin(), lengths.end());
  std::printf("  %-15s %8.3f   %9.3f %9.3f %9.3f\n", name, best_key, lengths[50], lengths[250],
              lengths[450]);
}
// [/saturation]

// [overflow]
// Two tokens with scores of 100 and 99: e^100 is more than a float can hold.
void overflow() {
  const std::vector<real> q{10, 10}, k{10, 9.9f}, v{1, 0};
  const real loops = attention_in_loops(q, k, v, 2, 1)[0];
  const Tensor out =
      attention_with_tensors(Tensor::of({2, 1}, q), Tensor::of({2, 1}, k), Tensor::of({2, 1}, v));
  std::printf("Scores of 100 and 99: in loops %s, with the library's softmax %.3f\n",
              std::isnan(loops) ? "nan" : "a number", out[0].item());
}
// [/overflow]

// [mistakes]
// The three tokens again, and four ways to get them wrong.
void mistakes() {
  const Tensor q = Tensor::of({3, 2}, three_q), k = Tensor::of({3, 2}, three_k),
               v = Tensor::of({3, 2}, three_v), k_t = transpose(k, 0, 1);
  const Tensor right = matmul(softmax(matmul(q, k_t) / root_2), v);
  std::printf("  what is computed        largest error   answers differ by\n");
  const auto row = [&](const char* name, const Tensor& out) {
    const Tensor others = cairn::cat({slice(out, 0, 1, 3), slice(out, 0, 0, 1)});
    std::printf("  %-22s %14.3f   %17.3f\n", name, largest_difference(out, right),
                largest_difference(out, others));
  };
  row("as it should be", right);
  row("q.k not divided", matmul(softmax(matmul(q, k_t)), v));
  const Tensor own_fit = reshape(sum(q * k, {1}), {1, 3});  // q_j.k_j, whoever asks
  row("q_j.k_j for q_i.k_j", matmul(expand(softmax(own_fit / root_2), {3, 3}), v));
  row("softmax over axis 0", matmul(softmax(matmul(q, k_t) / root_2, 0), v));
  row("p k for p v", matmul(softmax(matmul(q, k_t) / root_2), k));
}
// [/mistakes]

// [mask]
// Four ways to hide the last two of four keys from every query, where a hidden key fits well.
void four_masks(Random& random) {
  const real minus_infinity = -std::numeric_limits<real>::infinity();
  const Tensor scores = Tensor::randn({4, 4}, random) + Tensor::of({0, 0, 8, 0});
  const Tensor keep = Tensor::of({1, 1, 0, 0});
  const Tensor small = Tensor::of({0, 0, -10, -10});
  const Tensor bias = Tensor::of({0, 0, minus_infinity, minus_infinity});

  std::printf("  mask applied           weight on hidden keys   sum of a row\n");
  const auto row = [&](const char* name, const Tensor& p) {
    std::printf("  %-22s %21.3f   %12.3f\n", name, sum(p * (1 - keep)).item() / 4,
                sum(p).item() / 4);
  };
  row("scores * mask", softmax(scores * keep));         // a score of 0 is not "no attention"
  row("softmax(..) * mask", softmax(scores) * keep);    // the rest sums to less than one
  row("scores + (0 or -10)", softmax(scores + small));  // a score of 8 - 10 is a score
  row("scores + (0 or -inf)", softmax(scores + bias));  // e^-inf = 0, and the rest sums to one
}
// [/mask]

// [fused]
// The library's own op never stores the [T, T] matrix, and takes sentences of several lengths.
void the_library_s_op(Random& random) {
  const Rows rows = Rows::of_lengths({3, 5});  // two sentences, 8 tokens in all
  const Tensor q = Tensor::randn({8, 16}, random), k = Tensor::randn({8, 16}, random),
               v = Tensor::randn({8, 16}, random);
  const Tensor both = attention(q, k, v, rows, rows, {.heads = 1, .bias = {}});

  const auto sentence = [&](const Tensor& x, int64_t b) {
    return slice(x, 0, rows.starts()[b], rows.starts()[b + 1]);
  };
  for (int64_t b = 0; b < 2; ++b) {
    const Tensor alone = attention_with_tensors(sentence(q, b), sentence(k, b), sentence(v, b));
    std::printf("Sentence %d of the batch equals the same sentence alone: %s\n",
                static_cast<int>(b),
                largest_difference(alone, sentence(both, b)) < 1e-6 ? "yes" : "NO");
  }
}
// [/fused]

// The weights of 16 keys from the largest to the smallest, for a query of d = 64.
std::vector<std::pair<double, double>> ranked_weights(real scale) {
  Random random(2);
  const Tensor q = Tensor::randn({1, 64}, random), k = Tensor::randn({16, 64}, random);
  std::vector<real> p = attention_weights(q, k, scale).to_vector();
  std::sort(p.rbegin(), p.rend());
  std::vector<std::pair<double, double>> points;
  for (real weight : p) points.emplace_back(points.size() + 1, weight);
  return points;
}

void draw_figures(const std::string& folder) {
  using namespace figure;
  const Tensor q = Tensor::of({3, 2}, three_q), k = Tensor::of({3, 2}, three_k);
  const std::vector<real> p = attention_weights(q, k, 1 / root_2).to_vector();
  Figure weights(168, "Who takes how much from whom");
  weights.matrix(110, 66,
                 {3,
                  3,
                  {p.begin(), p.end()},
                  {},
                  {"token 1 asks", "token 2 asks", "token 3 asks"},
                  {"from 1", "from 2", "from 3"},
                  "",
                  blue,
                  3},
                 70, 30);
  weights.write(folder, "weights");

  Random random(1);
  std::vector<std::pair<double, double>> plain, divided;
  for (int64_t d = 4; d <= 256; d *= 2) {
    const double x = static_cast<double>(d), variance = variance_of_scores(d, random);
    plain.emplace_back(x, variance), divided.emplace_back(x, variance / x);
  }
  Figure variance(230, "The variance of the scores");
  variance.axes({"d", 0, 256, {{4, "4"}, {64, "64"}, {128, "128"}, {256, "256"}}},
                {"variance", 0, 256, {{0, "0"}, {64, "64"}, {128, "128"}, {256, "256"}}});
  variance.curve(plain, orange, "q·k");
  variance.curve(divided, blue, "q·k/√d");
  variance.write(folder, "variance");

  Figure saturated(230, "One query, 16 keys, d = 64");
  saturated.axes({"keys, from the best to the worst", 0, 17, {{1, "1"}, {8, "8"}, {16, "16"}}},
                 {"weight", 0, 1, {{0, "0"}, {0.5, "0.5"}, {1, "1"}}});
  saturated.curve(ranked_weights(1), orange, "q·k");
  saturated.curve(ranked_weights(real{1} / 8), blue, "q·k/√d");
  saturated.write(folder, "saturated");
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
  Random random(1);
  three_tokens();
  variances(random);
  std::printf("\n                              length of the gradient at q\n");
  std::printf("  scores          best key      lowest    middle   highest\n");
  saturation("q.k", 1);
  saturation("q.k / sqrt(64)", real{1} / 8);
  saturation("q.k / 64", real{1} / 64);
  std::printf("\n");
  mistakes();
  std::printf("\n");
  overflow();
  std::printf("\n");
  four_masks(random);
  std::printf("\n");
  the_library_s_op(random);
}

// Chapter 1: scaled dot-product attention. First in plain loops, then with the tensor; then why the
// scores are divided by sqrt(d), measured; then the mask. README.md beside this file tells the story
// and shows the parts between the markers.
#include <cmath>
#include <cstdio>
#include <limits>
#include <vector>

#include "core/autograd/autograd.h"
#include "core/ops.h"

using cairn::Random;
using cairn::real;
using cairn::Rows;
using cairn::Tensor;

namespace {

// [loops]
// q, k, v and the result are (T, d): one row for each of T tokens.
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
  const Tensor scores = matmul(q, transpose(k, -2, -1)) * scale;  // (T, T)
  const Tensor p = softmax(scores);                               // each row sums to one
  return matmul(p, v);                                            // (T, d)
}
// [/tensor]

Tensor normal(const cairn::Shape& shape, Random& random) {
  Tensor x = Tensor::empty(shape);
  real* data = x.write();
  for (int64_t i = 0; i < x.numel(); ++i) data[i] = static_cast<real>(random.normal());
  return x;
}

void print(const char* title, const Tensor& x) {
  std::printf("%s\n", title);
  for (int64_t i = 0; i < x.size(0); ++i) {
    for (int64_t j = 0; j < x.size(1); ++j)
      std::printf(" %6.3f", select(select(x, 0, i), 0, j).item());
    std::printf("\n");
  }
}

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<real> x = a.to_vector(), y = b.to_vector();
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) largest = std::fmax(largest, std::fabs(x[i] - y[i]));
  return largest;
}

void one_question_three_answers() {
  const std::vector<real> q{1, 0, 0, 1, 1, 1}, k{1, 0, 0, 2, 3, 3}, v{1, 0, 0, 1, 5, 5};
  const Tensor out =
      attention_with_tensors(Tensor::of({3, 2}, q), Tensor::of({3, 2}, k), Tensor::of({3, 2}, v));
  const Tensor loops = Tensor::of({3, 2}, attention_in_loops(q, k, v, 3, 2));
  print("Three tokens, two numbers each, attended in loops:", loops);
  std::printf("\nLargest difference to the tensor version: %s\n\n",
              largest_difference(out, loops) < 1e-6 ? "below 1e-6" : "TOO LARGE");
}

// [variance]
// The variance of q . k for components of variance one, over 20,000 pairs, plain and divided.
void variance_of_scores(Random& random) {
  std::printf("     d   variance of q.k   of q.k / sqrt(d)\n");
  for (int64_t d : {4, 16, 64, 256}) {
    const Tensor scores = sum(normal({20000, d}, random) * normal({20000, d}, random), {1});
    const double variance = mean(scores * scores).item();
    std::printf("  %4d   %15.1f   %16.2f\n", static_cast<int>(d), variance,
                variance / static_cast<double>(d));
  }
}
// [/variance]

// [saturation]
// One query and 16 keys of d = 64: the share of the best key, and the length of the gradient that
// comes back to the scores of a loss, averaged over 500 questions.
void saturation(Random& random, const char* name, real scale) {
  double best_key = 0, gradient = 0;
  for (int question = 0; question < 500; ++question) {
    const Tensor q = normal({1, 64}, random), k = normal({16, 64}, random);
    Tensor scores = (matmul(q, transpose(k, 0, 1)) * scale).set_requires_grad();
    const Tensor p = softmax(scores);
    real best = 0;
    for (real probability : p.to_vector()) best = std::fmax(best, probability);
    best_key += best / 500;
    matmul(p, normal({16, 1}, random)).backward();
    gradient += std::sqrt(sum(scores.grad() * scores.grad()).item()) / 500;
  }
  std::printf("  %-18s %8.3f   %18.3f\n", name, best_key, gradient);
}
// [/saturation]

// [mask]
// Three ways to hide the last two of four keys from every query. Only the third hides them.
void three_masks(Random& random) {
  const Tensor scores = normal({4, 4}, random);
  const Tensor keep = Tensor::of({4}, {1, 1, 0, 0});
  const real minus_infinity = -std::numeric_limits<real>::infinity();
  const Tensor bias = Tensor::of({4}, {0, 0, minus_infinity, minus_infinity});

  const Tensor multiplied = softmax(scores * keep);  // a score of 0 is not "no attention"
  const Tensor afterwards = softmax(scores) * keep;  // hidden, but the rest sums to less than one
  const Tensor added = softmax(scores + bias);       // e^-inf = 0, and the rest sums to one

  std::printf("  mask applied           weight on hidden keys   sum of a row\n");
  const auto row = [&](const char* name, const Tensor& p) {
    std::printf("  %-22s %21.3f   %12.3f\n", name, sum(p * (1 - keep)).item() / 4,
                sum(p).item() / 4);
  };
  row("scores * mask", multiplied);
  row("softmax(..) * mask", afterwards);
  row("scores + (0 or -inf)", added);
}
// [/mask]

// [fused]
// The library's own op never stores the (T, T) matrix, and takes sentences of several lengths.
void the_library_s_op(Random& random) {
  const Rows rows = Rows::of_lengths({3, 5});  // two sentences, 8 tokens in all
  const Tensor q = normal({8, 16}, random), k = normal({8, 16}, random),
               v = normal({8, 16}, random);
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

}  // namespace

int main() {
  Random random(1);
  one_question_three_answers();
  variance_of_scores(random);
  std::printf("\n  scores             best key   gradient at scores\n");
  saturation(random, "q.k", 1);
  saturation(random, "q.k / sqrt(64)", real{1} / 8);
  std::printf("\n");
  three_masks(random);
  std::printf("\n");
  the_library_s_op(random);
}

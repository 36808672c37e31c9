// Against the formulas in plain loops and long double.
#include <cmath>
#include <string>

#include "core/ops.h"
#include "tutorials/03_encoder_block/exercises/post_norm_block/post_norm_block.h"

namespace {

// A matrix of long double, row by row.
struct Matrix {
  int64_t rows, columns;
  std::vector<long double> numbers = std::vector<long double>(static_cast<size_t>(rows * columns));

  long double& at(int64_t i, int64_t j) { return numbers[static_cast<size_t>(i * columns + j)]; }
  long double at(int64_t i, int64_t j) const {
    return numbers[static_cast<size_t>(i * columns + j)];
  }
};

Matrix matrix_of(const Tensor& x) {
  const std::vector<real> numbers = x.to_vector();
  return {x.size(0), x.size(1), {numbers.begin(), numbers.end()}};
}

// x weight^T + bias
Matrix affine(const Matrix& x, const Tensor& weight, const Tensor& bias) {
  const Matrix w = matrix_of(weight);
  Matrix y{x.rows, w.rows};
  for (int64_t i = 0; i < y.rows; ++i)
    for (int64_t j = 0; j < y.columns; ++j) {
      y.at(i, j) = bias[j].item();
      for (int64_t c = 0; c < x.columns; ++c) y.at(i, j) += x.at(i, c) * w.at(j, c);
    }
  return y;
}

// The layer norm of each row of a + b.
Matrix norm_of_sum(Matrix a, const Matrix& b, const Tensor& gamma, const Tensor& beta, real eps) {
  for (int64_t i = 0; i < a.rows; ++i) {
    long double mean = 0, squares = 0;
    for (int64_t j = 0; j < a.columns; ++j) mean += a.at(i, j) += b.at(i, j);
    mean /= static_cast<long double>(a.columns);
    for (int64_t j = 0; j < a.columns; ++j) squares += (a.at(i, j) - mean) * (a.at(i, j) - mean);
    const long double deviation =
        std::sqrt(squares / static_cast<long double>(a.columns) + static_cast<long double>(eps));
    for (int64_t j = 0; j < a.columns; ++j)
      a.at(i, j) = (a.at(i, j) - mean) / deviation * gamma[j].item() + beta[j].item();
  }
  return a;
}

// softmax(q k^T / sqrt d) v, each head in its own columns.
Matrix attention(const Matrix& q, const Matrix& k, const Matrix& v, int64_t heads) {
  const int64_t d = q.columns / heads;
  Matrix y{q.rows, q.columns};
  for (int64_t h = 0; h < heads; ++h)
    for (int64_t i = 0; i < q.rows; ++i) {
      std::vector<long double> scores;
      for (int64_t j = 0; j < k.rows; ++j) {
        long double score = 0;
        for (int64_t c = h * d; c < (h + 1) * d; ++c) score += q.at(i, c) * k.at(j, c);
        scores.push_back(score / std::sqrt(static_cast<long double>(d)));
      }
      long double max = scores[0], sum = 0;
      for (const long double score : scores) max = std::fmax(max, score);
      for (const long double score : scores) sum += std::exp(score - max);
      for (int64_t j = 0; j < k.rows; ++j)
        for (int64_t c = h * d; c < (h + 1) * d; ++c)
          y.at(i, c) += std::exp(scores[static_cast<size_t>(j)] - max) / sum * v.at(j, c);
    }
  return y;
}

Tensor expected_of(const Tensor& tokens, const BlockWeights& w) {
  const Matrix x = matrix_of(tokens);
  const Matrix q = affine(x, w.query_weight, w.query_bias), k = affine(x, w.key_weight, w.key_bias),
               v = affine(x, w.value_weight, w.value_bias);
  const Matrix heard = affine(attention(q, k, v, w.heads), w.output_weight, w.output_bias);
  const Matrix mixed = norm_of_sum(x, heard, w.gamma1, w.beta1, w.eps);
  Matrix hidden = affine(mixed, w.widen_weight, w.widen_bias);
  for (long double& z : hidden.numbers) z = z * std::erfc(-z / std::sqrt(2.0L)) / 2;
  const Matrix thought = affine(hidden, w.narrow_weight, w.narrow_bias);
  const Matrix y = norm_of_sum(mixed, thought, w.gamma2, w.beta2, w.eps);
  return Tensor::of(tokens.shape(), {y.numbers.begin(), y.numbers.end()});
}

BlockWeights random_weights(int64_t C, int64_t H, int64_t heads, real eps) {
  uint64_t seed = 100;
  const auto matrix = [&](int64_t out, int64_t in) {
    return check::normal({out, in}, ++seed, 0.5);
  };
  const auto vector = [&](int64_t size) { return check::normal(check::Shape{size}, ++seed, 0.5); };
  BlockWeights w;
  w.heads = heads, w.eps = eps;
  w.query_weight = matrix(C, C), w.query_bias = vector(C);
  w.key_weight = matrix(C, C), w.key_bias = vector(C);
  w.value_weight = matrix(C, C), w.value_bias = vector(C);
  w.output_weight = matrix(C, C), w.output_bias = vector(C);
  w.gamma1 = vector(C), w.beta1 = vector(C);
  w.widen_weight = matrix(H, C), w.widen_bias = vector(H);
  w.narrow_weight = matrix(C, H), w.narrow_bias = vector(C);
  w.gamma2 = vector(C), w.beta2 = vector(C);
  return w;
}

std::vector<Tensor> all_of(const BlockWeights& w) {
  return {w.query_weight,  w.query_bias,  w.key_weight, w.key_bias, w.value_weight, w.value_bias,
          w.output_weight, w.output_bias, w.gamma1,     w.beta1,    w.widen_weight, w.widen_bias,
          w.narrow_weight, w.narrow_bias, w.gamma2,     w.beta2};
}

void check_block(PostNormBlock* block, check::Judge& judge) {
  const auto run = [&](const std::string& what, const Tensor& x, int64_t H, int64_t heads,
                       real eps = 1e-12) {
    const BlockWeights w = random_weights(x.size(1), H, heads, eps),
                       before = random_weights(x.size(1), H, heads, eps);
    const std::vector<real> numbers = x.to_vector();
    judge.input(what);
    judge.equal(what, block(x, w), expected_of(x, before), 1e-10);
    judge.unchanged(what + ": x", x.to_vector(), numbers);
    const std::vector<Tensor> now = all_of(w), then = all_of(before);
    for (size_t i = 0; i < now.size(); ++i)
      judge.unchanged(what + ": the weights", now[i].to_vector(), then[i].to_vector());
  };
  run("5 tokens, C = 8, 2 heads", check::normal({5, 8}, 1), 32, 2);
  run("the same once more", check::normal({5, 8}, 1), 32, 2);
  run("one head", check::normal({5, 8}, 2), 32, 1);
  run("4 heads, H = 12", check::normal({3, 8}, 3), 12, 4);
  run("as many heads as columns", check::normal({3, 4}, 4), 16, 4);
  run("one token", check::normal({1, 8}, 5), 32, 2);
  run("large numbers", check::normal({5, 8}, 6, 30), 32, 2);
  run("small numbers, where eps counts", check::normal({5, 8}, 7, 1e-2), 32, 2, 0.1);
  run("x is a view", transpose(check::normal({8, 5}, 8), 0, 1), 32, 2);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<PostNormBlock>({.name = "post_norm_block",
                                    .check = check_block,
                                    .mine = mine::post_norm_block,
                                    .mistaken = mistakes::post_norm_block,
                                    .mistakes = mistakes::list,
                                    .alternatives = alternatives::list},
                                   argc, argv);
}

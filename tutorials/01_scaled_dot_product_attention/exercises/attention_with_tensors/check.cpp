// Each answer against the formula in long double, of which a hidden key is no part.
#include <cmath>
#include <limits>

#include "core/ops.h"
#include "tutorials/01_scaled_dot_product_attention/exercises/attention_with_tensors/attention_with_tensors.h"

namespace {

using cairn::real;

struct Problem {
  Tensor q, k, v, keep;
};

long double at(const Tensor& x, int64_t i, int64_t j) {
  return x.strided_data()[i * x.strides()[0] + j * x.strides()[1]];
}

// Row i of the answers. If all keys are hidden, nothing is added to its zeros.
void answer(const Problem& x, int64_t i, real* out) {
  std::vector<long double> weights;
  long double largest = -std::numeric_limits<long double>::infinity(), sum = 0;
  for (int64_t j = 0; j < x.k.size(0); ++j) {
    long double score = 0;
    for (int64_t c = 0; c < x.k.size(1); ++c) score += at(x.q, i, c) * at(x.k, j, c);
    weights.push_back(score / std::sqrt(static_cast<long double>(x.k.size(1))));
    if (at(x.keep, i, j) != 0) largest = std::fmax(largest, weights.back());
  }
  for (int64_t j = 0; j < x.k.size(0); ++j) {
    long double& weight = weights[static_cast<size_t>(j)];
    weight = at(x.keep, i, j) == 0 ? 0 : std::exp(weight - largest);
    sum += weight;
  }
  for (int64_t c = 0; c < x.v.size(1); ++c) {
    long double mean = 0;
    for (int64_t j = 0; j < x.k.size(0) && sum > 0; ++j)
      mean += weights[static_cast<size_t>(j)] / sum * at(x.v, j, c);
    out[c] = static_cast<real>(mean);
  }
}

void check_problem(AttentionWithTensors* attention, check::Judge& judge, const std::string& what,
                   const Problem& x) {
  Tensor expected = Tensor::zeros({x.q.size(0), x.v.size(1)});
  for (int64_t i = 0; i < x.q.size(0); ++i) answer(x, i, expected.write() + i * x.v.size(1));
  const std::pair<const char*, const Tensor*> inputs[] = {
      {": q", &x.q}, {": k", &x.k}, {": v", &x.v}, {": keep", &x.keep}};
  std::vector<std::vector<real>> before;
  for (const auto& [name, input] : inputs) before.push_back(input->to_vector());
  judge.input(what);
  judge.equal(what, attention(x.q, x.k, x.v, x.keep), expected, 1e-10);
  for (size_t i = 0; i < 4; ++i)
    judge.unchanged(what + inputs[i].first, inputs[i].second->to_vector(), before[i]);
}

Problem random_problem(int64_t Tq, int64_t Tk, int64_t d, int64_t dv, uint64_t seed,
                       double deviation = 1) {
  return {check::normal({Tq, d}, seed, deviation), check::normal({Tk, d}, seed + 1, deviation),
          check::normal({Tk, dv}, seed + 2), Tensor::ones({Tq, Tk})};
}

// The problem with other ones and zeros in keep.
Problem hiding(Problem x, const std::vector<real>& keep) {
  x.keep = Tensor::of(x.keep.shape(), keep);
  return x;
}

// One query with two keys: the hidden one has a score of 70 size^2 / sqrt(2), the other minus that.
Problem far_apart(real size) {
  return {Tensor::of({{size, 0}}), Tensor::of({{70 * size, 0}, {-70 * size, 1}}),
          Tensor::of({{7}, {5}}), Tensor::of({{0, 1}})};
}

void check_attention(AttentionWithTensors* attention, check::Judge& judge) {
  check_problem(attention, judge, "3 queries, 3 keys, d = 4, dv = 4, all to be seen",
                random_problem(3, 3, 4, 4, 1));
  check_problem(attention, judge, "2 queries, 5 keys, d = 4, dv = 6, all to be seen",
                random_problem(2, 5, 4, 6, 2));
  check_problem(attention, judge, "5 queries, 2 keys, d = 6, dv = 3, all to be seen",
                random_problem(5, 2, 6, 3, 3));
  check_problem(attention, judge, "the last of 3 keys hidden",
                hiding(random_problem(2, 3, 4, 4, 4), {1, 1, 0, 1, 1, 0}));
  check_problem(attention, judge, "each query sees something else",
                hiding(random_problem(3, 3, 2, 2, 5), {1, 0, 0, 0, 1, 1, 1, 1, 0}));
  const Problem fits = {Tensor::of({{10}, {10}}), Tensor::of({{1}, {6}}), Tensor::of({{1}, {2}}),
                        Tensor::of({{1, 0}, {1, 1}})};
  check_problem(attention, judge, "a hidden key that fits well", fits);
  check_problem(attention, judge, "a hidden key far above the one that is seen", far_apart(1e3));
  check_problem(attention, judge, "the same with scores of 1e20", far_apart(1e10));
  check_problem(attention, judge, "scores in the thousands",
                hiding(random_problem(2, 3, 16, 2, 6, 40), {1, 0, 1, 1, 1, 1}));
  check_problem(attention, judge, "a query that may see nothing",
                hiding(random_problem(3, 2, 4, 3, 7), {1, 0, 0, 0, 1, 1}));
  check_problem(attention, judge, "one query, one key", random_problem(1, 1, 1, 1, 8));
  const Problem x = random_problem(4, 3, 2, 5, 9);
  check_problem(
      attention, judge, "views",
      {transpose(check::normal({2, 4}, 10), 0, 1), transpose(check::normal({2, 3}, 11), 0, 1),
       transpose(check::normal({5, 3}, 12), 0, 1), transpose(Tensor::ones({3, 4}), 0, 1)});
  check_problem(attention, judge, "a second call", x);
  check_problem(attention, judge, "the same once more", x);
}

void work(AttentionWithTensors* attention) {
  static const Problem x = random_problem(64, 64, 32, 32, 13);
  attention(x.q, x.k, x.v, x.keep);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<AttentionWithTensors>({.name = "attention_with_tensors",
                                           .check = check_attention,
                                           .mine = mine::attention_with_tensors,
                                           .mistaken = mistakes::attention_with_tensors,
                                           .mistakes = mistakes::list,
                                           .alternatives = alternatives::list,
                                           .work = work},
                                          argc, argv);
}

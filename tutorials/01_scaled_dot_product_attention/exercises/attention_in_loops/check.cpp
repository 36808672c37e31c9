// Each answer against the formula in long double.
#include <algorithm>
#include <cmath>
#include <limits>

#include "tutorials/01_scaled_dot_product_attention/exercises/attention_in_loops/attention_in_loops.h"

namespace {

struct Problem {
  int64_t Tq, Tk, d, dv;
  std::vector<real> q, k, v;
};

Problem random_problem(int64_t Tq, int64_t Tk, int64_t d, int64_t dv, uint64_t seed,
                       double deviation = 1) {
  return {Tq,
          Tk,
          d,
          dv,
          check::normal(Tq * d, seed, deviation),
          check::normal(Tk * d, seed + 1, deviation),
          check::normal(Tk * dv, seed + 2)};
}

std::vector<real> expected_answers(const Problem& x) {
  std::vector<real> out;
  const auto at = [](const std::vector<real>& m, int64_t row, int64_t cols, int64_t col) {
    return static_cast<long double>(m[static_cast<size_t>(row * cols + col)]);
  };
  for (int64_t i = 0; i < x.Tq; ++i) {
    std::vector<long double> p;
    for (int64_t j = 0; j < x.Tk; ++j) {
      long double score = 0;
      for (int64_t c = 0; c < x.d; ++c) score += at(x.q, i, x.d, c) * at(x.k, j, x.d, c);
      p.push_back(score / std::sqrt(static_cast<long double>(x.d)));
    }
    const long double largest = p.empty() ? 0 : *std::max_element(p.begin(), p.end());
    long double sum = 0;
    for (long double& weight : p) sum += weight = std::exp(weight - largest);
    for (int64_t c = 0; c < x.dv; ++c) {
      long double answer = 0;
      for (int64_t j = 0; j < x.Tk; ++j)
        answer += p[static_cast<size_t>(j)] / sum * at(x.v, j, x.dv, c);
      out.push_back(static_cast<real>(answer));
    }
  }
  return out;
}

void check_problem(AttentionInLoops* attention, check::Judge& judge, const std::string& what,
                   const Problem& x) {
  const Problem before = x;
  std::vector<real> out = check::garbage(x.Tq * x.dv);
  attention(out.data(), x.q.data(), x.k.data(), x.v.data(), x.Tq, x.Tk, x.d, x.dv);
  judge.equal(what, out, expected_answers(before), {x.Tq, x.dv}, 1e-10);
  judge.unchanged(what + ": q", x.q, before.q);
  judge.unchanged(what + ": k", x.k, before.k);
  judge.unchanged(what + ": v", x.v, before.v);
}

void check_attention(AttentionInLoops* attention, check::Judge& judge) {
  check_problem(attention, judge, "3 queries, 3 keys, d = 4, dv = 4",
                random_problem(3, 3, 4, 4, 1));
  check_problem(attention, judge, "the same once more", random_problem(3, 3, 4, 4, 1));
  check_problem(attention, judge, "2 queries, 5 keys, d = 4, dv = 6",
                random_problem(2, 5, 4, 6, 2));
  check_problem(attention, judge, "5 queries, 2 keys, d = 6, dv = 3",
                random_problem(5, 2, 6, 3, 3));
  check_problem(attention, judge, "scores in the thousands", random_problem(4, 4, 16, 4, 4, 40));
  check_problem(attention, judge, "all scores far below zero",
                {1, 3, 1, 2, {-100}, {90, 91, 89}, {1, 2, 3, 4, 5, 6}});
  check_problem(attention, judge, "one query, one key", random_problem(1, 1, 3, 2, 5));
  check_problem(attention, judge, "d = 1, dv = 1", random_problem(3, 4, 1, 1, 6));
  check_problem(attention, judge, "no keys", random_problem(2, 0, 3, 2, 7));
  check_problem(attention, judge, "no queries", random_problem(0, 3, 2, 2, 8));
  check_problem(attention, judge, "values without numbers", random_problem(2, 3, 2, 0, 9));
}

void work(AttentionInLoops* attention) {
  static const Problem x = random_problem(64, 64, 32, 32, 10);
  static std::vector<real> out(64 * 32);
  attention(out.data(), x.q.data(), x.k.data(), x.v.data(), x.Tq, x.Tk, x.d, x.dv);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<AttentionInLoops>({.name = "attention_in_loops",
                                       .check = check_attention,
                                       .mine = mine::attention_in_loops,
                                       .mistaken = mistakes::attention_in_loops,
                                       .mistakes = mistakes::list,
                                       .alternatives = alternatives::list,
                                       .work = work},
                                      argc, argv);
}

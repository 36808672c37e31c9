// Each gradient against the formulas in long double, the softmax by its matrix of derivatives; and
// central differences of the forward pass.
#include <cmath>
#include <limits>
#include <string>

#include "tutorials/07_backward_by_hand/exercises/attention_backward/attention_backward.h"
#include "tutorials/07_backward_by_hand/exercises/differences.h"

namespace {

using Numbers = std::vector<long double>;
const real minus_infinity = -std::numeric_limits<real>::infinity();

constexpr int dq = 1, dk = 2, dv = 4, dbias = 8;

struct Case {
  std::string what;
  std::vector<int32_t> q_lengths, k_lengths;
  int64_t heads = 1, size = 2;
  bool causal = false;
  std::vector<real> bias{};  // empty: none; else dense, or of `keys_only`
  bool keys_only = false;    // (sequences, longest key), as padding is hidden
  real dropout = 0;
  int64_t gap = 0;  // numbers between the rows
  int asked = dq | dk | dv | dbias;
  real size_of_numbers = 1;
};

struct Inputs {
  std::vector<real> q, k, v, dy;
  std::vector<int32_t> q_starts{0}, k_starts{0};
  AttentionArgs args{};
};

Inputs inputs_of(const Case& c) {
  Inputs in;
  for (int32_t length : c.q_lengths) {
    in.q_starts.push_back(in.q_starts.back() + length);
    in.args.longest_q = std::max<int64_t>(in.args.longest_q, length);
  }
  for (int32_t length : c.k_lengths) {
    in.k_starts.push_back(in.k_starts.back() + length);
    in.args.longest_k = std::max<int64_t>(in.args.longest_k, length);
  }
  const int64_t width = c.heads * c.size, queries = in.q_starts.back(), keys = in.k_starts.back();
  in.args.q_stride = width + 3 * c.gap;
  in.args.k_stride = width + c.gap;
  in.args.v_stride = width + 2 * c.gap;
  in.q = check::normal(queries * in.args.q_stride, 1, c.size_of_numbers);
  in.k = check::normal(keys * in.args.k_stride, 2, c.size_of_numbers);
  in.v = check::normal(keys * in.args.v_stride, 3);
  in.dy = check::normal(queries * width, 4);
  in.args.sequences = static_cast<int64_t>(c.q_lengths.size());
  in.args.heads = c.heads;
  in.args.head_size = c.size;
  in.args.scale = 0.7;
  in.args.causal = c.causal;
  if (!c.bias.empty()) {
    const int64_t longest_q = in.args.longest_q, longest_k = in.args.longest_k;
    in.args.bias_b = c.keys_only ? longest_k : c.heads * longest_q * longest_k;
    in.args.bias_h = c.keys_only ? 0 : longest_q * longest_k;
    in.args.bias_i = c.keys_only ? 0 : longest_k;
    in.args.bias_j = 1;
  }
  in.args.dropout = {c.dropout, 5, 6};
  return in;
}

// What the forward pass makes of these numbers, and the gradients by the formulas.
struct Results {
  Numbers y, lse, dq, dk, dv, dbias;
};

// Adds query i of head h of sequence b.
void add_query(Results& r, const Inputs& in, const Numbers& q, const Numbers& k, const Numbers& v,
               const Numbers& bias, int64_t b, int64_t h, int64_t i) {
  const AttentionArgs& a = in.args;
  const int64_t first = in.k_starts[size_t(b)], keys = in.k_starts[size_t(b) + 1] - first;
  const int64_t row = in.q_starts[size_t(b)] + i, query = (b * a.heads + h) * a.longest_q + i;
  const auto at = [&](int64_t x_row, int64_t stride, int64_t c) {
    return size_t(x_row * stride + h * a.head_size + c);
  };
  const cairn::DropoutHash hash = cairn::dropout_hash(a.dropout);
  Numbers p(size_t(keys), 0), z(p), dp(p);
  long double sum = 0;
  for (size_t j = 0; j < p.size(); ++j) {
    const int64_t key = int64_t(j);
    long double s = 0;
    for (int64_t c = 0; c < a.head_size; ++c) {
      s += q[at(row, a.q_stride, c)] * k[at(first + key, a.k_stride, c)] * a.scale;
      dp[j] += in.dy[at(row, a.heads * a.head_size, c)] * v[at(first + key, a.v_stride, c)];
    }
    if (!bias.empty())
      s += bias[size_t(b * a.bias_b + h * a.bias_h + i * a.bias_i + key * a.bias_j)];
    p[j] = a.causal && key > i ? 0 : std::exp(s);
    z[j] = cairn::keeps(hash, query * a.longest_k + key) ? 1 / (1 - a.dropout.p) : 0;
    dp[j] *= z[j];
    sum += p[j];
  }
  r.lse[size_t(query)] = std::log(sum);
  for (size_t j = 0; j < p.size() && sum > 0; ++j) p[j] /= sum;
  for (size_t j = 0; j < p.size(); ++j) {
    long double ds = 0;
    for (size_t n = 0; n < p.size(); ++n) ds += dp[n] * p[n] * ((n == j) - p[j]);
    r.dbias[size_t(query * a.longest_k) + j] = ds;
    for (int64_t c = 0; c < a.head_size; ++c) {
      const size_t of_q = at(row, a.q_stride, c), of_k = at(first + int64_t(j), a.k_stride, c);
      const size_t of_v = at(first + int64_t(j), a.v_stride, c);
      const size_t of_y = at(row, a.heads * a.head_size, c);
      r.y[of_y] += p[j] * z[j] * v[of_v];
      r.dv[of_v] += p[j] * z[j] * in.dy[of_y];
      r.dq[of_q] += ds * k[of_k] * a.scale;
      r.dk[of_k] += ds * q[of_q] * a.scale;
    }
  }
}

Results computed(const Inputs& in, const Numbers& q, const Numbers& k, const Numbers& v,
                 const Numbers& bias) {
  const AttentionArgs& a = in.args;
  const auto queries = size_t(a.sequences * a.heads * a.longest_q);
  Results r{Numbers(in.dy.size()), Numbers(queries),  Numbers(q.size()),
            Numbers(k.size()),     Numbers(v.size()), Numbers(queries * size_t(a.longest_k))};
  for (int64_t b = 0; b < a.sequences; ++b)
    for (int64_t h = 0; h < a.heads; ++h)
      for (int64_t i = 0; i < in.q_starts[size_t(b) + 1] - in.q_starts[size_t(b)]; ++i)
        add_query(r, in, q, k, v, bias, b, h, i);
  return r;
}

Numbers long_doubles(const std::vector<real>& x) { return Numbers(x.begin(), x.end()); }
std::vector<real> reals(const Numbers& x) {
  std::vector<real> result;
  for (long double number : x) result.push_back(static_cast<real>(number));
  return result;
}

Results computed(const Inputs& in, const Case& c) {
  return computed(in, long_doubles(in.q), long_doubles(in.k), long_doubles(in.v),
                  long_doubles(c.bias));
}

// Garbage, and between the rows of a gradient what must stay: of `expected` it becomes a part.
std::vector<real> output(Numbers& expected, int64_t stride, int64_t width) {
  std::vector<real> result = check::garbage(static_cast<int64_t>(expected.size()));
  for (size_t at = 0; at < expected.size(); ++at)
    if (static_cast<int64_t>(at) % stride >= width) expected[at] = result[at] = 7;
  return result;
}

struct Outputs {
  std::vector<real> dq, dk, dv, dbias;
};

// Calls it, and puts what stands between the rows into `expected`.
Outputs answer(AttentionBackward* backward, check::Judge& judge, const Case& c,
               const Inputs& inputs, Results& expected) {
  judge.input(c.what);
  Inputs in = inputs;
  const int64_t width = c.heads * c.size;
  const std::vector<real> y = reals(expected.y), lse = reals(expected.lse), bias = c.bias;
  Outputs out{output(expected.dq, in.args.q_stride, width),
              output(expected.dk, in.args.k_stride, width),
              output(expected.dv, in.args.v_stride, width),
              check::garbage(static_cast<int64_t>(expected.dbias.size()))};
  in.args.q = in.q.data(), in.args.k = in.k.data(), in.args.v = in.v.data();
  in.args.q_starts = in.q_starts.data(), in.args.k_starts = in.k_starts.data();
  in.args.bias = bias.empty() ? nullptr : bias.data();
  backward({.dq = c.asked & dq ? out.dq.data() : nullptr,
            .dk = c.asked & dk ? out.dk.data() : nullptr,
            .dv = c.asked & dv ? out.dv.data() : nullptr,
            .dbias = c.asked & dbias ? out.dbias.data() : nullptr,
            .dy = in.dy.data(),
            .y = y.data(),
            .lse = lse.data()},
           in.args);
  judge.unchanged(c.what + ": q", in.q, inputs.q);
  judge.unchanged(c.what + ": k", in.k, inputs.k);
  judge.unchanged(c.what + ": v", in.v, inputs.v);
  judge.unchanged(c.what + ": dy", in.dy, inputs.dy);
  judge.unchanged(c.what + ": bias", bias, c.bias);
  return out;
}

void check_case(AttentionBackward* backward, check::Judge& judge, const Case& c) {
  const Inputs in = inputs_of(c);
  const AttentionArgs& a = in.args;
  Results expected = computed(in, c);
  const Outputs got = answer(backward, judge, c, in, expected);
  const int64_t queries = in.q_starts.back(), keys = in.k_starts.back();
  const cairn::Shape scores{a.sequences, a.heads, a.longest_q, a.longest_k};
  if (c.asked & dv) judge.equal(c.what + ": dv", got.dv, reals(expected.dv), {keys, a.v_stride});
  if (c.asked & dbias) judge.equal(c.what + ": dbias", got.dbias, reals(expected.dbias), scores);
  if (c.asked & dq) judge.equal(c.what + ": dq", got.dq, reals(expected.dq), {queries, a.q_stride});
  if (c.asked & dk) judge.equal(c.what + ": dk", got.dk, reals(expected.dk), {keys, a.k_stride});
}

void check_differences(AttentionBackward* backward, check::Judge& judge) {
  const Case c{.what = "beside central differences",
               .q_lengths = {3, 1},
               .k_lengths = {2, 3},
               .heads = 2,
               .bias = check::normal(36, 8),
               .dropout = 0.3};
  const Inputs in = inputs_of(c);
  std::vector<real> x = in.q;
  for (const std::vector<real>* more : {&in.k, &in.v, &c.bias})
    x.insert(x.end(), more->begin(), more->end());
  const auto loss = [&](const Numbers& at) {
    const auto q = at.begin(), k = q + static_cast<int64_t>(in.q.size()),
               v = k + static_cast<int64_t>(in.k.size()),
               bias = v + static_cast<int64_t>(in.v.size());
    const Results d = computed(in, {q, k}, {k, v}, {v, bias}, {bias, at.end()});
    long double sum = 0;
    for (size_t i = 0; i < d.y.size(); ++i) sum += d.y[i] * in.dy[i];
    return sum;
  };
  Results forward = computed(in, c);
  const Outputs out = answer(backward, judge, c, in, forward);
  std::vector<real> got = out.dq;
  for (const std::vector<real>* more : {&out.dk, &out.dv, &out.dbias})
    got.insert(got.end(), more->begin(), more->end());
  judge.equal(c.what, got, differences(x, loss), {static_cast<int64_t>(got.size())}, 1e-9);
}

void check_attention_backward(AttentionBackward* backward, check::Judge& judge) {
  const auto check = [&](const Case& c) { check_case(backward, judge, c); };
  check({.what = "one query, two keys", .q_lengths = {1}, .k_lengths = {2}});
  check({.what = "three queries, three keys", .q_lengths = {3}, .k_lengths = {3}, .size = 4});
  check({.what = "the same once more", .q_lengths = {3}, .k_lengths = {3}, .size = 4});
  check({.what = "two heads", .q_lengths = {2}, .k_lengths = {4}, .heads = 2, .size = 3});
  check({.what = "sequences of several lengths",
         .q_lengths = {2, 4, 1},
         .k_lengths = {3, 1, 5},
         .heads = 2});
  check({.what = "dropout", .q_lengths = {4, 3}, .k_lengths = {4, 5}, .heads = 2, .dropout = 0.4});
  check({.what = "causal", .q_lengths = {4, 2}, .k_lengths = {4, 3}, .causal = true});
  check({.what = "a bias of every pair",
         .q_lengths = {2, 3},
         .k_lengths = {3, 2},
         .bias = check::normal(18, 7)});
  check({.what = "keys hidden by a bias",
         .q_lengths = {3, 3},
         .k_lengths = {3, 3},
         .heads = 2,
         .bias = {0, 0, minus_infinity, 0, minus_infinity, minus_infinity},
         .keys_only = true});
  check({.what = "a query that sees no key",
         .q_lengths = {3},
         .k_lengths = {2},
         .bias = {0, 0, minus_infinity, minus_infinity, 0, minus_infinity}});
  check({.what = "rows with other numbers between",
         .q_lengths = {3, 2},
         .k_lengths = {4, 2},
         .heads = 2,
         .gap = 2});
  check({.what = "large scores", .q_lengths = {3}, .k_lengths = {4}, .size_of_numbers = 6});
  for (int asked : {dq, dk, dv, dbias, dq | dk | dv, 0})
    check({.what = std::string("asked for:") + (asked & dq ? " dq" : "") +
                   (asked & dk ? " dk" : "") + (asked & dv ? " dv" : "") +
                   (asked & dbias ? " dbias" : "") + (asked ? "" : " nothing"),
           .q_lengths = {3},
           .k_lengths = {2},
           .dropout = 0.2,
           .asked = asked});
  check({.what = "one key", .q_lengths = {2}, .k_lengths = {1}});
  check({.what = "an empty sequence between two", .q_lengths = {2, 0, 1}, .k_lengths = {2, 0, 3}});
  check({.what = "no keys", .q_lengths = {2}, .k_lengths = {0}});
  check({.what = "no queries", .q_lengths = {0}, .k_lengths = {3}});
  check({.what = "no sequences", .q_lengths = {}, .k_lengths = {}});
  check_differences(backward, judge);
}

void work(AttentionBackward* backward) {
  static const Case c{
      .what = "", .q_lengths = {64, 64}, .k_lengths = {64, 64}, .heads = 4, .size = 32};
  static const Inputs in = inputs_of(c);
  static Results expected = computed(in, c);
  check::Judge judge;
  answer(backward, judge, c, in, expected);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<AttentionBackward>({.name = "attention_backward",
                                        .check = check_attention_backward,
                                        .mine = mine::attention_backward,
                                        .mistaken = mistakes::attention_backward,
                                        .mistakes = mistakes::list,
                                        .alternatives = alternatives::list,
                                        .library = cairn::kernels().attention_backward,
                                        .work = work},
                                       argc, argv);
}

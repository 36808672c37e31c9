// Attention of every instruction set that this CPU has, against the reference, and the reference
// against finite differences.
#include "tests/kernel_cases.h"
#include "tutorials/mine/attention.h"

namespace cairn { namespace {

using Lengths = std::vector<int32_t>;

enum Bias { none, dense, of_keys, of_every_third, of_heads, of_queries, of_sequences, biases };

// Sequences of these lengths; what is looked at is made from a seed.
struct Case {
  Lengths queries, keys;
  int64_t heads = 1, head_size = 1;
  bool causal = false;
  Bias bias = none;
  float dropout = 0, scale = 0.2f;
  float hidden = 0;  // how many of a dense bias's numbers are -inf, as a share
  int wanted = 15;   // bits 1, 2, 4, 8: dq, dk, dv, dbias
  float large = 1;   // the size of q
  float first = 0;   // the first number of the bias, if not 0
};

Lengths starts_of(const Lengths& lengths) {
  Lengths starts{0};
  for (const int32_t n : lengths) starts.push_back(starts.back() + n);
  return starts;
}

int64_t longest(const Lengths& lengths) {
  return *std::max_element(lengths.begin(), lengths.end());
}

struct Result {
  Values out, lse, dq, dk, dv, dbias;
};

// Rows of `cols` numbers, `stride` apart, with NaN between them: nobody may read or write there.
Values rows_of(int64_t rows, int64_t cols, int64_t stride, uint32_t seed, float size = 1) {
  Values x = random_values(std::max<int64_t>(0, rows * stride - (stride - cols)), seed, size);
  for (int64_t i = 0; i + 1 < rows; i++)
    for (int64_t j = cols; j < stride; j++) x[static_cast<size_t>(i * stride + j)] = nan;
  return x;
}

// As many numbers as a bias of (B, H, Tq, Tk) with these strides has.
Values bias_values(const Case& c, const AttentionArgs& a, int64_t tq, int64_t tk) {
  const int64_t last = (a.sequences - 1) * a.bias_b + (a.heads - 1) * a.bias_h +
                       std::max<int64_t>(0, tq - 1) * a.bias_i +
                       std::max<int64_t>(0, tk - 1) * a.bias_j;
  Values bias = random_values(last + 1, 4);
  const Values chance = random_values(last + 1, 5);
  for (size_t i = 0; c.hidden > 0 && i < bias.size(); i++)
    if (std::fabs(chance[i]) < c.hidden) bias[i] = -inf;
  if (c.first != 0) bias[0] = c.first;
  return bias;
}

void set_bias_strides(AttentionArgs& a, Bias bias, int64_t tq, int64_t tk) {
  switch (bias) {
    case none:
    case biases: break;
    case dense:
      a.bias_b = a.heads * tq * tk, a.bias_h = tq * tk, a.bias_i = tk, a.bias_j = 1;
      break;
    case of_keys: a.bias_b = tk, a.bias_j = 1; break;
    case of_every_third: a.bias_i = 3 * tk, a.bias_j = 3; break;
    case of_heads: a.bias_h = 1; break;
    case of_queries: a.bias_b = tq, a.bias_i = 1; break;
    case of_sequences: a.bias_b = 1; break;
  }
}

// Every array ends where memory ends. What is written holds NaN before.
Result run(const Kernels& kernels, const Case& c) {
  const Lengths q_starts = starts_of(c.queries), k_starts = starts_of(c.keys);
  const int64_t width = c.heads * c.head_size;
  const int64_t q_stride = width + 5, k_stride = 2 * width, v_stride = width + 3;
  const int64_t queries = q_starts.back(), keys = k_starts.back();
  const int64_t tq = longest(c.queries), tk = longest(c.keys);
  const int64_t sequences = static_cast<int64_t>(c.queries.size());
  Fenced q(rows_of(queries, width, q_stride, 1, c.large)), k(rows_of(keys, width, k_stride, 2));
  Fenced v(rows_of(keys, width, v_stride, 3));
  AttentionArgs args{};
  args.q = q.data(), args.k = k.data(), args.v = v.data();
  args.q_stride = q_stride, args.k_stride = k_stride, args.v_stride = v_stride;
  args.q_starts = q_starts.data(), args.k_starts = k_starts.data();
  args.longest_q = tq, args.longest_k = tk;
  args.sequences = sequences, args.heads = c.heads, args.head_size = c.head_size;
  args.scale = c.scale, args.causal = c.causal, args.dropout = {c.dropout, 11, 12};
  set_bias_strides(args, c.bias, tq, tk);
  Fenced bias(bias_values(c, args, tq, tk));
  if (c.bias != none) args.bias = bias.data();

  const auto blank = [](int64_t n) { return Values(static_cast<size_t>(n), nan); };
  const auto blank_like = [](const Fenced& x) { return Values(x.values().size(), nan); };
  Fenced out(blank(queries * width)), lse(blank(sequences * c.heads * tq));
  Fenced dq(blank_like(q)), dk(blank_like(k)), dv(blank_like(v));
  Fenced dbias(blank(sequences * c.heads * tq * tk)), dout(random_values(queries * width, 6));
  kernels.attention(out.data(), lse.data(), args);
  kernels.attention_backward({.dq = c.wanted & 1 ? dq.data() : nullptr,
                              .dk = c.wanted & 2 ? dk.data() : nullptr,
                              .dv = c.wanted & 4 ? dv.data() : nullptr,
                              .dbias = c.wanted & 8 ? dbias.data() : nullptr,
                              .dy = dout.data(),
                              .y = out.data(),
                              .lse = lse.data()},
                             args);
  return {out.values(), lse.values(), dq.values(), dk.values(), dv.values(), dbias.values()};
}

void check_agreement(const Kernels& kernels, const Case& c) {
  const Result want = run(reference::kernels, c), y = run(kernels, c);
  INFO(std::string(kernels.name));
  CAPTURE(c.head_size);
  CAPTURE(c.bias);
  CAPTURE(c.causal);
  CAPTURE(c.queries.size());
  check_near(y.out, want.out, 5e-6f);
  check_near(y.lse, want.lse, 3e-6f);
  check_near(y.dq, want.dq, 1e-5f);
  check_near(y.dk, want.dk, 1e-5f);
  check_near(y.dv, want.dv, 1e-5f);
  check_near(y.dbias, want.dbias, 1e-5f);
}

void check_against_reference(const Case& c) {
  for (const Kernels* k : fast_kernels()) check_agreement(*k, c);
}

const Case chosen[] = {
    {.queries = {1}, .keys = {1}},
    {.queries = {5, 13, 1}, .keys = {5, 13, 1}, .heads = 3, .head_size = 32},
    {.queries = {40, 40},
     .keys = {40, 40},
     .heads = 2,
     .head_size = 64,
     .causal = true,
     .bias = dense},
    {.queries = {0, 7, 2}, .keys = {4, 0, 5}, .heads = 2, .head_size = 5, .bias = dense},
    {.queries = {150, 1}, .keys = {140, 160}, .head_size = 40, .causal = true, .dropout = 0.1f},
    {.queries = {1, 230},
     .keys = {70, 67},
     .heads = 2,
     .head_size = 16,
     .bias = of_keys,
     .dropout = 0.3f},  // several blocks of queries
    {.queries = {0}, .keys = {0}, .head_size = 3},
};

TEST_CASE("kernels: attention and its gradients agree with the reference, in cases by hand") {
  for (const Case& c : chosen) check_against_reference(c);
}

// A table with its attention, in which the reader's softmax is used (`make mine`).
TEST_CASE("kernels: the attention of `make mine` agrees with the reference") {
  Kernels through_softmax = reference::kernels;
  through_softmax.attention = mine::attention;
  for (const Case& c : chosen) check_agreement(through_softmax, c);
}

TEST_CASE("kernels: attention and its gradients agree with the reference, in random cases") {
  std::mt19937 generator(1);
  const auto pick = [&](const auto&... choices) {
    const std::common_type_t<decltype(choices)...> all[] = {choices...};
    return all[generator() % sizeof...(choices)];
  };
  const auto length = [&] { return pick(0, 1, 2, 3, 5, 6, 7, 8, 13, 14, 15, 16, 17, 33, 50); };
  for (int i = 0; i < 150; i++) {
    Case c{};
    for (int n = pick(1, 2, 3); n > 0; n--) {
      c.queries.push_back(length());
      c.keys.push_back(length());
    }
    c.heads = pick(1, 2, 3);
    c.head_size = pick(1, 2, 5, 15, 16, 17, 31, 32, 33, 64);
    c.causal = generator() % 2;
    c.bias = static_cast<Bias>(generator() % biases);
    c.hidden = pick(0.0f, 0.0f, 0.5f);
    c.dropout = pick(0.0f, 0.0f, 0.3f);
    c.scale = pick(0.2f, 0.1f);
    c.wanted = pick(15, 15, 15, 1, 2, 4, 8, 0);
    CAPTURE(i);
    check_against_reference(c);
  }
}

TEST_CASE("kernels: a query that sees no key gives zeros, and zero gradients") {
  for (const Kernels* k : available_kernels())
    for (const float dropout : {0.0f, 0.5f}) {
      const Case c{.queries = {20},
                   .keys = {20},
                   .head_size = 16,
                   .bias = dense,
                   .dropout = dropout,
                   .hidden = inf};  // the whole bias is -inf
      const Result r = run(*k, c);
      INFO(std::string(k->name));
      for (const float lse : r.lse) CHECK(lse == -inf);
      for (const Values* x : {&r.out, &r.dbias})
        for (const float number : *x) CHECK(number == 0);
      for (const Values* x : {&r.dq, &r.dk, &r.dv})
        for (const float number : *x) CHECK((number == 0 || std::isnan(number)));
      CHECK(r.dq[0] == 0);
      CHECK(r.dk[0] == 0);
      CHECK(r.dv[0] == 0);
    }
}

TEST_CASE("kernels: where dropout takes all probabilities, attention and its gradients are 0") {
  for (const Kernels* k : available_kernels()) {
    const Result r = run(*k, {.queries = {20}, .keys = {33}, .head_size = 16, .dropout = 1});
    INFO(std::string(k->name));
    for (const Values* x : {&r.out, &r.dbias})
      for (const float number : *x) CHECK(number == 0);
    for (const Values* x : {&r.dq, &r.dk, &r.dv})
      for (const float number : *x) CHECK((number == 0 || std::isnan(number)));  // between rows
    CHECK(r.dv[0] == 0);
  }
}

TEST_CASE("kernels: a score that is infinite or NaN makes its query NaN, among hidden keys too") {
  for (const Kernels* k : available_kernels())
    for (const float first : {inf, nan})
      for (const float hidden : {0.0f, inf}) {
        const Case c{.queries = {20},
                     .keys = {33},
                     .head_size = 16,
                     .bias = dense,
                     .hidden = hidden,
                     .first = first};
        const Result r = run(*k, c);
        INFO(std::string(k->name));
        CHECK(std::isnan(r.lse[0]));
        for (size_t i = 0; i < r.out.size(); i++) CHECK(std::isnan(r.out[i]) == (i < 16));
      }
}

TEST_CASE("kernels: a bias of the same number for all keys changes nothing, however large it is") {
  const Lengths lengths = {20, 33};
  for (const Kernels* k : fast_kernels()) {
    INFO(std::string(k->name));
    const Lengths starts = starts_of(lengths);
    const Values q = whole_numbers(53 * 8, 1), key = whole_numbers(53 * 8, 2);
    const Values v = random_values(53 * 8, 3), dout = random_values(53 * 8, 4);
    std::vector<Result> results;
    for (const float bias : {0.0f, 4096.0f}) {  // to which scores that are whole are added exactly
      AttentionArgs args{};
      args.q = q.data(), args.k = key.data(), args.v = v.data();
      args.q_stride = args.k_stride = args.v_stride = 8;
      args.q_starts = args.k_starts = starts.data(), args.longest_q = args.longest_k = 33;
      args.sequences = 2, args.heads = 1;
      args.head_size = 8, args.scale = 0.125f, args.bias = &bias;
      Result r{Values(53 * 8), Values(2 * 33), Values(53 * 8),
               Values(53 * 8), Values(53 * 8), Values(2 * 33 * 33)};
      k->attention(r.out.data(), r.lse.data(), args);
      k->attention_backward({.dq = r.dq.data(),
                             .dk = r.dk.data(),
                             .dv = r.dv.data(),
                             .dbias = r.dbias.data(),
                             .dy = dout.data(),
                             .y = r.out.data(),
                             .lse = r.lse.data()},
                            args);
      results.push_back(r);
    }
    CHECK(same_bits(results[0].out, results[1].out));
    check_near(results[0].dq, results[1].dq, 3e-6f);
    check_near(results[0].dk, results[1].dk, 3e-6f);
    check_near(results[0].dv, results[1].dv, 3e-6f);
    check_near(results[0].dbias, results[1].dbias, 3e-6f);
  }
}

// Its probability is 1, whatever its score is.
TEST_CASE("kernels: a single key leaves no gradient to queries, keys and bias") {
  for (const Kernels* k : fast_kernels())
    for (const float dropout : {0.0f, 0.5f}) {
      const Result r = run(*k, {.queries = {20},
                                .keys = {1},
                                .head_size = 16,
                                .bias = dense,
                                .dropout = dropout,
                                .large = 1000});
      INFO(std::string(k->name));
      for (const float number : r.dbias) CHECK(number == 0);
      for (const float number : r.dk) CHECK(number == 0);
      for (const float number : r.dq) CHECK((number == 0 || std::isnan(number)));
      CHECK(r.dq[0] == 0);
    }
}

TEST_CASE("kernels: attention does not depend on the number of threads or on other sequences") {
  const Lengths lengths = {5, 95, 70};
  for (const Kernels* k : available_kernels()) {
    check_threads([&] {
      const Result r = run(
          *k, {.queries = lengths, .keys = lengths, .heads = 3, .head_size = 32, .dropout = 0.1f});
      Values all = r.out;
      for (const Values* x : {&r.lse, &r.dq, &r.dk, &r.dv, &r.dbias})
        for (const float number : *x) all.push_back(std::isnan(number) ? -1 : number);
      return all;
    });
    const Result all = run(*k, {.queries = {5, 13}, .keys = {5, 13}, .heads = 3, .head_size = 32});
    const Result first = run(*k, {.queries = {5}, .keys = {5}, .heads = 3, .head_size = 32});
    CHECK(std::memcmp(all.out.data(), first.out.data(), first.out.size() * sizeof(float)) == 0);
  }
}

TEST_CASE("kernels: attention's gradients are those of finite differences") {
  // d(sum dout out) / dq by central differences of the reference in float, coarse but independent.
  const Lengths q_starts = {0, 3}, k_starts = {0, 4};
  const Values q = random_values(12, 20), k = random_values(16, 21), v = random_values(16, 22);
  const Values dout = random_values(12, 23);
  const auto args_of = [&](const Values& at) {
    return AttentionArgs{.q = at.data(),
                         .k = k.data(),
                         .v = v.data(),
                         .q_stride = 4,
                         .k_stride = 4,
                         .v_stride = 4,
                         .q_starts = q_starts.data(),
                         .k_starts = k_starts.data(),
                         .longest_q = 3,
                         .longest_k = 4,
                         .sequences = 1,
                         .heads = 1,
                         .head_size = 4,
                         .scale = 0.5f};
  };
  const auto loss = [&](const Values& at) {
    const AttentionArgs args = args_of(at);
    Values out(12), lse(3);
    reference::kernels.attention(out.data(), lse.data(), args);
    double sum = 0;
    for (size_t i = 0; i < out.size(); i++) sum += double(out[i]) * double(dout[i]);
    return sum;
  };
  const AttentionArgs args = args_of(q);
  Values out(12), lse(3), dq(12);
  reference::kernels.attention(out.data(), lse.data(), args);
  reference::kernels.attention_backward(
      {.dq = dq.data(), .dy = dout.data(), .y = out.data(), .lse = lse.data()}, args);
  for (size_t i = 0; i < q.size(); i++) {
    Values up = q, down = q;
    up[i] += 1e-2f;
    down[i] -= 1e-2f;
    CHECK(std::fabs((loss(up) - loss(down)) / 2e-2 - double(dq[i])) < 1e-3);
  }
}

}}  // namespace cairn

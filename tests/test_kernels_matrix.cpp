// Matrix products and attention of every instruction set that this CPU has: the products against
// sums in double, attention against the reference.
#include "tests/kernel_cases.h"

namespace cairn {
namespace {

struct Product {
  int64_t m, n, k;
  bool trans_a, trans_b;
  float beta;
};

// op(a) op(b) + beta c, in double; c is (m, n) with rows of ldc, of which the rest is kept.
Values exact_product(const Product& p, const Values& a, int64_t lda, const Values& b, int64_t ldb,
                     const Values& c, int64_t ldc) {
  Values y = c;
  for (int64_t i = 0; i < p.m; i++)
    for (int64_t j = 0; j < p.n; j++) {
      double sum = 0;
      for (int64_t l = 0; l < p.k; l++)
        sum += double(a[static_cast<size_t>(p.trans_a ? l * lda + i : i * lda + l)]) *
               double(b[static_cast<size_t>(p.trans_b ? j * ldb + l : l * ldb + j)]);
      float& at = y[static_cast<size_t>(i * ldc + j)];
      at = static_cast<float>(sum + (p.beta == 0 ? 0 : double(p.beta) * double(at)));
    }
  return y;
}

void check_product(const Kernels& k, const Product& p) {
  const int64_t lda = (p.trans_a ? p.m : p.k) + 3, ldb = (p.trans_b ? p.k : p.n) + 1;
  const int64_t ldc = p.n + 2;
  const Values a = random_values((p.trans_a ? p.k : p.m) * lda, 1);
  const Values b = random_values((p.trans_b ? p.n : p.k) * ldb, 2);
  Values c(static_cast<size_t>(p.m * ldc), p.beta == 0 ? nan : 1.5f);
  const Values expected = exact_product(p, a, lda, b, ldb, c, ldc);
  k.gemm(c.data(), ldc, a.data(), lda, p.trans_a, b.data(), ldb, p.trans_b, p.m, p.n, p.k, p.beta);
  CAPTURE(p.m);
  CAPTURE(p.n);
  CAPTURE(p.k);
  CAPTURE(p.trans_a);
  CAPTURE(p.trans_b);
  check_near(c, expected, 4e-6f * std::sqrt(static_cast<float>(p.k + 1)));
}

TEST_CASE("kernels: gemm agrees with sums in double") {
  for (const Kernels* k : available_kernels()) {
    INFO(std::string(k->name));
    int cases = 0;
    for (int64_t m : {0, 1, 2, 6, 7, 13, 14, 15, 29, 97})
      for (int64_t n : {0, 1, 15, 16, 17, 33, 67})
        for (int64_t depth : {0, 1, 2, 16, 31, 33, 67})
          for (bool trans_a : {false, true})
            for (bool trans_b : {false, true}) {
              const float betas[] = {0, 1, 0.5f};
              check_product(*k, {m, n, depth, trans_a, trans_b, betas[cases++ % 3]});
            }
    for (int layout = 0; layout < 4; layout++) {
      check_product(*k, {200, 300, 530, layout % 2 == 1, layout >= 2, 0});  // passes, tasks
      check_product(*k, {30, 420, 1100, layout % 2 == 1, layout >= 2, 1});
    }
  }
}

TEST_CASE("kernels: an element of a product does not depend on its place") {
  constexpr int64_t m = 61, n = 83, depth = 600;
  const Values a = random_values(m * depth, 3), b = random_values(depth * n, 4);
  for (const Kernels* k : available_kernels()) {
    Values whole(m * n), part(1), rows(7 * n);
    k->gemm(whole.data(), n, a.data(), depth, false, b.data(), n, false, m, n, depth, 0);
    k->gemm(rows.data(), n, &a[20 * depth], depth, false, b.data(), n, false, 7, n, depth, 0);
    CHECK(std::memcmp(rows.data(), &whole[20 * n], rows.size() * sizeof(float)) == 0);
    for (size_t i : {0, 5, 60})
      for (size_t j : {0, 40, 82}) {
        k->gemm(part.data(), 1, &a[i * depth], depth, false, &b[j], n, false, 1, 1, depth, 0);
        CHECK(part[0] == whole[i * n + j]);
      }
  }
}

TEST_CASE("kernels: products do not depend on the number of threads") {
  const Values a = random_values(500 * 600, 5), b = random_values(600 * 400, 6);
  for (const Kernels* k : available_kernels())
    for (int layout = 0; layout < 4; layout++)
      for (int64_t m : {20, 500})
        check_threads([&] {
          Values c(static_cast<size_t>(m * 400));
          const bool trans_a = layout & 1, trans_b = layout & 2;
          k->gemm(c.data(), 400, a.data(), trans_a ? m : 600, trans_a, b.data(),
                  trans_b ? 600 : 400, trans_b, m, 400, 600, 0);
          return c;
        });
}

// --- attention

struct AttentionCase {
  std::vector<int32_t> q_starts, k_starts;
  int64_t heads, head_size;
  bool causal, bias;
  float dropout;
  bool masked_row = false;  // a bias of -inf for all keys of one query
};

int64_t longest(const std::vector<int32_t>& starts) {
  int64_t most = 0;
  for (size_t b = 0; b + 1 < starts.size(); b++)
    most = std::max<int64_t>(most, starts[b + 1] - starts[b]);
  return most;
}

struct AttentionResult {
  Values out, lse, dq, dk, dv, dbias;
};

AttentionResult run_attention(const Kernels& k, const AttentionCase& c) {
  const int64_t b = static_cast<int64_t>(c.q_starts.size()) - 1, width = c.heads * c.head_size;
  const int64_t queries = c.q_starts.back(), keys = c.k_starts.back();
  const int64_t tq = longest(c.q_starts), tk = longest(c.k_starts), extra = 5;
  const Values q = random_values(queries * (width + extra), 7);
  const Values key = random_values(keys * (2 * width), 8), dout = random_values(queries * width, 9);
  const float* v = key.data() + width;  // keys and values side by side
  Values bias = random_values(b * c.heads * tq * tk + 1, 10);
  for (int64_t j = 0; c.masked_row && j < tk; j++) bias[static_cast<size_t>(j)] = -inf;
  const AttentionArgs args{q.data(),
                           key.data(),
                           v,
                           width + extra,
                           2 * width,
                           2 * width,
                           c.q_starts.data(),
                           c.k_starts.data(),
                           b,
                           c.heads,
                           c.head_size,
                           1 / std::sqrt(static_cast<float>(c.head_size)),
                           c.causal,
                           c.bias ? bias.data() : nullptr,
                           c.heads * tq * tk,
                           tq * tk,
                           tk,
                           1,
                           {c.dropout, 11, 12}};
  AttentionResult r;
  r.out = Values(static_cast<size_t>(queries * width), nan);
  r.lse = Values(static_cast<size_t>(b * c.heads * tq), 0);
  r.dq = Values(q.size(), 0);
  r.dk = r.dv = Values(key.size() + static_cast<size_t>(width), 0);
  r.dbias = Values(static_cast<size_t>(b * c.heads * tq * tk), nan);
  k.attention(r.out.data(), r.lse.data(), args);
  k.attention_backward(r.dq.data(), r.dk.data(), r.dv.data(), r.dbias.data(), dout.data(),
                       r.out.data(), r.lse.data(), args);
  return r;
}

const AttentionCase attention_cases[] = {
    {{0, 1}, {0, 1}, 1, 1, false, false, 0},
    {{0, 5, 18, 19}, {0, 5, 18, 19}, 3, 32, false, false, 0},  // ragged
    {{0, 5, 18, 19}, {0, 5, 18, 19}, 2, 8, true, false, 0},    // causal
    {{0, 40, 80}, {0, 40, 80}, 2, 64, true, true, 0},          // with a bias
    {{0, 17, 50}, {0, 33, 100}, 2, 24, false, true, 0.3f},     // cross, dropout
    {{0, 0, 7, 9}, {0, 4, 4, 9}, 2, 5, false, true, 0},        // no queries, no keys
    {{0, 20}, {0, 20}, 1, 16, false, true, 0, true},           // a query sees nothing
    {{0, 20}, {0, 20}, 1, 16, true, true, 0.5f, true},
    {{0, 150, 151}, {0, 140, 300}, 1, 40, true, false, 0.1f},  // several blocks
};

TEST_CASE("kernels: attention and its gradients agree with the reference") {
  for (const Kernels* k : fast_kernels())
    for (const AttentionCase& c : attention_cases) {
      INFO(std::string(k->name));
      CAPTURE(c.head_size);
      CAPTURE(c.k_starts.back());
      const AttentionResult y = run_attention(*k, c), want = run_attention(reference::kernels, c);
      check_near(y.out, want.out, 3e-6f);
      check_near(y.lse, want.lse, 3e-6f);
      check_near(y.dq, want.dq, 1e-5f);
      check_near(y.dk, want.dk, 1e-5f);
      check_near(y.dv, want.dv, 1e-5f);
      check_near(y.dbias, want.dbias, 1e-5f);
    }
}

TEST_CASE("kernels: a query that sees no key gives zeros, and zero gradients") {
  for (const Kernels* k : available_kernels()) {
    const AttentionResult r = run_attention(*k, attention_cases[6]);
    for (size_t i = 0; i < 16; i++) {
      CHECK(r.out[i] == 0);
      CHECK(r.dq[i] == 0);
    }
    CHECK(r.lse[0] == -inf);
    for (size_t j = 0; j < 20; j++) CHECK(r.dbias[j] == 0);
  }
}

TEST_CASE("kernels: attention does not depend on the number of threads or on other sequences") {
  for (const Kernels* k : available_kernels()) {
    const AttentionCase& c = attention_cases[1];
    check_threads([&] {
      const AttentionResult r =
          run_attention(*k, {{0, 5, 100, 170}, {0, 5, 100, 170}, 3, 32, false, false, 0.1f});
      Values all = r.out;
      for (const Values* x : {&r.dq, &r.dk, &r.dv}) all.insert(all.end(), x->begin(), x->end());
      return all;
    });
    const AttentionResult all = run_attention(*k, c);
    const AttentionResult first = run_attention(*k, {{0, 5}, {0, 5}, 3, 32, false, false, 0});
    CHECK(std::memcmp(all.out.data(), first.out.data(), first.out.size() * sizeof(float)) == 0);
  }
}

TEST_CASE("kernels: attention's gradients are those of finite differences") {
  // d(sum dout out) / dq by central differences of the reference in float, coarse but independent.
  const AttentionCase c{{0, 3}, {0, 4}, 1, 4, false, false, 0};
  const Values q = random_values(12, 20), k = random_values(16, 21), v = random_values(16, 22);
  const Values dout = random_values(12, 23);
  const auto loss = [&](const Values& at) {
    const AttentionArgs args{
        at.data(), k.data(), v.data(), 4, 4, 4, c.q_starts.data(), c.k_starts.data(), 1, 1, 4, 0.5f,
        false,     nullptr,  0,        0, 0, 0, {0, 0, 0}};
    Values out(12), lse(3);
    reference::kernels.attention(out.data(), lse.data(), args);
    double sum = 0;
    for (size_t i = 0; i < out.size(); i++) sum += double(out[i]) * double(dout[i]);
    return sum;
  };
  const AttentionArgs args{
      q.data(), k.data(), v.data(), 4, 4, 4, c.q_starts.data(), c.k_starts.data(), 1, 1, 4, 0.5f,
      false,    nullptr,  0,        0, 0, 0, {0, 0, 0}};
  Values out(12), lse(3), dq(12);
  reference::kernels.attention(out.data(), lse.data(), args);
  reference::kernels.attention_backward(dq.data(), nullptr, nullptr, nullptr, dout.data(),
                                        out.data(), lse.data(), args);
  for (size_t i = 0; i < q.size(); i++) {
    Values up = q, down = q;
    up[i] += 1e-2f;
    down[i] -= 1e-2f;
    CHECK(std::fabs((loss(up) - loss(down)) / 2e-2 - double(dq[i])) < 1e-3);
  }
}

}  // namespace
}  // namespace cairn

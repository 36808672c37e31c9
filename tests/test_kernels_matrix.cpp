// Matrix products of every instruction set that this CPU has, against sums in double.
#include "tests/kernel_cases.h"

namespace cairn { namespace {

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

// Of whole numbers, so that every sum is exact. Beside the matrices stands NaN, which must neither
// be read into a product nor be written over, and where they end, memory ends.
struct Operands {
  int64_t lda, ldb, ldc;
  Values a, b, c, expected;
};

Values with_gaps(int64_t rows, int64_t cols, int64_t stride, uint32_t seed) {
  Values x = whole_numbers(std::max<int64_t>(0, rows * stride - (stride - cols)), seed);
  for (int64_t i = 0; i + 1 < rows; i++)
    for (int64_t j = cols; j < stride; j++) x[static_cast<size_t>(i * stride + j)] = nan;
  return x;
}

Operands operands(const Product& p) {
  const int64_t a_rows = p.trans_a ? p.k : p.m, a_cols = p.trans_a ? p.m : p.k;
  const int64_t b_rows = p.trans_b ? p.n : p.k, b_cols = p.trans_b ? p.k : p.n;
  Operands x{a_cols + 3, b_cols + 1, p.n + 2, {}, {}, {}, {}};
  x.a = with_gaps(a_rows, a_cols, x.lda, 1);
  x.b = with_gaps(b_rows, b_cols, x.ldb, 2);
  x.c = with_gaps(p.m, p.n, x.ldc, 3);
  if (p.beta == 0) std::fill(x.c.begin(), x.c.end(), nan);
  x.expected = exact_product(p, x.a, x.lda, x.b, x.ldb, x.c, x.ldc);
  return x;
}

void check_product(const Product& p) {
  const Operands x = operands(p);
  for (const Kernels* k : available_kernels()) {
    Fenced a(x.a), b(x.b), c(x.c);
    k->gemm({.c = c.data(),
             .c_stride = x.ldc,
             .a = {a.data(), x.lda, p.trans_a},
             .b = {b.data(), x.ldb, p.trans_b},
             .m = p.m,
             .n = p.n,
             .k = p.k,
             .beta = p.beta});
    INFO(std::string(k->name));
    CAPTURE(p.m);
    CAPTURE(p.n);
    CAPTURE(p.k);
    CAPTURE(p.trans_a);
    CAPTURE(p.trans_b);
    check_near(c.values(), x.expected, 0);
  }
}

TEST_CASE("kernels: gemm is exact on whole numbers, whatever the edges of its tiles") {
  int cases = 0;
  for (int64_t m : {0, 1, 2, 6, 7, 13, 14, 15, 29, 97})
    for (int64_t n : {0, 1, 15, 16, 17, 33, 67})
      for (int64_t depth : {0, 1, 2, 16, 31, 33, 67})
        for (int layout = 0; layout < 4; layout++) {
          const float betas[] = {0, 1, 0.5f};
          check_product({m, n, depth, layout % 2 == 1, layout >= 2, betas[cases++ % 3]});
        }
}

// Each is large in its own way; what it is cut into is said for AVX-512, whose tiles are 14 x 32.
TEST_CASE("kernels: gemm is exact on whole numbers, whatever it is cut into") {
  const int64_t sizes[][3] = {
      {84, 33, 64},     // whole tiles of rows, whole blocks of k
      {2, 300, 67},     // one task with more panels than it packs at a time
      {200, 300, 530},  // columns, in two passes over k
      {30, 420, 1100},  // columns, in three passes
      {400, 90, 600},   // rows, more tiles than a task packs
      {50, 49, 2000},   // rows and columns
      {2, 6000, 768},   // more columns than packed_limit allows
      {1, 70, 150000},  // one panel of columns at a time
  };
  for (const auto& [m, n, depth] : sizes)
    for (int layout = 0; layout < 4; layout++) {
      const bool small = m * n * depth < 5000000;
      if (!small && layout % 2 == 1 && m <= 2) continue;  // a column of a is as good as a row
      check_product({m, n, depth, layout % 2 == 1, layout >= 2, layout == 3 ? 1.0f : 0.0f});
    }
}

TEST_CASE("kernels: gemm's sums of any numbers are as near as their count allows") {
  for (const Kernels* k : available_kernels())
    for (const int64_t depth : {1, 67, 1100}) {
      const Product p{17, 33, depth, false, true, 0.5f};
      const Values a = random_values(17 * depth, 1), b = random_values(33 * depth, 2);
      Values c = random_values(17 * 33, 3);
      const Values expected = exact_product(p, a, depth, b, depth, c, 33);
      k->gemm({c.data(), 33, {a.data(), depth}, {b.data(), depth, true}, 17, 33, depth, 0.5f});
      check_near(c, expected, 4e-6f * std::sqrt(static_cast<float>(depth)));
    }
}

TEST_CASE("kernels: an element of a product does not depend on its place") {
  constexpr int64_t m = 61, n = 83, depth = 600;
  const Values a = random_values(m * depth, 3), b = random_values(depth * n, 4);
  for (const Kernels* k : available_kernels()) {
    Values whole(m * n), part(1), rows(7 * n);
    k->gemm({whole.data(), n, {a.data(), depth}, {b.data(), n}, m, n, depth});
    k->gemm({rows.data(), n, {&a[20 * depth], depth}, {b.data(), n}, 7, n, depth});
    CHECK(std::memcmp(rows.data(), &whole[20 * n], rows.size() * sizeof(float)) == 0);
    for (size_t i : {0, 5, 60})
      for (size_t j : {0, 40, 82}) {
        k->gemm({part.data(), 1, {&a[i * depth], depth}, {&b[j], n}, 1, 1, depth});
        CHECK(part[0] == whole[i * n + j]);
      }
  }
}

// The last 200 of 6,000 columns lie beyond what is packed at a time.
TEST_CASE("kernels: the last columns of a wide product have the bits of a product of their own") {
  constexpr int64_t m = 2, n = 6000, part = 200, depth = 768;
  const Values a = random_values(m * depth, 7), b = random_values(n * depth, 8);
  for (const Kernels* k : available_kernels())
    for (const bool trans_b : {false, true}) {
      Values whole(m * n), last(m * part);
      const int64_t ldb = trans_b ? depth : n, first = n - part;
      const float* b_last = &b[static_cast<size_t>(trans_b ? first * depth : first)];
      k->gemm({whole.data(), n, {a.data(), depth}, {b.data(), ldb, trans_b}, m, n, depth});
      k->gemm({last.data(), part, {a.data(), depth}, {b_last, ldb, trans_b}, m, part, depth});
      INFO(std::string(k->name));
      for (int64_t i = 0; i < m; i++)
        CHECK(std::memcmp(&whole[static_cast<size_t>(i * n + first)],
                          &last[static_cast<size_t>(i * part)], part * sizeof(float)) == 0);
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
          k->gemm({.c = c.data(),
                   .c_stride = 400,
                   .a = {a.data(), trans_a ? m : 600, trans_a},
                   .b = {b.data(), trans_b ? 600 : 400, trans_b},
                   .m = m,
                   .n = 400,
                   .k = 600});
          return c;
        });
}

}}  // namespace cairn

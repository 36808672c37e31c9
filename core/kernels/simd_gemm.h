#pragma once
// Matrix products: c (m, n) = op(a) op(b) + beta c. b is packed once into panels of tile_cols
// columns, which all threads read; each task, some row tiles by some panels of c, packs its part of
// a and fills its tiles, `depth` products at a time. Both layouts of both matrices are packed by
// copying or by a transposition in registers, so transposes cost next to nothing. An element of c
// is the same chain of multiply-adds wherever it stands, so tasks may be cut in any way.
#include "core/kernels/scratch.h"
#include "core/kernels/simd_tile.h"

namespace cairn::inline CAIRN_PRECISION::ISA {
namespace {

constexpr int64_t depth = 384;                  // of a pass: a tile's panel of a stays in level 1
constexpr int64_t packed_limit = 4 << 20;       // floats of packed b at a time
constexpr int64_t task_tiles = 8, task_panels = 16; // the largest task
constexpr int64_t task_flops = 2 << 20;         // worth another thread

struct Gemm {
  float* c;
  int64_t ldc;
  const float* a;
  int64_t lda;
  bool trans_a;
  const float* b;
  int64_t ldb;
  bool trans_b;
  int64_t m, n, k;
  float beta;
  float* packed_b;  // panel p, row l, column j: packed_b[(p * k + l) * tile_cols + j]
};

void pack_b(const Gemm& g, int64_t panel) {
  const int64_t j = panel * tile_cols, cols = smaller(tile_cols, g.n - j);
  float* y = g.packed_b + panel * g.k * tile_cols;
  if (g.trans_b)
    pack_transposed(y, g.b + j * g.ldb, g.ldb, cols, g.k);
  else
    pack_straight(y, g.b + j, g.ldb, cols, g.k);
}

// Rows [i, i + rows) and columns [l0, l0 + k) of op(a).
void pack_a(float* y, const Gemm& g, int64_t i, int64_t rows, int64_t l0, int64_t k) {
  if (g.trans_a)
    pack_along(y, g.a + l0 * g.lda + i, g.lda, rows, k);
  else
    pack_across(y, g.a + i * g.lda + l0, g.lda, rows, k);
}

// One depth of one task: tiles [t0, t1) of `tiles` by panels [p0, p1).
void run_pass(const Gemm& g, float* packed_a, int64_t tiles, int64_t t0, int64_t t1, int64_t p0,
              int64_t p1, int64_t l0) {
  const int64_t k = smaller(depth, g.k - l0), stride = tile_rows * (depth + tile_cols);
  for (int64_t t = t0; t < t1; t++) {
    const int64_t i = first_row(g.m, tiles, t), rows = first_row(g.m, tiles, t + 1) - i;
    pack_a(packed_a + (t - t0) * stride, g, i, rows, l0, k);
  }
  for (int64_t p = p0; p < p1; p++)
    for (int64_t t = t0; t < t1; t++) {
      const int64_t i = first_row(g.m, tiles, t), rows = first_row(g.m, tiles, t + 1) - i;
      const Tile tile{g.c + i * g.ldc + p * tile_cols, g.ldc, packed_a + (t - t0) * stride, rows,
                      g.packed_b + (p * g.k + l0) * tile_cols, tile_cols, k,
                      static_cast<int>(smaller(tile_cols, g.n - p * tile_cols)), 1,
                      l0 == 0 ? g.beta : 1};
      g.trans_a ? multiply<along>(tile, rows) : multiply<across>(tile, rows);
    }
}

// How many tiles by how many panels make a task: large ones read less, but all threads want some.
void cut(int64_t tiles, int64_t panels, int64_t k, int64_t* task_t, int64_t* task_p) {
  *task_t = smaller(tiles, task_tiles), *task_p = smaller(panels, task_panels);
  const auto flops = [&] { return 2 * *task_t * *task_p * tile_rows * tile_cols * k; };
  while (pieces(tiles, *task_t) * pieces(panels, *task_p) < 16 && flops() > task_flops) {
    int64_t* larger_one = *task_t * tile_rows >= *task_p * tile_cols ? task_t : task_p;
    if (*larger_one == 1) break;
    *larger_one = pieces(*larger_one, 2);
  }
}

// The product for as many columns as packed_limit allows.
void multiply_columns(const Gemm& g) {
  const int64_t tiles = pieces(g.m, tile_rows), panels = pieces(g.n, tile_cols);
  int64_t task_t, task_p;
  cut(tiles, panels, g.k, &task_t, &task_p);
  const int64_t across_tasks = pieces(panels, task_p);
  runs(panels, larger(1, chunk / (g.k * tile_cols)), [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; p++) pack_b(g, p);
  });
  each(pieces(tiles, task_t) * across_tasks, [&](int64_t task) {
    const int64_t t0 = task / across_tasks * task_t, p0 = task % across_tasks * task_p;
    const int64_t bytes = (task_t * tile_rows * (depth + tile_cols) + width) * int64_t(sizeof(float));
    float* packed_a = static_cast<float*>(scratch(scratch_panels_a, bytes));
    for (int64_t l0 = 0; l0 < g.k; l0 += depth)
      run_pass(g, packed_a, tiles, t0, smaller(tiles, t0 + task_t), p0, smaller(panels, p0 + task_p), l0);
  });
}

void scale_c(const Gemm& g) {  // k is 0
  for (int64_t i = 0; i < g.m; i++)
    for (int64_t j = 0; j < g.n; j++)
      g.c[i * g.ldc + j] = g.beta == 0 ? 0 : g.beta * g.c[i * g.ldc + j];
}

void gemm(float* c, int64_t ldc, const float* a, int64_t lda, bool trans_a, const float* b,
          int64_t ldb, bool trans_b, int64_t m, int64_t n, int64_t k, float beta) {
  Gemm g{c, ldc, a, lda, trans_a, b, ldb, trans_b, m, n, k, beta, nullptr};
  if (m == 0 || n == 0) return;
  if (k == 0) return scale_c(g);
  const int64_t columns = larger(1, packed_limit / (k * tile_cols)) * tile_cols;
  const int64_t panels = pieces(smaller(n, columns), tile_cols);
  g.packed_b = static_cast<float*>(
      scratch(scratch_panels_b, panels * k * tile_cols * int64_t(sizeof(float))));
  for (int64_t j = 0; j < n; j += columns) {
    g.c = c + j;
    g.b = b + (trans_b ? j * ldb : j);
    g.n = smaller(columns, n - j);
    multiply_columns(g);
  }
}

}  // namespace
}  // namespace cairn::inline CAIRN_PRECISION::ISA

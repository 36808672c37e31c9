#pragma once
// Matrix products: c (m, n) = op(a) op(b) + beta c. b is packed into panels of tile_cols columns,
// which all threads read; each task, some row tiles by some panels of c, packs its part of a and
// fills its tiles, at most `depth` products at a time. (If a has few rows, each task packs its own
// part of b, panel by panel, just before it is read.) Both layouts of both matrices are packed by
// copying or by a transposition in registers, so transposes cost next to nothing. An element of c
// is the same chain of multiply-adds wherever it stands, so tasks may be cut in any way.
#include "core/kernels/scratch.h"
#include "core/kernels/simd_tile.h"

namespace cairn::inline CAIRN_PRECISION::ISA {
namespace {

constexpr int64_t depth = 512;                        // of a pass, at most
constexpr int64_t packed_limit = 4 << 20;             // floats of packed b at a time
constexpr int64_t task_tiles = 24, task_panels = 24;  // the largest task
constexpr int64_t few_tiles = 8;                      // of rows: not to be shared between tasks
constexpr int64_t task_count = 8;                     // wanted, if the product is worth it
constexpr int64_t task_flops = 2 << 20;               // worth another thread

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
  float* packed_b;  // panel p, row l, column j: packed_b[(p * k + l) * tile_cols + j], or null
};

// Rows [l, l + k) of panel p of op(b).
void pack_panel(float* y, const Gemm& g, int64_t p, int64_t l, int64_t k) {
  const int64_t j = p * tile_cols, cols = smaller(tile_cols, g.n - j);
  if (g.trans_b)
    pack_transposed(y, g.b + j * g.ldb + l, g.ldb, cols, k);
  else
    pack_straight(y, g.b + l * g.ldb + j, g.ldb, cols, k);
}

// All panels, some rows at a time, so that a page of b is visited once.
void pack_panels(const Gemm& g) {
  runs(g.k, larger(16, chunk / g.n), [&](int64_t begin, int64_t end) {
    for (int64_t p = 0; p * tile_cols < g.n; p++)
      pack_panel(g.packed_b + (p * g.k + begin) * tile_cols, g, p, begin, end - begin);
  });
}

// Some tiles [t0, t1) of the `tiles` by some panels [p0, p1) of c.
struct Task {
  int64_t tiles, t0, t1, p0, p1;
};

// Rows of op(a) for a task's tiles, columns [l0, l0 + k); tile t begins at (t - t0) * a_stride.
constexpr int64_t a_stride = tile_rows * (depth + tile_cols);

void pack_a(float* y, const Gemm& g, const Task& w, int64_t l0, int64_t k) {
  const int64_t part = g.trans_a ? 16 : k;
  for (int64_t l = 0; l < k; l += part)
    for (int64_t t = w.t0; t < w.t1; t++) {
      const int64_t i = first_row(g.m, w.tiles, t), rows = first_row(g.m, w.tiles, t + 1) - i;
      float* tile = y + (t - w.t0) * a_stride;
      if (g.trans_a)
        pack_along(tile + l * rows, g.a + (l0 + l) * g.lda + i, g.lda, rows, smaller(part, k - l));
      else
        pack_across(tile, g.a + i * g.lda + l0, g.lda, rows, k);
    }
}

// One pass of a task, over columns [l0, l0 + k) of op(a).
void run_pass(const Gemm& g, const float* packed_a, float* own_panel, const Task& w, int64_t l0,
              int64_t k) {
  for (int64_t p = w.p0; p < w.p1; p++) {
    const float* b = g.packed_b ? g.packed_b + (p * g.k + l0) * tile_cols : own_panel;
    if (!g.packed_b) pack_panel(own_panel, g, p, l0, k);
    const int cols = static_cast<int>(smaller(tile_cols, g.n - p * tile_cols));
    for (int64_t t = w.t0; t < w.t1; t++) {
      const int64_t i = first_row(g.m, w.tiles, t), rows = first_row(g.m, w.tiles, t + 1) - i;
      const Tile tile{g.c + i * g.ldc + p * tile_cols,
                      g.ldc,
                      packed_a + (t - w.t0) * a_stride,
                      rows,
                      b,
                      tile_cols,
                      k,
                      cols,
                      1,
                      l0 == 0 ? g.beta : 1};
      g.trans_a ? multiply<along>(tile, rows) : multiply<across>(tile, rows);
    }
  }
}

void run_task(const Gemm& g, const Task& w) {
  const int64_t floats = (w.t1 - w.t0) * a_stride + depth * tile_cols;
  float* own_panel =
      static_cast<float*>(scratch(scratch_panels_a, floats * int64_t(sizeof(float))));
  float* packed_a = own_panel + depth * tile_cols;
  const int64_t passes = pieces(g.k, depth);
  for (int64_t i = 0; i < passes; i++) {
    const int64_t l0 = first_row(g.k, passes, i), k = first_row(g.k, passes, i + 1) - l0;
    pack_a(packed_a, g, w, l0, k);
    run_pass(g, packed_a, own_panel, w, l0, k);
  }
}

// How many tasks share the tiles of rows, and how many the panels of columns.
struct Cuts {
  int64_t rows, cols;
};

Cuts cuts_for(const Gemm& g, int64_t tiles, int64_t panels) {
  Cuts cuts{pieces(tiles, task_tiles), pieces(panels, task_panels)};
  const int64_t wanted = smaller(task_count, pieces(2 * g.m * g.n * g.k, task_flops));
  const bool few = tiles <= few_tiles && panels > 1;
  while (!few && cuts.rows * cuts.cols < wanted && cuts.rows < tiles) cuts.rows++;
  while (cuts.rows * cuts.cols < wanted && cuts.cols < panels) cuts.cols++;
  return cuts;
}

// The product for as many columns as packed_limit allows.
void multiply_columns(Gemm g) {
  const int64_t tiles = pieces(g.m, tile_rows), panels = pieces(g.n, tile_cols);
  const Cuts cuts = cuts_for(g, tiles, panels);
  if (cuts.rows > 1) {
    g.packed_b = static_cast<float*>(
        scratch(scratch_panels_b, panels * g.k * tile_cols * int64_t(sizeof(float))));
    pack_panels(g);
  }
  each(cuts.rows * cuts.cols, [&](int64_t i) {
    const int64_t r = i / cuts.cols, c = i % cuts.cols;
    run_task(g, {tiles, first_row(tiles, cuts.rows, r), first_row(tiles, cuts.rows, r + 1),
                 first_row(panels, cuts.cols, c), first_row(panels, cuts.cols, c + 1)});
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
  for (int64_t j = 0; j < n; j += columns) {
    g.c = c + j;
    g.b = b + (trans_b ? j * ldb : j);
    g.n = smaller(columns, n - j);
    multiply_columns(g);
  }
}

}  // namespace
}  // namespace cairn::inline CAIRN_PRECISION::ISA

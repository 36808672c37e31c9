#pragma once
// Matrix products: c (m, n) = op(a) op(b) + beta c. Both matrices are packed, `depth` products at a
// time, into the order in which tiles read them: a into tiles of rows, b into panels of tile_cols
// columns. Normally b is packed at once, for all threads, and each task packs the rows of a that it
// multiplies; if a is small enough to stay in a cache and b is wider, it is the other way round.
// Both layouts of both matrices are packed by copying or by a transposition in registers, so
// transposes cost next to nothing. An element of c is the same chain of multiply-adds wherever it
// stands, so tasks may be cut in any way.
#include "core/kernels/scratch.h"
#include "core/kernels/simd_tile.h"

namespace cairn::inline CAIRN_PRECISION::ISA {
namespace {

constexpr int64_t depth = 512;             // of a pass, at most
constexpr int64_t packed_limit = 4 << 20;  // floats of packed b at a time
constexpr int64_t in_cache = 1 << 18;      // floats that stay in a core's own cache
constexpr int64_t task_tiles = 24;         // tiles of rows that a task packs, at most
constexpr int64_t own_panels = 4;          // of b that a task packs at a time
constexpr int64_t task_count = 8;          // wanted, if the product is worth it
constexpr int64_t task_flops = 2 << 20;    // worth another thread

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
  int64_t tiles, panels, passes;  // of rows, of columns, over k
  int64_t tile_floats;            // room for a packed tile of rows of one pass
  float* packed_a;  // pass, tile: packed_a[(pass * tiles + tile) * tile_floats], or null
  float* packed_b;  // panel p, row l, column j: packed_b[(p * k + l) * tile_cols + j], or null
};

// Some tiles [t0, t1) by some panels [p0, p1) of c.
struct Task {
  int64_t t0, t1, p0, p1;
};

// The rows [begin, end) of a tile, the columns of op(a) of a pass.
struct Range {
  int64_t begin, end;
};

inline Range tile_range(const Gemm& g, int64_t t) {
  return {first_row(g.m, g.tiles, t), first_row(g.m, g.tiles, t + 1)};
}
inline Range pass_range(const Gemm& g, int64_t pass) {
  return {first_row(g.k, g.passes, pass), first_row(g.k, g.passes, pass + 1)};
}

// Rows [l0, l0 + k) of panels [p0, p1) of op(b), `stride` apart. If b is not transposed, 16 rows at
// a time, so that a page of it is visited once.
void pack_panels(float* y, int64_t stride, const Gemm& g, int64_t p0, int64_t p1, int64_t l0,
                 int64_t k) {
  const int64_t part = g.trans_b ? k : 16;
  for (int64_t l = l0; l < l0 + k; l += part)
    for (int64_t p = p0; p < p1; p++) {
      const int64_t j = p * tile_cols, cols = smaller(tile_cols, g.n - j);
      const int64_t rows = smaller(part, l0 + k - l);
      float* panel = y + (p - p0) * stride + (l - l0) * tile_cols;
      if (g.trans_b)
        pack_transposed(panel, g.b + j * g.ldb + l, g.ldb, cols, rows);
      else
        pack_straight(panel, g.b + l * g.ldb + j, g.ldb, cols, rows);
    }
}

// All of b.
void pack_b(const Gemm& g) {
  runs(g.k, larger(16, chunk / g.n), [&](int64_t begin, int64_t end) {
    pack_panels(g.packed_b + begin * tile_cols, g.k * tile_cols, g, 0, g.panels, begin,
                end - begin);
  });
}

// Tiles [t0, t1) of a pass of op(a). If a is transposed, 16 columns at a time, for the pages again.
void pack_tiles(float* y, const Gemm& g, int64_t t0, int64_t t1, int64_t pass) {
  const Range k = pass_range(g, pass);
  const int64_t part = g.trans_a ? 16 : k.end - k.begin;
  for (int64_t l = k.begin; l < k.end; l += part)
    for (int64_t t = t0; t < t1; t++) {
      const Range i = tile_range(g, t);
      const int64_t rows = i.end - i.begin, n = smaller(part, k.end - l);
      float* tile = y + (t - t0) * g.tile_floats;
      if (g.trans_a)
        pack_along(tile + (l - k.begin) * rows, g.a + l * g.lda + i.begin, g.lda, rows, n);
      else
        pack_across(tile, g.a + i.begin * g.lda + l, g.lda, rows, n);
    }
}

// All of a.
void pack_a(const Gemm& g) {
  runs(g.tiles, larger(1, chunk / (g.k * tile_rows)), [&](int64_t begin, int64_t end) {
    for (int64_t pass = 0; pass < g.passes; pass++)
      pack_tiles(g.packed_a + (pass * g.tiles + begin) * g.tile_floats, g, begin, end, pass);
  });
}

// The task's tiles, whose a is packed, by panel p, whose b is. Meanwhile the tiles fetch the next
// panel, `ahead`, each its share, unless that is null.
void multiply_panel(const Gemm& g, const Task& w, int64_t pass, int64_t p, const float* a,
                    const float* b, const float* ahead) {
  const int64_t share = ahead ? pieces(tile_cols, w.t1 - w.t0) : 0;  // of each row of the panel
  const Range k = pass_range(g, pass);
  const int cols = static_cast<int>(smaller(tile_cols, g.n - p * tile_cols));
  for (int64_t t = w.t0; t < w.t1; t++) {
    const Range i = tile_range(g, t);
    const int64_t rows = i.end - i.begin;
    const Tile tile{.c = g.c + i.begin * g.ldc + p * tile_cols,
                    .ldc = g.ldc,
                    .a = a + (t - w.t0) * g.tile_floats,
                    .a_step = rows,
                    .b = b,
                    .b_step = tile_cols,
                    .k = k.end - k.begin,
                    .cols = cols,
                    .alpha = 1,
                    .beta = pass == 0 ? g.beta : 1,
                    .ahead = ahead ? ahead + (t - w.t0) * share * (k.end - k.begin) : nullptr,
                    .ahead_step = share * tile_cols};
    g.trans_a ? multiply<along>(tile, rows) : multiply<across>(tile, rows);
  }
}

void run_task(const Gemm& g, const Task& w) {
  const int64_t b_stride = depth * tile_cols;  // of the task's own panels
  const int64_t floats = own_panels * b_stride + (g.packed_a ? 0 : (w.t1 - w.t0) * g.tile_floats);
  float* own_b = static_cast<float*>(scratch(scratch_panels_a, floats * int64_t(sizeof(float))));
  float* own_a = own_b + own_panels * b_stride;
  const bool b_stays = g.n * smaller(g.k, depth) <= in_cache;
  for (int64_t pass = 0; pass < g.passes; pass++) {
    const Range k = pass_range(g, pass);
    if (!g.packed_a) pack_tiles(own_a, g, w.t0, w.t1, pass);
    const float* a = g.packed_a ? g.packed_a + (pass * g.tiles + w.t0) * g.tile_floats : own_a;
    for (int64_t p = w.p0; p < w.p1; p++) {
      if (g.packed_b) {
        const float* b = g.packed_b + (p * g.k + k.begin) * tile_cols;
        const bool fetch = !b_stays && p + 1 < w.p1;
        multiply_panel(g, w, pass, p, a, b, fetch ? b + g.k * tile_cols : nullptr);
        continue;
      }
      const int64_t own = (p - w.p0) % own_panels;
      if (own == 0)
        pack_panels(own_b, b_stride, g, p, smaller(w.p1, p + own_panels), k.begin, k.end - k.begin);
      multiply_panel(g, w, pass, p, a, own_b + own * b_stride, nullptr);
    }
  }
}

float* panels_memory(int64_t floats) {
  return static_cast<float*>(scratch(scratch_panels_b, floats * int64_t(sizeof(float))));
}

// The product for as many columns as packed_limit allows.
void multiply_columns(Gemm g) {
  g.panels = pieces(g.n, tile_cols);
  const int64_t wanted = smaller(task_count, pieces(2 * g.m * g.n * g.k, task_flops));
  const bool wide = g.n >= g.m && g.m * smaller(g.k, depth) <= in_cache;
  int64_t row_cuts = wide ? 1 : pieces(g.tiles, task_tiles), col_cuts = 1;
  while (!wide && row_cuts < wanted && row_cuts < g.tiles) row_cuts++;
  while (row_cuts * col_cuts < wanted && col_cuts < g.panels) col_cuts++;
  if (wide && col_cuts > 1) {
    g.packed_a = panels_memory(g.passes * g.tiles * g.tile_floats);
    pack_a(g);
  } else if (row_cuts > 1) {
    g.packed_b = panels_memory(g.panels * g.k * tile_cols);
    pack_b(g);
  }
  each(row_cuts * col_cuts, [&](int64_t i) {
    const int64_t r = i / col_cuts, c = i % col_cuts;
    run_task(g, {first_row(g.tiles, row_cuts, r), first_row(g.tiles, row_cuts, r + 1),
                 first_row(g.panels, col_cuts, c), first_row(g.panels, col_cuts, c + 1)});
  });
}

void scale_c(const Gemm& g) {  // k is 0
  for (int64_t i = 0; i < g.m; i++)
    for (int64_t j = 0; j < g.n; j++)
      g.c[i * g.ldc + j] = g.beta == 0 ? 0 : g.beta * g.c[i * g.ldc + j];
}

void gemm(float* c, int64_t ldc, const float* a, int64_t lda, bool trans_a, const float* b,
          int64_t ldb, bool trans_b, int64_t m, int64_t n, int64_t k, float beta) {
  Gemm g{c, ldc, a, lda, trans_a, b, ldb, trans_b, m, n, k, beta, 0, 0, 0, 0, nullptr, nullptr};
  if (k == 0) return scale_c(g);
  g.tiles = pieces(m, tile_rows);
  g.passes = pieces(k, depth);
  g.tile_floats = tile_rows * pieces(pieces(k, g.passes), tile_cols) * tile_cols;
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

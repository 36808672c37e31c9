#pragma once
// Matrix products: c (m, n) = a b + beta c. Both matrices are packed, `depth` products at a
// time, into the order in which tiles read them: a into tiles of rows, b into panels of tile_cols
// columns. Normally b is packed at once, for all threads, and each task packs the rows of a that it
// multiplies; if a is small enough to stay in a cache and b is wider, it is the other way round.
// Both layouts of both matrices are packed by copying or by a transposition in registers, so
// transposes cost next to nothing.
//
// Accumulation: within a pass of `depth` products, an element of c is a chain of fused
// multiply-adds in float, in the order of k (simd_tile.h); the passes are added to c in turn. That
// is so wherever the element stands, so tasks may be cut in any way.
//
// The sizes below are for a core with 1 MB of second-level cache, and said for AVX-512, whose tile
// is 14 x 32; with AVX2's, 6 x 16, everything is half as large or less, which suits smaller caches.
#include "core/kernels/scratch.h"
#include "core/kernels/simd_tile.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

// Products in a pass, at most. A packed panel of b then has 64 KB, a tile of a 28 KB: both stay in
// the second-level cache while they are multiplied. Each further pass reads and writes c once more.
constexpr int64_t depth = 512;
// Floats of packed b at a time: 16 MB, so that the memory does not grow with the matrices, and the
// panels stay in the cache that the cores share.
constexpr int64_t packed_limit = 4 << 20;
// Floats that stay in a core's own cache: 1 MB.
constexpr int64_t in_cache = 1 << 18;
// Tiles of rows that a task packs, at most: 24 * 28 KB = 672 KB of the core's cache.
constexpr int64_t task_tiles = 24;
// Panels of b that a task packs at a time: 4 * 64 KB, what the tiles leave of that cache. Of a row
// of b that is 512 bytes, which the processor fetches ahead.
constexpr int64_t own_panels = 4;
// Tasks wanted, if the product is worth it: enough to keep a few threads evenly busy. It cannot
// depend on the number of threads, and each cut means packing more.
constexpr int64_t task_count = 8;
// Floating-point operations that are worth another thread: 20 microseconds at 100 GFLOP/s, some
// times what it takes to wake one.
constexpr int64_t task_flops = 2 << 20;
// Rows that are packed at a time where panels run across them: each is in another page of memory,
// and 16 pages are found without a miss (an x86 core remembers 64 or more).
constexpr int64_t page_rows = 16;

// The product, and how it is cut.
struct Gemm : GemmArgs {
  int64_t tiles = 0, panels = 0, passes = 0;  // of rows, of columns, over k
  int64_t tile_floats = 0;                    // room for a packed tile of rows of one pass
  // Of a pass and a tile at packed_a[(pass * tiles + tile) * tile_floats]; of panel p, row l and
  // column j at packed_b[(p * k + l) * tile_cols + j]. Null if each task packs its own.
  float* packed_a = nullptr;
  float* packed_b = nullptr;
};

// [begin, end) of rows, columns, tiles or panels.
struct Range {
  int64_t begin, end;
  int64_t size() const { return end - begin; }
};

// Some tiles by some panels of c.
struct Task {
  Range tiles, panels;
};

// The rows of a tile; the columns of a, which are the rows of b, of a pass.
inline Range tile_range(const Gemm& g, int64_t tile) {
  return {first_row(g.m, g.tiles, tile), first_row(g.m, g.tiles, tile + 1)};
}
inline Range pass_range(const Gemm& g, int64_t pass) {
  return {first_row(g.k, g.passes, pass), first_row(g.k, g.passes, pass + 1)};
}

// Rows k of some panels of b, `stride` apart. If b is not transposed, page_rows at a time, so
// that a page of it is visited once.
void pack_panels(float* y, int64_t stride, const Gemm& g, Range panels, Range k) {
  const int64_t part = g.b.transposed ? k.size() : page_rows;
  for (int64_t l = k.begin; l < k.end; l += part)
    for (int64_t p = panels.begin; p < panels.end; p++) {
      const int64_t j = p * tile_cols, cols = smaller(tile_cols, g.n - j);
      const int64_t rows = smaller(part, k.end - l);
      float* panel = y + (p - panels.begin) * stride + (l - k.begin) * tile_cols;
      if (g.b.transposed)
        pack_transposed(panel, g.b.data + j * g.b.stride + l, g.b.stride, cols, rows);
      else pack_straight(panel, g.b.data + l * g.b.stride + j, g.b.stride, cols, rows);
    }
}

// All of b.
void pack_b(const Gemm& g) {
  const int64_t rows = larger(page_rows, chunk_size / g.n);
  parallel_chunks(g.k, rows, [&](int64_t begin, int64_t end) {
    pack_panels(g.packed_b + begin * tile_cols, g.k * tile_cols, g, {0, g.panels}, {begin, end});
  });
}

// Some tiles of a pass of a. If a is transposed, page_rows columns at a time, as above.
void pack_tiles(float* y, const Gemm& g, Range tiles, int64_t pass) {
  const Range k = pass_range(g, pass);
  const int64_t part = g.a.transposed ? page_rows : k.size();
  for (int64_t l = k.begin; l < k.end; l += part)
    for (int64_t t = tiles.begin; t < tiles.end; t++) {
      const Range i = tile_range(g, t);
      const int64_t rows = i.size(), n = smaller(part, k.end - l);
      float* tile = y + (t - tiles.begin) * g.tile_floats;
      if (g.a.transposed)
        pack_along(tile + (l - k.begin) * rows, g.a.data + l * g.a.stride + i.begin, g.a.stride,
                   rows, n);
      else pack_across(tile, g.a.data + i.begin * g.a.stride + l, g.a.stride, rows, n);
    }
}

// All of a.
void pack_a(const Gemm& g) {
  const int64_t tiles = larger(1, chunk_size / (g.k * tile_rows));
  parallel_chunks(g.tiles, tiles, [&](int64_t begin, int64_t end) {
    for (int64_t pass = 0; pass < g.passes; pass++)
      pack_tiles(g.packed_a + (pass * g.tiles + begin) * g.tile_floats, g, {begin, end}, pass);
  });
}

// One packed panel of b, and the next one, or null if that need not be fetched.
struct Panel {
  int64_t number;
  const float *b, *ahead;
};

// The task's tiles, whose a is packed, by one panel. Meanwhile the tiles fetch the next panel, each
// its share.
void multiply_panel(const Gemm& g, const Task& task, int64_t pass, const float* a,
                    const Panel& panel) {
  // Floats of each row of the next panel.
  const int64_t share = panel.ahead ? ceil_div(tile_cols, task.tiles.size()) : 0;
  const int64_t k = pass_range(g, pass).size();
  const int cols = static_cast<int>(smaller(tile_cols, g.n - panel.number * tile_cols));
  for (int64_t t = task.tiles.begin; t < task.tiles.end; t++) {
    const Range i = tile_range(g, t);
    const int64_t rows = i.size(), number = t - task.tiles.begin;
    const Tile tile{.c = g.c + i.begin * g.c_stride + panel.number * tile_cols,
                    .ldc = g.c_stride,
                    .a = a + number * g.tile_floats,
                    .a_step = rows,
                    .b = panel.b,
                    .b_step = tile_cols,
                    .k = k,
                    .cols = cols,
                    .alpha = 1,
                    .beta = pass == 0 ? g.beta : 1,
                    .ahead = panel.ahead ? panel.ahead + number * share * k : nullptr,
                    .ahead_step = share * tile_cols};
    g.a.transposed ? multiply<along>(tile, rows) : multiply<across>(tile, rows);
  }
}

void multiply_task(const Gemm& g, const Task& task) {
  const int64_t b_stride = depth * tile_cols;  // of the task's own panels
  const int64_t a_floats = g.packed_a ? 0 : task.tiles.size() * g.tile_floats;
  const int64_t floats = own_panels * b_stride + a_floats;
  float* own_b = static_cast<float*>(scratch(scratch_panels_a, floats * int64_t(sizeof(float))));
  float* own_a = own_b + own_panels * b_stride;
  const bool b_stays = g.n * smaller(g.k, depth) <= in_cache;
  for (int64_t pass = 0; pass < g.passes; pass++) {
    const Range k = pass_range(g, pass);
    if (!g.packed_a) pack_tiles(own_a, g, task.tiles, pass);
    const int64_t first_tile = pass * g.tiles + task.tiles.begin;
    const float* a = g.packed_a ? g.packed_a + first_tile * g.tile_floats : own_a;
    for (int64_t p = task.panels.begin; p < task.panels.end; p++) {
      if (g.packed_b) {
        const float* b = g.packed_b + (p * g.k + k.begin) * tile_cols;
        const bool fetch = !b_stays && p + 1 < task.panels.end;
        multiply_panel(g, task, pass, a, {p, b, fetch ? b + g.k * tile_cols : nullptr});
        continue;
      }
      const int64_t own = (p - task.panels.begin) % own_panels;
      if (own == 0)
        pack_panels(own_b, b_stride, g, {p, smaller(task.panels.end, p + own_panels)}, k);
      multiply_panel(g, task, pass, a, {p, own_b + own * b_stride, nullptr});
    }
  }
}

float* panels_memory(int64_t floats) {
  return static_cast<float*>(scratch(scratch_panels_b, floats * int64_t(sizeof(float))));
}

// The product for as many columns as packed_limit allows.
void multiply_columns(Gemm g) {
  g.panels = ceil_div(g.n, tile_cols);
  const int64_t wanted = smaller(task_count, ceil_div(2 * g.m * g.n * g.k, task_flops));
  const bool wide = g.n >= g.m && g.m * smaller(g.k, depth) <= in_cache;
  int64_t row_cuts = wide ? 1 : ceil_div(g.tiles, task_tiles), col_cuts = 1;
  while (!wide && row_cuts < wanted && row_cuts < g.tiles) row_cuts++;
  while (row_cuts * col_cuts < wanted && col_cuts < g.panels) col_cuts++;
  if (wide && col_cuts > 1) {
    g.packed_a = panels_memory(g.passes * g.tiles * g.tile_floats);
    pack_a(g);
  } else if (row_cuts > 1) {
    g.packed_b = panels_memory(g.panels * g.k * tile_cols);
    pack_b(g);
  }
  parallel_for(row_cuts * col_cuts, [&](int64_t i) {
    const int64_t row = i / col_cuts, col = i % col_cuts;
    multiply_task(g,
                  {{first_row(g.tiles, row_cuts, row), first_row(g.tiles, row_cuts, row + 1)},
                   {first_row(g.panels, col_cuts, col), first_row(g.panels, col_cuts, col + 1)}});
  });
}

void scale_c(const GemmArgs& g) {  // k is 0
  for (int64_t i = 0; i < g.m; i++)
    for (int64_t j = 0; j < g.n; j++)
      g.c[i * g.c_stride + j] = g.beta == 0 ? 0 : g.beta * g.c[i * g.c_stride + j];
}

void gemm(const GemmArgs& args) {
  if (args.k == 0) return scale_c(args);
  const int64_t n = args.n, k = args.k;
  Gemm g{args};
  g.tiles = ceil_div(args.m, tile_rows);
  g.passes = ceil_div(k, depth);
  g.tile_floats = tile_rows * ceil_div(ceil_div(k, g.passes), tile_cols) * tile_cols;
  const int64_t columns = larger(1, packed_limit / (k * tile_cols)) * tile_cols;
  for (int64_t j = 0; j < n; j += columns) {
    g.c = args.c + j;
    g.b.data = args.b.data + (args.b.transposed ? j * args.b.stride : j);
    g.n = smaller(columns, n - j);
    multiply_columns(g);
  }
}

}}}}  // namespace cairn::CAIRN_PRECISION::ISA

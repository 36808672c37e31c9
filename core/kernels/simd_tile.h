#pragma once
// The heart of gemm and attention: a tile of c, tile_rows x tile_cols, held in registers while k
// products are added to it. After K. Goto and R. van de Geijn, "Anatomy of High-Performance Matrix
// Multiplication" (2008). lanes_*.h says, for each instruction set, why the tile has its shape.
//
// Accumulation: an element of c is one chain of fused multiply-adds in float, in the order of k.
#include "core/kernels/simd_math.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

constexpr int tile_cols = tile_vectors * width;

// One product of a panel of a (rows, k) by a panel of b (k, cols), cols <= tile_cols.
//   b: b(l, j) = b[l * b_step + j], readable up to a whole number of vectors.
//   a, along: a(r, l) = a[l * a_step + r]: what is multiplied together lies together.
//   a, across: blocks of tile_cols columns; in one, a(r, l) = block[r * tile_cols + l]: packing a
//      row-major matrix this way is copying, and a block looks like a tile of c stored densely.
struct Tile {
  float* c;
  int64_t ldc;
  const float* a;
  int64_t a_step;
  const float* b;
  int64_t b_step;
  int64_t k;
  int cols;
  float alpha, beta;             // c = alpha a b + beta c; what c held does not matter if beta is 0
  const float* ahead = nullptr;  // memory that will be wanted soon: ahead_step floats of it are
  int64_t ahead_step = 0;        // fetched into the cache in each block of tile_cols products
};

enum Layout { along, across };

// Inlined, because sums whose address is passed on would live in memory.
template <int rows, int vectors>
[[gnu::always_inline]] inline void store_tile(const Tile& tile, const lanes (&sum)[rows][vectors]) {
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 16
    for (int v = 0; v < vectors; v++) {
      float* c = tile.c + r * tile.ldc + v * width;
      const int64_t n = tile.cols - v * width;
      lanes x = mul(splat(tile.alpha), sum[r][v]);
      if (tile.beta != 0) x = fma(splat(tile.beta), load_upto(c, n), x);
      store_upto(c, x, n);
    }
}

template <int rows, int vectors, Layout layout>
void multiply_tile(const Tile& tile) {
  lanes sum[rows][vectors];
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 16
    for (int v = 0; v < vectors; v++) sum[r][v] = splat(0);
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 16
    for (int v = 0; v < vectors; v++) __builtin_prefetch(tile.c + r * tile.ldc + v * width, 1);
  const int64_t row_step = layout == along ? 1 : tile_cols;
  const int64_t step = layout == along ? tile.a_step : 1;
  const float *b = tile.b, *ahead = tile.ahead;
  for (int64_t l0 = 0; l0 < tile.k; l0 += tile_cols, ahead += tile.ahead_step) {
    // 16 floats are a cache line.
    for (int64_t i = 0; i < tile.ahead_step; i += 16) __builtin_prefetch(ahead + i, 0, 2);
    const float* a = tile.a + l0 * (layout == along ? tile.a_step : rows);
    for (int64_t l = smaller(tile_cols, tile.k - l0); l > 0; l--, a += step, b += tile.b_step) {
      lanes vb[vectors];
#pragma GCC unroll 16
      for (int v = 0; v < vectors; v++) vb[v] = load(b + v * width);
#pragma GCC unroll 16
      for (int r = 0; r < rows; r++) {
        const lanes va = splat(a[r * row_step]);
#pragma GCC unroll 16
        for (int v = 0; v < vectors; v++) sum[r][v] = fma(va, vb[v], sum[r][v]);
      }
    }
  }
  store_tile<rows, vectors>(tile, sum);
}

// The number of rows must be a constant for the tile to live in registers; this finds it.
template <Layout layout, int rows = tile_rows>
void multiply(const Tile& tile, int64_t tile_height) {
  if (tile_height == rows)
    tile.cols > width ? multiply_tile<rows, tile_vectors, layout>(tile)
                      : multiply_tile<rows, 1, layout>(tile);
  else if constexpr (rows > 1) multiply<layout, rows - 1>(tile, tile_height);
}

// Turns a square of width x width numbers on its diagonal: each round of zips interleaves the
// halves, and after log2(width) rounds every number has arrived.
inline void transpose(lanes (&v)[width]) {
#pragma GCC unroll 16
  for (int round = 1; round < width; round *= 2) {
    lanes next[width];
#pragma GCC unroll 16
    for (int i = 0; i < width / 2; i++) {
      next[2 * i] = zip_low(v[i], v[i + width / 2]);
      next[2 * i + 1] = zip_high(v[i], v[i + width / 2]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < width; i++) v[i] = next[i];
  }
}

// y(l, j) = x(j, l) for cols <= tile_cols rows j and k columns l of x; y is (k, tile_cols), with
// zeros in the columns from cols on, up to a whole number of vectors.
void pack_transposed(float* y, const float* x, int64_t ldx, int64_t cols, int64_t k) {
  for (int64_t j0 = 0; j0 < cols; j0 += width)
    for (int64_t l0 = 0; l0 < k; l0 += width) {
      lanes v[width];
#pragma GCC unroll 16
      for (int j = 0; j < width; j++)
        v[j] = j0 + j < cols ? load_upto(x + (j0 + j) * ldx + l0, k - l0) : splat(0);
      transpose(v);
#pragma GCC unroll 16
      for (int l = 0; l < width; l++)
        if (l0 + l < k) store(y + (l0 + l) * tile_cols + j0, v[l]);
    }
}

// y(l, j) = x(l, j) for cols <= tile_cols columns and k rows; y as above.
void pack_straight(float* y, const float* x, int64_t ldx, int64_t cols, int64_t k) {
  for (int64_t l = 0; l < k; l++)
    for (int64_t j = 0; j < cols; j += width)
      store(y + l * tile_cols + j, load_upto(x + l * ldx + j, cols - j));
}

// A row-major x (rows, k), rows <= tile_rows, as a Tile's `a` across.
void pack_across(float* y, const float* x, int64_t ldx, int64_t rows, int64_t k) {
  for (int64_t l = 0; l < k; l += tile_cols)
    for (int64_t r = 0; r < rows; r++)
      for (int64_t j = 0; j < tile_cols && l + j < k; j += width)
        store(y + l * rows + r * tile_cols + j, load_upto(x + r * ldx + l + j, k - l - j));
}

// A row-major x (k, rows), rows <= tile_rows, as a Tile's `a` along, with a_step = rows. A vector
// may reach into the rows that are packed after it: partial stores are slow on some CPUs.
void pack_along(float* y, const float* x, int64_t ldx, int64_t rows, int64_t k) {
  for (int64_t l = 0; l < k; l++)
    for (int64_t r = 0; r < rows; r += width)
      store_upto(y + l * rows + r, load_upto(x + l * ldx + r, rows - r), (k - l) * rows - r);
}

// n rows in `tiles` tiles whose heights differ by at most one: the first row of that tile.
inline int64_t first_row(int64_t n, int64_t tiles, int64_t tile) {
  return tile * (n / tiles) + smaller(tile, n % tiles);
}

}}}}  // namespace cairn::CAIRN_PRECISION::ISA

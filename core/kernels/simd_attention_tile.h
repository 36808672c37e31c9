#pragma once
// What attention's kernels work on: a head of a sequence, a tile of its queries, the memory that they
// need, and their products, which run on gemm's tiles (simd_tile.h).
#include "core/kernels/scratch.h"
#include "core/kernels/simd_elementwise.h"
#include "core/kernels/simd_tile.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

int64_t longest(const int32_t* starts, int64_t sequences) {
  int64_t max_length = 0;
  for (int64_t b = 0; b < sequences; b++)
    max_length = larger(max_length, starts[b + 1] - starts[b]);
  return max_length;
}

// What all heads share.
struct Attention {
  const AttentionArgs& args;
  DropoutHash hash;
  int64_t longest_q, longest_k;
  int64_t panels;  // of tile_cols columns, that a head has
};

Attention shared_by_heads(const AttentionArgs& args) {
  return {.args = args,
          .hash = dropout_hash(args.dropout),
          .longest_q = longest(args.q_starts, args.sequences),
          .longest_k = longest(args.k_starts, args.sequences),
          .panels = ceil_div(args.head_size, tile_cols)};
}

// One head of one sequence: its matrices are (queries, head_size) and (keys, head_size).
struct Head {
  int64_t b, h, queries, keys;
  int64_t q_row, k_row, column;  // where they begin
  const float *q, *k, *v;
};

Head head_at(const Attention& shared, int64_t number) {
  const AttentionArgs& args = shared.args;
  const int64_t b = number / args.heads, h = number % args.heads, column = h * args.head_size;
  const int64_t q_row = args.q_starts[b], k_row = args.k_starts[b];
  return {.b = b,
          .h = h,
          .queries = args.q_starts[b + 1] - q_row,
          .keys = args.k_starts[b + 1] - k_row,
          .q_row = q_row,
          .k_row = k_row,
          .column = column,
          .q = args.q + q_row * args.q_stride + column,
          .k = args.k + k_row * args.k_stride + column,
          .v = args.v + k_row * args.v_stride + column};
}

// A tile of queries [i, i + rows) of a head, and the keys [0, seen) that some of them see. Scores,
// probabilities and their gradients are laid out as a Tile's `a` across.
struct Queries {
  const AttentionArgs& args;
  const Attention& shared;
  const Head& head;
  int64_t i, rows, seen;
};

Queries queries_at(const Attention& shared, const Head& head, int64_t i) {
  const int64_t rows = smaller(tile_rows, head.queries - i);
  return {.args = shared.args,
          .shared = shared,
          .head = head,
          .i = i,
          .rows = rows,
          .seen = shared.args.causal ? smaller(head.keys, i + rows) : head.keys};
}

// How many keys query i + r sees.
inline int64_t seen_by(const Queries& tile, int64_t r) {
  return tile.args.causal ? smaller(tile.head.keys, tile.i + r + 1) : tile.head.keys;
}

// Of row r, column j in the tile's scores.
inline int64_t offset_of(const Queries& tile, int64_t r, int64_t j) {
  return (j / tile_cols * tile.rows + r) * tile_cols + j % tile_cols;
}

// Of row r in lse.
inline int64_t lse_offset(const Queries& tile, int64_t r) {
  return (tile.head.b * tile.args.heads + tile.head.h) * tile.shared.longest_q + tile.i + r;
}

inline lanes load_strided(const float* p, int64_t step, int64_t n) {
  if (step == 1) return load_upto(p, n);
  float values[width] = {};
  for (int64_t j = 0; j < smaller(width, n); j++) values[j] = p[j * step];
  return load(values);
}

// --- working memory

inline int64_t padded(int64_t n) { return ceil_div(n, tile_cols) * tile_cols; }

// Floats of a head's packed k or v, and of a tile's packed rows, scores.
inline int64_t head_floats(const Attention& shared) {
  return padded(shared.longest_k) * padded(shared.args.head_size);
}
inline int64_t rows_floats(const Attention& shared) {
  return tile_rows * padded(shared.args.head_size);
}
inline int64_t scores_floats(const Attention& shared) {
  return tile_rows * padded(shared.longest_k);
}

// Cuts consecutive arrays from one piece of scratch.
struct Arena {
  float* next;
  float* take(int64_t n) {
    float* taken = next;
    next += n;
    return taken;
  }
};

Arena arena(int64_t floats) {
  return {static_cast<float*>(scratch(scratch_rows, floats * int64_t(sizeof(float))))};
}

// --- packing and products

// x (n, head_size) as a Tile's b for products along its rows: panels of columns.
void pack_rows(float* y, const Attention& shared, const float* x, int64_t ldx, int64_t n) {
  for (int64_t p = 0; p < shared.panels; p++)
    pack_straight(y + p * n * tile_cols, x + p * tile_cols, ldx,
                  smaller(tile_cols, shared.args.head_size - p * tile_cols), n);
}

// x (keys, head_size), transposed, as a Tile's b: panels of keys.
void pack_keys(float* y, const Attention& shared, const float* x, int64_t ldx, int64_t keys) {
  for (int64_t j = 0; j < keys; j += tile_cols)
    pack_transposed(y + j * shared.args.head_size, x + j * ldx, ldx, smaller(tile_cols, keys - j),
                    shared.args.head_size);
}

// s (rows, seen) = alpha x k^T: x across, k packed by pack_keys.
void product_with_keys(float* s, const Queries& tile, const float* x, const float* k, float alpha) {
  const int64_t size = tile.args.head_size;
  for (int64_t j = 0; j < tile.seen; j += tile_cols)
    multiply<across>({.c = s + j * tile.rows,
                      .ldc = tile_cols,
                      .a = x,
                      .a_step = 0,
                      .b = k + j * size,
                      .b_step = tile_cols,
                      .k = size,
                      .cols = static_cast<int>(smaller(tile_cols, tile.seen - j)),
                      .alpha = alpha,
                      .beta = 0},
                     tile.rows);
}

// y (rows, head_size) = alpha p x: p across (rows, seen), x (keys, head_size) packed by pack_rows.
void product_over_keys(float* y, int64_t ldy, const Queries& tile, const float* p, const float* x,
                       float alpha) {
  for (int64_t c = 0; c < tile.args.head_size; c += tile_cols)
    multiply<across>({.c = y + c,
                      .ldc = ldy,
                      .a = p,
                      .a_step = 0,
                      .b = x + c * tile.head.keys,
                      .b_step = tile_cols,
                      .k = tile.seen,
                      .cols = static_cast<int>(smaller(tile_cols, tile.args.head_size - c)),
                      .alpha = alpha,
                      .beta = 0},
                     tile.rows);
}

// y (seen, head_size) += alpha p^T x: p as above, x (rows, head_size) packed by pack_rows.
void product_over_queries(float* y, int64_t ldy, const Queries& tile, const float* p,
                          const float* x, float alpha) {
  constexpr int64_t tiles = (tile_cols + tile_rows - 1) / tile_rows;
  for (int64_t j = 0; j < tile.seen; j += tile_cols)
    for (int64_t k = 0; k < tiles; k++) {
      const int64_t first_key = first_row(tile_cols, tiles, k);
      const int64_t keys = smaller(first_row(tile_cols, tiles, k + 1), tile.seen - j) - first_key;
      for (int64_t c = 0; c < tile.args.head_size && keys > 0; c += tile_cols)
        multiply<along>({.c = y + (j + first_key) * ldy + c,
                         .ldc = ldy,
                         .a = p + j * tile.rows + first_key,
                         .a_step = tile_cols,
                         .b = x + c * tile.rows,
                         .b_step = tile_cols,
                         .k = tile.rows,
                         .cols = static_cast<int>(smaller(tile_cols, tile.args.head_size - c)),
                         .alpha = alpha,
                         .beta = 1},
                        keys);
    }
}

}}}}  // namespace cairn::CAIRN_PRECISION::ISA

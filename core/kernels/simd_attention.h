#pragma once
// softmax(q k^T scale + bias) v for ragged sequences, a tile of queries at a time: its scores stay
// in the cache and are never written to memory. Forward keeps one number a query, the logarithm of
// the sum of e^score; backward computes the probabilities again from it (T. Dao et al.,
// "FlashAttention", 2022). All products run on gemm's tiles.
#include "core/kernels/scratch.h"
#include "core/kernels/simd_elementwise.h"
#include "core/kernels/simd_norm.h"
#include "core/kernels/simd_tile.h"

namespace cairn::inline CAIRN_PRECISION::ISA {
namespace {

int64_t longest(const int32_t* starts, int64_t sequences) {
  int64_t most = 0;
  for (int64_t b = 0; b < sequences; b++) most = larger(most, starts[b + 1] - starts[b]);
  return most;
}

// What all heads share.
struct Attention {
  const AttentionArgs& args;
  DropoutKey key;
  int64_t longest_q, longest_k;
  int64_t panels;  // of tile_cols columns, that a head has
};

Attention shared_by_heads(const AttentionArgs& args) {
  return {args, dropout_key(args.dropout), longest(args.q_starts, args.sequences),
          longest(args.k_starts, args.sequences), pieces(args.head_size, tile_cols)};
}

// One head of one sequence: its matrices are (queries, head_size) and (keys, head_size).
struct Head {
  int64_t b, h, queries, keys;
  int64_t q_row, k_row, column;  // where they begin
  const float *q, *k, *v;
};

Head head_at(const Attention& s, int64_t number) {
  const AttentionArgs& a = s.args;
  const int64_t b = number / a.heads, h = number % a.heads, column = h * a.head_size;
  const int64_t q_row = a.q_starts[b], k_row = a.k_starts[b];
  return {b,
          h,
          a.q_starts[b + 1] - q_row,
          a.k_starts[b + 1] - k_row,
          q_row,
          k_row,
          column,
          a.q + q_row * a.q_stride + column,
          a.k + k_row * a.k_stride + column,
          a.v + k_row * a.v_stride + column};
}

// A tile of queries [i, i + rows) of a head, and the keys [0, seen) that some of them see. Scores,
// probabilities and their gradients are laid out as a Tile's `a` across.
struct Queries {
  const Attention& s;
  const Head& head;
  int64_t i, rows, seen;
};

Queries queries_at(const Attention& s, const Head& head, int64_t i) {
  const int64_t rows = smaller(tile_rows, head.queries - i);
  return {s, head, i, rows, s.args.causal ? smaller(head.keys, i + rows) : head.keys};
}

// The keys that query i + r sees.
inline int64_t seen_by(const Queries& t, int64_t r) {
  return t.s.args.causal ? smaller(t.head.keys, t.i + r + 1) : t.head.keys;
}

// Where column j of row r stands.
inline int64_t place(const Queries& t, int64_t r, int64_t j) {
  return (j / tile_cols * t.rows + r) * tile_cols + j % tile_cols;
}

inline int64_t lse_place(const Queries& t, int64_t r) {
  return (t.head.b * t.s.args.heads + t.head.h) * t.s.longest_q + t.i + r;
}

inline lanes load_strided(const float* p, int64_t step, int64_t n) {
  if (step == 1) return load_upto(p, n);
  float values[width] = {};
  for (int64_t j = 0; j < smaller(width, n); j++) values[j] = p[j * step];
  return load(values);
}

// --- working memory

inline int64_t padded(int64_t n) { return pieces(n, tile_cols) * tile_cols; }

// Floats of a head's packed k or v, and of a tile's packed rows, scores.
inline int64_t head_floats(const Attention& s) {
  return padded(s.longest_k) * padded(s.args.head_size);
}
inline int64_t rows_floats(const Attention& s) { return tile_rows * padded(s.args.head_size); }
inline int64_t scores_floats(const Attention& s) { return tile_rows * padded(s.longest_k); }

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
void pack_rows(float* y, const Attention& s, const float* x, int64_t ldx, int64_t n) {
  for (int64_t p = 0; p < s.panels; p++)
    pack_straight(y + p * n * tile_cols, x + p * tile_cols, ldx,
                  smaller(tile_cols, s.args.head_size - p * tile_cols), n);
}

// x (keys, head_size), transposed, as a Tile's b: panels of keys.
void pack_keys(float* y, const Attention& s, const float* x, int64_t ldx, int64_t keys) {
  for (int64_t j = 0; j < keys; j += tile_cols)
    pack_transposed(y + j * s.args.head_size, x + j * ldx, ldx, smaller(tile_cols, keys - j),
                    s.args.head_size);
}

// scores = alpha x k^T: x across, k packed by pack_keys.
void product_with_keys(float* scores, const Queries& t, const float* x, const float* k,
                       float alpha) {
  const int64_t size = t.s.args.head_size;
  for (int64_t j = 0; j < t.seen; j += tile_cols)
    multiply<across>({scores + j * t.rows, tile_cols, x, 0, k + j * size, tile_cols, size,
                      static_cast<int>(smaller(tile_cols, t.seen - j)), alpha, 0},
                     t.rows);
}

// y (rows, head_size) = alpha p x: p across (rows, seen), x (keys, head_size) packed by pack_rows.
void product_over_keys(float* y, int64_t ldy, const Queries& t, const float* p, const float* x,
                       float alpha) {
  for (int64_t c = 0; c < t.s.args.head_size; c += tile_cols)
    multiply<across>({y + c, ldy, p, 0, x + c * t.head.keys, tile_cols, t.seen,
                      static_cast<int>(smaller(tile_cols, t.s.args.head_size - c)), alpha, 0},
                     t.rows);
}

// y (seen, head_size) += alpha p^T x: p as above, x (rows, head_size) packed by pack_rows.
void product_over_queries(float* y, int64_t ldy, const Queries& t, const float* p, const float* x,
                          float alpha) {
  constexpr int64_t tiles = (tile_cols + tile_rows - 1) / tile_rows;
  for (int64_t j = 0; j < t.seen; j += tile_cols)
    for (int64_t k = 0; k < tiles; k++) {
      const int64_t first_key = first_row(tile_cols, tiles, k);
      const int64_t rows = smaller(first_row(tile_cols, tiles, k + 1), t.seen - j) - first_key;
      for (int64_t c = 0; c < t.s.args.head_size && rows > 0; c += tile_cols)
        multiply<along>({y + (j + first_key) * ldy + c, ldy, p + j * t.rows + first_key, tile_cols,
                         x + c * t.rows, tile_cols, t.rows,
                         static_cast<int>(smaller(tile_cols, t.s.args.head_size - c)), alpha, 1},
                        rows);
    }
}

// --- the rows of a tile

void add_bias(float* scores, const Queries& t, int64_t r) {
  const AttentionArgs& a = t.s.args;
  if (!a.bias) return;
  const float* bias = a.bias + t.head.b * a.bias_b + t.head.h * a.bias_h + (t.i + r) * a.bias_i;
  for (int64_t j = 0; j < t.seen; j += width) {
    float* x = scores + place(t, r, j);
    store(x, add(load(x), load_strided(bias + j * a.bias_j, a.bias_j, t.seen - j)));
  }
}

inline lanes kept(const Queries& t, int64_t r, int64_t j) {
  if (t.s.key.threshold == 0) return all(1);
  return dropout_factors(t.s.key, lse_place(t, r) * t.s.longest_k + j);
}

// Turns row r of the scores into dropped probabilities, 0 where nothing is seen; returns its lse.
float probabilities(float* scores, const Queries& t, int64_t r) {
  const int64_t seen = seen_by(t, r);
  lanes most_of = all(-infinity), nan = all(0), sum = all(0);
  for (int64_t j = 0; j < seen; j += width) {
    const lanes x = fill(load(scores + place(t, r, j)), all(-infinity), seen - j);
    most_of = max(x, most_of);
    nan = select(is_nan(x), x, nan);
  }
  const float most = hmax(add(most_of, nan));
  for (int64_t j = 0; j < t.seen; j += width) {
    float* x = scores + place(t, r, j);
    const lanes e = fill(exp_(sub(load(x), all(most))), all(0), larger(0, seen - j));
    sum = add(sum, e);
    store(x, e);
  }
  const float total = hsum(sum);
  for (int64_t j = 0; j < t.seen; j += width) {
    float* x = scores + place(t, r, j);
    const lanes p = mul(mul(load(x), all(1 / total)), kept(t, r, j));
    store(x, most == -infinity ? all(0) : p);
  }
  return most == -infinity ? most : most + log_of(total);
}

// From scores and dz = dout v^T, row r: the dropped probabilities z and the scores' gradients
// ds = p (dp - sum(p dp)) with dp = dz kept, in the places of the two. The sum equals dout . out,
// but that, rounded otherwise than dp, would not cancel where one p is 1 and ds has to be 0. For the
// same reason the p are divided by their sum: of a large lse e^(score - lse) keeps few digits.
void probabilities_backward(float* scores, float* dz, const Queries& t, int64_t r, float lse) {
  const int64_t seen = lse == -infinity ? 0 : seen_by(t, r);
  lanes sum = all(0), sum_of_p = all(0);
  for (int64_t j = 0; j < t.seen; j += width) {
    float *x = scores + place(t, r, j), *dx = dz + place(t, r, j);
    const int64_t n = larger(0, seen - j);
    const lanes p = fill(exp_(sub(load(x), all(lse))), all(0), n);
    const lanes dp = fill(mul(load(dx), kept(t, r, j)), all(0), n);
    sum = fma(p, dp, sum);
    sum_of_p = add(sum_of_p, p);
    store(x, p);
    store(dx, dp);
  }
  const float total = hsum(sum_of_p), scale = seen > 0 ? 1 / total : 0;
  const lanes mean = all(hsum(sum) * scale);
  for (int64_t j = 0; j < t.seen; j += width) {
    float *x = scores + place(t, r, j), *dx = dz + place(t, r, j);
    const lanes p = mul(load(x), all(scale));
    store(x, mul(p, kept(t, r, j)));
    store(dx, mul(p, sub(load(dx), mean)));
  }
}

// --- forward

constexpr int64_t block_tiles = 8;  // tiles of queries in a piece of work

void attention_block(float* out, float* lse, const Attention& s, const Head& head, int64_t begin) {
  const AttentionArgs& a = s.args;
  if (begin >= head.queries) return;
  Arena memory = arena(2 * head_floats(s) + rows_floats(s) + scores_floats(s));
  float *k = memory.take(head_floats(s)), *v = memory.take(head_floats(s));
  float *q = memory.take(rows_floats(s)), *scores = memory.take(scores_floats(s));
  const int64_t end = smaller(head.queries, begin + block_tiles * tile_rows);
  const int64_t keys = a.causal ? smaller(head.keys, end) : head.keys;
  pack_keys(k, s, head.k, a.k_stride, keys);
  pack_rows(v, s, head.v, a.v_stride, head.keys);
  for (int64_t i = begin; i < end; i += tile_rows) {
    const Queries t = queries_at(s, head, i);
    pack_across(q, head.q + i * a.q_stride, a.q_stride, t.rows, a.head_size);
    product_with_keys(scores, t, q, k, a.scale);
    for (int64_t r = 0; r < t.rows; r++) {
      add_bias(scores, t, r);
      lse[lse_place(t, r)] = probabilities(scores, t, r);
    }
    const int64_t stride = a.heads * a.head_size;
    product_over_keys(out + (head.q_row + i) * stride + head.column, stride, t, scores, v, 1);
  }
}

void attention(float* out, float* lse, const AttentionArgs& args) {
  const Attention s = shared_by_heads(args);
  const int64_t blocks = pieces(s.longest_q, block_tiles * tile_rows);
  const int64_t flops =
      4 * smaller(s.longest_q, block_tiles * tile_rows) * s.longest_k * args.head_size;
  runs(args.sequences * args.heads * blocks, larger(1, (1 << 19) / larger(1, flops)),
       [&](int64_t begin, int64_t end) {
         for (int64_t i = begin; i < end; i++)
           attention_block(out, lse, s, head_at(s, i / blocks),
                           i % blocks * block_tiles * tile_rows);
       });
}

// --- backward

void clear(float* x, int64_t stride, int64_t rows, int64_t cols) {
  for (int64_t i = 0; x && i < rows; i++)
    for (int64_t j = 0; j < cols; j += width) store_upto(x + i * stride + j, all(0), cols - j);
}

struct Gradients {
  float *dq, *dk, *dv, *dbias;
  const float *dout, *lse;
};

// A head's packed matrices, and room for a tile's.
struct HeadMemory {
  float *keys_t, *values_t, *keys;                     // of the head
  float *q_across, *dout_across, *q_rows, *dout_rows;  // of a tile of queries
  float *scores, *dz;
};

HeadMemory head_memory(const Attention& s) {
  Arena memory = arena(3 * head_floats(s) + 4 * rows_floats(s) + 2 * scores_floats(s));
  const int64_t head = head_floats(s), rows = rows_floats(s), scores = scores_floats(s);
  return {.keys_t = memory.take(head),
          .values_t = memory.take(head),
          .keys = memory.take(head),
          .q_across = memory.take(rows),
          .dout_across = memory.take(rows),
          .q_rows = memory.take(rows),
          .dout_rows = memory.take(rows),
          .scores = memory.take(scores),
          .dz = memory.take(scores)};
}

void write_dbias(const Gradients& g, const HeadMemory& m, const Queries& t, int64_t r) {
  if (!g.dbias) return;
  float* row = g.dbias + lse_place(t, r) * t.s.longest_k;
  for (int64_t j = 0; j < t.seen; j += width)
    store_upto(row + j, load(m.dz + place(t, r, j)), t.seen - j);
}

void queries_backward(const Gradients& g, const HeadMemory& m, const Queries& t) {
  const AttentionArgs& a = t.s.args;
  const int64_t stride = a.heads * a.head_size;
  const int64_t at = (t.head.q_row + t.i) * stride + t.head.column;
  const float* q = t.head.q + t.i * a.q_stride;
  pack_across(m.q_across, q, a.q_stride, t.rows, a.head_size);
  pack_across(m.dout_across, g.dout + at, stride, t.rows, a.head_size);
  product_with_keys(m.scores, t, m.q_across, m.keys_t, a.scale);
  product_with_keys(m.dz, t, m.dout_across, m.values_t, 1);
  for (int64_t r = 0; r < t.rows; r++) {
    add_bias(m.scores, t, r);
    probabilities_backward(m.scores, m.dz, t, r, g.lse[lse_place(t, r)]);
    write_dbias(g, m, t, r);
  }
  const int64_t k_at = t.head.k_row * a.k_stride + t.head.column;
  const int64_t v_at = t.head.k_row * a.v_stride + t.head.column;
  if (g.dq)
    product_over_keys(g.dq + (t.head.q_row + t.i) * a.q_stride + t.head.column, a.q_stride, t, m.dz,
                      m.keys, a.scale);
  if (g.dk) {
    pack_rows(m.q_rows, t.s, q, a.q_stride, t.rows);
    product_over_queries(g.dk + k_at, a.k_stride, t, m.dz, m.q_rows, a.scale);
  }
  if (g.dv) {
    pack_rows(m.dout_rows, t.s, g.dout + at, stride, t.rows);
    product_over_queries(g.dv + v_at, a.v_stride, t, m.scores, m.dout_rows, 1);
  }
}

void head_backward(const Gradients& g, const Attention& s, const Head& head) {
  const AttentionArgs& a = s.args;
  const int64_t slab = s.longest_q * s.longest_k;
  if (g.dk) clear(g.dk + head.k_row * a.k_stride + head.column, a.k_stride, head.keys, a.head_size);
  if (g.dv) clear(g.dv + head.k_row * a.v_stride + head.column, a.v_stride, head.keys, a.head_size);
  if (g.dbias) clear(g.dbias + (head.b * a.heads + head.h) * slab, slab, 1, slab);
  const HeadMemory m = head_memory(s);
  pack_keys(m.keys_t, s, head.k, a.k_stride, head.keys);
  pack_keys(m.values_t, s, head.v, a.v_stride, head.keys);
  pack_rows(m.keys, s, head.k, a.k_stride, head.keys);
  for (int64_t i = 0; i < head.queries; i += tile_rows)
    queries_backward(g, m, queries_at(s, head, i));
}

// A head of a sequence is one piece of work, because its queries add to the same dk and dv. What
// the forward returned is not needed.
void attention_backward(float* dq, float* dk, float* dv, float* dbias, const float* dout,
                        const float*, const float* lse, const AttentionArgs& args) {
  const Attention s = shared_by_heads(args);
  const Gradients g{dq, dk, dv, dbias, dout, lse};
  const int64_t flops = 10 * s.longest_q * s.longest_k * args.head_size;
  runs(args.sequences * args.heads, larger(1, (1 << 19) / larger(1, flops)),
       [&](int64_t begin, int64_t end) {
         for (int64_t i = begin; i < end; i++) head_backward(g, s, head_at(s, i));
       });
}

}  // namespace
}  // namespace cairn::inline CAIRN_PRECISION::ISA

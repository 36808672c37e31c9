#pragma once
// softmax(q k^T scale + bias) v for ragged sequences, a tile of queries at a time: its scores stay
// in the cache and are never written to memory. Forward keeps one number per query, lse, the
// logarithm of the sum of e^score; backward computes the probabilities again from it (T. Dao et
// al., "FlashAttention", 2022). All products run on gemm's tiles.
//
// Names, as in reference_attention.cpp: s the scores, p = softmax(s), z the factors of dropout,
// p_dropped = p z, y = p_dropped v; d... is the gradient of the loss by ...
//
// Accumulation, all in float: products as in simd_tile.h, one chain of fused multiply-adds per
// element; the sums over a row's keys in the lanes of one vector, from the first key to the last,
// then hsum. dk and dv are added up query tile by query tile, in turn, by one thread per head.
#include "core/kernels/simd_attention_tile.h"
#include "core/kernels/simd_elementwise.h"
#include "core/kernels/simd_norm.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

// --- the rows of a tile

// s += bias, in row r
void add_bias(float* s, const Queries& tile, int64_t r) {
  const AttentionArgs& args = tile.args;
  if (!args.bias) return;
  const float* bias = args.bias + tile.head.b * args.bias_b + tile.head.h * args.bias_h +
                      (tile.i + r) * args.bias_i;
  for (int64_t j = 0; j < tile.seen; j += width) {
    float* s_j = s + offset_of(tile, r, j);
    store(s_j, add(load(s_j), load_strided(bias + j * args.bias_j, args.bias_j, tile.seen - j)));
  }
}

// z of row r, columns j to j + width: 1 / (1 - rate) where dropout keeps the probability, else 0.
inline lanes dropout_at(const Queries& tile, int64_t r, int64_t j) {
  if (tile.shared.hash.threshold == 0) return splat(1);
  return dropout_factors(tile.shared.hash, lse_offset(tile, r) * tile.shared.longest_k + j);
}

// Turns row r of s into p_dropped, 0 where nothing is seen; returns the row's lse.
float probabilities(float* s, const Queries& tile, int64_t r) {
  const int64_t seen = seen_by(tile, r);
  // max s, NaN if one of them is
  lanes max_lanes = splat(-infinity), nan = splat(0), sum = splat(0);
  for (int64_t j = 0; j < seen; j += width) {
    const lanes s_j = fill(load(s + offset_of(tile, r, j)), splat(-infinity), seen - j);
    max_lanes = max(s_j, max_lanes);
    nan = select(is_nan(s_j), s_j, nan);
  }
  const float max_s = hmax(add(max_lanes, nan));
  // e^(s - max s) and its sum
  for (int64_t j = 0; j < tile.seen; j += width) {
    float* s_j = s + offset_of(tile, r, j);
    const lanes e = fill(exp_(sub(load(s_j), splat(max_s))), splat(0), larger(0, seen - j));
    sum = add(sum, e);
    store(s_j, e);
  }
  // p = e^(s - max s) / sum, p_dropped = p z
  const float total = hsum(sum);
  for (int64_t j = 0; j < tile.seen; j += width) {
    float* s_j = s + offset_of(tile, r, j);
    const lanes p_dropped = mul(mul(load(s_j), splat(1 / total)), dropout_at(tile, r, j));
    store(s_j, max_s == -infinity ? splat(0) : p_dropped);
  }
  return max_s == -infinity ? max_s : max_s + log_of(total);
}

// Turns row r of s into p_dropped, and row r of dp, which holds dp_dropped = dy v^T, into the
// scores' gradients ds. forward: p = softmax(s), p_dropped = p z, so dp = dp_dropped z,
// ds = p (dp - sum(p dp)).
// The sum equals dy . y, but that, rounded otherwise than dp, would not cancel where one p is 1 and
// ds has to be 0. For the same reason the p are divided by their sum: of a large lse e^(s - lse)
// keeps few digits.
void probabilities_backward(float* s, float* dp, const Queries& tile, int64_t r, float lse) {
  const int64_t seen = lse == -infinity ? 0 : seen_by(tile, r);
  // p, not yet divided by its sum, and dp
  lanes sum_p_dp = splat(0), sum_p = splat(0);
  for (int64_t j = 0; j < tile.seen; j += width) {
    float *s_j = s + offset_of(tile, r, j), *dp_j = dp + offset_of(tile, r, j);
    const int64_t n = larger(0, seen - j);
    const lanes p = fill(exp_(sub(load(s_j), splat(lse))), splat(0), n);
    const lanes dp_now = fill(mul(load(dp_j), dropout_at(tile, r, j)), splat(0), n);
    sum_p_dp = fma(p, dp_now, sum_p_dp);
    sum_p = add(sum_p, p);
    store(s_j, p);
    store(dp_j, dp_now);
  }
  // p / sum(p), p_dropped = p z and ds = p (dp - sum(p dp))
  const float total = hsum(sum_p), scale = seen > 0 ? 1 / total : 0;
  const lanes mean_dp = splat(hsum(sum_p_dp) * scale);
  for (int64_t j = 0; j < tile.seen; j += width) {
    float *s_j = s + offset_of(tile, r, j), *dp_j = dp + offset_of(tile, r, j);
    const lanes p = mul(load(s_j), splat(scale));
    store(s_j, mul(p, dropout_at(tile, r, j)));
    store(dp_j, mul(p, sub(load(dp_j), mean_dp)));
  }
}

// --- forward

// Tiles of queries in a block, which is a piece of work: each block packs the head's keys and
// values anew, which 8 tiles make small beside the products; longer blocks would leave a sequence
// of 128 tokens to a single thread (8 * 14 = 112 queries in AVX-512).
constexpr int64_t block_tiles = 8;

// Floating-point operations that are worth another thread: some 10 microseconds.
constexpr int64_t block_flops = 1 << 19;

void attention_block(float* y, float* lse, const Attention& shared, const Head& head,
                     int64_t begin) {
  const AttentionArgs& args = shared.args;
  if (begin >= head.queries) return;
  Arena memory = arena(2 * head_floats(shared) + rows_floats(shared) + scores_floats(shared));
  float *k = memory.take(head_floats(shared)), *v = memory.take(head_floats(shared));
  float *q = memory.take(rows_floats(shared)), *s = memory.take(scores_floats(shared));
  const int64_t end = smaller(head.queries, begin + block_tiles * tile_rows);
  const int64_t keys = args.causal ? smaller(head.keys, end) : head.keys;
  pack_keys(k, shared, head.k, args.k_stride, keys);
  pack_rows(v, shared, head.v, args.v_stride, head.keys);
  for (int64_t i = begin; i < end; i += tile_rows) {
    const Queries tile = queries_at(shared, head, i);
    // s = q k^T scale
    pack_across(q, head.q + i * args.q_stride, args.q_stride, tile.rows, args.head_size);
    product_with_keys(s, tile, q, k, args.scale);
    // s += bias, p = softmax(s), p_dropped = p z
    for (int64_t r = 0; r < tile.rows; r++) {
      add_bias(s, tile, r);
      lse[lse_offset(tile, r)] = probabilities(s, tile, r);
    }
    // y = p_dropped v
    const int64_t stride = args.heads * args.head_size;
    product_over_keys(y + (head.q_row + i) * stride + head.column, stride, tile, s, v, 1);
  }
}

void attention(float* y, float* lse, const AttentionArgs& args) {
  const Attention shared = shared_by_heads(args);
  const int64_t block_queries = block_tiles * tile_rows;
  const int64_t blocks = ceil_div(shared.longest_q, block_queries);
  const int64_t flops =
      4 * smaller(shared.longest_q, block_queries) * shared.longest_k * args.head_size;
  parallel_chunks(args.sequences * args.heads * blocks, larger(1, block_flops / larger(1, flops)),
                  [&](int64_t begin, int64_t end) {
                    for (int64_t i = begin; i < end; i++)
                      attention_block(y, lse, shared, head_at(shared, i / blocks),
                                      i % blocks * block_queries);
                  });
}

// --- backward

void clear(float* x, int64_t stride, int64_t rows, int64_t cols) {
  for (int64_t i = 0; x && i < rows; i++)
    for (int64_t j = 0; j < cols; j += width) store_upto(x + i * stride + j, splat(0), cols - j);
}

// A head's packed matrices, and room for a tile's.
struct HeadMemory {
  float *keys_t, *values_t, *keys;                 // of the head
  float *q_across, *dy_across, *q_rows, *dy_rows;  // of a tile of queries
  float *s, *dp;
};

HeadMemory head_memory(const Attention& shared) {
  const int64_t head = head_floats(shared), rows = rows_floats(shared);
  const int64_t scores = scores_floats(shared);
  Arena memory = arena(3 * head + 4 * rows + 2 * scores);
  return {.keys_t = memory.take(head),
          .values_t = memory.take(head),
          .keys = memory.take(head),
          .q_across = memory.take(rows),
          .dy_across = memory.take(rows),
          .q_rows = memory.take(rows),
          .dy_rows = memory.take(rows),
          .s = memory.take(scores),
          .dp = memory.take(scores)};
}

// forward: s = q k^T scale + bias, so dbias = ds, in row r
void write_dbias(const AttentionGrads& grads, const float* ds, const Queries& tile, int64_t r) {
  if (!grads.dbias) return;
  float* row = grads.dbias + lse_offset(tile, r) * tile.shared.longest_k;
  for (int64_t j = 0; j < tile.seen; j += width)
    store_upto(row + j, load(ds + offset_of(tile, r, j)), tile.seen - j);
}

void queries_backward(const AttentionGrads& grads, const HeadMemory& memory, const Queries& tile) {
  const AttentionArgs& args = tile.args;
  const Head& head = tile.head;
  const int64_t stride = args.heads * args.head_size;  // of y and dy
  const float* q = head.q + tile.i * args.q_stride;
  const float* dy = grads.dy + (head.q_row + tile.i) * stride + head.column;
  // Again s = q k^T scale; dp_dropped = dy v^T
  pack_across(memory.q_across, q, args.q_stride, tile.rows, args.head_size);
  pack_across(memory.dy_across, dy, stride, tile.rows, args.head_size);
  product_with_keys(memory.s, tile, memory.q_across, memory.keys_t, args.scale);
  product_with_keys(memory.dp, tile, memory.dy_across, memory.values_t, 1);
  for (int64_t r = 0; r < tile.rows; r++) {
    add_bias(memory.s, tile, r);
    probabilities_backward(memory.s, memory.dp, tile, r, grads.lse[lse_offset(tile, r)]);
    write_dbias(grads, memory.dp, tile, r);
  }
  const float *p_dropped = memory.s, *ds = memory.dp;
  const int64_t q_offset = (head.q_row + tile.i) * args.q_stride + head.column;
  const int64_t k_offset = head.k_row * args.k_stride + head.column;
  const int64_t v_offset = head.k_row * args.v_stride + head.column;
  // forward: s = q k^T scale, so dq = ds k scale, dk = ds^T q scale
  if (grads.dq)
    product_over_keys(grads.dq + q_offset, args.q_stride, tile, ds, memory.keys, args.scale);
  if (grads.dk) {
    pack_rows(memory.q_rows, tile.shared, q, args.q_stride, tile.rows);
    product_over_queries(grads.dk + k_offset, args.k_stride, tile, ds, memory.q_rows, args.scale);
  }
  // forward: y = p_dropped v, so dv = p_dropped^T dy
  if (grads.dv) {
    pack_rows(memory.dy_rows, tile.shared, dy, stride, tile.rows);
    product_over_queries(grads.dv + v_offset, args.v_stride, tile, p_dropped, memory.dy_rows, 1);
  }
}

void head_backward(const AttentionGrads& grads, const Attention& shared, const Head& head) {
  const AttentionArgs& args = shared.args;
  const int64_t k_offset = head.k_row * args.k_stride + head.column;
  const int64_t v_offset = head.k_row * args.v_stride + head.column;
  const int64_t slab = shared.longest_q * shared.longest_k;  // of dbias, that a head has
  if (grads.dk) clear(grads.dk + k_offset, args.k_stride, head.keys, args.head_size);
  if (grads.dv) clear(grads.dv + v_offset, args.v_stride, head.keys, args.head_size);
  if (grads.dbias) clear(grads.dbias + (head.b * args.heads + head.h) * slab, slab, 1, slab);
  const HeadMemory memory = head_memory(shared);
  pack_keys(memory.keys_t, shared, head.k, args.k_stride, head.keys);
  pack_keys(memory.values_t, shared, head.v, args.v_stride, head.keys);
  pack_rows(memory.keys, shared, head.k, args.k_stride, head.keys);
  for (int64_t i = 0; i < head.queries; i += tile_rows)
    queries_backward(grads, memory, queries_at(shared, head, i));
}

// A head of a sequence is one piece of work, because its queries add to the same dk and dv. The
// forward's y is not needed.
void attention_backward(const AttentionGrads& grads, const AttentionArgs& args) {
  const Attention shared = shared_by_heads(args);
  const int64_t flops = 10 * shared.longest_q * shared.longest_k * args.head_size;
  parallel_chunks(args.sequences * args.heads, larger(1, block_flops / larger(1, flops)),
                  [&](int64_t begin, int64_t end) {
                    for (int64_t i = begin; i < end; i++)
                      head_backward(grads, shared, head_at(shared, i));
                  });
}

}}}}  // namespace cairn::CAIRN_PRECISION::ISA

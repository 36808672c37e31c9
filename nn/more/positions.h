#pragma once
// How a Transformer knows a token's position. Attention itself does not see the order; one of these
// adds it:
//
//   sinusoidal   fixed waves, added to the embeddings (Vaswani et al. 2017, section 3.5)
//   learned      a vector for each position, added (BERT, GPT-2)
//   rotary       queries and keys are turned by an angle that grows with the position: their product
//                then depends on the distance alone (RoFormer; Su et al. 2021)
//   relative     a learned number for each distance, added to the scores (T5; Raffel et al. 2020)
#include "core/rows.h"
#include "nn/layers.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Row t of the table (T, C): sin(t w_i) at column 2i and cos(t w_i) at 2i + 1, where
// w_i = base^(-2i / C). Add embedding(table, rows.positions()) to the embeddings.
Tensor sinusoidal_positions(int64_t T, int64_t C, double base = 10000);

// weight (max_positions, C), one row per position: rows -> (N, C). It starts as an Embedding's.
// Error on a sequence that is too long.
class LearnedPositions : public Module {
 public:
  Tensor weight;

  LearnedPositions(int64_t max_positions, int64_t size, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Rows& rows, Where where = Where::current());
};

// Turns pair i of each head's numbers by the angle position * base^(-2i / D), D being a head's
// size. The pairs are (i, i + D / 2), as in GPT-NeoX and Llama, or neighbours, as in the paper.
struct Rotary {
  enum class Pairs { halves, neighbours };
  double base = 10000;
  Pairs pairs = Pairs::halves;

  // x (N, H), a position for each of the N -> (N, H). Error unless H / heads is even.
  Tensor operator()(const Tensor& x, const Ids& positions, int64_t heads,
                    Where where = Where::current()) const;
};

// The distance key - query, T5's way: small ones have a bucket each, larger ones share buckets that
// widen with the logarithm, all from max_distance on share the last.
struct DistanceBuckets {
  int64_t count = 32;
  int64_t max_distance = 128;
  bool bidirectional = true;  // half for the keys that come later; else those are all bucket 0

  int32_t operator()(int64_t distance) const;
  // Error unless count is at least 2 (bidirectional: 4) and max_distance exceeds the number of
  // those that have one distance each, half of a direction's.
  void check() const;
};

// The bias (1, heads, Tq, Tk) of the scores, for Mask::bias. Its parameter
// relative_attention_bias.weight (buckets, heads) is T5's.
class RelativePositions : public Module {
 public:
  Embedding relative_attention_bias;

  RelativePositions(int64_t heads, const DistanceBuckets& buckets = {}, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  // first_query is the position of the first query, which is not 0 if earlier ones are cached.
  Tensor operator()(int64_t queries, int64_t keys, int64_t first_query = 0,
                    Where where = Where::current());

 private:
  DistanceBuckets buckets_;
};

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// From encoded texts to batches. A batch is ragged: the tokens of its sequences follow one another
// without padding, and `rows` says where each sequence begins. Which examples share a batch, and in
// what order, is decided beforehand as lists of indices (core/order.h).
#include <cstdint>
#include <vector>

#include "core/ids.h"
#include "core/order.h"
#include "core/rows.h"
#include "text/bert_tokenizer.h"

namespace cairn {

// B sequences of N tokens in all.
struct Batch {
  Ids ids;          // (N) token ids
  Ids token_types;  // (N) 0, or 1 for a pair's second text
  Ids labels;       // (B) one per sequence; (0) if there are none
  Rows rows;

  int64_t tokens() const { return rows.total(); }
};

// The encodings at these indices as one batch. `labels` has one for each encoding, or is empty.
Batch make_batch(const std::vector<Encoding>& encodings, const std::vector<int32_t>& labels,
                 const std::vector<int64_t>& indices);

// Batches of texts of similar length, yet random: the examples are shuffled, sorted by length
// (longest first) within each 50 batches' worth of them, and cut into batches; then the batches are
// shuffled. This is what "group by length" means in Hugging Face's Trainer. It saves padding; a
// ragged batch has none to save, but the option also changes which examples are learned together.
BatchIndices length_grouped_batches(const std::vector<int64_t>& lengths, int64_t batch_size,
                                    Random& random);

}  // namespace cairn

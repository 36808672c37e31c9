#pragma once
// From encoded texts to batches. A batch is ragged: the tokens of its sequences stand one after the
// other, without padding, and `rows` says where each begins. Which sequences share a batch, and in
// what order, is decided beforehand as lists of row numbers (core/order.h).
#include <cstdint>
#include <string>
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
  Ids positions;    // (N) 0, 1, 2, ... within each sequence
  Ids labels;       // (B) one a sequence; (0) where none are given
  Rows rows;

  int64_t tokens() const { return rows.total(); }
};

// The encodings with these row numbers as one batch. `labels` has one for each encoding, or none.
Batch make_batch(const std::vector<Encoding>& encodings, const std::vector<int32_t>& labels,
                 const std::vector<int64_t>& rows);

// Reads row numbers in [0, n), one a line; a row may come twice or not at all. Error with
// FILE:LINE for anything else.
std::vector<int64_t> read_order(const std::string& path, int64_t n);

// Batches of texts of similar length, yet random: rows are shuffled; within each 50 batches' worth
// of them sorted by length, longest first, and cut into batches; then the batches are shuffled.
// This is what "group by length" means in Hugging Face's Trainer. A padded batch wastes less so; a
// ragged one wastes nothing anyway, but the batches that it learns from differ.
Batches length_grouped_batches(const std::vector<int64_t>& lengths, int64_t batch_size,
                               Random& random);

}  // namespace cairn

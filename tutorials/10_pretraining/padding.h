#pragma once
// Batches as rectangles, to compare the ragged ones with.
#include "tutorials/10_pretraining/parts.h"

// [rectangle]
// The same batch as a rectangle: every text has T rows, and behind its tokens stands [PAD].
struct Rectangle {
  Ids ids;         // (B * T)
  Rows rows;       // B sequences of T rows
  Ids seen;        // (N) which of the rows are tokens
  Rows seen_rows;  // of each sequence
};
// [/rectangle]
Rectangle padded(const Batch& batch, int32_t pad);

// The sentences of the text that is kept, each a text of its own.
std::vector<Encoding> kept_sentences();

// The share of padding if these batches were rectangles.
double padding(const std::vector<Encoding>& texts, const cairn::BatchIndices& batches);

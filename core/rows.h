#pragma once
// A ragged batch. Its hidden state is (N, H): the tokens of all sequences, one after the other, no
// padding; Rows says where each sequence starts.
#include "core/ids.h"

namespace cairn {

struct Rows {
  Ids starts;           // B + 1 values, ascending; the last is N
  int64_t longest = 0;  // the longest sequence's length

  // The rows of sequences with these lengths. Error on a negative one.
  static Rows of_lengths(const std::vector<int32_t>& lengths);
  // B sequences of T rows: the padded form (B, T, C), seen as (B * T, C).
  static Rows equal(int64_t B, int64_t T);

  int64_t sequences() const { return starts.numel() > 0 ? starts.numel() - 1 : 0; }
  int64_t total() const { return starts.numel() > 0 ? starts[starts.numel() - 1] : 0; }
  int64_t length(int64_t b) const { return starts[b + 1] - starts[b]; }
  Ids first() const;      // (B): the row at which each sequence starts
  Ids positions() const;  // (N): 0, 1, 2, ... within each sequence
};

}  // namespace cairn

#pragma once
// A ragged batch. Its hidden state is (N, H): the tokens of all sequences one after the other, no
// padding; Rows says where each sequence starts. Kernels rely on it, so only functions that check
// make one, and it never changes.
#include "core/ids.h"

namespace cairn {

class Rows {
 public:
  Rows() = default;  // no sequences

  // The rows of sequences with these lengths. Error on a negative one.
  static Rows of_lengths(const std::vector<int32_t>& lengths);
  // B sequences of T rows: the padded form (B, T, C), seen as (B * T, C).
  static Rows equal(int64_t B, int64_t T);

  const Ids& starts() const { return starts_; }  // B + 1 values, ascending; the last is N
  int64_t longest() const { return longest_; }   // the longest sequence's length
  int64_t sequences() const { return starts_.numel() > 0 ? starts_.numel() - 1 : 0; }
  int64_t total() const { return starts_.numel() > 0 ? starts_[starts_.numel() - 1] : 0; }
  int64_t length(int64_t b) const { return starts_[b + 1] - starts_[b]; }
  Ids first() const;      // (B): the row at which each sequence starts
  Ids positions() const;  // (N): 0, 1, 2, ... within each sequence

 private:
  Rows(std::vector<int32_t> starts, int64_t longest)
      : starts_(std::move(starts)), longest_(longest) {}

  Ids starts_;
  int64_t longest_ = 0;
};

}  // namespace cairn

#pragma once
// The runs of a BERT fixture: a model of any of BERT's classes, called with the stored inputs.
#include <map>
#include <string>
#include <vector>

#include "core/named_tensor.h"
#include "core/rows.h"
#include "models/bert/bert.h"
#include "tests/fixture_runner/values.h"

namespace cairn {

// The stored inputs (sequences, T), as Cairn takes them. Normally the padding is dropped. It stays,
// seen by no token, where the reference's result depends on it: a span's loss is over padded places
// too, so is that of tokens if a padded one has a label, and positions count padding that is not at
// the end.
struct BertRun {
  int64_t sequences = 0, T = 0;
  Ids ids, token_types;
  Rows rows;
  BertOptions options;              // hides the padding, if it stays
  std::vector<int32_t> row_places;  // of each row: its index into the (sequences, T) places
  std::vector<bool> real;           // of each row: it is no padding

  // The inputs RUN.in.* of `file`. Throws Unsupported for an input that Cairn does not take.
  BertRun(const SafeTensors& file, const std::string& run);

  // For each row, the value at its place.
  std::vector<int32_t> at_rows(const std::vector<int32_t>& values) const;
};

struct BertResult {
  std::map<std::string, Tensor> by_row;       // (N, ...): to compare at the real places only
  std::map<std::string, Tensor> by_sequence;  // to compare whole
  NamedTensors parameters;                    // with gradients, if there was a loss
};

// Loads `folder` as the class `type` and runs it; backward too if the run has labels.
BertResult run_bert(const std::string& type, const std::string& folder, const SafeTensors& file,
                    const std::string& run);

}  // namespace cairn

#pragma once
// One vector for a text, as the folder of a sentence-transformers model describes it (Reimers &
// Gurevych 2019): modules.json, 1_Pooling/config.json, sentence_bert_config.json and
// config_sentence_transformers.json. docs/model_folder.md has a table of their fields.
#include <string>
#include <vector>

#include "core/io/json.h"
#include "core/real.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// How the hidden states of a text's tokens, including the special ones, become one vector: the
// first; the maximum of each column; the mean; the sum over the root of their count; the mean with
// weights 1, 2, 3, ...; the last.
// sentence-transformers: sentence_transformers/models/Pooling.py
enum class Pooling { cls, max, mean, mean_sqrt_len, weighted_mean, last };

struct SentenceOptions {
  std::string model_folder;                     // of the Transformer: the folder or one in it
  std::vector<Pooling> pooling{Pooling::mean};  // several: their vectors one after the other
  bool normalize = true;                        // scaled to length 1
  int64_t max_length = 0;                       // tokens of a text; 0: the folder does not say
  bool lower_case = false;                      // the tokenizer has to, or it is an Error
  std::vector<std::string> notes;               // one sentence for each field that was ignored

  // What the folder says; the defaults above where it has none of these files, and without
  // modules.json. Error, naming file and line, for what Cairn does not do.
  static SentenceOptions load(const std::string& folder);
};

// The vector of a text, from the last hidden states (count, size) of its tokens: size numbers for
// each pooling.
std::vector<float> sentence_vector(const real* hidden, int64_t count, int64_t size,
                                   const SentenceOptions& options);

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// What BERT is pretrained on (Devlin et al. 2018, section 3.1): predicting masked tokens (masked
// language model), and whether one sentence follows another (next sentence prediction).
#include <cstdint>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/random.h"
#include "text/bert_tokenizer.h"

namespace cairn {

constexpr int32_t ignored_label = -100;  // cross_entropy skips it

struct MaskingOptions {
  double chosen = 0.15;  // of the tokens that are not special
  double masked = 0.8;   // of the chosen: replaced by [MASK]
  double random = 0.1;   // of the chosen: replaced by a random token; the rest stay
};

struct MaskedTokens {
  Ids ids;     // as given, except for the replaced ones
  Ids labels;  // the original id where a token was chosen, ignored_label elsewhere
};

// Chooses each token that is not special with probability `chosen`, independently, as Hugging
// Face's DataCollatorForLanguageModeling does; so a short text may have none.
MaskedTokens mask_tokens(const Ids& ids, const BertTokenizer& tokenizer, Random& random,
                         const MaskingOptions& options = {});

using Documents = std::vector<std::vector<std::string>>;  // the sentences of each document

// Reads a text: one sentence per line, a blank line between documents. Error, with FILE:LINE, if it
// is not UTF-8; Error if it has no sentence.
Documents read_documents(const std::string& path);

// Consecutive sentences of one document, as many as a model can read at once.
struct Passage {
  std::vector<std::string> sentences;
  int64_t document;
};

// Cuts documents into passages of at most `max_tokens` tokens (a longer sentence stands alone).
std::vector<Passage> passages_of(const Documents& documents, const BertTokenizer& tokenizer,
                                 int64_t max_tokens);

struct SentencePair {
  std::string first, second;
  int32_t label;  // 0: second follows first in the text; 1: it comes from another document
};

// One pair for each passage of two or more sentences, in the text's order. As in BERT, a "sentence"
// of a pair may be several: the passage is split at random; with probability 1/2 the second part is
// the rest of the passage, else the end of a random passage of another document. Error if fewer
// than two documents have sentences or no passage has two.
std::vector<SentencePair> sentence_pairs(const std::vector<Passage>& passages, Random& random);

}  // namespace cairn

#pragma once
// What BERT is pretrained on (Devlin et al. 2018, section 3.1): guessing hidden tokens (masked
// language model) and telling whether one sentence follows another (next sentence prediction).
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
  double random = 0.1;   // of the chosen: replaced by any token of the vocabulary; the rest stay
};

struct MaskedTokens {
  Ids ids;     // as given, but for the replaced ones
  Ids labels;  // the original id where a token was chosen, ignored_label elsewhere
};

// Chooses each token that is not special with chance `chosen`, independently, as Hugging Face's
// DataCollatorForLanguageModeling does; so a short text may have none.
MaskedTokens mask_tokens(const Ids& ids, const BertTokenizer& tokenizer, Random& random,
                         const MaskingOptions& options = {});

using Documents = std::vector<std::vector<std::string>>;  // the sentences of each document

// Reads a text: a sentence a line, a blank line between documents. Error, with FILE:LINE, if it is
// not UTF-8; Error if it has no sentence.
Documents read_documents(const std::string& path);

struct SentencePair {
  std::string first, second;
  int32_t label;  // 0: second is the next sentence; 1: it comes from another document
};

// For each sentence but the last of a document one pair: with chance 1/2 the sentence and its
// successor, else the sentence and one of another document, each as likely. In the text's order.
// Error if fewer than two documents have sentences or none has two.
std::vector<SentencePair> sentence_pairs(const Documents& documents, Random& random);

}  // namespace cairn

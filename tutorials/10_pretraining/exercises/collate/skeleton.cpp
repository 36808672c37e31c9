// A batch as a rectangle; task.md in tutorials/10_pretraining/exercises/collate says what is asked.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "text/bert_tokenizer.h"
#include "tutorials/10_pretraining/exercises/collate/padded_batch.h"

namespace mine {

using cairn::Encoding;
using cairn::Ids;

// B texts as ids, token_types and mask of the shape (B, T), where T is the longest's length.
PaddedBatch collate(const std::vector<Encoding>& texts, int32_t pad) {
  // TODO
  (void)texts, (void)pad;
  return {};
}

}  // namespace mine

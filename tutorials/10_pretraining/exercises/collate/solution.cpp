// A batch as a rectangle.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "text/bert_tokenizer.h"
#include "tutorials/10_pretraining/exercises/collate/padded_batch.h"

namespace mine {

using cairn::Encoding;
using cairn::Ids;

PaddedBatch collate(const std::vector<Encoding>& texts, int32_t pad) {
  size_t T = 0;
  for (const Encoding& text : texts) T = std::max(T, text.ids.size());
  const size_t B = texts.size();
  std::vector<int32_t> ids(B * T, pad), types(B * T, 0), mask(B * T, 0);
  for (size_t b = 0; b < B; ++b) {
    for (size_t t = 0; t < texts[b].ids.size(); ++t) {
      ids[b * T + t] = texts[b].ids[t];
      types[b * T + t] = texts[b].token_types[t];
      mask[b * T + t] = 1;
    }
  }
  const cairn::Shape shape{static_cast<int64_t>(B), static_cast<int64_t>(T)};
  return {Ids(shape, ids), Ids(shape, types), Ids(shape, mask)};
}

}  // namespace mine

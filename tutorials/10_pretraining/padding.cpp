// Batches as rectangles.
#include "tutorials/10_pretraining/padding.h"

// [padded]
Rectangle padded(const Batch& batch, int32_t pad) {
  const int64_t B = batch.rows.sequences(), T = batch.rows.longest();
  std::vector<int32_t> ids(static_cast<size_t>(B * T), pad), seen;
  for (int64_t b = 0; b < B; ++b)
    for (int64_t t = 0; t < batch.rows.length(b); ++t) {
      seen.push_back(static_cast<int32_t>(b * T + t));
      ids[static_cast<size_t>(b * T + t)] = batch.ids[batch.rows.starts()[b] + t];
    }
  return {Ids(ids), Rows::equal(B, T), Ids(seen), batch.rows};
}
// [/padded]

std::vector<Encoding> kept_sentences() {
  std::vector<Encoding> sentences;
  for (const auto& document : corpus().kept)
    for (const std::string& sentence : document)
      sentences.push_back(corpus().tokenizer.encode(sentence));
  return sentences;
}

double padding(const std::vector<Encoding>& texts, const cairn::BatchIndices& batches) {
  int64_t tokens = 0, cells = 0;
  for (const std::vector<int64_t>& indices : batches) {
    const Batch batch = make_batch(texts, {}, indices);
    tokens += batch.tokens(), cells += batch.rows.sequences() * batch.rows.longest();
  }
  return 1 - static_cast<double>(tokens) / static_cast<double>(cells);
}

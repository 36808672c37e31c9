// Pairs of sentences, in the place of the library's.
#include <cstdint>
#include <string>
#include <vector>

#include "core/error.h"
#include "text/more/masked_lm.h"

namespace cairn {
namespace {

// Sentences [from, to), with a blank between two.
std::string text_of(const Passage& passage, size_t from, size_t to) {
  std::string text = passage.sentences[from];
  for (size_t i = from + 1; i < to; ++i) text += " " + passage.sentences[i];
  return text;
}

// After how many sentences the passage is split; 0 if it has only one.
size_t random_split(const Passage& passage, Random& random) {
  const auto n = static_cast<int64_t>(passage.sentences.size());
  return n < 2 ? 0 : static_cast<size_t>(1 + random.below(n - 1));
}

void check(const std::vector<Passage>& passages) {
  bool two_documents = false, two_sentences = false;
  for (const Passage& passage : passages) {
    if (passage.document != passages[0].document) two_documents = true;
    if (passage.sentences.size() >= 2) two_sentences = true;
  }
  if (!two_documents) fail("sentence_pairs", "there are no two documents");
  if (!two_sentences) fail("sentence_pairs", "no passage has two sentences");
}

}  // namespace

std::vector<SentencePair> sentence_pairs(const std::vector<Passage>& passages, Random& random) {
  check(passages);
  std::vector<SentencePair> pairs;
  for (const Passage& passage : passages) {
    const size_t split = random_split(passage, random), end = passage.sentences.size();
    if (split == 0) continue;
    const std::string first = text_of(passage, 0, split);
    if (random.uniform() < 0.5) {
      pairs.push_back({first, text_of(passage, split, end), 0});
      continue;
    }
    std::vector<const Passage*> others;
    for (const Passage& other : passages)
      if (other.document != passage.document) others.push_back(&other);
    const auto drawn = random.below(static_cast<int64_t>(others.size()));
    const Passage& other = *others[static_cast<size_t>(drawn)];
    const size_t from = random_split(other, random);
    pairs.push_back({first, text_of(other, from, other.sentences.size()), 1});
  }
  return pairs;
}

}  // namespace cairn

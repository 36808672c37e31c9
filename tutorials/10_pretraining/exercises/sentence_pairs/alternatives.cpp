// Other ways to write it, as good.
#include <algorithm>
#include <map>
#include <stdexcept>

#include "tutorials/10_pretraining/exercises/sentence_pairs/sentence_pairs.h"

namespace alternatives {
namespace {

using Sentences = std::vector<std::string>;

void check_passages(const std::vector<Passage>& passages) {
  std::map<int64_t, int> documents;
  size_t most = 0;
  for (const Passage& p : passages)
    ++documents[p.document], most = std::max(most, p.sentences.size());
  if (documents.size() < 2 || most < 2) throw std::invalid_argument("no pairs");
}

// The two parts of a passage; of a single sentence, the first is empty.
std::pair<std::string, std::string> cut(const Sentences& all, Random& random) {
  const auto n = static_cast<int64_t>(all.size());
  const int64_t at = n < 2 ? 0 : n - 1 - random.below(n - 1);
  std::string parts[2];
  for (int64_t i = 0; i < n; ++i) {
    std::string& part = parts[i >= at];
    if (!part.empty()) part += ' ';
    part += all[static_cast<size_t>(i)];
  }
  return {parts[0], parts[1]};
}

// The coin first, then the passage that the second text is of: another, until it will do.
std::vector<SentencePair> until_it_will_do(const std::vector<Passage>& passages, Random& random) {
  check_passages(passages);
  std::vector<SentencePair> pairs;
  for (const Passage& passage : passages) {
    if (passage.sentences.size() < 2) continue;
    const bool other = random.bits() & 1;
    auto [first, second] = cut(passage.sentences, random);
    while (other) {
      const auto i = random.below(static_cast<int64_t>(passages.size()));
      const Passage& drawn = passages[static_cast<size_t>(i)];
      if (drawn.document == passage.document) continue;
      second = cut(drawn.sentences, random).second;
      break;
    }
    pairs.push_back({first, second, other});
  }
  return pairs;
}

// Sorted by document first: those of other documents are all but a range.
std::vector<SentencePair> all_but_a_range(const std::vector<Passage>& passages, Random& random) {
  check_passages(passages);
  std::vector<const Passage*> sorted;
  for (const Passage& passage : passages) sorted.push_back(&passage);
  std::sort(sorted.begin(), sorted.end(),
            [](const Passage* a, const Passage* b) { return a->document < b->document; });
  const auto same = [&](const Passage& passage) {
    return std::equal_range(
        sorted.begin(), sorted.end(), &passage,
        [](const Passage* a, const Passage* b) { return a->document < b->document; });
  };
  std::vector<SentencePair> pairs;
  for (const Passage& passage : passages) {
    if (passage.sentences.size() < 2) continue;
    const auto [begin, end] = same(passage);
    int64_t i = random.below(static_cast<int64_t>(sorted.size()) - (end - begin));
    if (i >= begin - sorted.begin()) i += end - begin;
    const std::string instead = cut(sorted[static_cast<size_t>(i)]->sentences, random).second;
    const auto [first, rest] = cut(passage.sentences, random);
    const int32_t label = random.uniform() < 0.5 ? 1 : 0;
    pairs.push_back({first, label ? instead : rest, label});
  }
  return pairs;
}

// All coins first, and from the last passage to the first.
std::vector<SentencePair> from_the_last(const std::vector<Passage>& passages, Random& random) {
  check_passages(passages);
  std::vector<bool> follows(passages.size());
  for (size_t i = 0; i < follows.size(); ++i) follows[i] = random.below(2) == 0;
  std::vector<SentencePair> pairs;
  for (size_t p = passages.size(); p-- > 0;) {
    if (passages[p].sentences.size() == 1) continue;
    Sentences others;
    for (const Passage& other : passages)
      if (other.document != passages[p].document)
        others.push_back(cut(other.sentences, random).second);
    const std::string drawn =
        others[static_cast<size_t>(random.below(static_cast<int64_t>(others.size())))];
    const auto [first, rest] = cut(passages[p].sentences, random);
    pairs.insert(pairs.begin(), {first, follows[p] ? rest : drawn, follows[p] ? 0 : 1});
  }
  return pairs;
}

}  // namespace

const std::vector<check::Alternative<SentencePairs>> list = {
    {"until it will do", until_it_will_do},
    {"all but a range", all_but_a_range},
    {"from the last to the first", from_the_last},
};

}  // namespace alternatives

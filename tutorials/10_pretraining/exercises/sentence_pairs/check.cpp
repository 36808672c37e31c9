// Each sentence is a word of its own, so a pair tells where both of its texts are from. The counts
// have limits of 6 deviations, beyond what chance does to a right answer.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>

#include "tutorials/10_pretraining/exercises/sentence_pairs/sentence_pairs.h"

namespace {

using Words = std::vector<std::string>;

// Passages of these numbers of sentences; each is named by its passage and its place, "p3s0".
std::vector<Passage> passages_of(const std::vector<size_t>& sizes,
                                 const std::vector<int64_t>& documents) {
  std::vector<Passage> passages;
  for (size_t p = 0; p < sizes.size(); ++p) {
    passages.push_back({{}, documents[p]});
    for (size_t s = 0; s < sizes[p]; ++s)
      passages[p].sentences.push_back("p" + std::to_string(p) + "s" + std::to_string(s));
  }
  return passages;
}

// A word for how a count of n compares with what is expected, if chance can't explain it.
std::string compared(double count, double n, double p) {
  if (std::fabs(count - n * p) <= 6 * std::sqrt(n * p * (1 - p))) return "";
  return count == 0 ? "none" : count == n ? "all" : count < n * p ? "too few" : "too many";
}

// A part of a passage: sentences [from, to) of number `passage`. Not found: -1.
struct Part {
  int64_t passage = -1;
  size_t from = 0, to = 0;
};

// Sentences [from, to) of the passage, with a blank between two.
bool is_part(const std::string& text, const Words& sentences, size_t from, size_t to) {
  size_t at = 0;
  for (size_t i = from; i < to; ++i) {
    if (i > from && text[at++] != ' ') return false;
    if (text.compare(at, sentences[i].size(), sentences[i]) != 0) return false;
    at += sentences[i].size();
  }
  return at == text.size();
}

// Passage and sentence are in the text's first word; the blanks say how many sentences it has.
Part part_of(const std::string& text, const std::vector<Passage>& passages) {
  unsigned passage = 0, sentence = 0;
  if (std::sscanf(text.c_str(), " p%us%u", &passage, &sentence) != 2) return {};
  const auto more = static_cast<size_t>(std::count(text.begin(), text.end(), ' '));
  if (passage >= passages.size()) return {};
  const Words& sentences = passages[passage].sentences;
  if (sentence + more >= sentences.size()) return {};
  if (!is_part(text, sentences, sentence, sentence + more + 1)) return {};
  return {passage, sentence, sentence + more + 1};
}

// Does it begin or end with a blank, or are there two side by side?
bool has_blanks(const std::string& text) {
  return !text.empty() &&
         (text.front() == ' ' || text.back() == ' ' || text.find("  ") != std::string::npos);
}

class Checker {
 public:
  Checker(SentencePairs* function, check::Judge& judge) : pairs_(function), judge_(judge) {}

  void one_call(const std::string& what, const std::vector<Passage>& passages, Random& random);
  void counts();
  void generator(const std::vector<Passage>& passages);

  // Calls often, and counts.
  void many(const std::string& what, const std::vector<Passage>& passages, int calls) {
    Random random(11);
    const size_t before = judge_.failures().size();
    for (int i = 0; i < calls && judge_.failures().size() == before; ++i)
      one_call(what, passages, random);
    if (judge_.failures().size() == before) counts();
    pairs_made_ = follow_ = 0;
    labels_of_first_.clear(), labels_alike_.clear();
    splits_.clear(), other_splits_.clear(), others_.clear();
  }

 private:
  void share(const std::string& what, double count, double n, double p) {
    const std::string words = compared(count, n, p);
    judge_.that(words.empty(), what, words,
                std::to_string(std::lround(count)) + " of " + std::to_string(std::lround(n)));
  }

  // Each of `choices` came as often as the others.
  void even(const std::string& what, const std::map<int64_t, double>& counts, int64_t first,
            int64_t choices) {
    double n = 0;
    for (const auto& [choice, count] : counts) n += count;
    for (int64_t i = first; i < first + choices; ++i) {
      const auto found = counts.find(i);
      const double count = found == counts.end() ? 0 : found->second;
      const std::string words = compared(count, n, 1.0 / static_cast<double>(choices));
      if (words.empty()) continue;
      const char* place = i == first ? "the first: " : i + 1 == first + choices ? "the last: " : "";
      const bool always = std::any_of(counts.begin(), counts.end(),
                                      [&](const auto& choice) { return choice.second == n; });
      judge_.that(
          false, what,
          always ? "always the same, " + std::to_string(counts.begin()->first) : place + words);
      return;
    }
  }

  SentencePairs* pairs_;
  check::Judge& judge_;
  double pairs_made_ = 0, follow_ = 0;
  std::map<int32_t, double> labels_of_first_;  // of the first pair of each call
  std::map<bool, double> labels_alike_;        // of the first two pairs
  std::map<int64_t, double> splits_;           // of passage 0, which has five sentences
  std::map<int64_t, double> other_splits_;     // of passage 0, where it is the second text
  std::map<int64_t, double> others_;           // which passage is taken for passage 0
};

void Checker::one_call(const std::string& what, const std::vector<Passage>& passages,
                       Random& random) {
  judge_.input(what);
  const std::vector<SentencePair> pairs = pairs_(passages, random);
  std::vector<int64_t> long_ones;
  for (size_t p = 0; p < passages.size(); ++p)
    if (passages[p].sentences.size() >= 2) long_ones.push_back(static_cast<int64_t>(p));
  const size_t before = judge_.failures().size();
  judge_.that(pairs.size() == long_ones.size(), what + ": a pair for each passage of two or more",
              pairs.empty()                     ? "there is none"
              : pairs.size() < long_ones.size() ? "there are too few"
              : pairs.size() == passages.size() ? "there is one for each passage"
                                                : "there are too many");
  if (judge_.failures().size() > before) return;
  for (size_t i = 0; i < pairs.size() && judge_.failures().size() == before; ++i) {
    const SentencePair& pair = pairs[i];
    const auto p = static_cast<size_t>(long_ones[i]);
    const Words& own = passages[p].sentences;
    const Part first = part_of(pair.first, passages), second = part_of(pair.second, passages);
    const auto must = [&](bool holds, const char* rule, const char* detail) {
      if (!holds && judge_.failures().size() == before)
        judge_.that(false, what + ": " + rule, detail,
                    "\"" + pair.first + "\" | \"" + pair.second + "\", label " +
                        std::to_string(pair.label));
    };
    must(!has_blanks(pair.first) && !has_blanks(pair.second), "sentences are joined with one blank",
         "there are more blanks");
    must(!pair.first.empty(), "the first text has a sentence", "it is empty");
    must(first.passage >= 0, "the first text is sentences of a passage", "it is not");
    must(first.passage == long_ones[i], "the pairs are in the order of the passages",
         "the first text is of another");
    must(first.from == 0, "the first text begins where its passage does", "it begins later");
    must(first.to < own.size(), "the first text leaves something of its passage",
         "it is all of it");
    must(pair.label == 0 || pair.label == 1, "the label is 0 or 1", "it is not");
    must(!pair.second.empty(), "the second text has a sentence", "it is empty");
    must(second.passage >= 0, "the second text is sentences of a passage", "it is not");
    if (judge_.failures().size() > before) return;
    const bool follows =
        second.passage == long_ones[i] && second.from == first.to && second.to == own.size();
    if (pair.label == 0) {
      const bool other = second.passage != long_ones[i];
      must(follows, "label 0: the second text is the rest of the passage",
           other                    ? "it is of another passage"
           : second.from < first.to ? "it has sentences of the first text"
           : second.from > first.to ? "it begins later"
                                    : "it ends before the passage does");
    } else {
      const Passage& other = passages[static_cast<size_t>(second.passage)];
      const bool whole = second.to - second.from == other.sentences.size();
      must(other.document != passages[p].document,
           "label 1: the second text is of another document",
           follows                                     ? "it is the rest of the passage"
           : second.passage == static_cast<int64_t>(p) ? "it is of the same passage"
                                                       : "it is of the same document");
      must(second.to == other.sentences.size(), "label 1: the second text ends with its passage",
           second.from == 0 ? "it is the beginning" : "it ends before");
      must(!whole || second.to == 1, "label 1: the second text is a part of its passage",
           "it is all of it");
    }
    if (judge_.failures().size() > before) return;
    ++pairs_made_, follow_ += pair.label == 0;
    if (i == 0) ++labels_of_first_[pair.label];
    if (i == 1) ++labels_alike_[pair.label == pairs[0].label];
    if (p == 0) ++splits_[static_cast<int64_t>(first.to)];
    if (p == 0 && pair.label == 1) ++others_[second.passage];
    if (pair.label == 1 && second.passage == 0) ++other_splits_[static_cast<int64_t>(second.from)];
  }
}

// For the passages of `several()`.
void Checker::counts() {
  const std::string what = "over many calls: ";
  share(what + "how many follow", follow_, pairs_made_, 0.5);
  const double firsts = labels_of_first_[0] + labels_of_first_[1];
  share(what + "how many of the first pairs follow", labels_of_first_[0], firsts, 0.5);
  share(what + "how many of the first two pairs have the same label", labels_alike_[true], firsts,
        0.5);
  even(what + "after which sentence a passage of five is split", splits_, 1, 4);
  even(what + "where the second text begins in a passage of five", other_splits_, 1, 4);
  even(what + "which passage of other documents is taken", others_, 2, 6);
}

void Checker::generator(const std::vector<Passage>& passages) {
  const auto of = [&](Random& random) {
    std::string all;
    judge_.input("the generator");
    for (int call = 0; call < 10; ++call)
      for (const SentencePair& pair : pairs_(passages, random))
        all += pair.first + "|" + pair.second + "|" + std::to_string(pair.label) + "\n";
    return all;
  };
  Random one(5), same(5), other(6);
  const std::string first = of(one);
  judge_.that(first == of(same), "the generator: the same seed gives the same");
  judge_.that(first != of(other), "the generator: another seed gives another");
  judge_.that(first != of(one), "the generator: further calls give others");
}

void check_sentence_pairs(SentencePairs* sentence_pairs, check::Judge& judge) {
  Checker checker(sentence_pairs, judge);
  // Document 7 has the passages 0 and 1; passages 2 to 7 are of three others, one of a single
  // sentence.
  const std::vector<Passage> several =
      passages_of({5, 3, 5, 1, 2, 4, 5, 2}, {7, 7, -1, -1, -1, 3, 900, 3});
  checker.many("eight passages of four documents", several, 700);
  checker.generator(several);

  Random random(1);
  const auto some = [&](const std::string& what, const std::vector<Passage>& passages) {
    const size_t before = judge.failures().size();
    for (int i = 0; i < 40 && judge.failures().size() == before; ++i)
      checker.one_call(what, passages, random);
  };
  some("one passage of a document, nine of the other",
       passages_of({2, 2, 2, 2, 2, 3, 2, 2, 2, 2}, {1, 1, 1, 1, 1, 2, 1, 1, 1, 1}));
  some("a document's passages apart", passages_of({3, 3, 3, 3}, {5, 6, 5, 6}));
  some("a single passage of two sentences", passages_of({1, 2, 1}, {1, 2, 3}));
  some("the last passage alone is of another document", passages_of({2, 2, 1}, {1, 1, 2}));

  const auto refused = [&](const std::string& what, const std::vector<Passage>& passages) {
    const size_t before = judge.failures().size();
    for (int i = 0; i < 30 && judge.failures().size() == before; ++i)  // whatever is drawn
      judge.throws(what, [&] { sentence_pairs(passages, random); });
  };
  refused("no passages", {});
  refused("one passage", passages_of({3}, {1}));
  refused("three passages of one document", passages_of({3, 2, 2}, {4, 4, 4}));
  refused("no passage of two sentences", passages_of({1, 1, 1}, {1, 2, 3}));
}

void work(SentencePairs* sentence_pairs) {
  static const std::vector<Passage> passages = passages_of(std::vector<size_t>(200, 4), [] {
    std::vector<int64_t> documents;
    for (int64_t i = 0; i < 200; ++i) documents.push_back(i / 2);
    return documents;
  }());
  Random random(2);
  sentence_pairs(passages, random);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<SentencePairs>({.name = "sentence_pairs",
                                    .check = check_sentence_pairs,
                                    .mine = cairn::sentence_pairs,
                                    .mistaken = mistakes::sentence_pairs,
                                    .mistakes = mistakes::list,
                                    .alternatives = alternatives::list,
                                    .work = work},
                                   argc, argv);
}

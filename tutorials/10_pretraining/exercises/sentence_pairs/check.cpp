// Each sentence is a word of its own, so a pair tells where both of its texts are from. The counts
// have limits of 6 deviations, beyond what chance does to a right answer.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
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

// What must hold of each pair, in the order in which it is told.
enum Rule {
  sentences_and_blanks,
  not_empty,
  order_of_passages,
  begins_with_its_passage,
  leaves_something,
  zero_or_one,
  rest_of_the_passage,
  another_document,
  ends_with_its_passage,
  a_part_of_it,
  rules
};
const char* const rule_text[rules] = {
    "both texts are sentences of a passage, with one blank between two",
    "both texts have a sentence",
    "the pairs are in the order of the passages",
    "the first text begins where its passage does",
    "the first text leaves something of its passage",
    "the label is 0 or 1",
    "label 0: the second text is the rest of the passage",
    "label 1: the second text is of another document",
    "label 1: the second text ends with its passage",
    "label 1: the second text is a part of its passage",
};

// How a rule was broken in many calls, in which way it may, and one of the pairs.
struct Broken {
  std::set<std::string> ways;
  std::string pair;
};

class Checker {
 public:
  Checker(SentencePairs* function, check::Judge& judge) : pairs_(function), judge_(judge) {}

  // Calls often. Whether no rule was broken.
  bool sound(const std::string& what, const std::vector<Passage>& passages, int calls);
  void generator(const std::vector<Passage>& passages);
  void counts();

 private:
  void look_at(const SentencePair& pair, size_t p, const std::vector<Passage>& passages);
  void count(const std::vector<SentencePair>& pairs, const std::vector<Passage>& passages);

  void share(const std::string& what, double count, double n, double p) {
    const std::string words = compared(count, n, p);
    judge_.that(words.empty(), what, words,
                std::to_string(std::lround(count)) + " of " + std::to_string(std::lround(n)));
  }

  // Each of `choices` came as often as the others.
  void even(const std::string& what, const std::map<size_t, double>& counts, size_t first,
            size_t choices) {
    double n = 0;
    for (const auto& [choice, count] : counts) n += count;
    for (size_t i = first; i < first + choices; ++i) {
      const auto found = counts.find(i);
      const double count = found == counts.end() ? 0 : found->second;
      const std::string words = compared(count, n, 1.0 / static_cast<double>(choices));
      if (words.empty()) continue;
      const char* place = i == first ? "the first: " : i + 1 == first + choices ? "the last: " : "";
      judge_.that(false, what,
                  counts.size() == 1 ? "always the same, " + std::to_string(counts.begin()->first)
                                     : place + words);
      return;
    }
  }

  SentencePairs* pairs_;
  check::Judge& judge_;
  Broken broken_[rules];
  double made_ = 0, follow_ = 0, calls_ = 0, first_follows_ = 0, alike_ = 0;
  std::map<size_t, double> splits_;         // of passage 0, which has five sentences
  std::map<size_t, double> other_splits_;   // of passage 0, where it is the second text
  std::map<size_t, double> follow_splits_;  // of passage 0, where the rest follows
  std::map<size_t, double> others_;         // which passage is taken for passage 0
  std::map<size_t, double> last_others_;  // and for the last, 7: numbered without 5, its document's
};

void Checker::look_at(const SentencePair& pair, size_t p, const std::vector<Passage>& passages) {
  const auto broken = [&](Rule rule, const char* way) {
    broken_[rule].ways.insert(way);
    broken_[rule].pair =
        "\"" + pair.first + "\" | \"" + pair.second + "\", label " + std::to_string(pair.label);
  };
  if (has_blanks(pair.first) || has_blanks(pair.second))
    return broken(sentences_and_blanks, "there are more blanks");
  if (pair.first.empty()) return broken(not_empty, "the first is empty");
  if (pair.second.empty()) return broken(not_empty, "the second is empty");
  const Part first = part_of(pair.first, passages), second = part_of(pair.second, passages);
  if (first.passage < 0 || second.passage < 0) return broken(sentences_and_blanks, "they are not");
  const auto own = static_cast<int64_t>(p);
  const size_t n = passages[p].sentences.size();
  if (first.passage != own) return broken(order_of_passages, "the first text is of another");
  if (first.from != 0) broken(begins_with_its_passage, "it begins later");
  if (first.to >= n) broken(leaves_something, "it is all of it");
  if (pair.label == 0) {
    if (second.passage != own) broken(rest_of_the_passage, "it is of another passage");
    else if (second.from < first.to) broken(rest_of_the_passage, "it has some of the first text");
    else if (second.from > first.to) broken(rest_of_the_passage, "it begins later");
    else if (second.to < n) broken(rest_of_the_passage, "it ends before the passage does");
  } else if (pair.label == 1) {
    const Passage& other = passages[static_cast<size_t>(second.passage)];
    if (second.passage == own) broken(another_document, "it is of the same passage");
    else if (other.document == passages[p].document)
      broken(another_document, "it is of the same document");
    else if (second.to < other.sentences.size())
      broken(ends_with_its_passage, second.from == 0 ? "it is the beginning" : "it ends before");
    else if (second.from == 0 && second.to > 1) broken(a_part_of_it, "it is all of it");
  } else {
    broken(zero_or_one, "it is not");
  }
}

bool Checker::sound(const std::string& what, const std::vector<Passage>& passages, int calls) {
  std::vector<size_t> long_ones;
  for (size_t p = 0; p < passages.size(); ++p)
    if (passages[p].sentences.size() >= 2) long_ones.push_back(p);
  for (Broken& rule : broken_) rule = {};
  judge_.input(what);
  Random random(11);
  for (int call = 0; call < calls; ++call) {
    const std::vector<SentencePair> pairs = pairs_(passages, random);
    if (pairs.size() != long_ones.size()) {
      judge_.that(false, what + ": a pair for each passage of two or more",
                  pairs.empty()                     ? "there is none"
                  : pairs.size() < long_ones.size() ? "there are too few"
                  : pairs.size() == passages.size() ? "there is one for each passage"
                                                    : "there are too many");
      return false;
    }
    for (size_t i = 0; i < pairs.size(); ++i) look_at(pairs[i], long_ones[i], passages);
    count(pairs, passages);
  }
  bool all = true;
  for (int rule = 0; rule < rules; ++rule) {
    std::string ways;
    for (const std::string& way : broken_[rule].ways) ways += (ways.empty() ? "" : ", or ") + way;
    judge_.that(ways.empty(), what + ": " + rule_text[rule], ways, broken_[rule].pair);
    all = all && ways.empty();
  }
  return all;
}

// For the first of all passages, which has five sentences.
void Checker::count(const std::vector<SentencePair>& pairs, const std::vector<Passage>& passages) {
  ++calls_;
  first_follows_ += pairs[0].label == 0;
  alike_ += pairs.size() > 1 && pairs[0].label == pairs[1].label;
  for (size_t i = 0; i < pairs.size(); ++i) {
    ++made_, follow_ += pairs[i].label == 0;
    const Part first = part_of(pairs[i].first, passages);
    const Part second = part_of(pairs[i].second, passages);
    if (i == 0) ++splits_[first.to];
    if (i == 0 && pairs[i].label == 0) ++follow_splits_[first.to];
    if (i + 1 == pairs.size() && pairs[i].label == 1)
      ++last_others_[static_cast<size_t>(second.passage - (second.passage > 5))];
    if (i == 0 && pairs[i].label == 1) ++others_[static_cast<size_t>(second.passage)];
    if (pairs[i].label == 1 && second.passage == 0) ++other_splits_[second.from];
  }
}

void Checker::counts() {
  const std::string what = "over many calls: ";
  share(what + "how many follow", follow_, made_, 0.5);
  share(what + "how many of the first pairs follow", first_follows_, calls_, 0.5);
  share(what + "how many of the first two pairs have the same label", alike_, calls_, 0.5);
  even(what + "after which sentence a passage of five is split", splits_, 1, 4);
  even(what + "where the second text begins in a passage of five", other_splits_, 1, 4);
  even(what + "which passage of other documents is taken", others_, 2, 6);
  even(what + "which passage is taken for the last one", last_others_, 0, 6);
  for (const auto& [split, n] : splits_) {
    const double follow = follow_splits_[split];
    if (compared(follow, n, 0.5).empty() || !compared(first_follows_, calls_, 0.5).empty())
      continue;
    judge_.that(false, what + "the label has nothing to do with where the passage is split",
                "it has",
                "of five sentences, split after number " + std::to_string(split) + ": " +
                    std::to_string(std::lround(follow)) + " of " + std::to_string(std::lround(n)) +
                    " follow");
    break;
  }
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
  // Document 7 has the passages 0 and 1; passages 2 to 7 are of three others, one of a single
  // sentence.
  const std::vector<Passage> several =
      passages_of({5, 3, 5, 1, 2, 4, 5, 2}, {7, 7, -1, -1, -1, 3, 900, 3});
  Checker checker(sentence_pairs, judge);
  if (checker.sound("eight passages of four documents", several, 700)) {
    checker.generator(several);
    checker.counts();
  }
  const auto some = [&](const std::string& what, const std::vector<Passage>& passages) {
    Checker(sentence_pairs, judge).sound(what, passages, 40);
  };
  some("one passage of a document, nine of the other",
       passages_of({2, 2, 2, 2, 2, 3, 2, 2, 2, 2}, {1, 1, 1, 1, 1, 2, 1, 1, 1, 1}));
  some("a document's passages apart", passages_of({3, 3, 3, 3}, {5, 6, 5, 6}));
  some("a single passage of two sentences", passages_of({1, 2, 1}, {1, 2, 3}));
  some("the last passage alone is of another document", passages_of({2, 2, 1}, {1, 1, 2}));
  // Whoever never draws the first passage would draw for ever here.
  if (judge.failures().empty()) some("two passages of two documents", passages_of({3, 2}, {1, 2}));

  Random random(1);
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

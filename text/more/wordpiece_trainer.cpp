// Counting words, then merging the most frequent pair again and again.
#include "text/more/wordpiece_trainer.h"

#include <algorithm>
#include <compare>
#include <map>
#include <queue>
#include <unordered_map>

#include "core/error.h"
#include "text/unicode.h"
#include "text/wordpiece.h"

namespace cairn {
namespace {

const char* const specials[] = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};

using WordCounts = std::map<std::string, int64_t, std::less<>>;  // sorted: a fixed order

WordCounts count_words(std::string_view text, const BertWordOptions& options) {
  WordCounts counts;
  Words words;
  for (size_t begin = 0; begin < text.size();) {  // line by line, so that `words` stays small
    const size_t end = std::min(text.find('\n', begin), text.size());
    words.bytes.clear();
    words.ends.clear();
    split_words(text.substr(begin, end - begin), options, words);
    for (size_t i = 0; i < words.size(); ++i) {
      const auto found = counts.find(words[i]);
      if (found != counts.end()) ++found->second;
      else if (count_code_points(words[i]) <= WordPieceOptions{}.max_input_chars_per_word)
        counts.emplace(words[i], 1);
    }
    begin = end + 1;
  }
  return counts;
}

struct Word {
  std::vector<int32_t> tokens;
  int64_t count;
};

// Two tokens side by side.
struct Pair {
  int32_t first, second;
  auto operator<=>(const Pair&) const = default;
};

struct PairHash {
  size_t operator()(const Pair& pair) const {
    const uint64_t both =
        static_cast<uint64_t>(pair.first) << 32 | static_cast<uint32_t>(pair.second);
    return static_cast<size_t>(both * 0x9E3779B97F4A7C15u >> 16);
  }
};

struct PairState {
  int64_t count = 0;
  std::vector<int32_t> words;  // where it is or has been; some more than once
};

struct Candidate {
  int64_t count;
  Pair pair;
  bool operator<(const Candidate& other) const {  // the heap's top is the greatest
    return count != other.count ? count < other.count : pair > other.pair;
  }
};

class Trainer {
 public:
  Trainer(const WordPieceTrainerOptions& options, const WordCounts& counts) : options_(options) {
    for (const char* special : specials) add_token(special);
    add_alphabet(counts);
    for (const auto& [text, count] : counts) add_word(text, count);
    for (size_t index = 0; index < words_.size(); ++index) count_pairs(index, +1);
    push_touched();
  }

  // Merges pairs until the vocabulary is full or no pair is frequent enough.
  void run() {
    while (static_cast<int64_t>(result_.tokens.size()) < options_.size && !heap_.empty()) {
      const Candidate best = heap_.top();
      heap_.pop();
      if (best.count != pairs_[best.pair].count) continue;  // outdated: pushed again since
      if (best.count < options_.min_frequency) break;
      merge(best.pair);
    }
  }

  TrainedVocabulary take() { return std::move(result_); }

 private:
  int32_t add_token(const std::string& text) {
    const auto [found, is_new] = ids_.emplace(text, static_cast<int32_t>(result_.tokens.size()));
    if (is_new) result_.tokens.push_back(text);
    return found->second;
  }

  // Every character alone, and after "##" if it continues a word anywhere; the most frequent ones
  // if there is no room for all.
  void add_alphabet(const WordCounts& counts) {
    struct Character {
      int64_t count = 0;
      bool continues = false;
    };
    std::map<std::string, Character> characters;
    for (const auto& [text, count] : counts)
      for (const char* p = text.data(); p != text.data() + text.size();) {
        const char* const begin = p;
        next_code_point(p);
        Character& character = characters[std::string(begin, p)];
        character.count += count;
        character.continues |= begin != text.data();
      }
    std::vector<std::pair<std::string, Character>> ranked(characters.begin(), characters.end());
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.second.count > b.second.count; });
    int64_t places = options_.size - static_cast<int64_t>(std::size(specials));
    size_t kept = 0;
    for (; kept < ranked.size(); ++kept) {
      places -= ranked[kept].second.continues ? 2 : 1;
      if (places < 0) break;
    }
    result_.left_out = static_cast<int64_t>(ranked.size() - kept);
    ranked.resize(kept);
    std::sort(ranked.begin(), ranked.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [text, character] : ranked) add_token(text);
    for (const auto& [text, character] : ranked)
      if (character.continues) add_token("##" + text);
  }

  void add_word(const std::string& text, int64_t count) {
    Word word{{}, count};
    for (const char* p = text.data(); p != text.data() + text.size();) {
      const char* const begin = p;
      next_code_point(p);
      const auto id = ids_.find((begin == text.data() ? "" : "##") + std::string(begin, p));
      if (id == ids_.end()) return;  // a rare character: the word is [UNK]
      word.tokens.push_back(id->second);
    }
    words_.push_back(std::move(word));
  }

  // Counts the pairs of the word at `index` in (sign +1) or out (-1).
  void count_pairs(size_t index, int sign) {
    const Word& word = words_[index];
    for (size_t i = 1; i < word.tokens.size(); ++i) {
      const Pair pair{word.tokens[i - 1], word.tokens[i]};
      PairState& state = pairs_[pair];
      state.count += sign * word.count;
      if (sign > 0) state.words.push_back(static_cast<int32_t>(index));
      touched_.push_back(pair);
    }
  }

  void push_touched() {
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    for (const Pair& pair : touched_)
      if (const int64_t count = pairs_[pair].count; count > 0) heap_.push({count, pair});
    touched_.clear();
  }

  void merge(Pair pair) {
    const std::string second = result_.tokens[static_cast<size_t>(pair.second)].substr(2);  // no ##
    const int32_t merged = add_token(result_.tokens[static_cast<size_t>(pair.first)] + second);
    std::vector<int32_t> places = std::move(pairs_[pair].words);
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    for (int32_t place : places) {
      const auto index = static_cast<size_t>(place);
      count_pairs(index, -1);
      merge_in(words_[index].tokens, pair, merged);
      count_pairs(index, +1);
    }
    push_touched();
  }

  static void merge_in(std::vector<int32_t>& tokens, Pair pair, int32_t merged) {
    size_t out = 0;
    for (size_t i = 0; i < tokens.size(); ++i) {
      const bool here =
          i + 1 < tokens.size() && tokens[i] == pair.first && tokens[i + 1] == pair.second;
      tokens[out++] = here ? merged : tokens[i];
      i += here;
    }
    tokens.resize(out);
  }

  const WordPieceTrainerOptions options_;
  TrainedVocabulary result_;
  std::unordered_map<std::string, int32_t> ids_;
  std::vector<Word> words_;
  std::unordered_map<Pair, PairState, PairHash> pairs_;
  std::priority_queue<Candidate> heap_;
  std::vector<Pair> touched_;
};

}  // namespace

TrainedVocabulary train_wordpiece(std::string_view text, const WordPieceTrainerOptions& options) {
  check_utf8("vocab", text, "the text");
  if (options.size <= static_cast<int64_t>(std::size(specials)))
    fail("vocab", "the size is " + std::to_string(options.size),
         "the five special tokens need places, and the characters too");
  const WordCounts counts = count_words(text, options.words);
  if (counts.empty()) fail("vocab", "the text has no words");
  Trainer trainer(options, counts);
  trainer.run();
  return trainer.take();
}

}  // namespace cairn

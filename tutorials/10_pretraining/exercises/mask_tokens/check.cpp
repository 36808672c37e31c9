// Counts over many tokens. A limit of 6.5 deviations is beyond what chance does to a right answer
// (once in 10^10); every mistake is far beyond it. What differs from run to run is told aside.
#include <cmath>
#include <limits>
#include <string>

#include "tutorials/10_pretraining/exercises/mask_tokens/mask_tokens.h"

namespace {

// 31 tokens, of which five special ones are not the first five.
BertTokenizer new_tokenizer() {
  std::vector<std::string> tokens;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    tokens.emplace_back(1, letter);
    if (letter == 'b') tokens.emplace_back("[UNK]");
    if (letter == 'h') tokens.emplace_back("[CLS]");
    if (letter == 'p') tokens.emplace_back("[SEP]");
    if (letter == 't') tokens.emplace_back("[PAD]");
    if (letter == 'v') tokens.emplace_back("[MASK]");
  }
  return BertTokenizer(tokens);
}
const BertTokenizer& tokenizer() {
  static const BertTokenizer made = new_tokenizer();
  return made;
}

// `count` texts of 20 words and some padding.
Ids texts(int64_t count) {
  std::vector<int32_t> ids;
  Random random(99);
  for (int64_t text = 0; text < count; ++text) {
    ids.push_back(tokenizer().cls());
    while (ids.size() % 24 < 21) {
      const auto id = static_cast<int32_t>(random.below(tokenizer().size()));
      if (!tokenizer().is_special(id)) ids.push_back(id);
    }
    ids.insert(ids.end(), {tokenizer().sep(), tokenizer().pad(), tokenizer().pad()});
  }
  return Ids(ids);
}

// A word for how a count of n compares with what is expected, if chance can't explain it.
std::string compared(double count, double n, double p) {
  if (std::fabs(count - n * p) <= 6.5 * std::sqrt(n * p * (1 - p))) return "";
  return count == 0      ? "none are"
         : count == n    ? "all are"
         : count < n * p ? "too few are"
                         : "too many are";
}

struct Counts {
  double words = 0, chosen = 0, masked = 0, random = 0, kept = 0;
};

class Checker {
 public:
  Checker(MaskTokens* function, check::Judge& judge) : mask_(function), judge_(judge) {}

  MaskedTokens masked(const std::string& what, const Ids& ids, Random& random,
                      const MaskingOptions& options = {}) {
    judge_.input(what);
    return mask_(ids, tokenizer(), random, options);
  }

  // Whether what holds of every result does; the counts are then worth a look.
  bool sound(const std::string& what, const Ids& ids, const MaskedTokens& got) {
    const size_t before = judge_.failures().size();
    judge_.that(got.ids.shape() == ids.shape(), what + ": the shape of the ids");
    judge_.that(got.labels.shape() == ids.shape(), what + ": the shape of the labels");
    if (judge_.failures().size() > before) return false;
    int32_t at_fault = 0;
    bool zero = false, put_there = true, all = true, other = false, changed = false, valid = true;
    std::vector<bool> special(static_cast<size_t>(tokenizer().size()));  // which are chosen
    for (int64_t i = 0; i < ids.numel(); ++i) {
      const int32_t id = ids[i], label = got.labels[i];
      const bool is_special = tokenizer().is_special(id);
      valid = valid && got.ids[i] >= 0 && got.ids[i] < tokenizer().size();
      all = all && label == id;
      if (is_special && (label == id || got.ids[i] != id)) special[static_cast<size_t>(id)] = true;
      const bool strange = label != id && label != cairn::ignored_label;
      if (strange && !other) at_fault = id;
      other |= strange;
      put_there = put_there && (!strange || label == got.ids[i]);
      zero |= strange && label == 0;
      changed |= !is_special && label == cairn::ignored_label && got.ids[i] != id;
    }
    judge_.that(valid, what + ": the ids are of the vocabulary");
    std::string names;
    for (int32_t id = 0; id < tokenizer().size(); ++id)
      if (special[static_cast<size_t>(id)]) names += tokenizer().token(id) + " ";
    judge_.that(names.empty(), what + ": special tokens are never chosen",
                all ? "every token has a label" : names + "have been chosen");
    judge_.that(!other, what + ": a label is -100, or the id that stood there",
                put_there ? "there is the id that was put there"
                : zero    ? "there is a 0"
                          : "there is another",
                "where " + tokenizer().token(at_fault) + " stood");
    judge_.that(!changed, what + ": a token that is replaced has a label", "one has none");
    return judge_.failures().size() == before;
  }

  Counts counted(const Ids& ids, const MaskedTokens& got) {
    Counts c;
    for (int64_t i = 0; i < ids.numel(); ++i) {
      c.words += !tokenizer().is_special(ids[i]);
      if (got.labels[i] == cairn::ignored_label) continue;
      c.chosen += 1;
      (got.ids[i] == tokenizer().mask() ? c.masked : got.ids[i] == ids[i] ? c.kept : c.random) += 1;
    }
    return c;
  }

  void share(const std::string& what, double count, double n, double p) {
    const std::string words = compared(count, n, p);
    judge_.that(words.empty(), what, words,
                std::to_string(std::lround(count)) + " of " + std::to_string(std::lround(n)));
  }

  // The shares of the three fates: a random token is now and then [MASK], or the old one.
  void shares(const std::string& what, const MaskingOptions& o, int64_t count, uint64_t seed) {
    const Ids ids = texts(count);
    Random random(seed);
    const MaskedTokens got = masked(what, ids, random, o);
    if (!sound(what, ids, got)) return;
    const Counts c = counted(ids, got);
    const double by_chance = o.random / static_cast<double>(tokenizer().size());
    share(what + ": how many are chosen", c.chosen, c.words, o.chosen);
    if (c.chosen == 0) return;
    share(what + ": of the chosen, how many are [MASK]", c.masked, c.chosen, o.masked + by_chance);
    share(what + ": of the chosen, how many are another token", c.random, c.chosen,
          o.random - 2 * by_chance);
    share(what + ": of the chosen, how many stay", c.kept, c.chosen,
          1 - o.masked - o.random + by_chance);
  }

  void any_random_token();
  void independent();
  void generator();
  void shapes();
  void refused();

 private:
  MaskTokens* mask_;
  check::Judge& judge_;
};

void Checker::any_random_token() {
  const std::string what = "all are replaced by random tokens";
  const Ids ids = texts(600);
  Random random(3);
  const MaskedTokens got = masked(what, ids, random, {.chosen = 1, .masked = 0, .random = 1});
  if (!sound(what, ids, got)) return;
  std::vector<double> counts(static_cast<size_t>(tokenizer().size()));
  for (int64_t i = 0; i < ids.numel(); ++i)
    if (!tokenizer().is_special(ids[i])) counts[static_cast<size_t>(got.ids[i])] += 1;
  const double words = 20 * 600, p = 1.0 / static_cast<double>(counts.size());
  bool special = false;
  for (int32_t id = 0; id < tokenizer().size(); ++id)
    special |= tokenizer().is_special(id) && counts[static_cast<size_t>(id)] > 0;
  judge_.that(special, what + ": special ones, too", "there is none of these");
  for (const auto& [name, id] : {std::pair("first", size_t{0}), {"last", counts.size() - 1}})
    share(what + ": the " + name + " of the vocabulary", counts[id], words, p);
  std::string uneven;
  for (size_t id = 1; special && id + 1 < counts.size() && uneven.empty(); ++id)
    uneven = compared(counts[id], words, p);
  judge_.that(uneven.empty(), what + ": each with the same chance",
              "one comes too often or too rarely");
}

void Checker::independent() {
  if (!judge_.failures().empty()) return;  // what a single text shows would depend on chance
  const std::string what = "many texts of 20 words";
  double none = 0, together = 0, neighbours = 0;
  constexpr int64_t count = 1500;
  const Ids one = texts(1);
  Random random(4);
  for (int64_t text = 0; text < count; ++text) {
    const MaskedTokens got = masked(what, one, random);
    if (!sound(what, one, got)) return;
    const auto is_chosen = [&](int64_t i) { return got.labels[i] != cairn::ignored_label; };
    double chosen = 0;
    for (int64_t i = 1; i <= 20; ++i) chosen += is_chosen(i);
    for (int64_t i = 1; i < 20; i += 2) together += is_chosen(i) && is_chosen(i + 1), ++neighbours;
    none += chosen == 0;
  }
  share(what + ": in how many is no word chosen", none, count, std::pow(0.85, 20));
  share(what + ": how many pairs of neighbours are chosen", together, neighbours, 0.15 * 0.15);
}

void Checker::generator() {
  const std::string what = "the generator";
  const Ids ids = texts(50);
  const auto of = [&](Random& random) {
    const MaskedTokens got = masked(what, ids, random);
    std::vector<int32_t> all = got.ids.values();
    const std::vector<int32_t> labels = got.labels.values();
    all.insert(all.end(), labels.begin(), labels.end());
    return all;
  };
  Random one(5), same(5), other(6);
  const auto first = of(one);
  judge_.that(first == of(same), what + ": the same seed gives the same");
  judge_.that(first != of(other), what + ": another seed gives another");
  judge_.that(first != of(one), what + ": a second call gives another");
  of(same);
  judge_.that(of(one) == of(same), what + ": the third call gives the same for the same seed");
}

void Checker::shapes() {
  const auto run = [&](const std::string& what, const cairn::Shape& shape) {
    std::vector<int32_t> values(static_cast<size_t>(cairn::numel(shape)), 1);
    const Ids ids(shape, values);
    Random random(7);
    sound(what, ids, masked(what, ids, random));
    judge_.that(ids.values() == values, what + ": the ids of the caller are not changed");
  };
  run("ids of the shape (3, 4)", {3, 4});
  run("a single token", {1});
  run("no tokens", {0});
  run("ids of the shape (0, 5)", {0, 5});
  const Ids words{0, 1, 4};
  Random random(7);
  const std::string what = "three words without [CLS] and [SEP], all of them [MASK]";
  const MaskedTokens got = masked(what, words, random, {.chosen = 1, .masked = 1, .random = 0});
  if (sound(what, words, got)) share(what, counted(words, got).masked, 3, 1);
}

void Checker::refused() {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Ids ids = texts(1);
  for (const auto& [name, member] : {std::pair("chosen", &MaskingOptions::chosen),
                                     {"masked", &MaskingOptions::masked},
                                     {"random", &MaskingOptions::random}})
    for (const auto& [text, value] : {std::pair("-0.1", -0.1), {"1.1", 1.1}, {"NaN", nan}}) {
      MaskingOptions options{.chosen = 0.15, .masked = 0, .random = 0};
      options.*member = value;
      judge_.throws(std::string(name) + " is " + text, [&] {
        Random random(8);
        mask_(ids, tokenizer(), random, options);
      });
    }
}

void check_mask_tokens(MaskTokens* mask_tokens, check::Judge& judge) {
  Checker checker(mask_tokens, judge);
  checker.shares("15 %, 80 : 10 : 10", {}, 1500, 1);
  checker.generator();
  checker.independent();
  checker.shares("half of the tokens, 20 : 30 : 50", {.chosen = 0.5, .masked = 0.2, .random = 0.3},
                 500, 2);
  checker.shares("all of them, all [MASK]", {.chosen = 1, .masked = 1, .random = 0}, 50, 2);
  checker.shares("all of them, all stay", {.chosen = 1, .masked = 0, .random = 0}, 50, 2);
  checker.shares("none of them", {.chosen = 0, .masked = 0.8, .random = 0.1}, 50, 2);
  checker.shares("half a percent, all [MASK]", {.chosen = 0.005, .masked = 1, .random = 0}, 1500,
                 2);
  checker.shares("all of them, half a percent [MASK], half a percent random",
                 {.chosen = 1, .masked = 0.005, .random = 0.005}, 1500, 2);
  checker.any_random_token();
  checker.shapes();
  checker.refused();
}

void work(MaskTokens* mask_tokens) {
  static const Ids ids = texts(100);
  Random random(9);
  mask_tokens(ids, tokenizer(), random, {});
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<MaskTokens>({.name = "mask_tokens",
                                 .check = check_mask_tokens,
                                 .mine = cairn::mask_tokens,
                                 .mistaken = mistakes::mask_tokens,
                                 .mistakes = mistakes::list,
                                 .alternatives = alternatives::list,
                                 .work = work},
                                argc, argv);
}

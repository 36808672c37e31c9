// What people write instead.
#include <algorithm>
#include <set>
#include <stdexcept>

#include "tutorials/10_pretraining/exercises/sentence_pairs/sentence_pairs.h"

namespace mistakes {
namespace {

enum {
  no_pairs = 1,
  labels_exchanged,
  all_follow,
  none_follows,
  in_turn,
  one_coin,
  a_quarter_follows,
  split_tells,
  any_passage,
  any_other_passage,
  next_passage_alone,
  the_next_document,
  next_of_a_random_one,
  the_last_document,
  documents_first,
  first_passage_never,
  single_ones_never,
  the_whole_of_another,
  the_begin_of_another,
  one_sentence_of_another,
  last_sentence_of_another,
  the_same_split,
  first_sentence_alone,
  one_sentence_follows,
  last_sentence_follows,
  first_is_whole,
  first_overlaps,
  all_but_the_last,
  split_in_the_middle,
  never_after_the_last_but_one,
  first_may_be_empty,
  no_blank,
  blank_at_the_end,
  single_ones_too,
  a_pair_per_sentence,
  shuffled,
  own_generator,
  generator_copied,
  generator_of_the_program,
  nothing_checked,
  sentences_not_checked,
  documents_not_checked,
  second_document_not_seen,
};

bool is(int mistake) { return check::mistake == mistake; }

std::string joined(const std::vector<std::string>& sentences, size_t from, size_t to) {
  std::string text;
  for (size_t i = from; i < to; ++i) {
    if (i > from && !is(no_blank)) text += " ";
    text += sentences[i];
  }
  return is(blank_at_the_end) ? text + " " : text;
}

size_t split_of(size_t n, Random& random) {
  if (n < 2) return 0;
  const auto below = [&](size_t limit) {
    return static_cast<size_t>(random.below(static_cast<int64_t>(limit)));
  };
  if (is(first_sentence_alone)) return 1;
  if (is(all_but_the_last)) return n - 1;
  if (is(split_in_the_middle)) return n / 2;
  if (is(never_after_the_last_but_one)) return n < 3 ? 1 : 1 + below(n - 2);
  if (is(first_may_be_empty)) return below(n);
  return 1 + below(n - 1);
}

// The passage that stands in for the rest of number `own`.
size_t other_of(const std::vector<Passage>& passages, size_t own, Random& random) {
  const size_t count = passages.size();
  const auto is_other = [&](size_t i) { return passages[i].document != passages[own].document; };
  size_t i = own;
  if (is(next_passage_alone)) return (own + 1) % count;
  if (is(the_next_document)) {
    while (!is_other(i)) i = (i + 1) % count;
    return i;
  }
  if (is(the_last_document)) {
    i = count - 1;
    while (!is_other(i)) --i;
    return i;
  }
  if (is(documents_first)) {
    std::set<int64_t> documents;
    for (size_t k = 0; k < count; ++k)
      if (is_other(k)) documents.insert(passages[k].document);
    const auto drawn = random.below(static_cast<int64_t>(documents.size()));
    const int64_t document = *std::next(documents.begin(), drawn);
    do i = static_cast<size_t>(random.below(static_cast<int64_t>(count)));
    while (passages[i].document != document);
    return i;
  }
  if (is(next_of_a_random_one)) {
    i = static_cast<size_t>(random.below(static_cast<int64_t>(count)));
    while (!is_other(i)) i = (i + 1) % count;
    return i;
  }
  for (int tries = 0; tries < 1000; ++tries) {
    const size_t least = is(first_passage_never);
    i = least + static_cast<size_t>(random.below(static_cast<int64_t>(count - least)));
    if (is(any_passage) || (is(any_other_passage) && i != own)) return i;
    if (is_other(i) && !(is(single_ones_never) && passages[i].sentences.size() < 2)) return i;
  }
  return own;
}

std::string end_of(const Passage& other, size_t at, Random& random) {
  const size_t n = other.sentences.size();
  const size_t from = is(the_same_split) ? std::min(at, n - 1) : split_of(n, random);
  if (is(the_whole_of_another)) return joined(other.sentences, 0, n);
  if (is(the_begin_of_another)) return joined(other.sentences, 0, std::max<size_t>(1, from));
  if (is(one_sentence_of_another)) return joined(other.sentences, from, from + 1);
  return joined(other.sentences, is(last_sentence_of_another) ? n - 1 : from, n);
}

void check_passages(const std::vector<Passage>& passages) {
  if (is(nothing_checked)) return;
  bool documents = is(documents_not_checked), sentences = is(sentences_not_checked);
  for (size_t i = 0; i < passages.size(); ++i) {
    if (!is(second_document_not_seen) || i != 1)
      documents |= passages[i].document != passages[0].document;
    sentences |= passages[i].sentences.size() > 1;
  }
  if (!documents || !sentences) throw std::runtime_error("no pairs can be made");
}

}  // namespace

std::vector<SentencePair> sentence_pairs(const std::vector<Passage>& passages, Random& given) {
  check_passages(passages);
  static Random programs(1);
  Random copy = is(own_generator) ? Random(0) : given;
  Random& random = is(own_generator) || is(generator_copied) ? copy
                   : is(generator_of_the_program)            ? programs
                                                             : given;
  std::vector<SentencePair> pairs;
  if (is(no_pairs)) return pairs;
  const double coin = random.uniform();
  for (size_t p = 0; p < passages.size(); ++p) {
    const std::vector<std::string>& own = passages[p].sentences;
    const size_t n = own.size();
    if (n < 2 && !is(single_ones_too)) continue;
    for (size_t again = 1; again < (is(a_pair_per_sentence) ? n : 2); ++again) {
      const double u = is(one_coin) ? coin : random.uniform();
      const size_t at = is(a_pair_per_sentence) ? again
                        : is(split_tells) && n > 1
                            ? 1 + static_cast<size_t>(u * static_cast<double>(n - 1))
                            : std::max<size_t>(split_of(n, random), n < 2);
      const std::string first = joined(own, 0, is(first_is_whole) ? n : at);
      const bool follows =
          is(all_follow) ||
          (is(in_turn) ? pairs.size() % 2 == 0
                       : !is(none_follows) && u < (is(a_quarter_follows) ? 0.25 : 0.5));
      const size_t from = is(first_overlaps) ? at - 1 : is(last_sentence_follows) ? n - 1 : at;
      std::string second = follows ? joined(own, from, is(one_sentence_follows) ? from + 1 : n)
                                   : end_of(passages[other_of(passages, p, random)], at, random);
      pairs.push_back({first, second, follows != is(labels_exchanged) ? 0 : 1});
    }
  }
  if (is(shuffled)) random.shuffle(pairs);
  return pairs;
}

const std::vector<check::Mistake> list = {
    {no_pairs, "no pairs",
     "your list is still empty: one pair for each passage of two or more "
     "sentences."},
    {labels_exchanged, "0 and 1 exchanged",
     "your labels are the other way round. 0 means that the second text follows, 1 that it does "
     "not."},
    {all_follow, "all follow",
     "every second text follows the first: there is nothing to find out. "
     "Half of them come from another document."},
    {none_follows, "none follows", "no second text follows the first. Half of them should."},
    {in_turn, "label 0 and 1 in turn",
     "half of your pairs follow, but in turn: the first of each call always does. Draw each pair's "
     "label."},
    {one_coin, "one coin for all",
     "one number decides about all pairs of a call: all follow, or none. Each pair needs one of "
     "its own."},
    {a_quarter_follows, "a quarter follows",
     "too few of your pairs follow: it should be one half."},
    {split_tells, "one number for split and label",
     "one number decides where a passage is split and whether the rest follows: the length of the "
     "first text gives the answer away. The label needs a number of its own."},
    {any_passage, "any passage",
     "your other passage is any of all. Now and then it is of the same document, or even the "
     "passage itself, and the label then says what is not true."},
    {any_other_passage, "any but this passage",
     "another passage may still be of the same document, and then its text may well follow. "
     "Compare the documents."},
    {next_passage_alone, "the next passage",
     "for label 1 you take the passage that comes next. It is often of the same document, and "
     "follows."},
    {the_next_document, "the next document",
     "you always take the next passage of another document. Draw one of all of them."},
    {next_of_a_random_one, "the next after a random one",
     "you draw a passage, and go on from there to the next of another document: the one behind "
     "its own document comes too often. Draw again instead."},
    {the_last_document, "the last of another document",
     "you always take the last passage of another document. Draw one of all of them."},
    {documents_first, "a document is drawn first",
     "you draw a document, and then one of its passages: those of short documents come too often. "
     "Draw one of all passages of other documents."},
    {first_passage_never, "never the first passage",
     "the first of all passages never comes as the other one: below(n) begins at 0, so any of n "
     "passages is passages[below(n)]."},
    {single_ones_never, "never one of a single sentence",
     "passages of a single sentence never come as second texts. They make no pair of their own, "
     "but may stand in one."},
    {the_whole_of_another, "the whole of the other passage",
     "for label 1 you take the whole other passage. Then length and beginning give the answer "
     "away; take its end, as for label 0."},
    {the_begin_of_another, "the beginning of the other passage",
     "for label 1 you take the first part of the other passage. A text that follows is never the "
     "beginning of one: take its second part."},
    {one_sentence_of_another, "one sentence of the other passage",
     "for label 1 you take a single sentence. Take all up to the end of that passage, as for label "
     "0."},
    {last_sentence_of_another, "the last sentence of the other passage",
     "for label 1 you take the last sentence alone. Draw where the other passage is split, as for "
     "the first text."},
    {the_same_split, "the same split in both",
     "you split the other passage where you have split the first. Draw a split for it, from its "
     "own number of sentences."},
    {first_sentence_alone, "the first sentence alone",
     "your first text is always one sentence. The split may be after any of them but the last."},
    {one_sentence_follows, "one sentence follows",
     "for label 0 you take the next sentence alone. Take all the rest of the passage."},
    {last_sentence_follows, "the last sentence follows",
     "for label 0 you take the last sentence alone. Take all the rest of the passage: it begins "
     "where the first text ends."},
    {first_is_whole, "the whole passage first",
     "your first text is the whole passage, so nothing of it is left to follow."},
    {first_overlaps, "a sentence in both",
     "the last sentence of your first text is the first of the second, too: that gives the answer "
     "away. The second begins where the first ends."},
    {all_but_the_last, "all but the last",
     "your first text is always all but the last sentence. The split may be after any of them but "
     "the last."},
    {split_in_the_middle, "in the middle",
     "you split in the middle. The split is drawn: after any sentence but the last."},
    {never_after_the_last_but_one, "never after the last but one",
     "your split is never after the last but one: of n sentences it is 1 + random.below(n - 1)."},
    {first_may_be_empty, "the first may be empty",
     "your first text is empty now and then: random.below(n) may be 0. The split is after 1 to n - "
     "1 sentences."},
    {no_blank, "no blank between", "your sentences are joined without a blank between them."},
    {blank_at_the_end, "a blank at the end",
     "there is a blank at the end (or the beginning) of your texts. Put one between two sentences "
     "alone."},
    {single_ones_too, "a pair of a single sentence",
     "you make pairs of passages of a single sentence, too. There is nothing to split; leave them "
     "out."},
    {a_pair_per_sentence, "a pair for each split",
     "you make a pair for each place where a passage can be split. One is made, at a place that is "
     "drawn."},
    {shuffled, "shuffled",
     "your pairs are in another order than the passages. They are shuffled later, as indices "
     "(core/order.h)."},
    {own_generator, "a generator of its own",
     "every call makes the same pairs: you have a generator of your own. Take the numbers from "
     "`random`."},
    {generator_copied, "a copy of the generator",
     "further calls with the same generator give the same again: you take the numbers from a copy. "
     "Use a reference."},
    {generator_of_the_program, "another generator",
     "the same seed does not give the same: your numbers come from another generator than "
     "`random`."},
    {nothing_checked, "nothing is checked",
     "without a second document there is nothing that does not follow (and drawing until one comes "
     "never ends). Refuse such passages, and those without two sentences."},
    {sentences_not_checked, "a text without pairs",
     "if no passage has two sentences there are no pairs: nothing could be learned. Refuse it."},
    {documents_not_checked, "one document",
     "with one document there is nothing that does not follow. Refuse it; drawing again until "
     "another comes would never end."},
    {second_document_not_seen, "the second passage's document is not looked at",
     "you refuse passages of which the second alone is of another document. Compare the first "
     "one's document with that of every other, number 1 too."},
};

}  // namespace mistakes

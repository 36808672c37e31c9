// What people write instead.
#include <cmath>
#include <stdexcept>

#include "tutorials/10_pretraining/exercises/mask_tokens/mask_tokens.h"

namespace mistakes {
namespace {

enum {
  nothing_chosen = 1,
  special_too,
  first_five_are_special,
  unknown_is_a_word,
  label_everywhere,
  zero_elsewhere,
  label_of_mask_alone,
  label_of_the_replaced_alone,
  label_after,
  not_added,
  not_added_random_first,
  same_number,
  with_itself,
  two_new_numbers,
  no_random,
  random_for_the_rest,
  always_mask,
  fifteen_percent_always,
  eighty_percent_always,
  whole_percent,
  fates_in_tenths,
  not_chosen_hidden,
  mask_is_103,
  without_the_last,
  without_the_first,
  no_special_random,
  of_this_text,
  exactly_fifteen,
  all_or_none,
  own_generator,
  generator_copied,
  generator_of_the_program,
  one_axis,
  nothing_checked,
  nan_not_checked,
  chosen_not_checked,
  above_one_not_checked,
  first_never_chosen,
};

bool is(int mistake) { return check::mistake == mistake; }

void check_options(const MaskingOptions& o) {
  if (is(nothing_checked)) return;
  for (const auto member :
       {&MaskingOptions::chosen, &MaskingOptions::masked, &MaskingOptions::random}) {
    const double p = o.*member;
    if (is(chosen_not_checked) && member == &MaskingOptions::chosen) continue;
    const bool wrong = is(nan_not_checked)         ? p < 0 || p > 1
                       : is(above_one_not_checked) ? !(p >= 0)
                                                   : !(p >= 0 && p <= 1);
    if (wrong) throw std::invalid_argument("not a probability");
  }
}

bool is_special(int32_t id, const BertTokenizer& tokenizer) {
  if (is(special_too)) return false;
  if (is(first_five_are_special)) return id < 5;
  if (is(unknown_is_a_word)) return id == tokenizer.cls() || id == tokenizer.sep();
  return tokenizer.is_special(id);
}

int32_t random_token(const Ids& ids, const BertTokenizer& tokenizer, Random& random) {
  if (is(without_the_last)) return static_cast<int32_t>(random.below(tokenizer.size() - 1));
  if (is(without_the_first)) return static_cast<int32_t>(1 + random.below(tokenizer.size() - 1));
  if (is(of_this_text)) return ids[random.below(ids.numel())];
  auto id = static_cast<int32_t>(random.below(tokenizer.size()));
  while (is(no_special_random) && tokenizer.is_special(id))
    id = static_cast<int32_t>(random.below(tokenizer.size()));
  return id;
}

enum Fate { to_mask, to_random, kept };

Fate fate_of(double u, const MaskingOptions& o, Random& random) {
  const double masked = is(eighty_percent_always) ? 0.8 : o.masked;
  const double both = masked + (is(eighty_percent_always) ? 0.1 : o.random);
  if (is(always_mask)) return to_mask;
  if (is(with_itself)) return u < u * masked ? to_mask : u < u * both ? to_random : kept;
  const double v = is(same_number)       ? u
                   : is(fates_in_tenths) ? static_cast<double>(random.below(10)) / 10
                                         : random.uniform();
  if (is(not_added_random_first)) return v < o.random ? to_random : v < masked ? to_mask : kept;
  if (v < masked) return to_mask;
  if (is(no_random)) return kept;
  if (is(random_for_the_rest)) return to_random;
  if (is(two_new_numbers)) return random.uniform() < o.random ? to_random : kept;
  return v < (is(not_added) ? o.random : both) ? to_random : kept;
}

}  // namespace

MaskedTokens mask_tokens(const Ids& ids, const BertTokenizer& tokenizer, Random& given,
                         const MaskingOptions& o) {
  check_options(o);
  static Random programs(1);
  Random copy = is(own_generator) ? Random(0) : given;
  Random& random = is(own_generator) || is(generator_copied) ? copy
                   : is(generator_of_the_program)            ? programs
                                                             : given;
  std::vector<int32_t> seen = ids.values();
  std::vector<int32_t> labels(seen.size(), is(zero_elsewhere) ? 0 : cairn::ignored_label);
  if (is(label_everywhere)) labels = seen;
  std::vector<int64_t> order(seen.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
  if (is(exactly_fifteen)) random.shuffle(order);
  int64_t left = 0;
  for (const int32_t id : seen) left += !tokenizer.is_special(id);
  left = std::llround(o.chosen * static_cast<double>(left));
  const double chosen = is(fifteen_percent_always) ? 0.15 : o.chosen;
  const double of_all = random.uniform();
  for (const int64_t place : order) {
    const auto i = static_cast<size_t>(place);
    const int32_t id = seen[i];
    if (is(nothing_chosen) || is_special(id, tokenizer)) continue;
    if (is(first_never_chosen) && i == 0) continue;
    double u = is(all_or_none) ? of_all : random.uniform();
    if (is(exactly_fifteen)) u = left-- > 0 ? 0 : 1;
    if (is(whole_percent)) u = random.below(100) < static_cast<int64_t>(o.chosen * 100) ? -1 : 2;
    if (is(not_chosen_hidden) ? u < chosen : u >= chosen) continue;
    const Fate fate = fate_of(u, o, random);
    if (fate == to_mask) seen[i] = is(mask_is_103) ? 103 : tokenizer.mask();
    if (fate == to_random) seen[i] = random_token(ids, tokenizer, random);
    if (is(label_of_mask_alone) && fate != to_mask) continue;
    if (is(label_of_the_replaced_alone) && fate == kept) continue;
    labels[i] = is(label_after) ? seen[i] : id;
  }
  if (is(one_axis)) return {Ids(seen), Ids(labels)};
  return {Ids(ids.shape(), seen), Ids(ids.shape(), labels)};
}

const std::vector<check::Mistake> list = {
    {nothing_chosen, "nothing is chosen",
     "no token is chosen yet: every label is -100, so there would be nothing to learn."},
    {special_too, "special tokens are chosen, too",
     "special tokens are chosen, too. They stand where they always stand, and have the ids that "
     "the vocabulary gives them: ask tokenizer.is_special(id) first."},
    {first_five_are_special, "ids below 5 are special",
     "you take small ids for the special ones. Vocabularies have them where they like; ask "
     "tokenizer.is_special(id)."},
    {unknown_is_a_word, "[PAD] is chosen",
     "you leave out [CLS] and [SEP], but there are others: [PAD] is chosen. "
     "tokenizer.is_special(id) knows them all."},
    {label_everywhere, "every token has a label",
     "every token has its id as label, chosen or not. Then most questions are \"which token do you "
     "see here?\", and copying answers them. Begin with labels of -100."},
    {zero_elsewhere, "0 for -100",
     "0 is an id of the vocabulary, so the network would learn to say that token. The others' "
     "label is ignored_label, -100."},
    {label_of_mask_alone, "a label for [MASK] alone",
     "every chosen token has its label, whatever becomes of it: also where a random token stands, "
     "and where the old one stays."},
    {label_of_the_replaced_alone, "no label for those that stay",
     "no chosen token stays as it was, or it has lost its label: one that stays has a label like "
     "any other that is chosen."},
    {label_after, "the label is what has been put there",
     "your label is the id after the replacement. It has to be the one that stood there: note it "
     "before you replace."},
    {not_added, "v < random for v < masked + random",
     "no token becomes a random one: v is above `masked` already, so it is never below `random`. "
     "Compare with masked + random."},
    {not_added_random_first, "random first, then v < masked",
     "you ask for v < random first and then for v < masked: then too few become [MASK], by the "
     "share of the random ones. The second limit is masked + random."},
    {same_number, "the number that chose it, again",
     "you ask the same random number twice. It is below `chosen` already, so it says nothing new: "
     "take a second one."},
    {with_itself, "a number compared with a part of itself",
     "u < u * 0.8 is never true: everything stays. Compare a new random number with the "
     "probability."},
    {two_new_numbers, "a third number for the random ones",
     "too few become random tokens: you ask with a new number, but only those that did not become "
     "[MASK] are asked. Use the same v and masked + random."},
    {no_random, "none is random",
     "no token becomes a random one. All that are not [MASK] stay as they were."},
    {random_for_the_rest, "random tokens for all the rest",
     "no chosen token stays as it was: all that are not [MASK] become random tokens."},
    {always_mask, "always [MASK]",
     "every chosen token becomes [MASK]. Only the share options.masked of them should."},
    {fifteen_percent_always, "15 % always",
     "right for 15 %, and not for other shares: options.chosen says how many are chosen."},
    {eighty_percent_always, "80 : 10 : 10 always",
     "right for 80 : 10 : 10, and not for others: options.masked and options.random say it."},
    {whole_percent, "whole percents",
     "you count in whole percents: of a `chosen` of 0.005 nothing is left, and 0.29 * 100 is a "
     "little less than 29. Compare random.uniform() with the probability itself."},
    {fates_in_tenths, "a number in tenths",
     "the number for what becomes of a token has but a few values (tenths, or percents), and a "
     "probability between two of them is not met. Take random.uniform()."},
    {not_chosen_hidden, "85 % are chosen",
     "you choose those that should not be chosen: a token is chosen if the random number is BELOW "
     "`chosen`."},
    {mask_is_103, "[MASK] is 103",
     "[MASK] has the id 103 in BERT's own vocabulary. In this one it has another: "
     "tokenizer.mask()."},
    {without_the_last, "never the last of the vocabulary",
     "the last token of the vocabulary never comes: below(n) is from 0 to n - 1 already."},
    {without_the_first, "never token 0",
     "token 0 never comes as a random one. below(n) begins at 0, and 0 is a token like any."},
    {no_special_random, "never a special one at random",
     "a random token may be any of the vocabulary; you leave out the special ones."},
    {of_this_text, "random tokens of this text",
     "your random tokens come from the text itself. Take any of the vocabulary, each with the same "
     "chance: random.below(tokenizer.size())."},
    {exactly_fifteen, "exactly 15 % of each text",
     "each text has as many chosen tokens as any other of its length. (Google's BERT did that.) "
     "The contract asks for a draw for each token by itself: some texts have none then."},
    {all_or_none, "one number for the whole text",
     "one random number decides about all tokens of a text: all are chosen, or none. Each needs a "
     "number of its own."},
    {own_generator, "a generator of its own",
     "you make a generator of your own, so that every call hides the same places. Take the numbers "
     "from `random`."},
    {generator_copied, "a copy of the generator",
     "a second call with the same generator gives the same again: you take the numbers from a "
     "copy. "
     "Use a reference."},
    {generator_of_the_program, "another generator",
     "the same seed does not give the same: your numbers come from another generator than "
     "`random`."},
    {one_axis, "the shape is lost",
     "the results have to have the shape of `ids`: Ids(ids.shape(), values)."},
    {nothing_checked, "nothing is checked",
     "a probability of 1.1 or -0.1 is a mistake of the caller. Refuse it, for each of the three."},
    {nan_not_checked, "NaN is let through",
     "NaN is neither below 0 nor above 1, so both comparisons let it through. Ask for what it has "
     "to be: !(p >= 0 && p <= 1)."},
    {chosen_not_checked, "`chosen` is not checked",
     "you check `masked` and `random`, but not `chosen`."},
    {above_one_not_checked, "1.1 is let through", "a probability above 1 is let through."},
    {first_never_chosen, "the first is never chosen",
     "you pass over the first token (and the last?) as if it were always [CLS]. Not every text has "
     "one; ask tokenizer.is_special(id)."},
};

}  // namespace mistakes

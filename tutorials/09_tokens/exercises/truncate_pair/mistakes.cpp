// What people write instead.
#include <algorithm>

#include "tutorials/09_tokens/exercises/truncate_pair/truncate_pair.h"

namespace mistakes {
namespace {

enum {
  nothing_is_cut = 1,
  only_the_first,
  only_the_second,
  all_from_the_longer,
  each_half,
  each_half_unasked,
  both_half,
  each_the_whole,
  in_proportion,
  one_id_at_a_time,
  odd_to_the_second,
  odd_to_the_shorter,
  odd_is_lost,
  odd_is_given_twice,
  equal_texts_favour_the_first,
  exchanged,
  shorter_keeps_all,
  room_filled_up,
  specials_taken_off_again,
  below_zero,
};

using Kept = std::pair<size_t, size_t>;
size_t less(size_t a, size_t b) { return a > b ? a - b : 0; }

// The right answer, with `half` for the shorter one.
Kept with_half(size_t first, size_t second, size_t max_ids, size_t half, bool first_is_longer) {
  const size_t small = std::min(std::min(first, second), half), large = max_ids - small;
  return first_is_longer ? Kept(large, small) : Kept(small, large);
}

}  // namespace

Kept truncate_pair(size_t first, size_t second, size_t max_ids) {
  const size_t all = first + second, half = max_ids / 2, up = (max_ids + 1) / 2;
  const int mistake = check::mistake;
  if (mistake == specials_taken_off_again && all > max_ids) max_ids = less(max_ids, 3);
  if (mistake == each_half_unasked) return {std::min(first, half), std::min(second, half)};
  if (mistake == both_half) return {half, max_ids - half};
  if (all <= max_ids && mistake != room_filled_up) return {first, second};
  const size_t excess = less(all, max_ids);
  const bool longer = first > second;
  switch (mistake) {
    case nothing_is_cut: return {first, second};
    case only_the_first:
      return {less(first, excess), second - less(excess, first)};  // and where that is not enough
    case only_the_second: return {first - less(excess, second), less(second, excess)};
    case all_from_the_longer:
      return longer ? Kept(less(first, excess), second) : Kept(first, less(second, excess));
    case each_half: return {std::min(first, half), std::min(second, half)};
    case each_the_whole: return {std::min(first, max_ids), std::min(second, max_ids)};
    case in_proportion: return {first * max_ids / all, max_ids - first * max_ids / all};
    case one_id_at_a_time: {
      Kept kept{first, second};
      while (kept.first + kept.second > max_ids)
        kept.first > kept.second ? --kept.first : --kept.second;
      return kept;
    }
    case odd_to_the_second: {
      const size_t small = std::min(first, half);
      return second < up ? Kept(max_ids - second, second) : Kept(small, max_ids - small);
    }
    case odd_to_the_shorter: return with_half(first, second, max_ids, up, longer);
    case odd_is_lost: {
      const Kept kept = with_half(first, second, max_ids, half, longer);
      return std::min(first, second) > half ? Kept(half, half) : kept;
    }
    case odd_is_given_twice: {
      const Kept kept = with_half(first, second, max_ids, half, longer);
      return std::min(first, second) > half ? Kept(up, up) : kept;
    }
    case equal_texts_favour_the_first:
      return with_half(first, second, max_ids, half, first >= second);
    case exchanged: return with_half(first, second, max_ids, half, !longer);
    case shorter_keeps_all: {
      const size_t small = std::min(std::min(first, second), max_ids);
      return longer ? Kept(max_ids - small, small) : Kept(small, max_ids - small);
    }
    case below_zero: return longer ? Kept(first - excess, second) : Kept(first, second - excess);
    default: return with_half(first, second, max_ids, half, longer);
  }
}

const std::vector<check::Mistake> list = {
    {nothing_is_cut, "nothing is cut",
     "both keep all that they have, though there is no room for it."},
    {only_the_first, "the first text is cut",
     "you cut the first text alone (Hugging Face's \"only_first\"). The longer one is cut, "
     "whichever "
     "that is."},
    {only_the_second, "the second text is cut",
     "you cut the second text alone (Hugging Face's \"only_second\", for questions and "
     "paragraphs). "
     "The longer one is cut, whichever that is."},
    {all_from_the_longer, "all is taken from the longer text",
     "you take the whole excess from the text that is longer at the beginning. Once it is no "
     "longer "
     "than the other, both are cut."},
    {each_half, "each gets half",
     "you give half of the room to each. Where one text is shorter than that, the other may have "
     "what "
     "it leaves."},
    {each_half_unasked, "each gets half, even if both fit",
     "you give half of the room to each, even where both fit: then nothing is cut."},
    {both_half, "half and half, whatever there is",
     "you give half of the room to each, whatever it has. Where both fit, they keep what they "
     "have, and no text keeps more than that."},
    {each_the_whole, "each may have it all",
     "you cut each text to max_ids. Both together may have max_ids."},
    {in_proportion, "in proportion",
     "you cut both in proportion to their lengths. A short text keeps all of its ids, as long as "
     "it "
     "has at most half of the room."},
    {one_id_at_a_time, "one id at a time, as BERT's authors",
     "your odd id always goes to the first text, as in the program of BERT's authors, which takes "
     "ids "
     "away one at a time. Here it goes to the text that was the longer one, or to the second."},
    {odd_to_the_second, "the odd id to the second text",
     "the odd id goes to the text that was the longer one. You always give it to the second."},
    {odd_to_the_shorter, "the odd id to the shorter text",
     "the odd id goes to the text that was the longer one. You give it to the other."},
    {odd_is_lost, "the odd id is lost",
     "where both are cut and max_ids is odd, both keep max_ids / 2, which is one less than there "
     "is "
     "room for."},
    {odd_is_given_twice, "the odd id is given twice",
     "where both are cut and max_ids is odd, they keep one more than there is room for."},
    {equal_texts_favour_the_first, "equal texts: the odd id to the first",
     "of two texts of the same length the second gets the odd id: compare with >, not with >=."},
    {exchanged, "the two are exchanged", "you have exchanged the two numbers: first, then second."},
    {shorter_keeps_all, "the shorter text is never cut",
     "the shorter text keeps all that it has, even if that is more than half of the room."},
    {room_filled_up, "the room is always filled",
     "where both texts fit, one of them keeps more ids than it has."},
    {specials_taken_off_again, "room for [CLS] and [SEP] again",
     "you leave room for three special tokens. They have been subtracted from max_ids before."},
    {below_zero, "below zero",
     "where the excess is more than the longer text has, you subtract past 0, and a size_t starts "
     "again "
     "at 2^64. Once the longer text is no longer than the other, both are cut."},
};

}  // namespace mistakes

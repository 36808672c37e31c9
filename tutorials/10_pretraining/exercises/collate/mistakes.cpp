// What people write instead.
#include <algorithm>

#include "tutorials/10_pretraining/exercises/collate/collate.h"

namespace mistakes {
namespace {

enum {
  nothing = 1,
  length_of_the_first,
  length_of_the_last,
  one_too_wide,
  at_least_one,
  longest_of_512,
  padding_is_zero,
  mask_from_ids,
  mask_of_ones,
  mask_inverted,
  mask_without_special,
  mask_one_short,
  mask_is_the_type,
  types_are_zero,
  types_go_on,
  types_are_pad,
  padding_at_the_left,
  transposed,
  last_token_lost,
  empty_left_out,
  sorted_by_length,
  one_axis,
  last_cell_is_sep,
};

bool is(int mistake) { return check::mistake == mistake; }

size_t width_of(const std::vector<Encoding>& texts) {
  size_t T = 0;
  for (const Encoding& text : texts) T = std::max(T, text.ids.size());
  if (texts.empty()) return is(at_least_one) || is(one_too_wide) ? 1 : T;
  if (is(length_of_the_first)) return texts.front().ids.size();
  if (is(length_of_the_last)) return texts.back().ids.size();
  if (is(longest_of_512)) return 512;
  return is(one_too_wide) ? T + 1 : is(at_least_one) ? std::max<size_t>(T, 1) : T;
}

}  // namespace

PaddedBatch collate(const std::vector<Encoding>& given, int32_t pad) {
  if (is(nothing)) return {};
  std::vector<Encoding> texts = given;
  if (is(empty_left_out)) std::erase_if(texts, [](const Encoding& e) { return e.ids.empty(); });
  if (is(sorted_by_length))
    std::stable_sort(texts.begin(), texts.end(), [](const Encoding& a, const Encoding& b) {
      return a.ids.size() > b.ids.size();
    });
  const size_t T = width_of(texts), B = texts.size();
  std::vector<int32_t> ids(B * T, is(padding_is_zero) ? 0 : pad), mask(B * T, is(mask_of_ones));
  std::vector<int32_t> types(B * T, is(types_are_pad) ? pad : 0);
  for (size_t b = 0; b < B; ++b) {
    const size_t n = std::min(T, texts[b].ids.size());
    for (size_t t = 0; t < n; ++t) {
      if (is(last_token_lost) && t + 1 == n && n < T) break;
      size_t at = b * T + t;
      if (is(padding_at_the_left)) at = b * T + T - n + t;
      if (is(transposed)) at = t * B + b;
      ids[at] = texts[b].ids[t];
      if (!is(types_are_zero)) types[at] = texts[b].token_types[t];
      mask[at] = is(mask_from_ids)          ? ids[at] != pad
                 : is(mask_without_special) ? t > 0 && t + 1 < n
                 : is(mask_one_short)       ? t + 1 < n
                 : is(mask_is_the_type)     ? types[at]
                                            : 1;
    }
    for (size_t t = n; t < T && n > 0; ++t) {
      if (is(types_go_on)) types[b * T + t] = texts[b].token_types[n - 1];
      if (is(last_cell_is_sep) && t + 1 == T) ids[b * T + t] = texts[b].ids[n - 1];
    }
  }
  for (int32_t& cell : mask)
    if (is(mask_inverted)) cell = 1 - cell;
  if (is(one_axis)) return {Ids(ids), Ids(types), Ids(mask)};
  const cairn::Shape shape{static_cast<int64_t>(B), static_cast<int64_t>(T)};
  return {Ids(shape, ids), Ids(shape, types), Ids(shape, mask)};
}

const std::vector<check::Mistake> list = {
    {nothing, "nothing yet", "your three parts have no cells yet. Each needs the shape (B, T)."},
    {length_of_the_first, "as wide as the first text",
     "T is the length of the longest text, not of the first: longer ones would be cut."},
    {length_of_the_last, "as wide as the last text",
     "T is the length of the longest text, not of the last: longer ones would be cut."},
    {one_too_wide, "one column too many",
     "your rectangle is one column wider than its longest text."},
    {at_least_one, "at least one column",
     "if no text has a token, T is 0. Does your maximum begin at 1?"},
    {longest_of_512, "512 columns",
     "your rectangle is as wide as the model allows. The longest text of this batch is enough; the "
     "rest would be padding for everybody."},
    {padding_is_zero, "padding is 0", "you pad with 0. The id of [PAD] is given as `pad`."},
    {mask_from_ids, "mask = (id != pad)",
     "a token may have the id that you pad with. It is a token all the same: the mask follows from "
     "the lengths, not from the ids."},
    {mask_of_ones, "a mask of ones", "your mask hides nothing: padding has a 1, too."},
    {mask_inverted, "1 for padding",
     "your mask is the other way round: 1 is a token. (PyTorch's key_padding_mask is 1 for "
     "padding; this one isn't.)"},
    {mask_without_special, "special tokens are hidden",
     "the first and the last token have no 1 in your mask. [CLS] and [SEP] are tokens: only "
     "padding "
     "is hidden."},
    {mask_one_short, "the mask is one short", "the last token of each text has no 1 in your mask."},
    {mask_is_the_type, "the mask is the type",
     "your mask is the types. They say which of two texts a token is of."},
    {types_are_zero, "all types 0", "your types are all 0. A pair's second text has the type 1."},
    {types_go_on, "the type goes on", "the padding behind a pair has your type 1. It has type 0."},
    {types_are_pad, "types padded with pad",
     "you pad the types with `pad`. They are padded with 0: with a `pad` of 9 there would be no "
     "such "
     "type."},
    {padding_at_the_left, "padding at the left",
     "your padding stands before the tokens. It stands behind them: so token t has position t."},
    {transposed, "columns for rows",
     "your cells go down the columns: token t of text b is at b * T + t, not at t * B + b."},
    {last_token_lost, "the last token is lost", "the last token of the shorter texts is missing."},
    {empty_left_out, "a text without tokens is left out",
     "a text without tokens has a row, too, which is all padding."},
    {sorted_by_length, "sorted by length",
     "your rows are sorted by length. Row b is text b: its label stands at b."},
    {one_axis, "one axis", "the three have one axis. Their shape is (B, T): Ids({B, T}, numbers)."},
    {last_cell_is_sep, "[SEP] in the last column",
     "you put [SEP] at the end of each row. It stands where its text ends, and padding behind it."},
};

}  // namespace mistakes

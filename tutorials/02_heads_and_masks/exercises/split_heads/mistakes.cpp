// What people write instead. None of them leaves the arrays.
#include <algorithm>

#include "tutorials/02_heads_and_masks/exercises/split_heads/split_heads.h"

namespace mistakes {
namespace {

enum {
  copied_as_it_is = 1,
  columns_interleaved,
  heads_transposed,
  heads_before_sentences,
  first_sentence_for_all,
  first_sentence_only,
  last_token_left_out,
  head_offset_without_d,
  row_of_one_head,
  added,
  heads_reversed,
  nothing_written,
  sentences_one_row_apart,
  head_offset_of_T,
};

// Where in x the number comes from.
int64_t place_in_x(int64_t b, int64_t t, int64_t h, int64_t c, int64_t B, int64_t T, int64_t heads,
                   int64_t d) {
  const int64_t C = heads * d, row = b * T + t;
  switch (check::mistake) {
    case columns_interleaved: return row * C + c * heads + h;
    case first_sentence_for_all: return t * C + h * d + c;
    case head_offset_without_d: return row * C + h + c;
    case row_of_one_head: return b * T * C + t * d + h * d + c;
    case sentences_one_row_apart: return b * T + t * C + h * d + c;
    case head_offset_of_T: return (row * C + h * T + c) % (B * T * C);
    case heads_reversed: return row * C + (heads - 1 - h) * d + c;
    default: return row * C + h * d + c;
  }
}

// Where in y it goes.
int64_t place_in_y(int64_t b, int64_t t, int64_t h, int64_t c, int64_t B, int64_t T, int64_t heads,
                   int64_t d) {
  switch (check::mistake) {
    case copied_as_it_is: return ((b * T + t) * heads + h) * d + c;
    case heads_transposed: return ((b * heads + h) * d + c) * T + t;
    case heads_before_sentences: return ((h * B + b) * T + t) * d + c;
    default: return ((b * heads + h) * T + t) * d + c;
  }
}

}  // namespace

void split_heads(real* y, const real* x, int64_t B, int64_t T, int64_t heads, int64_t d) {
  if (check::mistake == nothing_written) B = 0;
  if (check::mistake == first_sentence_only) B = std::min<int64_t>(B, 1);
  const int64_t tokens = check::mistake == last_token_left_out ? T - 1 : T;
  for (int64_t b = 0; b < B; ++b)
    for (int64_t h = 0; h < heads; ++h)
      for (int64_t t = 0; t < tokens; ++t)
        for (int64_t c = 0; c < d; ++c) {
          real& to = y[place_in_y(b, t, h, c, B, T, heads, d)];
          const real from = x[place_in_x(b, t, h, c, B, T, heads, d)];
          to = check::mistake == added ? to + from : from;
        }
}

const std::vector<check::Mistake> list = {
    {copied_as_it_is, "a view, not a transpose",
     "every number stands where it stood in x: you have copied, which is what reshape alone "
     "does. In y all tokens of head 0 come before the first of head 1: y's axes are (B, heads, "
     "T, d)."},
    {columns_interleaved, "every heads-th column",
     "your head h takes the columns h, h + heads, h + 2 heads, ... It owns d columns side by "
     "side, from h * d on."},
    {heads_transposed, "d before T",
     "your heads lie on their sides: d rows of T numbers. A head is (T, d), one row for each "
     "token."},
    {heads_before_sentences, "heads before sentences",
     "in your y the heads come before the sentences: (heads, B, T, d). One sentence is right, "
     "two are not. The sentence is the first axis."},
    {first_sentence_for_all, "the first sentence for all",
     "every sentence is the first: the place in x does not move on with b. A sentence of x is T "
     "* heads * d numbers long."},
    {first_sentence_only, "only the first sentence",
     "the second sentence is never written. There are B of them."},
    {last_token_left_out, "the last token is left out",
     "the last token of each head is never written. Does your loop end at T - 1?"},
    {head_offset_without_d, "head h begins at column h",
     "your head h begins at column h. Each head has d columns, so it begins at h * d."},
    {row_of_one_head, "a row of x is d long",
     "you step through x as if its rows were d numbers long. A row of x is a token with all its "
     "heads, heads * d numbers."},
    {nothing_written, "nothing is written",
     "y is as it was before the call: write every number of it."},
    {added, "y is added to",
     "you add to what y held before, which may be anything. Write y[...] = x[...]."},
    {heads_reversed, "heads in reverse",
     "your heads are in reverse order: head 0 owns the first d columns."},
    {sentences_one_row_apart, "sentences T numbers apart",
     "your sentences begin T numbers apart in x. A sentence is T tokens of heads * d numbers."},
    {head_offset_of_T, "head h begins at column h * T",
     "your head h begins at column h * T, which is its place in y. In a row of x each head has d "
     "columns, so it begins at h * d."},
};

}  // namespace mistakes

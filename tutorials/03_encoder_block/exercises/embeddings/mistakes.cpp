// What people write instead.
#include <algorithm>
#include <cmath>
#include <map>

#include "core/error.h"
#include "core/ops.h"
#include "tutorials/03_encoder_block/exercises/embeddings/embeddings.h"

namespace mistakes {
namespace {

enum {
  no_types = 1,
  no_positions,
  first_type_always,
  position_of_the_id,
  positions_from_one,
  positions_backwards,
  positions_by_sentence,
  first_occurrence,
  no_types_add_nothing,
  multiplied,
  scaled_words,
  mean_of_three,
  into_the_table,
  id_clamped,
  id_is_the_size,
  nothing_checked,
  negative_id_from_the_end,
  type_not_checked,
  negative_type_from_the_end,
  two_types_always,
  positions_wrap,
  missing_types_are_zero,
  more_types_are_ignored,
};

bool is(int mistake) { return check::mistake == mistake; }

void check_row(int64_t row, const Tensor& table) {
  if (is(nothing_checked)) return;
  if (row < 0 || row >= table.size(0)) cairn::fail("embeddings", "no such row");
}

int64_t word_row(int64_t id, const Tensor& words) {
  if (is(id_is_the_size) && id == words.size(0)) return id - 1;
  if (is(id_clamped) || is(nothing_checked)) return std::clamp<int64_t>(id, 0, words.size(0) - 1);
  if (is(negative_id_from_the_end) && id < 0) return id + words.size(0);
  check_row(id, words);
  return id;
}

int64_t type_row(int64_t t, const Ids& types, const Tensor& kinds) {
  int64_t type = t < types.numel() ? types[t] : 0;
  if (is(first_type_always)) type = 0;
  if (is(type_not_checked) || is(nothing_checked))
    type = std::clamp<int64_t>(type, 0, kinds.size(0) - 1);
  if (is(negative_type_from_the_end) && type < 0) type += kinds.size(0);
  if (is(two_types_always)) {
    if (type < 0 || type > 1) cairn::fail("embeddings", "no such type");
    return std::min<int64_t>(type, kinds.size(0) - 1);
  }
  check_row(type, kinds);
  return type;
}

int64_t position_row(int64_t t, const Ids& ids, const Ids& types, const Tensor& positions) {
  const int64_t T = ids.numel();
  int64_t row = t;
  if (is(position_of_the_id)) row = ids[t] % positions.size(0);
  if (is(positions_from_one)) row = (t + 1) % positions.size(0);
  if (is(positions_backwards)) row = T - 1 - t;
  if (is(positions_by_sentence))
    for (int64_t i = 1; i <= t && types.numel() == T; ++i)
      if (types[i] != types[i - 1]) row = t - i;
  if (is(first_occurrence)) row = std::find(ids.data(), ids.data() + t, ids[t]) - ids.data();
  if (is(positions_wrap) || is(nothing_checked)) row = t % positions.size(0);
  check_row(t < positions.size(0) || is(positions_wrap) ? row : t, positions);
  return row;
}

}  // namespace

Tensor embeddings(const Ids& ids, const Ids& types, const Tensor& words, const Tensor& positions,
                  const Tensor& kinds) {
  const int64_t T = ids.numel(), C = words.size(1);
  const bool few = types.numel() < T && types.numel() != 0, many = types.numel() > T;
  if ((few && !is(missing_types_are_zero)) || (many && !is(more_types_are_ignored)))
    cairn::fail("embeddings", "not as many types as ids");
  Tensor x = Tensor::zeros({T, C});
  for (int64_t t = 0; t < T; ++t) {
    Tensor word = words[word_row(ids[t], words)];
    Tensor position = positions[position_row(t, ids, types, positions)];
    Tensor type = kinds[type_row(t, types, kinds)];
    if (is(no_types) || (is(no_types_add_nothing) && types.numel() == 0)) type = type * 0;
    if (is(no_positions)) position = position * 0;
    if (is(scaled_words)) word = word * std::sqrt(static_cast<real>(C));
    if (is(into_the_table)) word.add_(position), word.add_(type), x[t].copy_(word);
    else if (is(multiplied)) x[t].copy_(word * position * type);
    else if (is(mean_of_three)) x[t].copy_((word + position + type) / 3);
    else x[t].copy_(word + position + type);
  }
  return x;
}

const std::vector<check::Mistake> list = {
    {no_types, "without the type", "the row of the type is missing from your sum."},
    {no_positions, "without the position", "the row of the position is missing from your sum."},
    {first_type_always, "type 0 for all",
     "every token gets the row of type 0. The type of token t is types[t]."},
    {position_of_the_id, "the position of the id",
     "you look up the position table by the token's id. The position of token t is t itself: a "
     "word "
     "that occurs twice gets two positions."},
    {positions_from_one, "positions start at 1", "the first token has position 0."},
    {positions_backwards, "positions from the end",
     "your positions run backwards: the first token has position 0, the last T - 1."},
    {positions_by_sentence, "positions start again",
     "your positions start again at the second sentence. In BERT they go on: the type tells the "
     "sentences apart."},
    {first_occurrence, "the position of the first occurrence",
     "a repeated word gets the position of its first occurrence. Each token has its own place, t."},
    {no_types_add_nothing, "no types add nothing",
     "without types every token is of type 0, and the row of type 0 is added. You add nothing."},
    {multiplied, "a product", "the three rows are added, not multiplied."},
    {scaled_words, "the word times sqrt(C)",
     "you multiply the word's row by sqrt(C). The first Transformer did so, BERT does not."},
    {mean_of_three, "the mean", "you take the mean of the three rows. They are added."},
    {into_the_table, "added into the table",
     "you add into a row of the word table: words[id] is a view of it. The table is spoiled, and a "
     "repeated word collects all its positions. Add into something new."},
    {id_clamped, "an id is made to fit",
     "an id that is not in the table is not refused: you read past the table, or take another row. "
     "Such an id comes from another tokenizer, and every answer would be wrong."},
    {id_is_the_size, "> for >=",
     "an id of V, the number of rows, is not refused. The rows are 0 to V - 1: compare with >=."},
    {nothing_checked, "nothing is checked",
     "no id is refused, nor type, nor position: you read past the tables, or take other rows. "
     "Compare each with 0 and with the size of its own table before you look it up."},
    {negative_id_from_the_end, "a negative id counts from the end",
     "words[-1] is the last row, as in Python: a negative id is not refused. Check for id < 0, "
     "too."},
    {type_not_checked, "a type is made to fit",
     "a type that is not in its table is not refused: you read past the table, or take another "
     "row."},
    {negative_type_from_the_end, "a negative type counts from the end",
     "kinds[-1] is the last row: a negative type is not refused. Check for type < 0, too."},
    {two_types_always, "two types, whatever the table",
     "you take it that there are two types. There are as many as `kinds` has rows: "
     "kinds.size(0)."},
    {positions_wrap, "positions begin again",
     "more tokens than there are positions have to be refused: you read past the table, or begin "
     "again at 0."},
    {missing_types_are_zero, "missing types count as 0",
     "there are fewer types than ids, but some: that is a mistake of the caller, and has to be "
     "refused."},
    {more_types_are_ignored, "types that are too many",
     "there are more types than ids: that is a mistake of the caller, and has to be refused."},
};

}  // namespace mistakes

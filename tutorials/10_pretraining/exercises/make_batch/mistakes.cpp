// What people write instead.
#include <algorithm>
#include <stdexcept>

#include "tutorials/10_pretraining/exercises/make_batch/make_batch.h"

namespace mistakes {
namespace {

enum {
  empty_batch = 1,
  first_ones,
  sorted_indices,
  twice_is_once,
  repeated_is_once,
  labels_of_all,
  labels_by_place,
  label_for_each_token,
  labels_of_zero,
  types_of_zero,
  types_forgotten,
  types_by_place,
  padded,
  equal_rows,
  lengths_forgotten,
  starts_for_lengths,
  short_ones_left_out,
  one_sequence,
  nothing_checked,
  last_plus_one,
  negative_from_the_end,
  fewer_labels,
  more_labels,
  labels_not_checked,
  labels_for_indices,
  labels_required,
};

bool is(int mistake) { return check::mistake == mistake; }

void check_labels(size_t labels, size_t texts, size_t indices) {
  if (is(labels_required) && labels == 0 && indices > 0) throw std::runtime_error("no labels");
  if (labels == 0 || is(nothing_checked) || is(labels_not_checked)) return;
  if (is(labels_for_indices) && labels == indices) return;
  if (labels == texts || (is(fewer_labels) && labels < texts) ||
      (is(more_labels) && labels > texts))
    return;
  throw std::runtime_error("labels and texts");
}

size_t place_of(int64_t index, size_t texts) {
  const auto count = static_cast<int64_t>(texts);
  if (is(negative_from_the_end) && index < 0) index += count;
  if (is(last_plus_one) && index == count) index = count - 1;
  if (is(nothing_checked)) index = std::clamp<int64_t>(index, 0, count - 1);
  if (index < 0 || index >= count) throw std::out_of_range("index");
  return static_cast<size_t>(index);
}

}  // namespace

Batch make_batch(const std::vector<Encoding>& encodings, const std::vector<int32_t>& labels,
                 const std::vector<int64_t>& given) {
  check_labels(labels.size(), encodings.size(), given.size());
  if (is(empty_batch)) return {};
  std::vector<int64_t> indices = given;
  if (is(sorted_indices)) std::sort(indices.begin(), indices.end());
  if (is(twice_is_once)) {
    auto end = indices.begin();
    for (const int64_t index : given)
      if (std::find(indices.begin(), end, index) == end) *end++ = index;
    indices.erase(end, indices.end());
  }
  if (is(repeated_is_once))
    indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
  size_t longest = 0;
  for (const int64_t index : indices)
    longest = std::max(longest, encodings[place_of(index, encodings.size())].ids.size());
  std::vector<int32_t> ids, types, chosen, lengths;
  for (size_t i = 0; i < indices.size(); ++i) {
    const size_t at = place_of(indices[i], encodings.size());
    const Encoding& text = encodings[is(first_ones) ? i : at];
    ids.insert(ids.end(), text.ids.begin(), text.ids.end());
    const std::vector<int32_t>& of =
        is(types_by_place) ? encodings[i].token_types : text.token_types;
    if (is(types_of_zero)) types.resize(ids.size());
    else if (!is(types_forgotten)) types.insert(types.end(), of.begin(), of.end());
    if (is(types_by_place)) types.resize(ids.size());
    if (is(padded)) ids.resize(longest * (i + 1)), types.resize(ids.size());
    const size_t length = is(padded) || is(equal_rows) ? longest : text.ids.size();
    if (is(short_ones_left_out) && length == 0) continue;
    lengths.push_back(static_cast<int32_t>(is(starts_for_lengths) ? ids.size() : length));
    const size_t copies = is(label_for_each_token) ? text.ids.size() : 1;
    if (!labels.empty())
      chosen.insert(chosen.end(), copies,
                    labels[std::min(labels.size() - 1, is(labels_by_place) ? i : at)]);
    else if (is(labels_of_zero)) chosen.push_back(0);
  }
  if (is(labels_of_all)) chosen = labels;
  if (is(one_sequence)) lengths = {static_cast<int32_t>(ids.size())};
  if (is(lengths_forgotten)) return {Ids(ids), Ids(types), Ids(chosen), Rows()};
  return {Ids(ids), Ids(types), Ids(chosen), Rows::of_lengths(lengths)};
}

const std::vector<check::Mistake> list = {
    {empty_batch, "an empty batch", "your batch is empty yet: no ids, no rows."},
    {first_ones, "the first texts",
     "you take the first texts, as many as there are indices. Take "
     "those that the indices name."},
    {sorted_indices, "sorted",
     "your texts are in the order of the encodings. They have to be in "
     "that of `indices`, which has been shuffled on purpose."},
    {twice_is_once, "a text twice is once",
     "an index that comes twice gives the text twice. You leave the second out."},
    {repeated_is_once, "a text twice in a row is once",
     "an index that equals the one before it gives its text once more. You leave it out."},
    {labels_of_all, "the labels of all",
     "your labels are those of all encodings. The batch gets those of its own texts."},
    {labels_by_place, "the label by the place",
     "the first text of the batch gets the first label, and so on. Its label is labels[index]."},
    {label_for_each_token, "a label for each token",
     "you append a label for each token. There is one for each text."},
    {labels_of_zero, "labels of 0",
     "where no labels are given there are none in the batch, and not a 0 for each text."},
    {types_of_zero, "all types 0",
     "your types are all 0. A pair's second text has the type 1: take what the encoding has."},
    {types_forgotten, "no types", "your token_types are empty. They grow with the ids."},
    {types_by_place, "the types of another text",
     "your types are those of another text: take both, ids and types, from encodings[index]."},
    {padded, "padded",
     "you have padded to the longest text. A ragged batch has a row for each "
     "token and no more."},
    {equal_rows, "rows of a rectangle",
     "your rows have the longest length for every text, though the ids are not padded. Each has "
     "its own."},
    {lengths_forgotten, "no rows", "your rows are empty: nobody knows where a text begins."},
    {starts_for_lengths, "ends for lengths",
     "you give Rows::of_lengths the number of ids so far. It adds the lengths itself: give it each "
     "text's own."},
    {short_ones_left_out, "no row for an empty text",
     "a text without tokens has disappeared from the rows (and its label with it). It is a "
     "sequence of length 0."},
    {one_sequence, "one sequence for all",
     "your rows have one sequence for the whole batch, so every token would look at every text. "
     "There is one for each."},
    {nothing_checked, "nothing is checked",
     "an index without a text is not refused, nor a wrong number of labels: you read past the "
     "end."},
    {last_plus_one, "> for >=",
     "an index that is as large as the number of texts is not refused: they count from 0."},
    {negative_from_the_end, "a negative index counts from the end",
     "-1 is the last text, as in Python: a negative index is not refused."},
    {fewer_labels, "too few labels",
     "fewer labels than encodings are not refused: some text would get none, or another's."},
    {more_labels, "too many labels",
     "more labels than encodings are not refused: labels and texts come from different files "
     "then."},
    {labels_not_checked, "the number of labels is not checked",
     "labels that are not as many as the encodings are not refused. They would be those of other "
     "texts."},
    {labels_for_indices, "labels for the indices",
     "you let through as many labels as there are indices. There is one for each encoding."},
    {labels_required, "labels are required", "labels may be empty: then the batch has none."},
};

}  // namespace mistakes

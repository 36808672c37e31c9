// The answers, worked out by a program.
#include <algorithm>
#include <cmath>

#include "core/rows.h"
#include "tutorials/10_pretraining/exercises/rows_and_labels/rows_and_labels.h"

namespace alternatives {
namespace {

std::vector<int64_t> numbers(const std::vector<int32_t>& values) {
  return {values.begin(), values.end()};
}

std::vector<int64_t> with_rows(char question) {
  const cairn::Rows rows = cairn::Rows::of_lengths({4, 2, 5});
  std::vector<int64_t> labels{2, 40, 17, 88, 9, 51, 3};
  for (const size_t place : {0, 1, 3, 6}) labels[place] = -100;
  switch (question) {
    case 'a': return numbers(rows.starts().values());
    case 'b': return {rows.sequences() * rows.longest() - rows.total()};
    case 'c': return {rows.positions()[5]};
    case 'd': return labels;
    case 'e': return {1000 * 20 / 100};
    default: return {std::llround(std::exp(std::log(20)))};
  }
}

std::vector<int64_t> with_lengths(char question) {
  const std::vector<int64_t> lengths{4, 2, 5};
  std::vector<int64_t> starts{0};
  for (const int64_t length : lengths) starts.push_back(starts.back() + length);
  if (question == 'a') return starts;
  if (question == 'b')
    return {3 * *std::max_element(lengths.begin(), lengths.end()) - starts.back()};
  if (question == 'c') return {5 - *(std::upper_bound(starts.begin(), starts.end(), 5) - 1)};
  return with_rows(question);
}

}  // namespace

const std::vector<check::Alternative<RowsAndLabels>> list = {
    {"worked out with Rows", with_rows},
    {"worked out with the lengths", with_lengths},
};

}  // namespace alternatives

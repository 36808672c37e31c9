// Other ways to write it, as good.
#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "tutorials/10_pretraining/exercises/make_batch/make_batch.h"

namespace alternatives {
namespace {

// What cannot be is refused by at().
Batch with_at(const std::vector<Encoding>& encodings, const std::vector<int32_t>& labels,
              const std::vector<int64_t>& indices) {
  if (labels.size() > 0 && labels.size() != encodings.size()) throw std::length_error("labels");
  std::vector<int32_t> ids, types, chosen, lengths;
  for (const int64_t index : indices) {
    const Encoding& text = encodings.at(static_cast<size_t>(index));
    std::copy(text.ids.begin(), text.ids.end(), std::back_inserter(ids));
    std::copy(text.token_types.begin(), text.token_types.end(), std::back_inserter(types));
    lengths.push_back(static_cast<int32_t>(text.ids.size()));
    if (labels.size() > 0) chosen.push_back(labels[static_cast<size_t>(index)]);
  }
  return {Ids(ids), Ids(types), Ids(chosen), Rows::of_lengths(lengths)};
}

// The lengths first; then every token knows its place.
Batch by_rows(const std::vector<Encoding>& encodings, const std::vector<int32_t>& labels,
              const std::vector<int64_t>& indices) {
  if (!labels.empty() && labels.size() != encodings.size()) throw std::invalid_argument("labels");
  std::vector<int32_t> lengths;
  for (const int64_t index : indices)
    lengths.push_back(static_cast<int32_t>(encodings.at(static_cast<size_t>(index)).ids.size()));
  const Rows rows = Rows::of_lengths(lengths);
  const auto N = static_cast<size_t>(rows.total());
  std::vector<int32_t> ids(N), types(N), chosen(labels.empty() ? 0 : indices.size());
  for (size_t b = indices.size(); b-- > 0;) {
    const Encoding& text = encodings[static_cast<size_t>(indices[b])];
    const int64_t start = rows.starts()[static_cast<int64_t>(b)];
    std::copy(text.ids.begin(), text.ids.end(), ids.begin() + start);
    std::copy(text.token_types.begin(), text.token_types.end(), types.begin() + start);
    if (!chosen.empty()) chosen[b] = labels[static_cast<size_t>(indices[b])];
  }
  return {Ids(ids), Ids(types), Ids(chosen), rows};
}

// One column after the other.
Batch by_columns(const std::vector<Encoding>& encodings, const std::vector<int32_t>& labels,
                 const std::vector<int64_t>& indices) {
  if (!labels.empty() && labels.size() != encodings.size()) throw std::runtime_error("labels");
  const auto gathered = [&](auto part) {
    std::vector<int32_t> all;
    for (const int64_t i : indices) {
      const std::vector<int32_t>& more = part(encodings.at(static_cast<size_t>(i)));
      all.insert(all.end(), more.begin(), more.end());
    }
    return Ids(all);
  };
  std::vector<int32_t> lengths, chosen;
  for (const int64_t i : indices) {
    lengths.push_back(static_cast<int32_t>(encodings.at(static_cast<size_t>(i)).ids.size()));
    if (!labels.empty()) chosen.push_back(labels.at(static_cast<size_t>(i)));
  }
  return {gathered([](const Encoding& e) -> const std::vector<int32_t>& { return e.ids; }),
          gathered([](const Encoding& e) -> const std::vector<int32_t>& { return e.token_types; }),
          Ids(chosen), Rows::of_lengths(lengths)};
}

}  // namespace

const std::vector<check::Alternative<MakeBatch>> list = {
    {"refused by at()", with_at},
    {"the lengths first", by_rows},
    {"one column after the other", by_columns},
};

}  // namespace alternatives

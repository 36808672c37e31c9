// Making batches, grouping by length.
#include "text/batches.h"

#include <algorithm>

#include "core/error.h"

namespace cairn {
namespace {

constexpr int64_t window = 50;  // batches that are sorted by length together

}  // namespace

Batch make_batch(const std::vector<Encoding>& encodings, const std::vector<int32_t>& labels,
                 const std::vector<int64_t>& indices) {
  if (!labels.empty() && labels.size() != encodings.size())
    fail("make_batch", "there are " + std::to_string(labels.size()) + " labels for " +
                           std::to_string(encodings.size()) + " texts");
  std::vector<int32_t> ids, types, chosen_labels, lengths;
  for (int64_t index : indices) {
    if (index < 0 || index >= static_cast<int64_t>(encodings.size()))
      fail("make_batch", "there is no example " + std::to_string(index),
           "there are " + std::to_string(encodings.size()) + " examples, counted from 0");
    const Encoding& encoding = encodings[static_cast<size_t>(index)];
    ids.insert(ids.end(), encoding.ids.begin(), encoding.ids.end());
    types.insert(types.end(), encoding.token_types.begin(), encoding.token_types.end());
    lengths.push_back(static_cast<int32_t>(encoding.ids.size()));
    if (!labels.empty()) chosen_labels.push_back(labels[static_cast<size_t>(index)]);
  }
  return {Ids(std::move(ids)), Ids(std::move(types)), Ids(std::move(chosen_labels)),
          Rows::of_lengths(lengths)};
}

BatchIndices length_grouped_batches(const std::vector<int64_t>& lengths, int64_t batch_size,
                                    Random& random) {
  const auto count = static_cast<int64_t>(lengths.size());
  std::vector<int64_t> order = shuffled_order(count, random);
  const auto longer = [&lengths](int64_t a, int64_t b) {
    return lengths[static_cast<size_t>(a)] > lengths[static_cast<size_t>(b)];
  };
  const int64_t step =
      batch_size > count / window ? count : std::max<int64_t>(1, batch_size) * window;
  for (int64_t begin = 0; begin < count; begin += step)
    std::stable_sort(order.begin() + begin, order.begin() + std::min(count, begin + step), longer);
  BatchIndices batches = batches_of(order, batch_size);
  random.shuffle(batches);
  return batches;
}

}  // namespace cairn

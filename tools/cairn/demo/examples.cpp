// The sentences that `cairn demo` shows.
#include <algorithm>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "tools/cairn/demo/demo.h"

namespace cairn {
namespace {

// What the model makes of one half of the test set, sentence by sentence.
std::vector<DemoExample> classified(BertForSequenceClassification& model, const Examples& half,
                                    const std::vector<std::string>& texts) {
  const NoGrad no_grad;
  std::vector<DemoExample> result;
  for (int64_t row = 0; row < half.size(); ++row) {
    const Batch batch = make_batch(half.texts, half.labels, {row});
    const std::vector<real> probabilities =
        softmax(model(batch.ids, batch.token_types, batch.rows)).to_vector();
    const auto best = std::max_element(probabilities.begin(), probabilities.end());
    result.push_back({texts[static_cast<size_t>(row)], batch.labels[0],
                      static_cast<int32_t>(best - probabilities.begin()), *best});
  }
  return result;
}

// Of one half five: up to two mistakes, those the model was surest of, after right ones from all
// over the half.
std::vector<DemoExample> five_of(std::vector<DemoExample> half) {
  const auto wrong = std::stable_partition(
      half.begin(), half.end(), [](const DemoExample& example) { return example.right(); });
  std::stable_sort(wrong, half.end(), [](const DemoExample& a, const DemoExample& b) {
    return a.confidence > b.confidence;
  });
  const std::ptrdiff_t rights = wrong - half.begin(), wrongs = half.end() - wrong;
  const std::ptrdiff_t mistakes = std::min(wrongs, std::max<std::ptrdiff_t>(2, 5 - rights));
  const std::ptrdiff_t rest = std::min(rights, 5 - mistakes);
  std::vector<DemoExample> result;
  for (std::ptrdiff_t i = 0; i < rest; ++i)
    result.push_back(half[static_cast<size_t>(i * rights / rest)]);
  result.insert(result.end(), wrong, wrong + mistakes);
  return result;
}

}  // namespace

std::vector<DemoExample> ten_examples(BertForSequenceClassification& model, const DemoData& data) {
  std::vector<DemoExample> result = five_of(classified(model, data.seen, data.seen_texts));
  const std::vector<DemoExample> unseen =
      five_of(classified(model, data.unseen, data.unseen_texts));
  result.insert(result.end(), unseen.begin(), unseen.end());
  return result;
}

}  // namespace cairn

// multinomial: indices drawn in proportion to weights, with or without replacement.
// PyTorch: torch.multinomial.
#include <algorithm>
#include <cmath>

#include "core/ops/more/ids.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// With replacement: each index is where a random number in [0, sum of the weights) falls.
void draw_with_replacement(const real* p, int64_t C, int64_t count, Random& random, int32_t* to) {
  std::vector<double> ends;  // of the interval that belongs to each index
  double total = 0;
  for (int64_t i = 0; i < C; ++i) ends.push_back(total += static_cast<double>(p[i]));
  for (int64_t n = 0; n < count; ++n) {
    const double x = std::min(random.uniform() * total, std::nextafter(total, 0.0));
    const auto at = std::upper_bound(ends.begin(), ends.end(), x);
    to[n] = static_cast<int32_t>(at - ends.begin());
  }
}

// Without: the indices of the `count` smallest of E / p, where E is exponentially distributed, have
// the same distribution as if drawn one by one (Efraimidis & Spirakis 2006).
void draw_without_replacement(const real* p, int64_t C, int64_t count, Random& random,
                              int32_t* to) {
  std::vector<std::pair<double, int32_t>> keys;
  for (int64_t i = 0; i < C; ++i) {
    const double e = -std::log(1 - random.uniform());
    if (p[i] > 0) keys.push_back({e / static_cast<double>(p[i]), static_cast<int32_t>(i)});
  }
  std::partial_sort(keys.begin(), keys.begin() + count, keys.end());
  for (int64_t n = 0; n < count; ++n) to[n] = keys[static_cast<size_t>(n)].second;
}

// Error unless `count` indices can be drawn from the weights of row b.
void check_weights(const real* p, int64_t C, int64_t b, int64_t count, bool replacement,
                   Where where) {
  int64_t positive = 0;
  for (int64_t i = 0; i < C; ++i) {
    if (!(p[i] >= 0 && std::isfinite(p[i])))
      fail("multinomial",
           "weight " + std::to_string(i) + " of row " + std::to_string(b) + " is " +
               std::to_string(p[i]),
           "weights are finite and not negative, such as those of softmax(logits)", where);
    positive += p[i] > 0;
  }
  if (count > 0 && positive < (replacement ? 1 : count))
    fail("multinomial",
         "row " + std::to_string(b) + " has " + std::to_string(positive) + " weights above 0, " +
             std::to_string(count) + " indices are asked for",
         replacement ? "" : "fewer, or replacement = true", where);
}

}  // namespace

Ids multinomial(const Tensor& p, int64_t count, bool replacement, Random& random, Where where) {
  if (p.axes() < 1 || p.axes() > 2 || count < 0)
    fail("multinomial",
         std::to_string(count) + " indices of weights of shape " + to_string(p.shape()),
         "(C) or (B, C), and a count of 0 or more", where);
  const int64_t C = p.size(-1), B = p.axes() == 2 ? p.size(0) : 1;
  const Contiguous weights(p);
  for (int64_t b = 0; (C > 0 || count > 0) && b < B; ++b)
    check_weights(weights + b * C, C, b, count, replacement, where);
  std::vector<int32_t> values = Ids::room(numel({B, count}));
  for (int64_t b = 0; count > 0 && b < B; ++b)
    (replacement ? draw_with_replacement : draw_without_replacement)(
        weights + b * C, C, count, random, values.data() + b * count);
  Shape shape = p.shape();
  shape[p.axes() - 1] = count;
  return Ids(shape, std::move(values));
}

}}  // namespace cairn::CAIRN_PRECISION

// Hiding words, in the place of the library's.
#include <cstdint>
#include <vector>

#include "core/error.h"
#include "text/more/masked_lm.h"

namespace cairn {

MaskedTokens mask_tokens(const Ids& ids, const BertTokenizer& tokenizer, Random& random,
                         const MaskingOptions& options) {
  for (const double p : {options.chosen, options.masked, options.random})
    if (!(p >= 0 && p <= 1)) fail("mask_tokens", "not a probability: " + std::to_string(p));
  std::vector<int32_t> seen = ids.values(), labels(seen.size(), ignored_label);
  for (size_t i = 0; i < seen.size(); ++i) {
    if (tokenizer.is_special(seen[i])) continue;
    if (random.uniform() >= options.chosen) continue;
    labels[i] = seen[i];
    const double v = random.uniform();
    if (v < options.masked) {
      seen[i] = tokenizer.mask();
    } else if (v < options.masked + options.random) {
      seen[i] = static_cast<int32_t>(random.below(tokenizer.size()));
    }
  }
  return {Ids(ids.shape(), seen), Ids(ids.shape(), labels)};
}

}  // namespace cairn

// Other ways to write it, as good.
#include <cmath>

#include "core/error.h"
#include "tutorials/10_pretraining/exercises/mask_tokens/mask_tokens.h"

namespace alternatives {
namespace {

void check_options(const MaskingOptions& o) {
  for (const double p : {o.chosen, o.masked, o.random})
    if (!(p >= 0 && p <= 1)) cairn::fail("mask_tokens", "no probability");
}

// Step by step over all tokens, as Hugging Face's collator does it: what is chosen, what of it
// becomes [MASK], what of the rest a random token.
MaskedTokens in_steps(const Ids& ids, const BertTokenizer& tokenizer, Random& random,
                      const MaskingOptions& o) {
  check_options(o);
  const size_t n = ids.values().size();
  std::vector<bool> chosen(n), masked(n);
  for (size_t i = 0; i < n; ++i)
    chosen[i] = random.uniform() < o.chosen && !tokenizer.is_special(ids.values()[i]);
  for (size_t i = 0; i < n; ++i) masked[i] = chosen[i] && random.uniform() < o.masked;
  std::vector<int32_t> seen = ids.values(), labels(n, -100);
  const double of_the_rest = o.masked < 1 ? o.random / (1 - o.masked) : 0;
  for (size_t i = 0; i < n; ++i) {
    const auto other = static_cast<int32_t>(random.below(tokenizer.size()));
    if (chosen[i]) labels[i] = seen[i];
    if (masked[i]) seen[i] = tokenizer.mask();
    else if (chosen[i] && random.uniform() < of_the_rest) seen[i] = other;
  }
  return {Ids(ids.shape(), seen), Ids(ids.shape(), labels)};
}

// One number for both questions: below `chosen`, it is spread to [0, 1) again. From the end.
MaskedTokens one_number(const Ids& ids, const BertTokenizer& tokenizer, Random& random,
                        const MaskingOptions& o) {
  check_options(o);
  std::vector<int32_t> seen = ids.values(), labels(seen.size(), cairn::ignored_label);
  for (size_t i = seen.size(); i-- > 0;) {
    const double u = random.uniform();
    if (u >= o.chosen || tokenizer.is_special(seen[i])) continue;
    labels[i] = seen[i];
    const double v = u / o.chosen;
    if (v >= 1 - o.masked) seen[i] = tokenizer.mask();
    else if (v < o.random) seen[i] = static_cast<int32_t>(random.below(tokenizer.size()));
  }
  return {Ids(ids.shape(), seen), Ids(ids.shape(), labels)};
}

// From one chosen token to the next: how many are passed over is drawn at once.
MaskedTokens in_leaps(const Ids& ids, const BertTokenizer& tokenizer, Random& random,
                      const MaskingOptions& o) {
  check_options(o);
  std::vector<int32_t> seen = ids.values(), labels(seen.size(), cairn::ignored_label);
  const auto leap = [&] {
    if (o.chosen == 0) return 1e18;
    return o.chosen == 1 ? 0 : std::floor(std::log1p(-random.uniform()) / std::log1p(-o.chosen));
  };
  double passed = leap();
  for (size_t i = 0; i < seen.size(); ++i) {
    if (tokenizer.is_special(seen[i]) || passed-- > 0) continue;
    passed = leap();
    labels[i] = seen[i];
    const double v = random.uniform();
    if (v < o.masked + o.random)
      seen[i] =
          v < o.masked ? tokenizer.mask() : static_cast<int32_t>(random.below(tokenizer.size()));
  }
  return {Ids(ids.shape(), seen), Ids(ids.shape(), labels)};
}

}  // namespace

const std::vector<check::Alternative<MaskTokens>> list = {
    {"step by step over all", in_steps},
    {"one number for both questions", one_number},
    {"in leaps", in_leaps},
};

}  // namespace alternatives

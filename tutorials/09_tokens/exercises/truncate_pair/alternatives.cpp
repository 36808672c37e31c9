// Other ways to write it, as good.
#include <algorithm>

#include "tutorials/09_tokens/exercises/truncate_pair/truncate_pair.h"

namespace alternatives {
namespace {

using Kept = std::pair<size_t, size_t>;

// One id is taken away at a time.
Kept one_at_a_time(size_t first, size_t second, size_t max_ids) {
  const bool first_was_longer = first > second;
  while (first + second > max_ids)
    if (first > second || (first == second && !first_was_longer)) --first;
    else --second;
  return {first, second};
}

// One id is given at a time, to the one that was longer first.
Kept given_out(size_t first, size_t second, size_t max_ids) {
  size_t longer = 0, shorter = 0;
  const size_t most = std::max(first, second), least = std::min(first, second);
  for (size_t i = 0; i < max_ids; ++i)
    if (longer < most && (longer <= shorter || shorter == least)) ++longer;
    else if (shorter < least) ++shorter;
  return first > second ? Kept(longer, shorter) : Kept(shorter, longer);
}

// As `tokenizers` writes it: exchanged, computed, and exchanged again.
Kept exchanged(size_t n1, size_t n2, size_t max_ids) {
  if (n1 + n2 <= max_ids) return {n1, n2};
  const bool swap = n1 > n2;
  if (swap) std::swap(n1, n2);
  n2 = n1 > max_ids ? n1 : std::max(n1, max_ids - n1);
  if (n1 + n2 > max_ids) {
    n1 = max_ids / 2;
    n2 = n1 + max_ids % 2;
  }
  if (swap) std::swap(n1, n2);
  return {n1, n2};
}

// Each number by itself.
Kept by_limits(size_t first, size_t second, size_t max_ids) {
  const size_t low = max_ids / 2, high = max_ids - low;
  const auto kept = [&](size_t mine, size_t other, bool odd) {
    const size_t share = odd ? high : low, left = max_ids > other ? max_ids - other : 0;
    return std::min(mine, std::max(share, left));
  };
  return {kept(first, second, first > second), kept(second, first, second >= first)};
}

}  // namespace

const std::vector<check::Alternative<TruncatePair>> list = {
    {"one id is taken at a time", one_at_a_time},
    {"one id is given at a time", given_out},
    {"as tokenizers write it", exchanged},
    {"each by its limits", by_limits},
};

}  // namespace alternatives

// Word + position + type.
#include <cstdint>
#include <vector>

#include "core/error.h"
#include "core/ids.h"
#include "core/ops.h"

namespace mine {

using cairn::Ids;
using cairn::real;
using cairn::Tensor;

namespace {

// Row i of the table. An Error if there is none.
std::vector<real> row_of(const Tensor& table, int64_t i) {
  if (i < 0) cairn::fail("embeddings", "a negative index", "ids count from 0");
  return table[i].to_vector();  // which checks that i is not too large
}

}  // namespace

// Row t of the result (T, C) is words[ids[t]] + positions[t] + kinds[types[t]]. ids has T numbers,
// and types as many, or none, which means 0 for all. An exception if anything is not in its table.
Tensor embeddings(const Ids& ids, const Ids& types, const Tensor& words, const Tensor& positions,
                  const Tensor& kinds) {
  const int64_t T = ids.numel(), C = words.size(1);
  if (types.numel() != 0 && types.numel() != T)
    cairn::fail("embeddings", "types and ids differ in number");
  std::vector<real> x;
  for (int64_t t = 0; t < T; ++t) {
    const std::vector<real> word = row_of(words, ids[t]), position = row_of(positions, t),
                            kind = row_of(kinds, types.numel() == 0 ? 0 : types[t]);
    for (size_t c = 0; c < word.size(); ++c) x.push_back(word[c] + position[c] + kind[c]);
  }
  return Tensor::of({T, C}, x);
}

}  // namespace mine

// Word + position + type.
#include <cstdint>
#include <string>

#include "core/error.h"
#include "core/ids.h"
#include "core/ops.h"

namespace mine {

using cairn::Ids;
using cairn::real;
using cairn::Tensor;

namespace {

// Error unless `row` is a row of the table.
void check_row(const char* what, int64_t row, const Tensor& table) {
  if (row < 0 || row >= table.size(0))
    cairn::fail("embeddings",
                std::string(what) + " " + std::to_string(row) + " is not in the table",
                "it has " + std::to_string(table.size(0)) + " rows");
}

}  // namespace

// Row t of the result (T, C) is words[ids[t]] + positions[t] + kinds[types[t]]. ids has T numbers,
// and types as many, or none, which means 0 for all. An exception if anything is not in its table.
Tensor embeddings(const Ids& ids, const Ids& types, const Tensor& words, const Tensor& positions,
                  const Tensor& kinds) {
  const int64_t T = ids.numel(), C = words.size(1);
  if (types.numel() != 0 && types.numel() != T)
    cairn::fail("embeddings", "there are not as many types as ids", "");
  std::vector<real> x;
  for (int64_t t = 0; t < T; ++t) {
    const int64_t id = ids[t], type = types.numel() == 0 ? 0 : types[t];
    check_row("id", id, words), check_row("position", t, positions), check_row("type", type, kinds);
    const std::vector<real> word = words[id].to_vector(), position = positions[t].to_vector(),
                            kind = kinds[type].to_vector();
    for (size_t c = 0; c < word.size(); ++c) x.push_back(word[c] + position[c] + kind[c]);
  }
  return Tensor::of({T, C}, x);
}

}  // namespace mine

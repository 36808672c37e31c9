// Other ways to write it, as good.
#include <stdexcept>

#include "core/ops.h"
#include "tutorials/03_encoder_block/exercises/embeddings/embeddings.h"

namespace alternatives {
namespace {

Ids all_types(const Ids& ids, const Ids& types) {
  if (types.numel() == ids.numel()) return types;
  if (types.numel() != 0) throw std::invalid_argument("types and ids differ in number");
  return Ids(Ids::room(ids.numel()));
}

// The library's look-up, three times; it checks the ids itself.
Tensor with_ops(const Ids& ids, const Ids& types, const Tensor& words, const Tensor& positions,
                const Tensor& kinds) {
  return embedding(kinds, all_types(ids, types)) + embedding(words, ids) +
         embedding(positions, Ids::arange(ids.numel()));
}

// A look-up is a product with a matrix of zeros and ones.
Tensor with_one_hots(const Ids& ids, const Ids& types, const Tensor& words, const Tensor& positions,
                     const Tensor& kinds) {
  const Ids kind = all_types(ids, types);
  const int64_t T = ids.numel();
  const auto one_hot = [&](const Tensor& table, auto row_of) {
    Tensor one = Tensor::zeros({T, table.size(0)});
    for (int64_t t = 0; t < T; ++t) {
      const int64_t row = row_of(t);
      if (row < 0 || row >= table.size(0)) throw std::out_of_range("no such row");
      one[t][row].fill_(1);
    }
    return one;
  };
  return matmul(one_hot(words, [&](int64_t t) { return ids[t]; }), words) +
         matmul(one_hot(positions, [](int64_t t) { return t; }), positions) +
         matmul(one_hot(kinds, [&](int64_t t) { return kind[t]; }), kinds);
}

// From the last token to the first, into the memory of the result.
Tensor with_pointers(const Ids& ids, const Ids& types, const Tensor& words, const Tensor& positions,
                     const Tensor& kinds) {
  const int64_t T = ids.numel(), C = words.size(1);
  const Ids kind = all_types(ids, types);
  const auto row = [&](const Tensor& table, int64_t i) {
    if (i < 0 || i >= table.size(0)) throw std::out_of_range("no such row");
    return table.data() + i * C;
  };
  Tensor x = Tensor::empty({T, C});
  for (int64_t t = T; t-- > 0;) {
    const real *word = row(words, ids[t]), *place = row(positions, t), *type = row(kinds, kind[t]);
    real* to = x.write() + t * C;
    for (int64_t c = 0; c < C; ++c) to[c] = type[c] + (place[c] + word[c]);
  }
  return x;
}

}  // namespace

const std::vector<check::Alternative<Embeddings>> list = {
    {"with ops", with_ops},
    {"with one-hot matrices", with_one_hots},
    {"with pointers, from the end", with_pointers},
};

}  // namespace alternatives

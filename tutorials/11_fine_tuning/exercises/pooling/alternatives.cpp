// Other ways to write it, as good.
#include "core/ops.h"
#include "tutorials/11_fine_tuning/exercises/pooling/pooling.h"

namespace alternatives {
namespace {

// The mask (B, T, 1): of all tokens, or of the first alone.
Tensor mask_of(const Ids& mask, int64_t B, int64_t T, Pool pool) {
  std::vector<real> ones;
  for (int64_t b = 0; b < B; ++b)
    for (int64_t t = 0; t < T; ++t)
      ones.push_back(pool == Pool::cls && t > 0 ? 0 : mask[b * T + t]);
  return Tensor::of({B, T, 1}, ones);
}

// Padding is replaced by 0 before anything is added.
Tensor with_where(const Tensor& hidden, const Ids& mask, Pool pool) {
  const Tensor m = mask_of(mask, hidden.size(0), hidden.size(1), pool);
  const Tensor kept = where(m, hidden, Tensor::scalar(0));
  return sum(kept, {1}) / clamp(sum(m, {1}), 1);
}

// A row of weights 1/n times the tokens of one sentence after the other.
Tensor with_matmul(const Tensor& hidden, const Ids& mask, Pool pool) {
  const int64_t B = hidden.size(0), T = hidden.size(1), C = hidden.size(2);
  const Tensor m = mask_of(mask, B, T, pool);
  const Tensor weights = transpose(m / clamp(sum(m, {1}, true), 1), 1, 2);  // (B, 1, T)
  return reshape(matmul(weights, where(m, hidden, Tensor::zeros({1}))), {B, C});
}

// The tokens of all sentences in a row, each sentence's picked by index.
Tensor picked(const Tensor& hidden, const Ids& mask, Pool pool) {
  const int64_t B = hidden.size(0), T = hidden.size(1), C = hidden.size(2);
  const Tensor flat = reshape(hidden, {B * T, C});
  Tensor result = Tensor::zeros({0, C});
  for (int64_t b = 0; b < B; ++b) {
    std::vector<int32_t> rows;
    for (int64_t t = 0; t < (pool == Pool::cls && T > 0 ? 1 : T); ++t)
      if (mask[b * T + t] == 1) rows.push_back(static_cast<int32_t>(b * T + t));
    const real count = rows.empty() ? 1 : static_cast<real>(rows.size());
    result = cairn::cat({result, sum(index_select(flat, Ids(rows)), {0}, true) / count}, 0);
  }
  return result;
}

}  // namespace

const std::vector<check::Alternative<Pooling>> list = {
    {"where", with_where},
    {"a matrix of weights", with_matmul},
    {"rows picked by index", picked},
};

}  // namespace alternatives

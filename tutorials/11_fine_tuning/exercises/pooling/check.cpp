// Against sums in loops, with garbage where the mask is 0, and the gradient of each.
#include <cmath>
#include <string>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "tutorials/11_fine_tuning/exercises/pooling/pooling.h"

using check::Shape;

namespace {

using Numbers = std::vector<real>;

// A batch of sentences of these lengths, padded to T.
struct Batch {
  Shape shape;
  Numbers hidden;
  Ids mask;
  std::vector<int64_t> counts;  // of what is pooled
};

Batch batch_of(const std::vector<int64_t>& lengths, int64_t T, int64_t C, Pool pool, bool nan) {
  const auto B = static_cast<int64_t>(lengths.size());
  Batch batch{{B, T, C}, check::normal(B * T * C, 7), {}, {}};
  std::vector<int32_t> mask;
  for (int64_t b = 0; b < B; ++b) {
    const int64_t length = lengths[static_cast<size_t>(b)];
    batch.counts.push_back(pool == Pool::cls && length > 1 ? 1 : length);
    for (int64_t t = 0; t < T; ++t) {
      mask.push_back(t < length);
      for (int64_t c = 0; t >= length && c < C; ++c)
        batch.hidden[static_cast<size_t>((b * T + t) * C + c)] =
            nan ? (c % 2 ? INFINITY : NAN) : 1000;
    }
  }
  batch.mask = Ids(Shape{B, T}, mask);
  return batch;
}

void check_batch(Pooling* pooling, check::Judge& judge, const std::string& name, const Batch& batch,
                 Pool pool) {
  const std::string what = (pool == Pool::cls ? "cls, " : "mean, ") + name;
  const int64_t B = batch.shape[0], T = batch.shape[1], C = batch.shape[2];
  Numbers expected(static_cast<size_t>(B * C)), slopes(static_cast<size_t>(B * T * C));
  const Numbers dy = check::normal(B * C, 8);
  for (int64_t b = 0; b < B; ++b)
    for (int64_t t = 0; t < batch.counts[static_cast<size_t>(b)]; ++t)
      for (int64_t c = 0; c < C; ++c) {
        const auto of = static_cast<size_t>(b * C + c),
                   at = static_cast<size_t>((b * T + t) * C + c);
        const real count = static_cast<real>(batch.counts[static_cast<size_t>(b)]);
        expected[of] += batch.hidden[at] / count, slopes[at] = dy[of] / count;
      }
  judge.input(what);
  const Tensor hidden = Tensor::of(batch.shape, batch.hidden).set_requires_grad();
  const Tensor got = pooling(hidden, batch.mask, pool);
  judge.equal(what, got, Tensor::of({B, C}, expected));
  judge.unchanged(what + ": hidden", hidden.to_vector(), batch.hidden);
  if (!got.defined() || got.shape() != Shape{B, C} || T == 0 || B == 0) return;
  judge.that(got.requires_grad(), what + ": the way back", "the result has no history");
  if (!got.requires_grad()) return;
  backward(got, Tensor::of({B, C}, dy));
  judge.equal(what + ": the gradient of hidden",
              hidden.grad().defined() ? hidden.grad() : Tensor::zeros(batch.shape),
              Tensor::of(batch.shape, slopes));
}

void check_pooling(Pooling* pooling, check::Judge& judge) {
  for (const Pool pool : {Pool::mean, Pool::cls}) {
    const auto check = [&](const std::string& what, const std::vector<int64_t>& lengths, int64_t T,
                           int64_t C, bool nan = false) {
      check_batch(pooling, judge, what, batch_of(lengths, T, C, pool, nan), pool);
    };
    check("two sentences of one length", {3, 3}, 3, 4);
    check("sentences of three lengths", {2, 4, 1}, 4, 3);
    check("the same once more", {2, 4, 1}, 4, 3);
    check("padding behind all of them", {2, 3}, 6, 2);
    check("an empty sentence between two", {2, 0, 3}, 4, 3);
    check("NaN and infinity in the padding", {1, 0, 3}, 4, 3, true);
    check("one sentence", {5}, 7, 3);
    check("one token", {1}, 1, 5);
    check("one column", {2, 1}, 3, 1);
    check("no sentences", {}, 4, 3);
    check("no tokens at all", {0, 0}, 0, 3);
  }
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Pooling>({.name = "pooling",
                              .check = check_pooling,
                              .mine = mine::pooling,
                              .mistaken = mistakes::pooling,
                              .mistakes = mistakes::list,
                              .alternatives = alternatives::list},
                             argc, argv);
}

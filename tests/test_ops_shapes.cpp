// Properties of the ops that rearrange, pick and place.
#include <doctest/doctest.h>

#include "tests/op_results.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("split, chunk, unbind: cat or stack of the parts gives x back, without a copy") {
  const Tensor x = counting({4, 7, 2});
  for (int axis : {0, 1, 2, -1}) {
    CHECK(same(cat(split(x, int64_t{3}, axis), axis), x));
    CHECK(same(cat(chunk(x, 3, axis), axis), x));
    CHECK(same(stack(unbind(x, axis), axis), x));
  }
  CHECK(split(x, {2, 0, 5}, 1)[2].shape() == Shape{4, 5, 2});
  CHECK(split(x, {2, 0, 5}, 1)[2].strided_data() == x.data() + 4);
  CHECK(split(x, int64_t{3}, 1).size() == 3);
  CHECK(chunk(x, 3, 0).size() == 2);  // of 2 each
  const std::string text = error_of([&] { split(x, {3, 3}, 1); });
  CHECK(has(text, "(3, 3)"));
  CHECK(has(text, "(4, 7, 2)"));
  CHECK(has(error_of([&] { stack({x, counting({4})}); }), "(4, 7, 2) and (4,)"));
}

TEST_CASE("flatten, repeat, flip, roll, pad: they do what indices say, and undo each other") {
  const Tensor x = counting({2, 3});
  CHECK(flatten(counting({2, 3, 4}), 1).shape() == Shape{2, 12});
  CHECK(flatten(Tensor::scalar(1)).shape() == Shape{1});
  CHECK(repeat(x, {2, 1, 2}).shape() == Shape{2, 2, 6});
  CHECK(select(repeat(x, {1, 2}), 0, 0).to_vector() == Reals{0, 1, 2, 0, 1, 2});
  CHECK(flip(x, {0, -1}).to_vector() == Reals{5, 4, 3, 2, 1, 0});
  CHECK(same(flip(flip(x, {1}), {1}), x));
  CHECK(roll(x, 1, 1).to_vector() == Reals{2, 0, 1, 5, 3, 4});
  CHECK(same(roll(roll(x, 5, 0), -5, 0), x));
  const Tensor padded = pad(x, {1, 2, 0, 1}, 9);
  CHECK(padded.shape() == Shape{3, 6});
  CHECK(select(padded, 0, 0).to_vector() == Reals{9, 0, 1, 2, 9, 9});
  CHECK(same(pad(padded, {-1, -2, 0, -1}), x));
  for (const std::string& text :
       {error_of([&] { repeat(x, {2}); }), error_of([&] { pad(x, {1}); }), error_of([&] {
          pad(x, {-2, -2});
        }),
        error_of([&] { flatten(x, 1, 0); })})
    CHECK(has(text, "(2, 3)"));
}

TEST_CASE("triu, tril: together with the diagonal they are x - infinities on the other side go") {
  const Tensor x = random_tensor({2, 4, 4}, 1);
  CHECK(same(triu(x, 1) + tril(x), x));
  CHECK(same(triu(x), transpose(tril(transpose(x, 1, 2)), 1, 2)));
  CHECK(same(diagonal(tril(x), 0, 1, 2), diagonal(x, 0, -2, -1)));
  CHECK(triu(Tensor::full({2, 2}, INFINITY)).to_vector()[2] == 0);
  CHECK(has(error_of([&] { triu(Tensor::ones({3})); }), "(3,)"));
}

TEST_CASE("diagonal: a view") {
  Tensor x = Tensor::zeros({3, 4});
  diagonal(x, 1).fill_(1);
  CHECK(x.to_vector() == Reals{0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
  CHECK(diagonal(x, 9).numel() == 0);
  CHECK(diagonal(counting({2, 3, 4}), 0, 2, 0).shape() == Shape{3, 2});
  CHECK(has(error_of([&] { diagonal(x, 0, 1, -1); }), "axis 1"));
}

TEST_CASE("gather, scatter_add: each is the other's gradient") {
  const Tensor x = random_leaf({3, 4}, 1), src = random_leaf({3, 6}, 2);
  const Ids index({3, 6}, {0, 1, 2, 3, 3, 3, 1, 1, 1, 1, 1, 1, 0, 2, 0, 2, 0, 2});
  const Tensor w = random_tensor({3, 6}, 3);
  const Tensor dx = grad({sum(gather(x, 1, index) * w)}, {x})[0];
  CHECK(same(dx, scatter_add(Tensor::zeros({3, 4}), 1, index, w)));
  const Tensor dsrc = grad({sum(scatter_add(x, 1, index, src) * x.detach())}, {src})[0];
  CHECK(same(dsrc, gather(x, 1, index)));
  const std::string text = error_of([&] { gather(x, 0, Ids({1, 4}, {0, 1, 3, 2})); });
  CHECK(has(text, "index 3"));
  CHECK(has(text, "(3, 4)"));
  CHECK(has(error_of([&] { gather(x, 1, Ids{1}); }), "(1,)"));
  CHECK(has(error_of([&] { scatter_add(x, 1, index, x); }), "(3, 6)"));
}

TEST_CASE("index_select, index_add: slices along any axis") {
  const Tensor x = counting({2, 3, 2});
  CHECK(same(index_select(x, 1, Ids{2, 0}), flip(slice(x, 1, 0, 3, 2), {1})));
  CHECK(same(index_select(x, 0, Ids{1, 1}), index_select(x, Ids{1, 1})));
  const Tensor sums = index_add(Tensor::zeros({2, 3}), -1, Ids{0, 2, 0}, Tensor::ones({2, 3}), 2);
  CHECK(sums.to_vector() == Reals{4, 0, 2, 4, 0, 2});
  CHECK(has(error_of([&] { index_select(x, 1, Ids{3}); }), "3"));
  CHECK(has(error_of([&] { index_add(x, 1, Ids{0}, x); }), "(2, 3, 2)"));
}

TEST_CASE("masked_select: the numbers in order - the others get no gradient") {
  const Tensor x = random_leaf({2, 3}, 1);
  const Tensor mask = Tensor::of({3}, {1, 0, 1}), y = masked_select(x, mask);
  const Reals all = x.to_vector();
  CHECK(y.to_vector() == Reals{all[0], all[2], all[3], all[5]});
  CHECK(gradient(y, x) == Reals{1, 0, 1, 1, 0, 1});
  CHECK(masked_select(x, Tensor::zeros({2, 3})).shape() == Shape{0});
}

TEST_CASE("embedding: the padding row gives its numbers, and gets no gradient") {
  const Tensor table = random_leaf({4, 2}, 1);
  const Tensor y = embedding(table, Ids({2, 2}, {1, 3, 1, 1}), 1);
  CHECK(same(y, embedding(table, Ids({2, 2}, {1, 3, 1, 1}))));
  CHECK(gradient(y, table) == Reals{0, 0, 0, 0, 0, 0, 1, 1});
}

TEST_CASE("one_hot: a product with it picks rows") {
  const Tensor table = random_tensor({5, 3}, 1);
  const Ids ids({2, 2}, {4, 0, 0, 3});
  CHECK(same(matmul(one_hot(ids, 5), table), embedding(table, ids)));
  CHECK(has(error_of([&] { one_hot(ids, 4); }), "id 4"));
}

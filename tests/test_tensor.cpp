// Tensor, Shape and Storage: creation, layout, aliasing, writing in place, and what errors say.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("shape: sizes, strides, text") {
  CHECK(numel(Shape{2, 3, 4}) == 24);
  CHECK(numel(Shape{}) == 1);
  CHECK(numel(Shape{5, 0}) == 0);
  CHECK(contiguous_strides({2, 3, 4}) == Shape{12, 4, 1});
  CHECK(to_string(Shape{}) == "()");
  CHECK(to_string(Shape{3}) == "(3,)");
  CHECK(to_string(Shape{2, 3}) == "(2, 3)");
  CHECK(error_of([] { Shape{1, 1, 1, 1, 1, 1, 1, 1, 1}; }) != "");
  CHECK(error_of([] { Shape{1, 1, 1, 1, 1, 1, 1, 1}.push_back(1); }) != "");
}

TEST_CASE("shape: broadcasting aligns at the last axis") {
  CHECK(broadcast({3, 4}, {4}, "add") == Shape{3, 4});
  CHECK(broadcast({5, 1}, {1, 6}, "add") == Shape{5, 6});
  CHECK(broadcast({}, {2, 3}, "add") == Shape{2, 3});
  CHECK(broadcast({0, 3}, {1, 3}, "add") == Shape{0, 3});
  CHECK(broadcast({2, 1, 3, 1}, {4, 1, 2}, "add") == Shape{2, 4, 3, 2});
  const std::string text = error_of([] { broadcast({2, 3}, {4, 5}, "add"); });
  CHECK(has(text, "a is (2, 3), b is (4, 5)"));
  CHECK(error_of([] { broadcast({0}, {2}, "add"); }) != "");
  CHECK(broadcast_strides({3, 1}, {1, 7}, {2, 3, 4}) == Shape{0, 1, 0});
}

TEST_CASE("shape: sizes beyond what memory can address are an error, never wrap around") {
  const int64_t large = int64_t{1} << 33;
  CHECK(numel(Shape{large, large}) > 0);
  CHECK(numel(Shape{large, large, 0}) == 0);
  CHECK(has(error_of([=] { Tensor::empty({large, large}); }), "[memory]"));
  CHECK(has(error_of([=] { Tensor::empty({large, large, large}); }), "[memory]"));
  CHECK(Tensor::empty({large, large, 0}).numel() == 0);
  CHECK(has(error_of([] { Tensor::empty({2, -1}); }), "(2, -1)"));
  CHECK(has(error_of([=] { copy(expand(Tensor::ones({1}), {large, large})); }), "[memory]"));
}

TEST_CASE("tensor: creation") {
  const Tensor x = Tensor::of({2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(x.to_vector() == std::vector<real>{1, 2, 3, 4, 5, 6});
  CHECK(x.strides() == Shape{3, 1});
  CHECK(x.size(-1) == 3);
  CHECK(x.is_leaf());
  CHECK(!x.requires_grad());
  CHECK(Tensor::zeros({2}).to_vector() == std::vector<real>{0, 0});
  CHECK(Tensor::full({2}, 7).to_vector() == std::vector<real>{7, 7});
  CHECK(Tensor::scalar(3).item() == 3);
  CHECK(Tensor::ones({0, 4}).to_vector().empty());
  CHECK(has(error_of([] { Tensor::of({2, 2}, {1}); }), "1 values for the shape (2, 2)"));
  const size_t address = reinterpret_cast<size_t>(x.data());
  CHECK(address % 64 == 0);
}

TEST_CASE("tensor: item needs exactly one number") {
  CHECK(Tensor::of({1, 1}, {5}).item() == 5);
  const std::string at = "test_tensor.cpp:" + std::to_string(__LINE__ + 1);
  const std::string text = error_of([] { Tensor::ones({2}).item(); });
  CHECK(has(text, "(2,)"));
  CHECK(has(text, at));
}

TEST_CASE("tensor: an undefined one is an error wherever it is used") {
  const Tensor none, x = Tensor::ones({2});
  CHECK(!none.defined());
  CHECK(has(error_of([&] { none.shape(); }), "undefined"));
  CHECK(has(error_of([&] { add(x, none); }), "undefined"));
  CHECK(has(error_of([&] { softmax(none); }), "undefined"));
  CHECK(has(error_of([&] { cat({x, none}, 0); }), "undefined"));
  CHECK(has(error_of([&] { backward(none); }), "undefined"));
  CHECK(has(error_of([&] { x.grad().to_vector(); }), "undefined"));
}

TEST_CASE("tensor: copying the handle copies no numbers, copy() does") {
  Tensor x = counting({2, 2});
  const Tensor handle = x, other = copy(x);
  x.fill_(9);
  CHECK(handle.data()[3] == 9);
  CHECK(other.data()[3] == 3);
  CHECK(x.detach().data() == x.data());
  CHECK(contiguous(x).data() == x.data());
  CHECK(contiguous(transpose(x, 0, 1)).data() != x.data());
}

TEST_CASE("tensor: is_contiguous looks past axes of size 1") {
  const Tensor x = counting({2, 3});
  CHECK(x.is_contiguous());
  CHECK(!transpose(x, 0, 1).is_contiguous());
  CHECK(slice(x, 0, 1, 2).is_contiguous());
  CHECK(!slice(x, 1, 0, 2).is_contiguous());
  CHECK(!expand(Tensor::ones({1}), {4}).is_contiguous());
  CHECK(transpose(counting({1, 5}), 0, 1).is_contiguous());
  CHECK(slice(x, 1, 1, 1).is_contiguous());  // empty
}

TEST_CASE("Contiguous: the tensor's own numbers if they lie so, else a copy") {
  const Tensor x = counting({2, 3});
  CHECK(Contiguous(x).data() == x.data());
  CHECK(Contiguous(slice(x, 0, 1, 2)).data() == x.data() + 3);
  const Contiguous columns(transpose(x, 0, 1));
  const std::vector<real> numbers(columns.data(), columns.data() + 6);
  CHECK(numbers == std::vector<real>{0, 3, 1, 4, 2, 5});
}

TEST_CASE("copy_numbers: any layout to any layout") {
  const std::vector<real> from{0, 1, 2, 3, 4, 5, 6, 7};
  std::vector<real> to(12, -1);
  copy_numbers(to.data(), {6, 2}, from.data(), {1, 2}, {2, 3});  // (i, j) from i + 2 j to 6 i + 2 j
  CHECK(to == std::vector<real>{0, -1, 2, -1, 4, -1, 1, -1, 3, -1, 5, -1});
  copy_numbers(to.data(), {3, 1}, from.data() + 5, {0, 0}, {4, 3});  // one number everywhere
  CHECK(to == std::vector<real>(12, 5));
  copy_numbers(to.data(), {}, from.data(), {}, {});
  CHECK(to[0] == 0);
  copy_numbers(to.data(), {1, 1}, from.data(), {1, 1}, {3, 0});
  CHECK(to[1] == 5);
  std::vector<real> beside(8, -1);  // and nothing beside it
  copy_numbers(beside.data() + 1, {4, 2}, from.data(), {2, 1}, {1, 2});
  CHECK(beside == std::vector<real>{-1, 0, -1, 1, -1, -1, -1, -1});
  copy_numbers(beside.data() + 4, {1}, from.data() + 6, {1}, {2});
  CHECK(beside == std::vector<real>{-1, 0, -1, 1, 6, 7, -1, -1});
}

TEST_CASE("in place: fill_, copy_, add_, mul_ write through views") {
  Tensor x = counting({3, 4});
  slice(x, 1, 1, 4, 2).fill_(-1);
  CHECK(x.to_vector() == std::vector<real>{0, -1, 2, -1, 4, -1, 6, -1, 8, -1, 10, -1});
  transpose(x, 0, 1).copy_(Tensor::of({3}, {1, 2, 3}));  // broadcast: row i becomes i + 1
  CHECK(x.to_vector() == std::vector<real>{1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3});
  select(x, 1, 0).add_(Tensor::of({3}, {1, 1, 1}), -2);
  CHECK(select(x, 1, 0).to_vector() == std::vector<real>{-1, 0, 1});
  slice(x, 1, 0, 2).mul_(10);
  CHECK(x.to_vector() == std::vector<real>{-10, 10, 1, 1, 0, 20, 2, 2, 10, 30, 3, 3});
  Tensor line = counting({5});
  slice(line, 0, 1, 5).copy_(slice(line, 0, 0, 4));  // overlapping
  CHECK(line.to_vector() == std::vector<real>{0, 0, 1, 2, 3});
  CHECK(has(error_of([&] { line.copy_(x); }), "copy_"));
  CHECK(has(error_of([&] { line.add_(x); }), "[add_]"));
  CHECK(has(error_of([&] { line.add_(Tensor::ones({2, 5})); }), "(2, 5) does not fit into (5,)"));
}

TEST_CASE("in place: the same numbers as the ops that return a new tensor, through views too") {
  const Tensor start = random_tensor({3, 4, 2}, 1), full = random_tensor({2, 4, 3}, 2);
  const Tensor row = random_tensor({4, 1}, 3);
  for (const Tensor& other : {full, row}) {
    const auto result = [&](const auto& change) {
      Tensor whole = copy(start), view = transpose(whole, 0, 2);  // (2, 4, 3)
      change(view);
      return view;
    };
    const Tensor x = transpose(start, 0, 2);
    CHECK(difference(result([&](Tensor& v) { v.add_(other, -3); }), x - 3 * other) < 1e-5);
    CHECK(same(result([&](Tensor& v) { v.sub_(other); }), x - other));
    CHECK(same(result([&](Tensor& v) { v.mul_(other); }), x * other));
    CHECK(same(result([&](Tensor& v) { v.div_(other); }), x / other));
    CHECK(same(result([&](Tensor& v) { v.copy_(other); }), expand(other, x.shape())));
    CHECK(same(result([&](Tensor& v) { v.add_(2).sub_(1).mul_(3).div_(4); }), (x + 2 - 1) * 3 / 4));
  }
  CHECK(Tensor::of({3}, {-5, 0.5, 7}).clamp_(-1, 1).to_vector() == std::vector<real>{-1, 0.5, 1});
  Tensor line = counting({5}), tail = slice(line, 0, 1, 5);
  tail.add_(slice(line, 0, 0, 4));  // overlapping: reads before it writes
  CHECK(line.to_vector() == std::vector<real>{0, 1, 3, 5, 7});
  Tensor none = Tensor::zeros({0, 3});
  none.add_(1).mul_(Tensor::ones({3})).clamp_(0, 1).zero_();
}

TEST_CASE("in place: counts as a change of the storage, seen from every view") {
  Tensor x = counting({4});
  const Tensor view = slice(x, 0, 1, 3);
  const int64_t before = view.impl().storage->version;
  x.fill_(0);
  select(x, 0, 2).mul_(2);
  CHECK(view.impl().storage->version == before + 2);
}

TEST_CASE("in place: not where it would falsify or lose history") {
  Tensor x = random_leaf({2, 3}, 1), plain = Tensor::ones({2, 3});
  const std::string at = "test_tensor.cpp:" + std::to_string(__LINE__ + 1);
  const std::string text = error_of([&] { x.add_(plain); });
  CHECK(has(text, "[add_] a tensor that requires grad cannot be changed in place"));
  CHECK(has(text, at));
  CHECK(has(text, "use add"));
  CHECK(has(error_of([&] { (x * 2).mul_(2); }), "use mul"));
  CHECK(has(error_of([&] { select(x, 0, 0).fill_(2); }), "[fill_]"));
  CHECK(has(error_of([&] { plain.add_(x); }), "history"));
  CHECK(has(error_of([&] { x.sub_(plain); }), "use sub"));
  CHECK(has(error_of([&] { x.div_(plain); }), "use div"));
  CHECK(has(error_of([&] { x.clamp_(0, 1); }), "use clamp"));
  CHECK(has(error_of([&] { plain.copy_(x); }), "detach()"));
  plain.copy_(x.detach());
  CHECK(same(plain, x));
  const NoGrad no_grad;
  x.add_(plain).mul_(real{0.5});
  CHECK(same(plain, x));
}

TEST_CASE("in place: elements that share memory are refused") {
  Tensor x = expand(Tensor::ones({1, 3}), {4, 3});
  CHECK(has(error_of([&] { x.add_(Tensor::ones({4, 3})); }), "(4, 3)"));
  CHECK(has(error_of([&] { x.fill_(0); }), "copy() it first"));
  CHECK(has(error_of([&] { x.copy_(Tensor::ones({3})); }), "share memory"));
  CHECK(has(error_of([&] { x.mul_(2); }), "share memory"));
}

TEST_CASE("requires_grad: only leaves choose") {
  Tensor x = random_leaf({2}, 1);
  Tensor y = exp(x);
  CHECK(y.requires_grad());
  CHECK(!y.is_leaf());
  CHECK(has(error_of([&] { y.set_requires_grad(false); }), "made by [exp]"));
  CHECK(!y.detach().requires_grad());
  x.set_requires_grad(false);
  CHECK(!exp(x).requires_grad());
  CHECK(has(error_of([&] { x.set_grad(Tensor::ones({3})); }), "(3,)"));
}

TEST_CASE("set_grad: keeps a copy of the numbers, and nothing of where they are from") {
  Tensor x = random_leaf({2, 3}, 1);
  const Tensor w = random_leaf({2, 3}, 2);
  const int64_t before = pool_statistics().in_use;
  {
    Tensor g = w * 2;  // a tensor with a history
    x.set_grad(g);
    CHECK(x.grad().is_leaf());
    CHECK_FALSE(x.grad().requires_grad());
    CHECK(x.grad().impl().op == nullptr);
    CHECK(same(x.grad(), g));
    CHECK(x.grad().data() != g.data());
  }
  CHECK(pool_statistics().in_use == before + x.impl().storage->block);  // the copy alone
  Tensor plain = Tensor::ones({3, 2});
  x.set_grad(transpose(plain, 0, 1));
  CHECK(x.grad().is_contiguous());
  plain.fill_(7);
  CHECK(same(x.grad(), Tensor::ones({2, 3})));
  sum(x * 3).backward();  // adds up with it
  CHECK(same(x.grad(), Tensor::full({2, 3}, 4)));
  CHECK(has(error_of([&] {
              x.set_grad(Tensor::ones({3, 2}));
            }),
            "the gradient is (3, 2), the tensor (2, 3)"));
}

TEST_CASE("pool: what a tensor held is used again, and counted") {
  release_cached_memory();
  const int64_t before = pool_statistics().in_use;
  {
    const Tensor x = Tensor::zeros({1000});
    CHECK(pool_statistics().in_use >= before + 4000);
    CHECK(pool_statistics().peak >= pool_statistics().in_use);
  }
  CHECK(pool_statistics().in_use == before);
  CHECK(has(error_of([] { Tensor::empty({int64_t{1} << 42}); }), "[memory]"));
  CHECK(pool_statistics().in_use == before);
}

TEST_CASE("ids: values with a shape") {
  const Ids ids({2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(ids.numel() == 6);
  CHECK(ids[4] == 5);
  CHECK(ids.reshape({3, 2}).shape() == Shape{3, 2});
  CHECK(ids.reshape({6}).data() == ids.data());
  CHECK(Ids().numel() == 0);
  CHECK(has(error_of([] { Ids({2, 2}, {1}); }), "(2, 2)"));
  CHECK(has(error_of([&] { ids.reshape({4}); }), "(2, 3) to (4,)"));
}

TEST_CASE("rows: lengths become starts - nonsense is refused") {
  const Rows rows = Rows::of_lengths({2, 0, 3});
  CHECK(rows.starts().values() == std::vector<int32_t>{0, 2, 2, 5});
  CHECK(rows.longest() == 3);
  CHECK(rows.total() == 5);
  CHECK(rows.length(2) == 3);
  CHECK(rows.first().values() == std::vector<int32_t>{0, 2, 2});
  CHECK(Rows::equal(2, 3).starts().values() == std::vector<int32_t>{0, 3, 6});
  CHECK(Rows{}.sequences() == 0);
  CHECK(Rows{}.total() == 0);
  CHECK(Rows{}.first().numel() == 0);
  CHECK(has(error_of([] { Rows::of_lengths({2, -1}); }), "-1"));
  CHECK(error_of([] { Rows::of_lengths({2000000000, 2000000000}); }) != "");
  CHECK(error_of([] { Rows::equal(1 << 20, 1 << 20); }) != "");
}

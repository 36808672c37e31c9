// Ids: creating, cutting, joining, comparing, turning into numbers.
#include <doctest/doctest.h>

#include <sstream>

#include "tests/limits.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Ints = std::vector<int32_t>;
using Reals = std::vector<real>;

// 0, 1, 2, ... in this shape.
Ids counting_ids(const Shape& shape) { return Ids::arange(numel(shape)).reshape(shape); }

}  // namespace

TEST_CASE("ids: a classifier's accuracy is one line") {
  const Tensor logits = Tensor::of({4, 2}, {1, 2, 3, 0, -1, 1, 0, 5});
  const Ids labels{1, 0, 0, 1};
  CHECK(mean(argmax(logits, 1) == labels).item() == real(0.75));
}

TEST_CASE("ids: == and != give 1 where they hold, against ids of the same shape or one id") {
  const Ids a{{2, 2}, {1, 2, 3, 4}}, b{{2, 2}, {1, 0, 3, 0}};
  CHECK((a == b).to_vector() == Reals{1, 0, 1, 0});
  CHECK((a != b).to_vector() == Reals{0, 1, 0, 1});
  CHECK((a == 3).to_vector() == Reals{0, 0, 1, 0});
  CHECK((3 == a).to_vector() == Reals{0, 0, 1, 0});
  CHECK((a != 3).shape() == Shape{2, 2});
  const std::string text = error_of([&] { return a == Ids{1, 2}; });
  CHECK_MESSAGE(has(text, "(2, 2) and (2,)"), text);
  CHECK(has(text, "test_ids.cpp:" + std::to_string(__LINE__ - 2)));
  CHECK(has(error_of([] { return Ids{{3, 1}, {1, 2, 3}} == Ids{1, 2, 3}; }), "shapes differ"));
}

TEST_CASE("ids: to_tensor keeps the shape and every number") {
  const Ids ids{{2, 2}, {1, -2, 16777216, 0}};
  CHECK(same(to_tensor(ids), Tensor::of({2, 2}, {1, -2, 16777216, 0})));
  CHECK(to_tensor(Ids()).shape() == Shape{0});
  CHECK(Ids({}, {5}).item() == 5);
  CHECK(has(error_of([] { Ids{1, 2}.item(); }), "(2,)"));
}

TEST_CASE("ids: reshape infers one size") {
  const Ids ids = Ids::arange(6);
  CHECK(ids.reshape({2, -1}).shape() == Shape{2, 3});
  CHECK(ids.reshape(-1).shape() == Shape{6});
  for (const Shape& bad : {Shape{4, -1}, Shape{5}, Shape{0, -1}})
    CHECK_MESSAGE(has(error_of([&] { ids.reshape(bad); }), "cannot reshape (6,)"), bad);
  CHECK(error_of([&] { ids.reshape({-1, -1}); }) != "");
  CHECK(error_of([&] { ids.reshape({-2, -3}); }) != "");
  CHECK(Ids().reshape({0, 3}).shape() == Shape{0, 3});
}

TEST_CASE("ids: slice, select, index_select and cat as for tensors") {
  const Shape shapes[] = {{5}, {3, 4}, {2, 3, 4}, {2, 0, 3}};
  for (const Shape& shape : shapes) {
    const Ids ids = counting_ids(shape);
    const Tensor x = counting(shape);
    for (int axis = -shape.size(); axis < shape.size(); ++axis) {
      const int64_t range[] = {-9, -2, 0, 1, 3, 9};
      for (int64_t start : range)
        for (int64_t stop : range)
          for (int64_t step : {1, 2, 7})
            CHECK(same(to_tensor(slice(ids, axis, start, stop, step)),
                       slice(x, axis, start, stop, step)));
      for (int64_t i = -ids.size(axis); i < ids.size(axis); ++i)
        CHECK(same(to_tensor(select(ids, axis, i)), select(x, axis, i)));
      CHECK(same(to_tensor(cat({ids, slice(ids, axis, 0, 1), ids}, axis)),
                 cat({x, slice(x, axis, 0, 1), x}, axis)));
    }
  }
  CHECK(same(to_tensor(index_select(counting_ids({3, 2}), {2, 0, 2})),
             index_select(counting({3, 2}), {2, 0, 2})));
  const Ids ids = counting_ids({3, 2});
  CHECK(has(error_of([&] { select(ids, 0, 3); }), "index 3 on axis 0 of (3, 2)"));
  CHECK(has(error_of([&] { slice(ids, 2, 0, 1); }), "axis 2"));
  CHECK(has(error_of([&] { slice(ids, 0, 0, 1, 0); }), "step is 0"));
  CHECK(slice(ids, 0, INT64_MIN, INT64_MAX, INT64_MAX).shape() == Shape{1, 2});
  CHECK(has(error_of([&] { cat({ids, Ids{1, 2}}); }), "(3, 2) and (2,)"));
  CHECK(has(error_of([&] { cat(std::vector<Ids>{}); }), "no parts"));
  CHECK(has(error_of([&] { index_select(ids, {0, 3}); }), "index 3"));
  CHECK(has(error_of([&] { index_select(Ids({}, {1}), {0}); }), "no rows"));
}

TEST_CASE("axes: one number is one axis, for every op that takes axes") {
  const Tensor x = random_tensor({2, 3, 4}, 1);
  CHECK(same(sum(x, 1), sum(x, {1})));
  CHECK(same(sum(x, -1, true), sum(x, {-1}, true)));
  CHECK(same(mean(x, 0), mean(x, {0})));
  CHECK(same(var(x, 1), var(x, {1})));
  CHECK(same(cairn::std(x, 1, 0), cairn::std(x, {1}, 0)));
  CHECK(same(amax(x, 1), amax(x, {1})));
  CHECK(same(amin(x, 1), amin(x, {1})));
  CHECK(same(prod(x, 1), prod(x, {1})));
  CHECK(same(logsumexp(x, 1), logsumexp(x, {1})));
  CHECK(same(norm(x, 2, 1), norm(x, 2, {1})));
  CHECK(same(flip(x, 1), flip(x, {1})));
  CHECK(same(squeeze(Tensor::ones({1, 3, 1})), Tensor::ones(3)));
  CHECK(same(reshape(x, -1), reshape(x, {24})));
  const int64_t axis = 1;
  CHECK(same(sum(x, axis), sum(x, {1})));
  CHECK(has(error_of([&] { sum(x, 3); }), "axis 3"));
  CHECK_FALSE(std::is_convertible_v<bool, Axes>);
  CHECK_FALSE(std::is_convertible_v<bool, Shape>);
  CHECK_FALSE(std::is_convertible_v<double, Shape>);
}

TEST_CASE("argmax, argmin, max, min: over all numbers, in reading order") {
  const Tensor x = Tensor::of({2, 3}, {1, 7, 2, 7, 0, 0});
  CHECK(argmax(x).item() == 1);
  CHECK(argmin(x).item() == 4);
  CHECK(argmax(transpose(x, 0, 1)).item() == 1);  // (3, 2): 1 7 7 0 2 0
  CHECK(argmax(x).shape() == Shape{});
  CHECK(max(x).item() == 7);
  CHECK(min(x).item() == 0);
  CHECK(argmax(Tensor::scalar(3)).item() == 0);
  CHECK(error_of([] { argmax(Tensor::zeros({0, 2})); }) != "");
}

TEST_CASE("tensor: a subscript is a slice, a view with history, and comparisons are 0 and 1") {
  Tensor x = counting({2, 3}).set_requires_grad();
  CHECK(x[1].to_vector() == Reals{3, 4, 5});
  CHECK(x[-1][0].item() == 3);
  sum(x[0]).backward();
  CHECK(x.grad().to_vector() == Reals{1, 1, 1, 0, 0, 0});
  const std::string text = error_of([&] { x[2]; });
  CHECK_MESSAGE(has(text, "test_ids.cpp:" + std::to_string(__LINE__ - 1)), text);
  Tensor y = counting({2, 3});
  y[1].fill_(9);
  CHECK(y.to_vector() == Reals{0, 1, 2, 9, 9, 9});
  CHECK((y > 1).to_vector() == Reals{0, 0, 1, 1, 1, 1});
  CHECK((y <= 1).to_vector() == Reals{1, 1, 0, 0, 0, 0});
  CHECK((1 < y).to_vector() == Reals{0, 0, 1, 1, 1, 1});
  CHECK((y == y).to_vector() == Reals(6, 1));
  CHECK((y != 9).to_vector() == Reals{1, 1, 1, 0, 0, 0});
  CHECK(same(y >= y, Tensor::ones({2, 3})));
  CHECK(same(y < y + 1, Tensor::ones({2, 3})));
}

TEST_CASE("output: a tensor, ids and a shape go to a stream as they print") {
  std::ostringstream out;
  out << Tensor::of({1, 2}) << " " << Ids{3, 4} << " " << Shape{2, 3};
  CHECK(out.str() == "[1. 2.] [3 4] (2, 3)");
}

TEST_CASE("ids: a count for which there is no memory is an Error, before anything is drawn") {
  if (!can_limit_memory) return;
  constexpr int64_t megabytes = int64_t{64} << 20, many = int64_t{1} << 30;
  const auto refused = [&](const std::function<void()>& f) {
    return has(within_memory(megabytes, f), "no memory for");
  };
  CHECK(refused([] { Ids::arange(many); }));
  CHECK(refused([] { Ids::randint(0, 5, {many}); }));
  CHECK(refused([] { multinomial(Tensor::ones({3}), many, true); }));
  CHECK(Ids::arange(5, -3, -3).values() == std::vector<int32_t>{5, 2, -1});
  CHECK(Ids::arange(INT32_MIN, INT64_C(1) + INT32_MAX, INT64_MAX).values() ==
        std::vector<int32_t>{INT32_MIN});
}

TEST_CASE("ids: a loop over a temporary's values reads them, not what was freed") {
  static_assert(std::is_same_v<decltype(Ids().values()), std::vector<int32_t>>);
  std::vector<int32_t> seen;
  for (const int32_t id : Ids::arange(3).values()) seen.push_back(id);
  CHECK(seen == std::vector<int32_t>{0, 1, 2});
}

TEST_CASE("ids: what holds no values takes no time, whatever its sizes") {
  const Ids none({int64_t{1} << 40, 0}, {});
  CHECK(slice(none, 1, 0, 0).numel() == 0);
  CHECK(cat<Ids>({none, none}, 1).shape() == none.shape());
  CHECK(multinomial(Tensor::zeros({int64_t{1} << 40, 0}), 0).numel() == 0);
  CHECK(none.reshape({0, 5}).shape() == Shape{0, 5});
}

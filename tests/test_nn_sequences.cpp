// The three forms of a batch: to the ragged one and back.
#include <doctest/doctest.h>

#include "nn/more/sequences.h"
#include "tests/bounds.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("sequences: each form without rows is full, as ragged rows of equal length") {
  const Tensor one = counting({3, 2}), padded = counting({2, 3, 2});
  Rows rows;
  CHECK(to_ragged(one, rows, {}).handle() == one.handle());
  CHECK(rows.starts().values() == std::vector<int32_t>{0, 3});
  CHECK(from_ragged(one, rows, one).handle() == one.handle());
  rows = {};
  const Tensor flat = to_ragged(padded, rows, {});
  CHECK(same(flat, counting({6, 2})));
  CHECK(flat.data() == padded.data());  // looked at, not copied
  CHECK(rows.starts().values() == std::vector<int32_t>{0, 3, 6});
  CHECK(same(from_ragged(flat, rows, padded), padded));
  CHECK(from_ragged(flat, rows, padded).data() == padded.data());
}

TEST_CASE("sequences: of a padded batch only the rows' tokens are taken, and zeros come back") {
  const Tensor padded = counting({2, 3, 1}) + 1;
  struct Case {
    std::vector<int32_t> lengths;
    std::vector<real> taken, back;
  };
  for (const Case& c : std::vector<Case>{{{3, 3}, {1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6}},
                                         {{1, 3}, {1, 4, 5, 6}, {1, 0, 0, 4, 5, 6}},
                                         {{2, 1}, {1, 2, 4}, {1, 2, 0, 4, 0, 0}},
                                         {{1, 1}, {1, 4}, {1, 0, 0, 4, 0, 0}},
                                         {{0, 2}, {4, 5}, {0, 0, 0, 4, 5, 0}}}) {
    Rows rows = Rows::of_lengths(c.lengths);
    const Tensor flat = to_ragged(padded, rows, {});
    CHECK(flat.to_vector() == c.taken);
    CHECK(flat.shape() == Shape{static_cast<int64_t>(c.taken.size()), 1});
    const Tensor back = from_ragged(flat, rows, padded);
    CHECK(back.shape() == padded.shape());
    CHECK(back.to_vector() == c.back);
  }
  // The result may have another width than the batch that it came from.
  const Rows rows = Rows::of_lengths({1, 2});
  CHECK(from_ragged(counting({3, 4}), rows, padded).shape() == Shape{2, 3, 4});
  CHECK(from_ragged(counting({2, 3}), Rows::equal(2, 1), padded).shape() == Shape{2, 3, 3});
  CHECK(from_ragged(counting({6, 4}), Rows::equal(2, 3), padded).shape() == Shape{2, 3, 4});
}

TEST_CASE("sequences: what holds other sequences than the rows say is refused") {
  const auto ragged = [](const Shape& shape, const std::vector<int32_t>& lengths) {
    return [=] {
      Rows rows = Rows::of_lengths(lengths);
      to_ragged(Tensor::zeros(shape), rows, {});
    };
  };
  const std::string sum = "Rows::of_lengths(lengths), whose sum is the first size of x";
  check_errors({
      {"[sequences] x is (4,)", "(N, C), (T, C) or (B, T, C)", ragged({4}, {4})},
      {"[sequences] x is (1, 1, 4, 2)", "(N, C), (T, C) or (B, T, C)", ragged({1, 1, 4, 2}, {4})},
      {"[sequences] x is (4, 2), but its rows count 5 tokens", sum, ragged({4, 2}, {2, 3})},
      {"[sequences] x is (4, 2), but its rows count 3 tokens", sum, ragged({4, 2}, {3})},
      {"", "", ragged({4, 2}, {1, 0, 3})},
  });
  // As many tokens in all as the batch has places, but not its sequences.
  for (const std::vector<int32_t>& lengths : {std::vector<int32_t>{2, 4}, {6}, {2, 2, 2}, {4, 2}})
    CHECK(error_of(ragged({2, 3, 2}, lengths)) != "");
}

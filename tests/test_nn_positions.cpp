// Positions: sinusoidal, learned, rotary, relative.
#include <doctest/doctest.h>

#include <set>

#include "nn/more/attention.h"
#include "nn/more/positions.h"
#include "tests/bounds.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// The vector x (D) turned for each of the places (T, D).
Tensor at_places(const Rotary& rotary, const Tensor& x, int64_t T) {
  const Tensor all = copy(expand(reshape(x, {1, x.size(0)}), {T, x.size(0)}));
  return rotary(all, Rows::equal(1, T).positions(), 1);
}

}  // namespace

TEST_CASE("rows: positions count from 0 within each sequence") {
  CHECK(Rows::of_lengths({2, 0, 3}).positions().values() == std::vector<int32_t>{0, 1, 0, 1, 2});
}

TEST_CASE("sinusoidal positions: distinct, of one length, the paper's formula") {
  const Tensor table = sinusoidal_positions(500, 16);
  std::set<std::vector<real>> rows;
  for (int64_t t = 0; t < 500; ++t) rows.insert(select(table, 0, t).to_vector());
  CHECK(rows.size() == 500);
  CHECK(difference(sum(table * table, {1}), Tensor::full({500}, 8)) < 1e-5);
  CHECK(table.data()[7 * 16 + 4] == doctest::Approx(std::sin(7 / std::pow(10000.0, 4 / 16.0))));
  CHECK(table.data()[7 * 16 + 5] == doctest::Approx(std::cos(7 / std::pow(10000.0, 4 / 16.0))));
  CHECK(sinusoidal_positions(3, 5).shape() == Shape{3, 5});
}

TEST_CASE("sinusoidal positions: the product of two depends on their distance alone") {
  const Tensor table = sinusoidal_positions(40, 16);
  const Tensor products = matmul(table, transpose(table, 0, 1));
  for (int64_t t = 1; t < 30; ++t)
    for (int64_t d = 0; d < 10; ++d)
      CHECK(products.data()[t * 40 + t + d] == doctest::Approx(products.data()[d]).epsilon(1e-4));
}

TEST_CASE("learned positions: a row for each place - a sequence that is too long is refused") {
  LearnedPositions positions(4, 3);
  const Tensor y = positions(Rows::of_lengths({2, 4}));
  CHECK(y.shape() == Shape{6, 3});
  CHECK(same(slice(y, 0, 2, 6), positions.weight));
  CHECK(same(slice(y, 0, 0, 2), slice(positions.weight, 0, 0, 2)));
  CHECK(has(error_of([&] { positions(Rows::of_lengths({5})); }), "5 tokens"));
}

TEST_CASE("rotary: the product of query and key depends on the distance of their places alone") {
  for (const Rotary::Pairs pairs : {Rotary::Pairs::halves, Rotary::Pairs::neighbours}) {
    const Rotary rotary{.base = 100, .pairs = pairs};
    const Tensor q = at_places(rotary, random_tensor({8}, 1), 30);
    const Tensor k = at_places(rotary, random_tensor({8}, 2), 30);
    const Tensor scores = matmul(q, transpose(k, 0, 1));
    double off = 0, change = 0;
    for (int64_t m = 1; m < 30; ++m) {
      for (int64_t n = 1; n < 30; ++n) {
        const double here = static_cast<double>(scores.data()[m * 30 + n]);
        off = std::max(off, std::abs(here - static_cast<double>(scores.data()[m * 30 + n - 31])));
        change = std::max(change, std::abs(here - static_cast<double>(scores.data()[0])));
      }
    }
    CHECK(off < 1e-5);
    CHECK(change > 0.1);
  }
}

TEST_CASE("rotary: place 0 is unchanged, lengths stay, each head is turned alike") {
  const Rotary rotary;
  const Tensor one = random_tensor({3, 4}, 1), both = cat({one, one}, 1);
  const Ids places{0, 5, 9};
  const Tensor y = rotary(both, places, 2);
  CHECK(same(select(y, 0, 0), select(both, 0, 0)));
  CHECK(difference(sum(y * y, {1}), sum(both * both, {1})) < 1e-5);
  CHECK(same(slice(y, 1, 0, 4), slice(y, 1, 4, 8)));
  CHECK(same(slice(y, 1, 0, 4), rotary(one, places, 1)));
  CHECK(has(error_of([&] { rotary(both, places, 8); }), "must be even"));
  CHECK(has(error_of([&] { rotary(both, Ids{1, 2}, 2); }), "2 positions"));
  CHECK(has(error_of([&] { rotary(both, places, 0); }), "0 heads"));
}

TEST_CASE("rotary: the pairs are i and i + D / 2, or neighbours") {
  const Tensor x = Tensor::of({1, 4}, {1, 0, 0, 0});
  const real c = static_cast<real>(std::cos(3.0)), s = static_cast<real>(std::sin(3.0));
  const Rotary halves, neighbours{.pairs = Rotary::Pairs::neighbours};
  CHECK(difference(halves(x, {3}, 1), Tensor::of({1, 4}, {c, 0, s, 0})) < 1e-6);
  CHECK(difference(neighbours(x, {3}, 1), Tensor::of({1, 4}, {c, s, 0, 0})) < 1e-6);
}

TEST_CASE("rotary attention: moving a sequence as a whole changes nothing, its order does") {
  MultiheadAttention attend(8, 2, 0, Bias::yes, Init{.std = 0.5});
  const Tensor x = random_tensor({4, 8}, 1), swapped = index_select(x, {0, 2, 1, 3});
  CHECK(difference(index_select(attend(swapped), {0, 2, 1, 3}), attend(x)) < 1e-6);
  attend.rotary = Rotary{};
  CHECK(difference(index_select(attend(swapped), {0, 2, 1, 3}), attend(x)) > 1e-3);
  const Mask first_hidden{.key_padding_mask = Tensor::of({1, 5}, {1, 0, 0, 0, 0})};
  const Tensor moved = attend(cat({random_tensor({1, 8}, 9), x}, 0), {}, first_hidden);
  CHECK(difference(slice(moved, 0, 1, 5), attend(x)) < 1e-5);
}

TEST_CASE("relative positions: T5's buckets") {
  // transformers: T5Attention._relative_position_bucket, 32 buckets, max_distance 128
  const std::vector<int64_t> distances{-200, -128, -127, -64, -20, -16, -8,  -7,  -1,  0,
                                       1,    7,    8,    12,  16,  64,  127, 128, 1000};
  const std::vector<int32_t> both{15, 15, 15, 14, 10, 10, 8,  7,  1, 0,
                                  17, 23, 24, 25, 26, 30, 31, 31, 31};
  const std::vector<int32_t> backward{31, 31, 31, 26, 17, 16, 8, 7, 1, 0,
                                      0,  0,  0,  0,  0,  0,  0, 0, 0};
  for (size_t i = 0; i < distances.size(); ++i) {
    CHECK_MESSAGE(DistanceBuckets{}(distances[i]) == both[i], distances[i]);
    CHECK_MESSAGE(DistanceBuckets{.bidirectional = false}(distances[i]) == backward[i],
                  distances[i]);
  }
}

TEST_CASE("relative positions: T5's buckets of all distances up to 300") {
  const auto weighed = [](const DistanceBuckets& buckets) {
    int64_t sum = 0;
    for (int64_t d = -300; d <= 300; ++d) sum += buckets(d) * (d + 301);
    return sum;
  };
  CHECK(weighed({}) == 4692590);
  CHECK(weighed({.bidirectional = false}) == 1155805);
  CHECK(weighed({.count = 8, .max_distance = 20}) == 1079386);
  CHECK(weighed({.count = 64, .max_distance = 256, .bidirectional = false}) == 1942602);
}

TEST_CASE("relative positions: a bias for each distance, whatever the place - buckets never jump") {
  RelativePositions positions(3, {.count = 8, .max_distance = 20}, Init{.std = 1});
  const Tensor bias = positions(6, 9);
  CHECK(bias.shape() == Shape{1, 3, 6, 9});
  for (int64_t i = 1; i < 6; ++i)
    CHECK(same(slice(select(bias, 2, i), 2, 1, 9), slice(select(bias, 2, i - 1), 2, 0, 8)));
  CHECK(same(select(positions(1, 9, 5), 2, 0), select(bias, 2, 5)));
  const DistanceBuckets few{.count = 8, .max_distance = 20};
  const Tensor& weight = positions.relative_attention_bias.weight;
  for (int64_t i = 0; i < 6; ++i)  // query i, key 2
    CHECK(same(select(select(select(bias, 0, 0), 1, i), 1, 2), select(weight, 0, few(2 - i))));
  const DistanceBuckets buckets;
  for (int64_t d = 1; d < 300; ++d) {
    CHECK(buckets(-d) >= buckets(-d + 1));
    CHECK(buckets(-d) <= buckets(-d + 1) + 1);
    CHECK(buckets(d) == buckets(-d) + 16);
  }
  CHECK(has(error_of([] { RelativePositions bad(2, {.count = 3}); }), "3 buckets"));
  CHECK(has(error_of([] { RelativePositions bad(2, {.max_distance = 8}); }), "up to 8"));
}

TEST_CASE("sinusoidal positions: every number by the formula, of any base, of an odd size too") {
  for (const auto& [C, base] : std::vector<std::pair<int64_t, double>>{{6, 10000}, {5, 10}}) {
    const Tensor table = sinusoidal_positions(4, C, base);
    for (int64_t t = 0; t < 4; ++t) {
      for (int64_t c = 0; c < C; ++c) {
        const double i = std::floor(static_cast<double>(c) / 2);
        const double turn = std::pow(base, -2 * i / static_cast<double>(C));
        const double angle = static_cast<double>(t) * turn;
        const double right = c % 2 == 0 ? std::sin(angle) : std::cos(angle);
        CHECK(std::abs(static_cast<double>(table.data()[t * C + c]) - right) < 1e-6);
      }
    }
  }
  CHECK(same(sinusoidal_positions(3, 4), sinusoidal_positions(3, 4, 10000)));
  CHECK(sinusoidal_positions(0, 4).shape() == Shape{0, 4});
  CHECK(sinusoidal_positions(3, 0).shape() == Shape{3, 0});
}

TEST_CASE("rotary: every pair of every head is turned by position * base^(-2i / D)") {
  constexpr int64_t N = 4, heads = 2, D = 6;
  const Tensor x = random_tensor({N, heads * D}, 1);
  const Ids places{0, 3, 1, 7};
  for (const bool halves : {true, false}) {
    const Rotary rotary{.base = 50,
                        .pairs = halves ? Rotary::Pairs::halves : Rotary::Pairs::neighbours};
    const Tensor y = rotary(x, places, heads);
    for (int64_t n = 0; n < N; ++n) {
      for (int64_t head = 0; head < heads; ++head) {
        for (int64_t i = 0; i < D / 2; ++i) {
          const int64_t first = (n * heads + head) * D;
          const int64_t a = first + (halves ? i : 2 * i), b = halves ? a + D / 2 : a + 1;
          const double angle = places[n] * std::pow(50, -2 * static_cast<double>(i) / D);
          const double xa = static_cast<double>(x.data()[a]), xb = static_cast<double>(x.data()[b]);
          const double ya = xa * std::cos(angle) - xb * std::sin(angle);
          const double yb = xa * std::sin(angle) + xb * std::cos(angle);
          CHECK(std::abs(static_cast<double>(y.data()[a]) - ya) < 1e-5);
          CHECK(std::abs(static_cast<double>(y.data()[b]) - yb) < 1e-5);
        }
      }
    }
  }
  CHECK(Rotary{}.base == 10000);
  CHECK(Rotary{}.pairs == Rotary::Pairs::halves);
}

TEST_CASE("positions: what is refused, in these words, and what is just allowed") {
  const auto turn = [](const Shape& shape, int64_t places, int64_t heads) {
    return [=] {
      Rotary{}(Tensor::zeros(shape), Ids(std::vector<int32_t>(static_cast<size_t>(places))), heads);
    };
  };
  const auto bias = [](int64_t queries, int64_t keys, int64_t first) {
    return [=] { RelativePositions(1)(queries, keys, first); };
  };
  const std::string even = "x (N, H), N positions; H / heads must be even";
  const std::string counts = "counts are 0 or more, and below 2^31 in all";
  const int64_t large = int64_t{1} << 31;
  check_errors({
      {"[positions] a sequence has 3 tokens", "there are positions for 2",
       [] {
         LearnedPositions(2, 5)(Rows::of_lengths({1, 3}));
       }},
      {"", "",
       [] {
         LearnedPositions(2, 2)(Rows::of_lengths({2, 2}));
       }},
      {"", "", turn({3, 8}, 3, 4)},
      {"", "", turn({0, 8}, 0, 2)},
      {"[rotary] x is (3, 8), with 8 heads and 3 positions", even, turn({3, 8}, 3, 8)},
      {"[rotary] x is (3, 9), with 4 heads and 3 positions", even, turn({3, 9}, 3, 4)},
      {"[rotary] x is (3, 8), with 2 heads and 4 positions", even, turn({3, 8}, 4, 2)},
      {"[rotary] x is (3, 8), with 0 heads and 3 positions", even, turn({3, 8}, 3, 0)},
      {"[rotary] x is (3, 8), with -2 heads and 3 positions", even, turn({3, 8}, 3, -2)},
      {"[rotary] x is (3, 0), with 2 heads and 3 positions", even, turn({3, 0}, 3, 2)},
      {"[rotary] x is (3, 2), with 4 heads and 3 positions", even, turn({3, 2}, 3, 4)},
      {"[rotary] x is (3, 2, 4), with 1 heads and 3 positions", even, turn({3, 2, 4}, 3, 1)},
      {"[rotary] x is (8,), with 2 heads and 8 positions", even, turn({8}, 8, 2)},
      {"", "", bias(0, 3, 0)},
      {"", "", bias(3, 0, 0)},
      {"", "", bias(1, 1, large - 1)},
      {"[relative positions] -1 queries from place 0 on, 2 keys", counts, bias(-1, 2, 0)},
      {"[relative positions] 1 queries from place 0 on, -1 keys", counts, bias(1, -1, 0)},
      {"[relative positions] 1 queries from place -1 on, 2 keys", counts, bias(1, 2, -1)},
      {"[relative positions] 2147483648 queries from place 0 on, 0 keys", counts,
       bias(large, 0, 0)},
      {"[relative positions] 0 queries from place 0 on, 2147483648 keys", counts,
       bias(0, large, 0)},
      {"[relative positions] 1 queries from place 2147483648 on, 2 keys", counts,
       bias(1, 2, large)},
      {"[relative positions] 65536 queries from place 0 on, 32768 keys", counts,
       bias(65536, 32768, 0)},
  });
}

TEST_CASE("relative positions: buckets at the edges of what is allowed are T5's") {
  // transformers 5.23.0: T5Attention._relative_position_bucket of -12 ... 12
  struct Case {
    DistanceBuckets buckets;
    std::vector<int32_t> expected;
  };
  // clang-format off
  for (const Case& c : std::vector<Case>{
           {{4, 2, true}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
            3}},
           {{8, 20, true}, {3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 1, 0, 5, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7,
            7}},
           {{2, 2, false}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0}},
           {{5, 9, false}, {4, 4, 4, 4, 4, 4, 4, 3, 3, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0}},
           {{12, 7, true}, {5, 5, 5, 5, 5, 5, 5, 4, 4, 3, 2, 1, 0, 7, 8, 9, 10, 10, 11, 11, 11, 11,
            11, 11, 11}},
           {{5, 3, true}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
            3}}}) {
    // clang-format on
    for (size_t i = 0; i < c.expected.size(); ++i) {
      INFO(c.buckets.count << " buckets, distance " << static_cast<int>(i) - 12);
      CHECK(c.buckets(static_cast<int64_t>(i) - 12) == c.expected[i]);
    }
  }
  const std::string least =
      "at least 2 buckets (4 if bidirectional), and a max_distance beyond the first half";
  const auto check = [](const DistanceBuckets& buckets) { return [=] { buckets.check(); }; };
  check_errors({
      {"[relative positions] 3 buckets for distances up to 128", least, check({3})},
      {"", "", check({4})},
      {"[relative positions] 1 buckets for distances up to 128", least, check({1, 128, false})},
      {"", "", check({2, 128, false})},
      {"[relative positions] 32 buckets for distances up to 8", least, check({32, 8})},
      {"", "", check({32, 9})},
      {"[relative positions] 32 buckets for distances up to 16", least, check({32, 16, false})},
      {"", "", check({32, 17, false})},
      {"[relative positions] 2147483648 buckets for", least,
       check({int64_t{1} << 31, int64_t{1} << 40})},
      {"", "", check({(int64_t{1} << 31) - 1, int64_t{1} << 40})},
      {"[relative positions] 3 buckets for", least, [] { DistanceBuckets{3}(1); }},
      {"[relative positions] 3 buckets for", least, [] { RelativePositions(2, {3}); }},
  });
  const DistanceBuckets defaults;
  CHECK((defaults.count == 32 && defaults.max_distance == 128 && defaults.bidirectional));
}

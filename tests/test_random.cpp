// The generator, and the orders of rows that are drawn with it. The numbers were computed apart, in
// Python, from the formulas in core/random.h: SplitMix64's output function, Box and Muller, Fisher
// and Yates.
#include <doctest/doctest.h>

#include <numeric>
#include <thread>

#include "core/order.h"
#include "core/random.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

template <class F>
auto several(int count, const F& f) {
  std::vector<decltype(f())> values;
  for (int i = 0; i < count; ++i) values.push_back(f());
  return values;
}

}  // namespace

TEST_CASE("random: number i of a seed is the hash of both") {
  struct Row {
    uint64_t seed, taken;
    std::vector<uint64_t> bits;
  };
  const Row rows[] = {
      {0, 0, {0xa706dd2f4d197e6f, 0xb382a305f4414f5e, 0x631a9154fbabf717}},
      {1, 0, {0x5e41ab087439611e, 0xf18d6ce93d6cf1ee, 0x0b95f66d327e8d78}},
      {7, 100, {0xeae36e29fda4493a, 0x7b49f1065d5fada7, 0xf432eedd5e8b7607}},
      {7, uint64_t{1} << 40, {0x1cecbd853497774d, 0x974a226036033540, 0xc48b50a0dbb74585}},
      {UINT64_MAX, UINT64_MAX, {0x445018e305810b78, 0x5dc20aa7b2a27137, 0xbda5668a01d7049c}},
  };
  for (const Row& row : rows) {
    Random random(row.seed);
    CHECK(random.next == 0);
    random.next = row.taken;
    CHECK(several(3, [&] { return random.bits(); }) == row.bits);
    CHECK(random.next == row.taken + 3);
    CHECK(random.seed == row.seed);
  }
  CHECK(Random().bits() == Random(0).bits());
}

TEST_CASE("random: uniform and normal numbers are what the formulas make of the bits") {
  Random random(3);
  const std::vector<double> uniform = several(3, [&] { return random.uniform(); });
  CHECK(uniform == std::vector<double>{0.7375181681915192, 0.5933324358527345, 0.6332439396395886});
  random = Random(3);
  const double normal[] = {-1.3623207636200305, 0.38475874688753514, -1.3262992155072384};
  for (const double expected : normal)
    CHECK(random.normal() == doctest::Approx(expected).epsilon(1e-14));
  CHECK(random.next == 6);
}

TEST_CASE("random: below(n) rejects what would favour some, and no more") {
  struct Row {
    int64_t n;
    std::vector<int64_t> values;
    uint64_t taken;
  };
  const Row rows[] = {
      {1, {0, 0, 0, 0, 0, 0}, 6},
      {2, {0, 0, 0, 1, 1, 0}, 6},
      {6, {4, 0, 4, 3, 3, 2}, 6},
      {1000003, {580268, 710066, 472986, 110059, 325353, 197431}, 6},
      {int64_t{3} << 61,  // of four numbers one is rejected
       {3602784524427472078, 4919299050227587188, 1343768457924876939, 2011905028001045757,
        6259343871544491269, 4143906270062876544},
       9},
      {INT64_MAX,
       {1296941515213778127, 4919299050227587188, 3598333411332322078, 5955454476352264844,
        8929434055642127613, 772852288117106132},
       6},
  };
  for (const Row& row : rows) {
    Random random(11);
    CHECK(several(6, [&] { return random.below(row.n); }) == row.values);
    CHECK(random.next == row.taken);
  }
  Random random(1);
  for (int64_t n : {int64_t{0}, int64_t{-1}, INT64_MIN})
    CHECK(has(error_of([&] { random.below(n); }), "n is " + std::to_string(n)));
}

TEST_CASE("random: a shuffle swaps each from the last to the second with one up to it") {
  Random random(5);
  std::vector<int> values(10);
  std::iota(values.begin(), values.end(), 0);
  random.shuffle(values);
  CHECK(values == std::vector<int>{6, 1, 0, 2, 4, 3, 8, 5, 7, 9});
  CHECK(random.next == 9);
  std::vector<int> none, one{7};
  random.shuffle(none);
  random.shuffle(one);
  CHECK(random.next == 9);
}

TEST_CASE("order: rows in a row, or shuffled - in batches of which the last is smaller") {
  using Rows = std::vector<int64_t>;
  CHECK(sequential_order(4) == Rows{0, 1, 2, 3});
  CHECK(sequential_order(0).empty());
  Random random = random_of_epoch(8, 2);
  CHECK(shuffled_order(7, random) == Rows{1, 5, 6, 4, 3, 2, 0});
  const Rows five{4, 2, 0, 1, 3};
  CHECK(batches_of(five, 2) == BatchIndices{{4, 2}, {0, 1}, {3}});
  CHECK(batches_of(five, 1).size() == 5);
  CHECK(batches_of(five, 5) == BatchIndices{five});
  CHECK(batches_of(five, INT64_MAX) == BatchIndices{five});
  CHECK(batches_of({}, 3).empty());
  for (int64_t size : {int64_t{0}, int64_t{-1}, INT64_MIN})
    CHECK(has(error_of([&] { batches_of(five, size); }),
              "the batch size is " + std::to_string(size)));
  for (int64_t n : {int64_t{-1}, int64_t{INT32_MAX} + 1})
    CHECK(has(error_of([=] { sequential_order(n); }), "[batches] n is " + std::to_string(n)));
}

TEST_CASE("order: an epoch's generator hashes the seed, then the epoch") {
  struct Row {
    uint64_t seed;
    int64_t epoch;
    uint64_t made;
  };
  const Row rows[] = {{0, 0, 0x7ab40e090f363a7d},
                      {0, 1, 0xd9bf17d113f38956},
                      {1, 0, 0x52ead7e36ea7fea8},
                      {7, 3, 0x85f3699107c12397},
                      {UINT64_MAX, 0, 0}};
  for (const Row& row : rows) {
    CHECK(random_of_epoch(row.seed, row.epoch).seed == row.made);
    CHECK(random_of_epoch(row.seed, row.epoch).next == 0);
  }
}

TEST_CASE("random: each thread has its own default generator, which begins at seed 0") {
  const Random before = default_random();
  default_random() = Random(9);
  default_random().bits();
  Random seen(1);
  std::thread([&] { seen = default_random(); }).join();
  CHECK(seen.seed == 0);
  CHECK(seen.next == 0);
  CHECK(default_random().next == 1);
  default_random() = before;
}

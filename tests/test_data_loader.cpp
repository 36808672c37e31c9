// Batches of any data: the rows, their order, the last batch, faults.
#include <doctest/doctest.h>

#include <set>

#include "core/more/data_loader.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Ints = std::vector<int32_t>;

// The labels of an epoch, batch by batch.
template <class Loader>
std::vector<Ints> labels_of(Loader& loader) {
  std::vector<Ints> all;
  for (const auto& [x, labels] : loader) all.push_back(labels.values());
  return all;
}

Ints joined(const std::vector<Ints>& batches) {
  Ints all;
  for (const Ints& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
  return all;
}

TensorDataset<Tensor, Ids> ten_rows() { return TensorDataset(counting({10, 2}), Ids::arange(10)); }

}  // namespace

TEST_CASE("data loader: rows of tensors and ids stay together, the last batch is partial") {
  DataLoader loader(ten_rows(), {.batch_size = 4});
  CHECK(loader.size() == 3);
  CHECK(labels_of(loader) == std::vector<Ints>{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9}});
  int batches = 0;
  for (const auto& [x, labels] : loader) {
    CHECK(x.shape() == Shape{labels.numel(), 2});
    for (int64_t i = 0; i < labels.numel(); ++i)
      CHECK(x[i][0].item() == static_cast<real>(2 * labels[i]));
    ++batches;
  }
  CHECK(batches == 3);
}

TEST_CASE("data loader: every epoch shuffles anew, in an order that the seed alone decides") {
  const DataLoaderOptions options{.batch_size = 3, .shuffle = true, .seed = 5};
  DataLoader loader(ten_rows(), options), again(ten_rows(), options);
  const std::vector<Ints> first = labels_of(loader), second = labels_of(loader);
  CHECK(first != second);
  for (const std::vector<Ints>& epoch : {first, second}) {
    const Ints rows = joined(epoch);
    CHECK(rows.size() == 10);
    CHECK(std::set<int32_t>(rows.begin(), rows.end()).size() == 10);
  }
  CHECK(labels_of(again) == first);
  CHECK(labels_of(again) == second);
  again.set_epoch(1);
  CHECK(labels_of(again) == second);
  default_random().bits();  // other random numbers do not matter
  DataLoader other(ten_rows(), {.batch_size = 3, .shuffle = true, .seed = 6});
  CHECK(labels_of(other) != first);
}

TEST_CASE("data loader: its order is that of the texts' batches of the same seed and epoch") {
  DataLoader loader(ten_rows(), {.batch_size = 4, .shuffle = true, .seed = 9});
  Random random = random_of_epoch(9, 0);
  CHECK(loader.batches_of_epoch(0) == batches_of(shuffled_order(10, random), 4));
}

TEST_CASE("data loader: drop_last leaves a partial batch out, and only that") {
  DataLoader dropping(ten_rows(), {.batch_size = 4, .drop_last = true});
  CHECK(dropping.size() == 2);
  CHECK(labels_of(dropping).size() == 2);
  DataLoader whole(ten_rows(), {.batch_size = 5, .drop_last = true});
  CHECK(labels_of(whole).size() == 2);
  DataLoader larger(ten_rows(), {.batch_size = 100, .drop_last = true});
  CHECK(larger.size() == 0);
  CHECK(labels_of(larger).empty());
  DataLoader one(ten_rows(), {.batch_size = INT64_MAX});
  CHECK(labels_of(one).size() == 1);
}

TEST_CASE("data loader: data of one's own, which need not be tensors") {
  struct Words {
    std::vector<std::string> words{"a", "b", "c"};
    int64_t size() const { return static_cast<int64_t>(words.size()); }
    std::string batch(const std::vector<int64_t>& rows) const {
      std::string text;
      for (int64_t row : rows) text += words[static_cast<size_t>(row)];
      return text;
    }
  };
  DataLoader loader(Words{}, {.batch_size = 2});
  std::vector<std::string> seen;
  for (const std::string& text : loader) seen.push_back(text);
  CHECK(seen == std::vector<std::string>{"ab", "c"});
}

TEST_CASE("data loader: two loops over one loader do not disturb each other") {
  DataLoader loader(ten_rows(), {.batch_size = 5, .shuffle = true});
  int pairs = 0;
  for (const auto& outer : loader)
    for (const auto& inner : loader)
      pairs += std::get<1>(outer).numel() == std::get<1>(inner).numel();
  CHECK(pairs == 4);
}

TEST_CASE("data loader: what has no rows, or not the same number, is refused") {
  CHECK(has(error_of([] {
              TensorDataset bad(Tensor::zeros({3, 2}), Ids{1, 2});
            }),
            "of 3 and of 2"));
  CHECK(has(error_of([] { TensorDataset bad(Tensor::scalar(1)); }), "no rows"));
  CHECK(has(error_of([] { DataLoader bad(ten_rows(), {.batch_size = 0}); }), "batch size is 0"));
  DataLoader empty(TensorDataset(Tensor::zeros({0, 2})), {.batch_size = 2});
  CHECK(empty.size() == 0);
  for (const auto& batch : empty) FAIL_CHECK(std::get<0>(batch).numel());
}

TEST_CASE("data loader: a row or a batch that is not there is an Error, however large its number") {
  const auto data = ten_rows();
  for (int64_t row : {int64_t{-1}, int64_t{10}, int64_t{1} << 32, INT64_MIN})
    CHECK(has(error_of([&] { data.batch({0, row}); }), "row " + std::to_string(row) + " of 10"));
  DataLoader loader(ten_rows(), {.batch_size = 10});
  auto batch = loader.begin();
  ++batch;
  CHECK(batch == loader.end());
  CHECK(has(error_of([&] { *batch; }), "the epoch is over"));
  ++batch;
  CHECK(batch == loader.end());
}

#pragma once
// Batches of any data, as torch.utils.data has them:
//
//   DataLoader loader(TensorDataset(x, labels), {.batch_size = 32, .shuffle = true, .seed = 7});
//   for (int epoch = 0; epoch < 3; ++epoch)
//     for (const auto& [inputs, targets] : loader) ...   // a Tensor and Ids, 32 rows of each
//
// Every loop over the loader is an epoch, with an order of its own, which depends on the seed and
// the epoch's number alone.
#include <concepts>
#include <iterator>
#include <memory>
#include <tuple>
#include <utility>

#include "core/ops.h"
#include "core/order.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// What a DataLoader reads from: any class with these two, such as one that makes batches of texts.
template <class D>
concept Dataset = requires(const D& data, const std::vector<int64_t>& indices) {
                    { data.size() } -> std::convertible_to<int64_t>;  // how many examples there are
                    data.batch(indices);  // the examples at these indices, in any form
                  };

// Tensors and Ids whose rows (along axis 0) belong together; a batch is a tuple of the same types.
template <class... Columns>
class TensorDataset {
  static_assert(sizeof...(Columns) > 0 &&
                    ((std::same_as<Columns, Tensor> || std::same_as<Columns, Ids>)&&...),
                "TensorDataset takes Tensors and Ids that have their rows along axis 0");

 public:
  // Error unless all have the same number of rows.
  explicit TensorDataset(Columns... columns) : columns_(std::move(columns)...) {
    std::apply([this](const auto&... column) { (this->count(column), ...); }, columns_);
  }

  int64_t size() const { return rows_; }
  std::tuple<Columns...> batch(const std::vector<int64_t>& indices) const {
    for (int64_t row : indices)
      if (row < 0 || row >= rows_)
        fail("TensorDataset", "row " + std::to_string(row) + " of " + std::to_string(rows_));
    const Ids chosen(std::vector<int32_t>(indices.begin(), indices.end()));
    return std::apply(
        [&](const auto&... column) { return std::tuple(index_select(column, chosen)...); },
        columns_);
  }

 private:
  template <class Column>
  void count(const Column& column) {
    if (column.axes() == 0) fail("TensorDataset", "a single number has no rows", "shape (1)");
    const int64_t rows = column.size(0);
    if (rows_ >= 0 && rows != rows_)
      fail("TensorDataset",
           "columns of " + std::to_string(rows_) + " and of " + std::to_string(rows) + " rows",
           "axis 0 counts the examples; it must have one size in all");
    rows_ = rows;
  }

  std::tuple<Columns...> columns_;
  int64_t rows_ = -1;
};

struct DataLoaderOptions {
  int64_t batch_size = 1;
  bool shuffle = false;    // else in the order of the data set
  uint64_t seed = 0;       // of the shuffled orders
  bool drop_last = false;  // leave out a last batch that is smaller than the others
};

template <class D>
class DataLoader {
  static constexpr bool is_dataset = Dataset<D>;  // by itself, so that the message is all one sees
  static_assert(is_dataset,
                "DataLoader takes a data set: TensorDataset(x, labels), or a class of your own "
                "with size() and batch(indices)");

 public:
  // Error if batch_size < 1.
  explicit DataLoader(D data, const DataLoaderOptions& options = {})
      : data_(std::make_shared<const D>(std::move(data))), options_(options) {
    batches_of({}, options.batch_size);  // which checks it
  }

  int64_t size() const {  // batches per epoch
    const int64_t n = data_->size(), b = options_.batch_size;
    return n / b + (n % b != 0 && !options_.drop_last);
  }
  const D& dataset() const { return *data_; }
  void set_epoch(int64_t epoch) { epoch_ = epoch; }  // of the next loop: to go on where one stopped

  // The indices of each batch of an epoch.
  BatchIndices batches_of_epoch(int64_t epoch) const {
    Random random = random_of_epoch(options_.seed, epoch);
    const int64_t n = data_->size();
    BatchIndices batches = batches_of(
        options_.shuffle ? shuffled_order(n, random) : sequential_order(n), options_.batch_size);
    if (static_cast<int64_t>(batches.size()) > size()) batches.pop_back();
    return batches;
  }

  // Walks the batches of one epoch, making each when it is read.
  class Iterator {
   public:
    Iterator(std::shared_ptr<const D> data, BatchIndices batches)
        : data_(std::move(data)), batches_(std::move(batches)) {}
    auto operator*() const {
      if (at_ >= batches_.size())
        fail("DataLoader", "the epoch is over", "begin() starts the next");
      return data_->batch(batches_[at_]);
    }
    Iterator& operator++() { return ++at_, *this; }
    bool operator==(std::default_sentinel_t) const { return at_ >= batches_.size(); }

   private:
    std::shared_ptr<const D> data_;
    BatchIndices batches_;
    size_t at_ = 0;
  };
  Iterator begin() { return Iterator(data_, batches_of_epoch(epoch_++)); }
  std::default_sentinel_t end() const { return {}; }

 private:
  std::shared_ptr<const D> data_;
  DataLoaderOptions options_;
  int64_t epoch_ = 0;
};

}}  // namespace cairn::CAIRN_PRECISION

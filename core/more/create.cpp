// New tensors by a rule: rows, a diagonal, numbers in order. Random ones are in core/tensor.cpp.
#include <algorithm>
#include <cmath>

#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// Each number is what at(i) gives.
template <class F>
Tensor filled(const Shape& shape, const F& at) {
  Tensor x = Tensor::empty(shape);
  real* numbers = x.write();
  for (int64_t i = 0; i < x.numel(); ++i) numbers[i] = static_cast<real>(at(i));
  return x;
}

}  // namespace

Tensor Tensor::of(std::initializer_list<std::initializer_list<real>> rows) {
  const size_t columns = rows.size() > 0 ? rows.begin()->size() : 0;
  std::vector<real> values;
  for (const std::initializer_list<real>& row : rows) {
    if (row.size() != columns)
      fail("tensor",
           "a row of " + std::to_string(row.size()) + " values below one of " +
               std::to_string(columns),
           "a matrix has rows of one length");
    values.insert(values.end(), row.begin(), row.end());
  }
  if (rows.size() == 0) return of(values);
  return of({static_cast<int64_t>(rows.size()), static_cast<int64_t>(columns)}, values);
}

Tensor Tensor::eye(int64_t rows, int64_t columns) {
  if (columns < 0) columns = rows;
  Tensor x = zeros({rows, columns});
  real* numbers = x.write();
  for (int64_t i = 0; i < std::min(rows, columns); ++i) numbers[i * columns + i] = 1;
  return x;
}

Tensor Tensor::arange(double start, double end, double step, Where where) {
  const double count = start == end ? 0 : std::ceil((end - start) / step);
  if (!std::isfinite(start) || !std::isfinite(end) || !(count >= 0 && count < 0x1p62))
    fail("arange",
         "from " + std::to_string(start) + " to " + std::to_string(end) + " by " +
             std::to_string(step),
         "a step above 0 counts up, below 0 down", where);
  return filled(static_cast<int64_t>(count),
                [&](int64_t i) { return start + static_cast<double>(i) * step; });
}

Tensor Tensor::linspace(double start, double end, int64_t count, Where where) {
  if (count < 0 || !std::isfinite(start) || !std::isfinite(end))
    fail("linspace",
         std::to_string(count) + " numbers from " + std::to_string(start) + " to " +
             std::to_string(end),
         "the count is 0 or more, both ends are finite", where);
  const double last = static_cast<double>(count - 1);
  return filled(count, [&](int64_t i) {  // a weighted mean, so that both ends are met exactly
    const double part = count > 1 ? static_cast<double>(i) / last : 0;
    return start * (1 - part) + end * part;
  });
}

}}  // namespace cairn::CAIRN_PRECISION

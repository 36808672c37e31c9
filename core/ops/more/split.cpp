// split, chunk, unbind: a tensor in parts along an axis, as views: slices, or selected indices.
// dx = zeros, each part's gradient written to where the part was. They save nothing.
// PyTorch: torch.split, torch.chunk, torch.unbind.
#include <algorithm>

#include "core/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// A list of so many views would be a mistake, and would fill the memory.
void check_parts(const char* op, int64_t count, Where where) {
  if (count > int64_t{1} << 24)
    fail(op, std::to_string(count) + " parts were asked for", "fewer and larger ones", where);
}

}  // namespace

std::vector<Tensor> split(const Tensor& x, const std::vector<int64_t>& sizes, int axis,
                          Where where) {
  const int at = normal_axis(axis, x.axes(), "split", where);
  std::vector<Tensor> parts;
  int64_t start = 0;
  for (int64_t size : sizes) {
    if (size < 0 || size > x.shape()[at] - start) break;
    parts.push_back(slice(x, at, start, start + size, 1, where));
    start += size;
  }
  if (start != x.shape()[at] || parts.size() != sizes.size())
    fail("split",
         "the sizes " + to_string(Shape(sizes.data(), std::min<size_t>(sizes.size(), 8))) +
             " do not add up to axis " + std::to_string(axis) + " of " + to_string(x.shape()),
         "", where);
  return parts;
}

std::vector<Tensor> split(const Tensor& x, int64_t size, int axis, Where where) {
  if (size < 1) fail("split", "the size is " + std::to_string(size), "at least 1", where);
  const int at = normal_axis(axis, x.axes(), "split", where);
  check_parts("split", x.shape()[at] / size, where);
  std::vector<Tensor> parts;
  for (int64_t start = 0; start == 0 || start < x.shape()[at]; start += size)
    parts.push_back(slice(x, at, start, std::min(start + size, x.shape()[at]), 1, where));
  return parts;
}

std::vector<Tensor> chunk(const Tensor& x, int64_t count, int axis, Where where) {
  if (count < 1) fail("chunk", "the count is " + std::to_string(count), "at least 1", where);
  const int64_t size = x.shape()[normal_axis(axis, x.axes(), "chunk", where)];
  if (size == 0) {
    check_parts("chunk", count, where);
    return std::vector<Tensor>(static_cast<size_t>(count), x);
  }
  count = std::min(count, size);
  return split(x, (size + count - 1) / count, axis, where);
}

std::vector<Tensor> unbind(const Tensor& x, int axis, Where where) {
  const int at = normal_axis(axis, x.axes(), "unbind", where);
  check_parts("unbind", x.shape()[at], where);
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < x.shape()[at]; ++i) parts.push_back(select(x, at, i, where));
  return parts;
}

namespace {

// The first part and three times the last, in one row: both parts' gradients are seen.
Tensor first_and_last(const std::vector<Tensor>& parts) {
  if (parts.empty()) return Tensor::zeros({0});
  return cat({reshape(parts.front(), {-1}), reshape(parts.back(), {-1}) * 3}, 0);
}

}  // namespace

OpInfo split_info() {
  return {.name = "split",
          .formula = "parts along an axis",
          .derivative = "dx = zeros, each part's gradient written to its place",
          .cases = axis_cases("split, size 2: ", [](auto& x, int axis) {
            return first_and_last(split(x, int64_t{2}, axis));
          })};
}
OpInfo chunk_info() {
  return {.name = "chunk",
          .formula = "at most `count` parts of equal size along an axis",
          .derivative = "dx = zeros, each part's gradient written to its place",
          .cases = axis_cases("chunk, 2: ",
                              [](auto& x, int axis) { return first_and_last(chunk(x, 2, axis)); })};
}
OpInfo unbind_info() {
  return {.name = "unbind",
          .formula = "the slices of one along an axis",
          .derivative = "dx = zeros, dy_i written to slice i",
          .cases = axis_cases("unbind",
                              [](auto& x, int axis) { return first_and_last(unbind(x, axis)); })};
}

}}  // namespace cairn::CAIRN_PRECISION

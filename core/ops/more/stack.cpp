// stack: the parts as slices of a new axis. PyTorch: torch.stack.
// split, chunk, unbind: a tensor in parts along an axis, as views. PyTorch: torch.split,
// torch.chunk, torch.unbind.
// Compositions of cat, slice and select: each part gets its slice of dy, and the other way round.
#include <algorithm>

#include "core/ops/records/op_info.h"
#include "core/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// A list of so many views would be a mistake, and would fill the memory.
void check_parts(const char* op, int64_t count, Where where) {
  if (count > int64_t{1} << 24)
    fail(op, std::to_string(count) + " parts were asked for", "fewer and larger ones", where);
}

}  // namespace

Tensor stack(const std::vector<Tensor>& parts, int axis, Where where) {
  if (parts.empty()) fail("stack", "there are no parts", "", where);
  const Scope scope("stack", where);
  std::vector<Tensor> layers;
  for (const Tensor& part : parts) {
    if (!(part.shape() == parts[0].shape()))
      fail("stack",
           "shapes differ: " + to_string(parts[0].shape()) + " and " + to_string(part.shape()),
           "cat() joins parts of different sizes", where);
    layers.push_back(unsqueeze(part, axis));
  }
  return cat(layers, axis);
}

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

constexpr const char* file = "core/ops/more/stack.cpp";

// The first part and thrice the last, in one row of numbers: both parts' gradients are seen.
Tensor first_and_last(const std::vector<Tensor>& parts) {
  if (parts.empty()) return Tensor::zeros({0});
  return cat({reshape(parts.front(), {-1}), reshape(parts.back(), {-1}) * 3}, 0);
}

}  // namespace

OpInfo stack_info() {
  const auto along = [](int axis) -> OpFunction {
    return [axis](auto& x) { return stack({x[0], x[1], x[0]}, axis); };
  };
  return {"stack",
          "the parts as slices of a new axis",
          "each part gets its slice of dy",
          "nothing",
          "torch.stack",
          file,
          "",
          {{"stack({a, b, a}, 0)", {{{2, 3}, {2, 3}}}, along(0)},
           {"stack({a, b, a}, 1)", {{{2, 3}, {2, 3}}}, along(1)},
           {"stack({a, b, a}, -1)", {{{2, 3}, {2, 3}}}, along(-1)},
           {"stack({a, b, a}, -2)", {{{2, 3, 4}, {2, 3, 4}}}, along(-2)},
           {"stack({a, b, a}, 0)", {{{}, {}}}, along(0)},
           {"stack({a, b, a}, -1)", {{{4}, {4}}}, along(-1)},
           {"stack({a, b, a}, 1)", {{{0, 3}, {0, 3}}}, along(1)},
           {"stack({a, b, a}, 1)", {{{1, 1}, {1, 1}}}, along(1)}}};
}
OpInfo split_info() {
  return {"split",
          "parts along an axis",
          "dx = zeros, each part's gradient written to its place",
          "nothing",
          "torch.split",
          file,
          "",
          axis_cases("split, size 2: ",
                     [](auto& x, int axis) { return first_and_last(split(x, int64_t{2}, axis)); })};
}
OpInfo chunk_info() {
  return {"chunk",
          "at most `count` parts of equal size along an axis",
          "dx = zeros, each part's gradient written to its place",
          "nothing",
          "torch.chunk",
          file,
          "",
          axis_cases("chunk, 2: ",
                     [](auto& x, int axis) { return first_and_last(chunk(x, 2, axis)); })};
}
OpInfo unbind_info() {
  return {"unbind",
          "the slices of one along an axis",
          "dx = zeros, dy_i written to slice i",
          "nothing",
          "torch.unbind",
          file,
          "",
          axis_cases("unbind", [](auto& x, int axis) { return first_and_last(unbind(x, axis)); })};
}

}}  // namespace cairn::CAIRN_PRECISION

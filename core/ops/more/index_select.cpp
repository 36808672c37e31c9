// index_select: slices along any axis, by the op that picks rows of axis 0
// (core/ops/embedding.cpp). PyTorch: torch.index_select.
// masked_select: the numbers where a mask is not 0, rows of x as one axis.
//   dx = zeros, dy written to where its numbers were      PyTorch: torch.masked_select
#include "core/ops.h"
#include "core/ops/more/lanes.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor index_select(const Tensor& x, int axis, const Ids& rows, Where where) {
  if (normal_axis(axis, x.axes(), "index_select", where) == 0) return index_select(x, rows, where);
  const Scope scope("index_select", where);
  return transpose(index_select(transpose(x, axis, 0), rows), axis, 0);
}

Tensor masked_select(const Tensor& x, const Tensor& mask, Where where) {
  if (!(broadcast(x.shape(), mask.shape(), "masked_select", where) == x.shape()))
    fail(
        "masked_select",
        "the mask " + to_string(mask.shape()) + " does not broadcast to x, " + to_string(x.shape()),
        "", where);
  const Scope scope("masked_select", where);
  const Contiguous chosen(expand(mask.detach(), x.shape()));
  check_countable(x.numel(), "masked_select", where);
  std::vector<int32_t> offsets;
  for (int64_t i = 0; i < x.numel(); ++i)
    if (chosen[i] != 0) offsets.push_back(static_cast<int32_t>(i));
  return index_select(reshape(x, {x.numel()}), Ids(std::move(offsets)));
}

namespace {

Tensor every_third(const Shape& shape) {
  std::vector<real> mask;
  for (int64_t i = 0; i < numel(shape); ++i) mask.push_back(i % 3 == 0);
  return Tensor::of(shape, mask);
}

}  // namespace

// The other axes of the record that core/ops/embedding.cpp begins.
std::vector<OpCase> index_select_axis_cases() {
  return {CASE(index_select(x[0], -1, Ids{2, 0, 2, 2}), {{2, 3}}),
          CASE(index_select(x[0], 1, Ids{1}), {{2, 3, 4}}),
          CASE(index_select(x[0], -2, Ids()), {{2, 3, 4}}),
          CASE(index_select(x[0], 1, Ids{0, 0, 0}), {{1, 1}})};
}

OpInfo masked_select_info() {
  return {.name = "masked_select",
          .formula = "the numbers where the mask is not 0",
          .derivative = "dx = zeros, dy written to their places",
          .saved = "places",
          .cases = {CASE(masked_select(x[0], every_third(x[0].shape())), unary_shapes),
                    CASE(masked_select(x[0], Tensor::of({3, 1}, {1, 0, 1})), {{2, 3, 2}})}};
}

}}  // namespace cairn::CAIRN_PRECISION

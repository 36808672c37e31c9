// cat: the parts one after the other along an axis. Each part's gradient is its slice of dy.
// PyTorch: torch.cat.
#include "core/autograd/node.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct CatNode final : OpsNode {
  int axis = 0;
  std::vector<int64_t> sizes;
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

}  // namespace

Tensor cat(const std::vector<Tensor>& parts, int axis, Where where) {
  if (parts.empty()) fail("cat", "there are no parts", "", where);
  const int at = normal_axis(axis, parts[0].axes(), "cat", where);
  Shape shape = parts[0].shape();
  std::vector<int64_t> sizes;
  int64_t total = 0;
  for (const Tensor& part : parts) {
    Shape as_first = part.shape();
    if (part.axes() == shape.size()) as_first[at] = shape[at];
    if (!(as_first == shape))
      fail("cat",
           "shapes do not fit: " + to_string(parts[0].shape()) + " and " + to_string(part.shape()),
           "all sizes but that of the axis must be equal", where);
    sizes.push_back(part.size(at));
    total += sizes.back();
    if (total > Shape::max_size) fail("cat", "the parts have 2^60 slices and more", "", where);
  }
  shape[at] = total;
  const Tensor y = Tensor::empty(shape);
  std::vector<const Tensor*> inputs;
  int64_t start = 0;
  for (const Tensor& part : parts) {
    if (part.numel() > 0)
      copy_numbers(y.impl().storage->data + start * y.strides()[at], y.strides(),
                   part.strided_data(), part.strides(), part.shape());
    start += part.size(at);
    inputs.push_back(&part);
  }
  if (auto node = record<CatNode>("cat", inputs, y, where)) {
    node->axis = at;
    node->sizes = sizes;
  }
  return y;
}

void CatNode::backward(Grads& g) {
  int64_t start = 0;
  for (size_t i = 0; i < sizes.size(); start += sizes[i++])
    g.add(static_cast<int>(i), slice(g.dout(), axis, start, start + sizes[i]));
}

OpInfo cat_info() {
  return {.name = "cat",
          .formula = "the parts one after the other along an axis",
          .derivative = "each part gets its slice of dy",
          .cases = {CASE(cat({x[0], x[1], x[0]}, -1), {{2, 3}, {2, 4}}),
                    CASE(cat({x[0], x[1]}, -2), {{2, 3, 2}, {2, 1, 2}}),
                    CASE(cat({x[0], x[1]}, 0), {{3}, {2}}, {{2, 3}, {0, 3}}),
                    CASE(cat({x[0], x[1]}, 1), {{0, 3}, {0, 2}}, {{1, 1}, {1, 1}}),
                    CASE(cat({x[0]}, 1), {{2, 3}}),
                    CASE(cat(x, 2), {{1, 2, 3}, {1, 2, 0}, {1, 2, 1}})}};
}

}}  // namespace cairn::CAIRN_PRECISION

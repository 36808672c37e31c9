// stack: the parts as slices of a new axis; each part gets its slice of dy.
// A composition of unsqueeze and cat; saves nothing. PyTorch: torch.stack.
#include "core/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor stack(const std::vector<Tensor>& parts, int axis, Where where) {
  if (parts.empty()) fail("stack", "there are no parts", "", where);
  const Scope scope("stack", where);
  std::vector<Tensor> slices;
  for (const Tensor& part : parts) {
    if (!(part.shape() == parts[0].shape()))
      fail("stack",
           "shapes differ: " + to_string(parts[0].shape()) + " and " + to_string(part.shape()),
           "cat() joins parts of different sizes", where);
    slices.push_back(unsqueeze(part, axis));
  }
  return cat(slices, axis);
}

OpInfo stack_info() {
  return {.name = "stack",
          .formula = "the parts as slices of a new axis",
          .derivative = "each part gets its slice of dy",
          .cases = {CASE(stack({x[0], x[1], x[0]}, 0), {{2, 3}, {2, 3}}, {{}, {}}),
                    CASE(stack({x[0], x[1], x[0]}, 1), {{2, 3}, {2, 3}}, {{0, 3}, {0, 3}},
                         {{1, 1}, {1, 1}}),
                    CASE(stack({x[0], x[1], x[0]}, -1), {{2, 3}, {2, 3}}, {{4}, {4}}),
                    CASE(stack({x[0], x[1], x[0]}, -2), {{2, 3, 4}, {2, 3, 4}})}};
}

}}  // namespace cairn::CAIRN_PRECISION

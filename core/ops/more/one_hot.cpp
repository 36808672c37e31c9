// one_hot: y[.., j] = 1 where j is the id, else 0. Ids have no gradient.
// PyTorch: torch.nn.functional.one_hot.
#include "core/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor one_hot(const Ids& ids, int64_t classes, Where where) {
  Shape shape = ids.shape();
  shape.push_back(classes);
  Tensor y = Tensor::zeros(shape);
  real* to = y.write(where);
  for (int64_t i = 0; i < ids.numel(); ++i) {
    if (ids[i] < 0 || ids[i] >= classes)
      fail("one_hot",
           "id " + std::to_string(ids[i]) + " at position " + std::to_string(i) + ", there are " +
               std::to_string(classes) + " classes",
           "", where);
    to[i * classes + ids[i]] = 1;
  }
  return y;
}

OpInfo one_hot_info() {
  return {.name = "one_hot",
          .formula = "y[i, j] = 1 if j = ids[i] else 0",
          .derivative = "",
          .pytorch = "torch.nn.functional.one_hot"};
}

}}  // namespace cairn::CAIRN_PRECISION

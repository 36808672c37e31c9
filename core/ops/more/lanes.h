#pragma once
// Shared by the ops that go through a tensor along one axis, such as sort and cumsum.
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Error if an axis of this size cannot be numbered by Ids, which are 32 bits wide.
void check_countable(int64_t size, const char* op, Where where);

// A contiguous tensor seen from one axis: element i of lane (o, k) is (o * size + i) * step + k.
struct Lanes {
  int64_t outer, size, step;
  Lanes(const Shape& shape, int axis);  // 0 <= axis < shape.size()
};

}}  // namespace cairn::CAIRN_PRECISION

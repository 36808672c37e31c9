#pragma once
// What a view is, besides the numbers: those of index (i, j, ...) lie at offset + i strides[0] +
// j strides[1] + ...
#include <cstdint>

#include "core/shape.h"

struct Layout {
  cairn::Shape shape, strides;
  int64_t offset = 0;
};

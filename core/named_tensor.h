#pragma once
// A tensor and the name it goes by: what a model's parameters, an optimiser's state and a
// checkpoint are lists of.
#include <string>
#include <vector>

#include "core/tensor.h"

namespace cairn::inline CAIRN_PRECISION {

struct NamedTensor {
  std::string name;
  Tensor tensor;  // a handle: writing to it writes to what the name stands for
};
using NamedTensors = std::vector<NamedTensor>;

}  // namespace cairn::inline CAIRN_PRECISION

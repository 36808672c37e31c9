#pragma once
// A tensor and its name: a model's parameters, an optimiser's state and a checkpoint are lists of
// them.
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct NamedTensor {
  std::string name;
  Tensor tensor;  // a handle: writing to it writes to the model's own numbers
};
using NamedTensors = std::vector<NamedTensor>;

// Each tensor once, under the first of its names.
NamedTensors each_once(NamedTensors tensors);

// Names that two lists do not share.
struct Unmatched {
  std::vector<std::string> missing, unexpected;
};

// Copies the numbers of `from` into the tensors of `to` that have their names. A tensor that `to`
// has under several names is filled by any of them; several must agree, as must what `from` has
// twice under one name. Error that lists each name missing in `from`, each that `to` does not know
// (both with the nearest name), each tensor of another shape or undefined, and each disagreement;
// then nothing is written. Unless `strict`, names that do not match are no fault, and returned.
// `place` and `hint` are those of the Error.
Unmatched copy_by_name(const NamedTensors& to, const NamedTensors& from, bool strict,
                       std::string_view place, const std::string& hint, Where where = {});

// A count that was saved as a tensor of one number. Error naming it if it is not a count.
int64_t count_of(std::string_view place, const std::string& name, const Tensor& number);

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// What there is to know about one tensor.
#include <string>

#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Which op made x, where, and from what; how x lies in its storage (strides in numbers, offset) and
// who else looks at that: how many tensors, and which of `names`, of what x was computed from, and
// of what its op saved; what that op keeps for backward and in how many bytes; x's gradient. Some
// lines of "name  value", of any width.
std::string explanation(const Tensor& x, const NamedTensors& names = {});
void explain(const Tensor& x, const NamedTensors& names = {});  // to stdout

}}  // namespace cairn::CAIRN_PRECISION

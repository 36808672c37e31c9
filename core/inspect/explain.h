#pragma once
// All there is to know about one tensor.
#include <string>

#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Which op made x, where, and from what; how x lies in its storage (strides in numbers, offset);
// how many other tensors share that, and which of them are among `names`, the inputs of x's op, and
// what it saved; what that op keeps for backward, and in how many bytes; x's gradient. A few lines
// of "name  value", of any width.
std::string explanation(const Tensor& x, const NamedTensors& names = {});
void explain(const Tensor& x, const NamedTensors& names = {});  // to stdout

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// Leaves that a computation depends on and that are not trained: mostly a child or parameter that a
// module's visit() forgot. No walk finds it, so it is neither loaded nor saved nor moved by an
// optimiser, while its gradient grows from step to step; the history does find it.
#include <string>
#include <vector>

#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// A leaf that requires grad, and the first op that read it.
struct UnnamedLeaf {
  Shape shape;
  const char* op;
  Where where;
};

// The leaves that require grad, that `y` depends on and that are not among `named`, in the order in
// which they were read. Call it before backward(y), which frees the history:
//
//   for (const UnnamedLeaf& leaf : unnamed_leaves(loss, model.named_parameters())) ...
std::vector<UnnamedLeaf> unnamed_leaves(const Tensor& y, const NamedTensors& named);

// "a tensor of shape (4, 8), in [linear] at model.cpp:12"
std::string to_string(const UnnamedLeaf& leaf);

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// Hooks: look at a gradient on its way back, or replace it. A hook is an op like any other,
// y = hook(x, f), that copies nothing; its position among the ops says which gradient it sees.
#include <functional>

#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// y is x (a view of it). In backward, f gets the gradient dy that arrives at y, summed over all
// uses of y, and x gets what f returns: dy itself, another tensor of its shape (Error if it is
// not), or an undefined one for "as it was". Hooks of hooks run in the order of backward, the last
// one first. With create_graph, f's ops are recorded. Error if f is null. PyTorch:
// Tensor.register_hook.
Tensor hook(const Tensor& x, std::function<Tensor(const Tensor& dy)> f,
            Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// Jacobians: all derivatives of a function of one tensor, or their products with a vector, each at
// the cost of a pass or two.
#include <functional>

#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

using TensorFunction = std::function<Tensor(const Tensor& x)>;

// J = df/dx, of the shape (f(x)'s shape..., x's shape...): one backward pass for each number of
// f(x). The Hessian of a scalar f is the jacobian of [&](x) { return grad({f(x)}, {x},
// {.create_graph = true})[0]; }. Error if f(x) does not depend on x. PyTorch: torch.func.jacrev.
Tensor jacobian(const TensorFunction& f, const Tensor& x, Where where = Where::current());

// dy^T J, of x's shape: one backward pass. dy has f(x)'s shape. PyTorch: torch.func.vjp.
Tensor vjp(const TensorFunction& f, const Tensor& x, const Tensor& dy,
           Where where = Where::current());

// J dx, of f(x)'s shape: how f(x) moves when x moves along dx, which has x's shape. vjp is linear
// in dy, and its derivative by dy in the direction dx is J dx (Townsend 2017); so every op of f
// needs a second derivative. PyTorch: torch.func.jvp.
Tensor jvp(const TensorFunction& f, const Tensor& x, const Tensor& dx,
           Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// Reverse-mode automatic differentiation: run the recorded ops backwards, newest first, and add up.
// (Speelpenning 1980; the tape-free graph of PyTorch, Paszke et al. 2017.)
//
// Threads: several may run backward at once, each through its own graph, and may share leaves, such
// as a model's parameters. No gradient is lost, but the order in which they are added, and so the
// last bits of the sum, varies; for repeatable sums let each thread call grad(), and add the
// results in a fixed order. If two passes need the same node at once, the second gets an Error.
// Read or clear a leaf's gradient, or step an optimiser, only after every backward into it has
// finished.
#include <vector>

#include "core/autograd/grad_mode.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Adds d(loss)/d(leaf) to .grad() of every leaf that requires grad and that `loss` depends on.
// `loss` must be one number, or `dloss` of its shape must be given. What the ops saved is freed
// unless retain_graph; a second backward through a freed op is an Error that quotes the op's line.
void backward(const Tensor& loss, bool retain_graph = false, Where where = Where::current());
void backward(const Tensor& loss, const Tensor& dloss, bool retain_graph = false,
              Where where = Where::current());

struct GradOptions {
  std::vector<Tensor> douts = {};  // the outputs' gradients; else each must be one number
  bool retain_graph = false;
  bool create_graph = false;  // the results have a history: second derivatives. Frees nothing.
};
// d(sum of outputs)/d(input) for each input, leaf or not, without touching any .grad(). The inputs
// that the outputs do not depend on get zeros; one that does not require grad is an Error. Frees
// only what it ran through. backward() has no create_graph: x.grad with a history that leads back
// to x would never be freed.
std::vector<Tensor> grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                         const GradOptions& options = {}, Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION

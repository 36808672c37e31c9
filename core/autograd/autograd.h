#pragma once
// Reverse-mode automatic differentiation: run the recorded ops backwards, newest first, and add up.
// (Speelpenning 1980; the tape-free graph of PyTorch, Paszke et al. 2017.)
//
// Threads: several may run backward at once, each through its own graph, and may share leaves, such
// as a model's parameters. No gradient is lost, but the order in which they are added, and so the
// last bits of the sum, varies; for repeatable sums let each thread call grad(), and add the results
// in a fixed order. If two passes need the same node at once, the second gets an Error. Read or
// clear a leaf's gradient, or step an optimiser, only after every backward into it has finished.
#include <functional>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Adds d(loss)/d(leaf) to .grad() of every leaf that requires grad and that `loss` depends on.
// `loss` must be one number, or `dloss` of its shape must be given. What the ops saved is freed
// unless retain_graph; a second backward through a freed op is an Error that quotes the op's line.
void backward(const Tensor& loss, bool retain_graph = false, Where where = Where::current());
void backward(const Tensor& loss, const Tensor& dloss, bool retain_graph = false,
              Where where = Where::current());

struct GradOptions {
  std::vector<Tensor> douts = {};  // weigh the outputs, which then need not be single numbers
  bool retain_graph = false;
  bool create_graph = false;       // the results have a history: second derivatives. Frees nothing.
};
// d(sum of outputs)/d(input) for each input, leaf or not, without touching any .grad(). The inputs
// that the outputs do not depend on get zeros; one that does not require grad is an Error. Frees
// only what it ran through. backward() has no create_graph: x.grad with a history that leads back
// to x would never be let go.
std::vector<Tensor> grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                         const GradOptions& options = {}, Where where = Where::current());

// While one lives on this thread, ops record a history, or none.
class GradMode {
 public:
  explicit GradMode(bool on);
  ~GradMode();
  GradMode(const GradMode&) = delete;
  GradMode& operator=(const GradMode&) = delete;

 private:
  bool before_;
};
struct NoGrad : GradMode {
  NoGrad() : GradMode(false) {}
};

// Compares the gradients that backward() gives for the inputs (contiguous leaves) of
// sum(f(inputs) * fixed random weights) with central differences of step `eps`. Returns the empty
// string if every element agrees within atol + rtol * |difference quotient|, else what is worst.
// Meant for double (link cairn64): in float even a correct gradient fails, because the differences
// are too coarse, and the report says so.
std::string gradcheck(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                      std::vector<Tensor> inputs, double eps = 1e-6, double atol = 1e-7,
                      double rtol = 1e-6);
// The same for the gradients themselves, as functions of the inputs and of dout: checks the second
// derivatives that grad(.., {.create_graph = true}) gives.
std::string gradgradcheck(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                          const std::vector<Tensor>& inputs, double eps = 1e-6, double atol = 1e-7,
                          double rtol = 1e-6);

}}  // namespace cairn::CAIRN_PRECISION

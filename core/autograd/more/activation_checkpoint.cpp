// activation_checkpoint: y = f(inputs), whose backward computes f again, with a history this time,
// and then its gradients. Saves the inputs and the state of the generator.
#include "core/autograd/more/activation_checkpoint.h"

#include <algorithm>

#include "core/autograd/autograd.h"
#include "core/autograd/node.h"
#include "core/autograd/unnamed_leaves.h"
#include "core/random.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

using Function = std::function<Tensor(const std::vector<Tensor>&)>;

// default_random() as it was at some earlier time, until the end of the scope.
struct Replay {
  const Random now = default_random();
  explicit Replay(const Random& then) { default_random() = then; }
  ~Replay() { default_random() = now; }
};

// Every leaf that y depends on must be among those whose gradients are asked for; the gradient of
// any other would be lost.
void check_leaves(const Tensor& y, const std::vector<Tensor>& wanted, Where where) {
  NamedTensors known;
  for (const Tensor& x : wanted) known.push_back({"", x});
  const std::vector<UnnamedLeaf> lost = unnamed_leaves(y, known);
  if (lost.empty()) return;
  fail("activation_checkpoint",
       "the function reads " + to_string(lost.front()) +
           " that requires grad and is not among its inputs",
       "pass it as an input, or a module's as parameters", where);
}

struct ActivationCheckpointNode final : Node {
  Function f;
  std::vector<Saved> x;
  std::vector<Tensor> parameters;
  Random random;

  void backward(Grads& g) override;
  void visit(SavedVisitor& v) override {
    for (Saved& saved : x) v("input", saved);
  }
};

}  // namespace

Tensor activation_checkpoint(const Function& f, const std::vector<Tensor>& inputs,
                             const NamedTensors& parameters, Where where) {
  if (!f)
    fail("activation_checkpoint", "the function is null", "pass the part of the model to recompute",
         where);
  const Random random = default_random();
  std::vector<const Tensor*> all;
  for (const Tensor& x : inputs) all.push_back(&x);
  for (const NamedTensor& p : parameters) all.push_back(&p.tensor);
  const bool recomputed = std::any_of(
      all.begin(), all.end(), [](const Tensor* x) { return x->defined() && x->requires_grad(); });
  const Tensor y = [&] {
    // If no input requires grad there will be no backward in which to check what else f reads, so
    // f is recorded and checked here.
    const GradMode recording(grad_enabled() && !recomputed);
    const Tensor result = f(inputs);
    if (grad_enabled()) check_leaves(result, {}, where);
    return result.detach();
  }();
  if (auto node = record<ActivationCheckpointNode>("activation_checkpoint", all, y, where)) {
    node->f = f;
    node->random = random;
    for (const Tensor& x : inputs) node->x.push_back(x.defined() ? Saved(x) : Saved());
    for (const NamedTensor& p : parameters) node->parameters.push_back(p.tensor);
  }
  return y;
}

void ActivationCheckpointNode::backward(Grads& g) {
  std::vector<Tensor> in, wanted;
  std::vector<int> wanted_inputs;
  const auto want = [&](const Tensor& leaf, int input) {
    wanted.push_back(leaf);
    wanted_inputs.push_back(input);
  };
  for (size_t i = 0; i < x.size(); ++i) {
    in.push_back(x[i].tensor.defined() ? g.value(x[i]).detach() : Tensor());
    if (inputs[i]) want(in[i].set_requires_grad(), static_cast<int>(i));
  }
  for (size_t i = 0; i < parameters.size(); ++i)
    if (inputs[x.size() + i]) want(parameters[i], static_cast<int>(x.size() + i));

  const GradMode recording(true);
  const Tensor y = [&] {
    const Replay replay(random);
    return f(in);
  }();
  check_leaves(y, wanted, where);
  if (!y.requires_grad() && !y.impl().not_differentiable) return;  // as a constant does
  const std::vector<Tensor> dx = grad({y}, wanted, {.douts = {g.dout()}}, where);
  const NoGrad sums;
  for (size_t i = 0; i < dx.size(); ++i) g.add(wanted_inputs[i], dx[i]);
}

}}  // namespace cairn::CAIRN_PRECISION

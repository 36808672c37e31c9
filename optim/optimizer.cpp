// Groups, steps and state of optimisers.
#include "optim/optimizer.h"

#include <set>

#include "core/observer.h"

namespace cairn::inline CAIRN_PRECISION {

std::vector<ParameterGroup> decay_groups(const NamedTensors& parameters, double weight_decay) {
  ParameterGroup decay{.parameters = {}, .weight_decay = weight_decay}, rest;
  for (const NamedTensor& p : parameters) {
    if (!p.tensor.requires_grad()) continue;
    (p.tensor.axes() > 1 ? decay : rest).parameters.push_back(p);
  }
  return {decay, rest};
}

Optimizer::Optimizer(std::vector<ParameterGroup> groups) {
  std::set<std::string> names;
  std::set<const TensorImpl*> tensors;
  for (const ParameterGroup& group : groups) {
    check_not_negative("optimizer", "weight_decay", group.weight_decay);
    check_not_negative("optimizer", "lr_scale", group.lr_scale);
    for (const NamedTensor& p : group.parameters) {
      if (!names.insert(p.name).second || !tensors.insert(&p.tensor.impl()).second)
        fail("optimizer", "the parameter " + p.name + " is there twice");
      slots_.push_back({.name = p.name,
                        .parameter = p.tensor,
                        .weight_decay = group.weight_decay,
                        .lr_scale = group.lr_scale,
                        .steps = 0,
                        .moments = {}});
    }
  }
}

namespace {

// Tells the observers of a step, even of one that an Error ends.
struct ToldStep {
  explicit ToldStep(Where where) {
    for (Observer* o = observers; o; o = o->next) o->before_step(where);
  }
  ~ToldStep() {
    for (Observer* o = observers; o; o = o->next) o->after_step();
  }
};

}  // namespace

void Optimizer::step(double lr, double grad_scale, Where where) {
  const Scope scope("optimizer", where);
  check_not_negative("optimizer", "lr", lr, where);
  const ToldStep told(where);
  for (Slot& slot : slots_) {
    const Tensor gradient = slot.parameter.grad();
    if (!gradient.defined()) continue;
    if (!slot.parameter.is_contiguous())
      fail("optimizer", "the parameter " + slot.name + " is a strided view",
           "optimise the tensor that it is a view of", where);
    if (slot.steps++ == 0) slot.moments = first_moments(slot.parameter);
    update(slot, slot.parameter.write(where), Contiguous(gradient), slot.parameter.numel(),
           lr * slot.lr_scale, grad_scale);
  }
}

void Optimizer::zero_grad() {
  for (Slot& slot : slots_) slot.parameter.zero_grad();
}

NamedTensors Optimizer::parameters() const {
  NamedTensors all;
  for (const Slot& slot : slots_) all.push_back({slot.name, slot.parameter});
  return all;
}

NamedTensors Optimizer::state() const {
  NamedTensors all;
  for (const Slot& slot : slots_) {
    if (slot.steps == 0) continue;
    all.push_back({"step." + slot.name, Tensor::scalar(static_cast<real>(slot.steps))});
    for (const NamedTensor& m : slot.moments) all.push_back({m.name + "." + slot.name, m.tensor});
  }
  return all;
}

void Optimizer::load_state(const NamedTensors& state) {
  std::set<std::string> given;
  for (const NamedTensor& entry : state) given.insert(entry.name);
  NamedTensors expected;  // the steps and moments of each slot in `fresh`
  std::vector<Slot> fresh = slots_;
  std::vector<Tensor> steps;
  for (Slot& slot : fresh) {
    slot.steps = 0;
    slot.moments.clear();
    steps.push_back(Tensor::scalar(0));
    if (!given.contains("step." + slot.name)) continue;  // has not taken a step
    expected.push_back({"step." + slot.name, steps.back()});
    slot.moments = first_moments(slot.parameter);
    for (const NamedTensor& m : slot.moments)
      expected.push_back({m.name + "." + slot.name, m.tensor});
  }
  copy_by_name(expected, state, true, "optimizer",
               "was it saved by the same optimiser for the same model?");
  for (size_t i = 0; i < fresh.size(); ++i)
    fresh[i].steps = count_of("optimizer", "step." + fresh[i].name, steps[i]);
  slots_ = std::move(fresh);
}

}  // namespace cairn::inline CAIRN_PRECISION

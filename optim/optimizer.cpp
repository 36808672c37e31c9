// Groups, steps and state of optimisers.
#include "optim/optimizer.h"

#include <algorithm>
#include <set>

#include "core/autograd/observer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

namespace {

void check_any_trained(size_t trained, size_t all) {
  if (trained > 0) return;
  if (all == 0)
    fail("optimizer", "there are no parameters",
         "a module's visit() names what named_parameters() lists");
  fail("optimizer", "all " + std::to_string(all) + " parameters are frozen",
       "module.set_trainable(\"\", true) lets all be trained, a pattern some");
}

void check_parameter(const NamedTensor& p) {
  if (!p.tensor.is_leaf())
    fail("optimizer", "the parameter " + p.name + " was computed by [" + p.tensor.impl().op + "]",
         "optimise the leaves that it is computed from, or detach() it");
  if (!p.tensor.is_contiguous())
    fail("optimizer", "the parameter " + p.name + " is a strided view",
         "optimise the tensor that it is a view of, or a copy()");
}

// A number that two parameters share would move twice per step.
void check_apart(NamedTensors parameters) {
  std::erase_if(parameters, [](const NamedTensor& p) { return p.tensor.numel() == 0; });
  std::stable_sort(parameters.begin(), parameters.end(),
                   [](const auto& a, const auto& b) { return a.tensor.data() < b.tensor.data(); });
  for (size_t i = 1; i < parameters.size(); ++i) {
    const NamedTensor &a = parameters[i - 1], &b = parameters[i];
    if (a.tensor.data() + a.tensor.numel() <= b.tensor.data()) continue;
    fail("optimizer",
         &a.tensor.impl() == &b.tensor.impl()
             ? "the parameter " + b.name + " is there twice, first as " + a.name
             : "the parameters " + a.name + " and " + b.name + " share memory",
         "a tensor that several modules share is one handle, b.weight = a.weight, which "
         "named_parameters() lists once");
  }
}

}  // namespace

std::vector<ParameterGroup> decay_groups(const NamedTensors& parameters, double weight_decay) {
  ParameterGroup decay{.parameters = {}, .weight_decay = weight_decay};
  ParameterGroup rest{.parameters = {}, .weight_decay = 0};
  for (const NamedTensor& p : parameters) {
    if (!p.tensor.requires_grad()) continue;
    (p.tensor.axes() > 1 ? decay : rest).parameters.push_back(p);
  }
  check_any_trained(decay.parameters.size() + rest.parameters.size(), parameters.size());
  return {decay, rest};
}

Optimizer::Optimizer(ParameterGroups groups, double lr, double weight_decay) : lr_(lr) {
  check_not_negative("optimizer", "lr", lr);
  check_not_negative("optimizer", "weight_decay", weight_decay);
  std::set<std::string> names;
  size_t trained = 0;
  for (const ParameterGroup& group : groups) {
    check_not_negative("optimizer", "weight_decay", group.weight_decay.value_or(weight_decay));
    check_not_negative("optimizer", "lr_scale", group.lr_scale);
    for (const NamedTensor& p : group.parameters) {
      if (!names.insert(p.name).second)
        fail("optimizer", "the parameter " + p.name + " is there twice",
             "is it in two groups, or does visit() give two the same name?");
      check_parameter(p);
      trained += p.tensor.requires_grad();
      slots_.push_back({.name = p.name,
                        .parameter = p.tensor,
                        .weight_decay = group.weight_decay.value_or(weight_decay),
                        .lr_scale = group.lr_scale,
                        .steps = 0,
                        .moments = {}});
    }
  }
  if (!groups.empty()) check_any_trained(trained, slots_.size());  // else step() does
  check_apart(parameters());
}

namespace {

// Notifies the observers of a step, also of one that an Error ends.
struct ObservedStep {
  explicit ObservedStep(Where where) {
    for (Observer* o = observers; o; o = o->next) o->before_step(where);
  }
  ~ObservedStep() {
    for (Observer* o = observers; o; o = o->next) o->after_step();
  }
};

}  // namespace

void Optimizer::step(double lr, double grad_scale, Where where) {
  const Scope scope("optimizer", where);
  if (slots_.empty()) check_any_trained(0, 0);
  check_not_negative("optimizer", "lr", lr, where);
  const ObservedStep observed(where);
  for (Slot& slot : slots_) {
    const Tensor gradient = slot.parameter.grad();
    if (!gradient.defined()) continue;
    if (slot.steps++ == 0) slot.moments = initial_state(slot.parameter);
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
    steps.push_back(Tensor::scalar(0));
    if (!given.contains("step." + slot.name)) continue;  // stays 0: its first step makes moments
    expected.push_back({"step." + slot.name, steps.back()});
    slot.moments = initial_state(slot.parameter);
    for (const NamedTensor& m : slot.moments)
      expected.push_back({m.name + "." + slot.name, m.tensor});
  }
  copy_by_name(expected, state, true, "optimizer",
               "was it saved by the same optimiser for the same model?");
  for (size_t i = 0; i < fresh.size(); ++i)
    fresh[i].steps = count_of("optimizer", "step." + fresh[i].name, steps[i]);
  slots_ = std::move(fresh);
}

}}  // namespace cairn::CAIRN_PRECISION

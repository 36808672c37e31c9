// Groups, steps and state of optimisers.
#include "optim/optimizer.h"

#include <map>
#include <set>

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

void Optimizer::step(double lr, double grad_scale, Where where) {
  for (Slot& slot : slots_) {
    const Tensor gradient = slot.parameter.grad();
    if (!gradient.defined()) continue;
    if (!slot.parameter.is_contiguous())
      fail("optimizer", "the parameter " + slot.name + " is a strided view",
           "optimise the tensor that it is a view of", where);
    if (slot.steps == 0) {
      slot.moments.clear();
      for (size_t i = 0; i < moment_names().size(); ++i)
        slot.moments.push_back(Tensor::zeros(slot.parameter.shape()));
    }
    ++slot.steps;
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
  const std::vector<std::string> names = moment_names();
  for (const Slot& slot : slots_) {
    if (slot.steps == 0) continue;
    all.push_back({"step." + slot.name, Tensor::scalar(static_cast<real>(slot.steps))});
    for (size_t i = 0; i < names.size(); ++i)
      all.push_back({names[i] + "." + slot.name, slot.moments[i]});
  }
  return all;
}

void Optimizer::load_state(const NamedTensors& state) {
  std::map<std::string, Tensor> given;
  for (const NamedTensor& entry : state) given[entry.name] = entry.tensor;
  std::string problems;
  // Takes the tensor `name` out of `given`; undefined, and a problem, if it is not as it must be.
  const auto take = [&](const std::string& name, const Shape& shape) {
    const auto entry = given.find(name);
    if (entry == given.end()) {
      problems += "\n  missing: " + name;
      return Tensor();
    }
    const Tensor tensor = entry->second;
    given.erase(entry);
    if (tensor.shape() == shape) return tensor;
    problems +=
        "\n  shape: " + name + " is " + to_string(tensor.shape()) + ", not " + to_string(shape);
    return Tensor();
  };

  const std::vector<std::string> names = moment_names();
  std::vector<std::pair<Tensor, std::vector<Tensor>>> loaded;  // steps and moments of each slot
  for (const Slot& slot : slots_) {
    auto& [steps, moments] = loaded.emplace_back();
    if (!given.contains("step." + slot.name)) continue;  // has not taken a step
    steps = take("step." + slot.name, {});
    for (const std::string& name : names)
      moments.push_back(take(name + "." + slot.name, slot.parameter.shape()));
  }
  for (const auto& [name, tensor] : given) problems += "\n  unknown: " + name;
  if (!problems.empty())
    fail("optimizer", "this state is not of these parameters:" + problems,
         "was it saved by the same optimiser for the same model?");

  for (size_t i = 0; i < slots_.size(); ++i) {
    const auto& [steps, moments] = loaded[i];
    slots_[i].steps = steps.defined() ? static_cast<int64_t>(steps.item()) : 0;
    slots_[i].moments.clear();
    for (const Tensor& m : moments) slots_[i].moments.push_back(Tensor::empty(m.shape()).copy_(m));
  }
}

}  // namespace cairn::inline CAIRN_PRECISION

#pragma once
// What all optimisers share: named parameters in groups, one step at a time, and a state that can
// be saved and loaded by name, so that a resumed training goes on exactly as an uninterrupted one.
//
//   AdamW optimizer(model.named_parameters(), {.lr = 1e-3, .weight_decay = 0.01});
//   loss.backward();
//   optimizer.step();
//   optimizer.zero_grad();
//
// With groups, a schedule and clipping:
//
//   AdamW optimizer(decay_groups(model.named_parameters(), 0.01));
//   const double scale = clip_scale(gradient_norm(optimizer.parameters()), 1.0);
//   optimizer.step(rate, scale);
#include <concepts>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Parameters with the same settings. Neither number may be negative.
struct ParameterGroup {
  NamedTensors parameters;
  std::optional<double> weight_decay = {};  // not set: the optimiser's option
  double lr_scale = 1;                      // multiplies the learning rate
};

// What an optimiser takes: groups, or a model's named_parameters(), which are one group.
class ParameterGroups : public std::vector<ParameterGroup> {
 public:
  ParameterGroups() = default;
  template <std::same_as<NamedTensors> T>  // a template takes no braces, which mean groups
  ParameterGroups(const T& parameters) : vector{{.parameters = parameters}} {}
  ParameterGroups(std::initializer_list<NamedTensor> parameters)
      : ParameterGroups(NamedTensors(parameters)) {}
  ParameterGroups(std::vector<ParameterGroup> groups) : vector(std::move(groups)) {}
  ParameterGroups(std::initializer_list<ParameterGroup> groups) : vector(groups) {}
};

// Two groups: parameters with two or more axes, which decay, and the others (biases and the weights
// of normalisations), which do not. Parameters that do not require grad are left out; Error if all
// are.
std::vector<ParameterGroup> decay_groups(const NamedTensors& parameters, double weight_decay);

class Optimizer {
 public:
  // lr is that of step(), weight_decay that of groups without their own. Error if two parameters
  // have the same name or share memory, if one is not a contiguous leaf, if none requires grad, or
  // if a number is negative.
  explicit Optimizer(ParameterGroups groups, double lr = 1e-3, double weight_decay = 0);
  virtual ~Optimizer() = default;
  Optimizer(Optimizer&) = delete;  // const would make AdamW({{.parameters = p}}) ambiguous
  Optimizer& operator=(const Optimizer&) = delete;

  // Moves every parameter that has a gradient, at learning rate `lr` >= 0; the gradients are read
  // as gradient * grad_scale. A parameter without a gradient stays as it is, and so does its state.
  // A step counts as one write of a storage.
  void step(double lr, double grad_scale = 1, Where where = Where::current());
  void step(Where where = Where::current()) { step(lr_, 1, where); }  // at the option's rate
  void zero_grad();                                                   // drops the gradients

  NamedTensors parameters() const;  // of all groups

  // For each parameter that has taken a step: "step.NAME" (how many: one number, exact up to 2^24
  // in float) and the optimiser's own, such as "exp_avg.NAME". Handles: copy them to keep them.
  NamedTensors state() const;
  // Copies what state() gave. Error naming each tensor that is missing, unexpected or of another
  // shape; then nothing has changed.
  void load_state(const NamedTensors& state);

 protected:
  struct Slot {
    std::string name;
    Tensor parameter;
    double weight_decay, lr_scale;
    int64_t steps = 0;     // taken so far, including the present one during update()
    NamedTensors moments;  // what initial_state() made, as updated by the steps
    real* moment(size_t i) { return moments[i].tensor.write(); }
  };

  // The state of a parameter before its first step, under PyTorch's and Hugging Face's names.
  virtual NamedTensors initial_state(const Tensor& parameter) const = 0;
  // One parameter's step: `p` and `g` are its numbers and its gradient's, n of each.
  virtual void update(Slot& slot, real* p, const real* g, int64_t n, double lr,
                      double grad_scale) = 0;

 private:
  std::vector<Slot> slots_;
  double lr_;
};

}}  // namespace cairn::CAIRN_PRECISION

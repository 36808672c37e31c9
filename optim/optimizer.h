#pragma once
// What all optimisers share: named parameters in groups, one step at a time, and a state that can
// be saved and loaded by name, so that a resumed training goes on exactly as an uninterrupted one.
//
//   AdamW optimizer(decay_groups(model.named_parameters(), 0.01));
//   loss.backward();
//   const double scale = clip_scale(gradient_norm(optimizer.parameters()), 1.0);
//   optimizer.step(rate, scale);
//   optimizer.zero_grad();
#include <string>
#include <vector>

#include "core/check.h"
#include "core/named_tensor.h"

namespace cairn::inline CAIRN_PRECISION {

// Parameters that are treated alike. Neither number may be negative.
struct ParameterGroup {
  NamedTensors parameters;
  double weight_decay = 0;
  double lr_scale = 1;  // multiplies step()'s learning rate
};

// Two groups: parameters with two or more axes, which decay, and the others (biases and the weights
// of normalisations), which do not. What does not require grad is left out; Error if that is all.
std::vector<ParameterGroup> decay_groups(const NamedTensors& parameters, double weight_decay);

class Optimizer {
 public:
  // Error if two parameters have one name or share memory, if one is no contiguous leaf, or if none
  // requires grad.
  explicit Optimizer(std::vector<ParameterGroup> groups);
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  // Moves every parameter that has a gradient, at learning rate `lr` >= 0; the gradients are read as
  // gradient * grad_scale. A parameter without one stays as it is, and so does its state. A storage
  // counts one write a step.
  void step(double lr, double grad_scale = 1, Where where = Where::current());
  void zero_grad();  // lets go of the gradients

  NamedTensors parameters() const;  // of all groups

  // For each parameter that has taken a step: "step.NAME" (how many: one number, exact up to
  // 2^24 in float) and the optimiser's own, such as "exp_avg.NAME". Handles: copy them to keep them.
  NamedTensors state() const;
  // Takes over what state() gave, copying. Error naming each tensor that is missing, unexpected or
  // of another shape; then nothing has changed.
  void load_state(const NamedTensors& state);

 protected:
  struct Slot {
    std::string name;
    Tensor parameter;
    double weight_decay, lr_scale;
    int64_t steps = 0;     // taken, this one included while update() runs
    NamedTensors moments;  // what first_moments() made, as the steps have changed it
    real* moment(size_t i) { return moments[i].tensor.write(); }
  };

  // What is kept for a parameter, before the first step, under PyTorch's and Hugging Face's names.
  virtual NamedTensors first_moments(const Tensor& parameter) const = 0;
  // One parameter's step: `p` and `g` are its numbers and its gradient's, n of each.
  virtual void update(Slot& slot, real* p, const real* g, int64_t n, double lr,
                      double grad_scale) = 0;

 private:
  std::vector<Slot> slots_;
};

}  // namespace cairn::inline CAIRN_PRECISION

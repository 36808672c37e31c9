#pragma once
// Reduces the learning rate when a metric stops getting better, as torch's ReduceLROnPlateau. Its
// state is a few numbers, saved and loaded by name.
//
//   ReduceOnPlateau plateau({.factor = 0.5, .patience = 2});
//   optimizer.step(base_lr * plateau.factor());   // each step
//   plateau.step(dev_loss);                       // each epoch
#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct PlateauOptions {
  bool maximise = false;  // whether a higher metric is better
  double factor = 0.1;    // what the rate is multiplied by
  int64_t patience = 10;  // how many steps without improvement are allowed
  double threshold = 1e-4;
  bool relative = true;   // better means by threshold times the best; else by threshold itself
  int64_t cooldown = 0;   // steps after a reduction that do not count
  double min_factor = 0;  // the minimum of factor()
};

class ReduceOnPlateau {
 public:
  // Error unless factor is in (0, 1) and the others are not negative.
  explicit ReduceOnPlateau(const PlateauOptions& options = {});

  double step(double metric);  // takes a metric (NaN is never better); returns factor()
  double factor() const;       // for the base rate: 1, and less after each plateau

  NamedTensors state() const;  // "best", "steps_without", "cooldown_left", "reductions"
  void load_state(const NamedTensors& state);  // Error naming what is missing or unexpected

 private:
  bool better(double metric) const;

  PlateauOptions options_;
  real best_;  // real, so that a saved one is the same
  int64_t steps_without_ = 0, cooldown_left_ = 0, reductions_ = 0;
};

}}  // namespace cairn::CAIRN_PRECISION

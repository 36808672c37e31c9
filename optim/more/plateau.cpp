// Counting the steps without getting better.
#include "optim/more/plateau.h"

#include <algorithm>
#include <cmath>

namespace cairn { inline namespace CAIRN_PRECISION {

ReduceOnPlateau::ReduceOnPlateau(const PlateauOptions& o)
    : options_(o), best_(o.maximise ? -INFINITY : INFINITY) {
  if (!(o.factor > 0 && o.factor < 1))
    fail("ReduceOnPlateau", "factor is " + std::to_string(o.factor), "it must be in (0, 1)");
  if (!(o.patience >= 0 && o.threshold >= 0 && o.cooldown >= 0 && o.min_factor >= 0))
    fail("ReduceOnPlateau", "patience, threshold, cooldown or min_factor is negative");
}

bool ReduceOnPlateau::better(double metric) const {
  const double best = best_;
  if (std::isinf(best)) return options_.maximise ? metric > best : metric < best;
  const double margin = options_.relative ? options_.threshold * best : options_.threshold;
  return options_.maximise ? metric > best + margin : metric < best - margin;
}

double ReduceOnPlateau::step(double metric) {
  if (better(metric)) {
    best_ = static_cast<real>(metric);
    steps_without_ = 0;
  } else {
    ++steps_without_;
  }
  if (cooldown_left_ > 0) {
    --cooldown_left_;
    steps_without_ = 0;
  }
  if (steps_without_ > options_.patience) {
    ++reductions_;
    cooldown_left_ = options_.cooldown;
    steps_without_ = 0;
  }
  return factor();
}

double ReduceOnPlateau::factor() const {
  const double factor = std::pow(options_.factor, static_cast<double>(reductions_));
  return std::max(factor, std::min(1.0, options_.min_factor));
}

NamedTensors ReduceOnPlateau::state() const {
  const auto number = [](int64_t n) { return Tensor::scalar(static_cast<real>(n)); };
  return {{"best", Tensor::scalar(best_)},
          {"steps_without", number(steps_without_)},
          {"cooldown_left", number(cooldown_left_)},
          {"reductions", number(reductions_)}};
}

void ReduceOnPlateau::load_state(const NamedTensors& given) {
  const NamedTensors loaded = state();
  copy_by_name(loaded, given, true, "ReduceOnPlateau", "was it saved by a ReduceOnPlateau?");
  const auto count = [&](size_t i) {
    return count_of("ReduceOnPlateau", loaded[i].name, loaded[i].tensor);
  };
  const int64_t steps_without = count(1), cooldown_left = count(2), reductions = count(3);
  best_ = loaded[0].tensor.item();
  steps_without_ = steps_without;
  cooldown_left_ = cooldown_left;
  reductions_ = reductions;
}

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// An exponential moving average of the weights (Polyak & Juditsky 1992; torch.optim.swa_utils with
// get_ema_avg_fn). It often predicts better than the weights that the last steps left.
//
//   Ema ema(model.named_parameters(), 0.999);
//   ema.update();                             // after each step of the optimiser
//   ema.swap();  evaluate(model);  ema.swap();
#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

class Ema {
 public:
  // Starts from the parameters' present values; one under several names counts once. Error unless
  // decay is in [0, 1).
  Ema(NamedTensors parameters, double decay);

  void update();  // average = decay average + (1 - decay) parameter, for each
  void swap();    // exchanges averages and parameters; the second time undoes the first

  NamedTensors state() const { return averages_; }  // under the parameters' names; handles
  void load_state(const NamedTensors& state);       // copies; Error listing what does not match

 private:
  NamedTensors parameters_, averages_;
  double decay_;
};

}}  // namespace cairn::CAIRN_PRECISION

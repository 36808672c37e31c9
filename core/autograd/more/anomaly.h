#pragma once
// Anomaly mode: stops at the first op that makes a NaN or an infinity, forward or backward, and
// names the line that called it. PyTorch: torch.autograd.set_detect_anomaly, which checks only for
// NaN, and only in backward.
#include "core/autograd/observer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// While one lives, every op of this thread whose result has a NaN, and no input does, is an Error
// quoting its line; likewise an infinity, if no input has either; and a gradient that becomes so in
// an op's backward. Reads every number that is computed: for debugging, not for training.
//
//   const AnomalyMode anomaly;
//   loss = model(x); loss.backward();   // [sqrt] made a NaN ... at main.cpp:12
class AnomalyMode final : public Observer {
 public:
  enum class Infinities { reported, ignored };  // ignored, say, where -inf is a mask's own value
  explicit AnomalyMode(Infinities infinities = Infinities::reported) : infinities_(infinities) {}

  void forward(const char* op, std::span<const Tensor* const> inputs, const Tensor& y,
               Where where) override;
  void after_backward(const Node& node, const Grads& grads) override;

 private:
  Infinities infinities_;
};

}}  // namespace cairn::CAIRN_PRECISION

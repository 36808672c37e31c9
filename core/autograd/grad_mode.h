#pragma once
// Whether ops record a history: torch.no_grad and torch.enable_grad, as objects with a scope.
#include "core/real.h"

namespace cairn { inline namespace CAIRN_PRECISION {

bool grad_enabled();  // do ops on this thread record a history?

// While one lives, ops on this thread record a history, or none.
class GradMode {
 public:
  explicit GradMode(bool on);
  ~GradMode();
  GradMode(const GradMode&) = delete;
  GradMode& operator=(const GradMode&) = delete;

 private:
  bool before_;
};
struct NoGrad : GradMode {
  NoGrad() : GradMode(false) {}
};

}}  // namespace cairn::CAIRN_PRECISION

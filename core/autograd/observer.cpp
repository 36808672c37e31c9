// The list of this thread's observers.
#include "core/autograd/observer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Observer::Observer() : next(observers) { observers = this; }

Observer::~Observer() {
  Observer** at = &observers;
  while (*at && *at != this) at = &(*at)->next;
  if (*at) *at = next;
}

}}  // namespace cairn::CAIRN_PRECISION

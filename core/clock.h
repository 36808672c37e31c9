#pragma once
// The time that has passed, for measurements: a change of the date does not move it.
#include <chrono>

namespace cairn {

// Seconds since some moment in the past.
inline double steady_seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

}  // namespace cairn

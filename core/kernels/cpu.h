#pragma once
// Which tables of kernels this machine can run. kernels() of kernels.h gives the chosen one.
#include <string>
#include <vector>

#include "core/kernels/kernels.h"

namespace cairn::inline CAIRN_PRECISION {

// All tables that were compiled in and that the CPU and the operating system support, the fastest
// first; the last one is always the reference. For tests, benchmarks and `cairn doctor`.
std::vector<const Kernels*> available_kernels();

// The available table of that name. Throws Error, with the available names as a hint.
const Kernels& find_kernels(const std::string& name);

}  // namespace cairn::inline CAIRN_PRECISION

#pragma once
// Which tables of kernels this machine can run. kernels() of kernels.h gives the chosen one.
#include <string>
#include <vector>

#include "core/kernels/kernels.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// All tables that were compiled in and that the CPU and the operating system support, the fastest
// first; the last one is always the reference. For tests, benchmarks and `cairn doctor`.
std::vector<const Kernels*> available_kernels();

// The available table of that name. Throws Error, with the available names as a hint.
const Kernels& find_kernels(const std::string& name);

// What kernels() is if CAIRN_ISA is `name`: that table, or Error. Null and "" stand for the fastest
// one, in a debug build for the reference. cairn64 has only the reference, whatever the name.
const Kernels& choose_kernels(const char* name);

}}  // namespace cairn::CAIRN_PRECISION

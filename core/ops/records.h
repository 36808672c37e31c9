#pragma once
// The one list of all op records; linked by tests, benches and docs, never by the library.
#include "core/op_info.h"

namespace cairn::inline CAIRN_PRECISION {

// File by file, as core/ops/records.cpp lists them.
std::vector<OpInfo> all_ops();

}  // namespace cairn::inline CAIRN_PRECISION

#pragma once
// The one list of all op records; linked by tests, benches and docs, never by the library.
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// In the order of core/ops/records/records.cpp.
std::vector<OpInfo> all_ops();

}}  // namespace cairn::CAIRN_PRECISION

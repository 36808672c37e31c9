#pragma once
// A trace as one self-contained HTML page: the timeline, the graph, the table, the roofline, the
// memory over time. By mouse and keyboard, light and dark, from 360 px on.
#include <string>

#include "train/trace.h"

namespace cairn::inline CAIRN_PRECISION {

// The whole page.
std::string trace_html(const TraceRecord& record);

}  // namespace cairn::inline CAIRN_PRECISION

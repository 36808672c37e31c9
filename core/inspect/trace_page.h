#pragma once
// A trace as one self-contained HTML page: the timeline, the graph, the table, the roofline, the
// memory over time. For mouse and keyboard, in light and dark, from 360 px wide.
#include <string>

#include "core/inspect/trace.h"

namespace cairn {

// The page's parts: CSS, HTML without the events, JavaScript.
extern const char* const trace_style;
extern const char* const trace_body;
extern const char* const trace_script;
extern const char* const trace_charts;  // the script's second part

}  // namespace cairn

namespace cairn { inline namespace CAIRN_PRECISION {

// The whole page. Error if a name in it is not UTF-8.
std::string trace_html(const TraceRecord& record);

}}  // namespace cairn::CAIRN_PRECISION

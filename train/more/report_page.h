#pragma once
// The CSS and the JavaScript that report.cpp puts into the page, beside what all pages share.

namespace cairn {

extern const char* const report_style;
extern const char* const report_script;

}  // namespace cairn

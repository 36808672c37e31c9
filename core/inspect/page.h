#pragma once
// The shell of the HTML pages that Cairn writes: self-contained (a policy in the page forbids it to
// load anything), in light and dark with a button to switch, readable from 360 px wide and on
// paper.
#include <string>

namespace cairn {

// The text as HTML that shows it: & < > " are written as entities.
std::string escape_html(const std::string& text);

// A page with this title (escaped here) and body (HTML as it is). `style` is added to the style
// that all pages share. The colours are --ink, --soft, --rule, --page, --s0 to --s5 for series,
// --heat for marks of a heat map and --wash for what lies behind text.
std::string html_page(const std::string& title, const std::string& style, const std::string& body);

}  // namespace cairn

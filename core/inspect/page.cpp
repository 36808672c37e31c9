// The style and the light/dark button that all pages share.
#include "core/inspect/page.h"

namespace cairn {
namespace {

// Each colour is a pair, for light and for dark; a button sets the scheme, else the system does.
constexpr const char* shared_style = R"html(
:root { color-scheme: light dark;
  --ink: light-dark(#1b1f24, #e8eaed); --page: light-dark(#fdfdfc, #16191d);
  --soft: light-dark(#5b6470, #a2abb6); --rule: light-dark(#d5d9de, #3a424c);
  --s0: light-dark(#0b62c4, #6cb0ff); --s1: light-dark(#b34700, #ff9e5e);
  --s2: light-dark(#1a7f37, #6fd28a); --s3: light-dark(#8a3fb0, #d39bf0);
  --s4: light-dark(#7a6200, #e0c34d); --s5: light-dark(#66707c, #98a2ae);
  --heat: light-dark(#0b62c4, #6cb0ff); --wash: light-dark(#6cb0ff, #0b62c4); }
:root[data-theme=light] { color-scheme: light; } :root[data-theme=dark] { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--page); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { margin-top: 2.2rem; font-size: 1.25rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
svg text { fill: var(--soft); font-size: 11px; }
svg .name { font-style: italic; } .axis { stroke: var(--rule); } .line { fill: none; stroke-width: 2; }
/* Shadows at the edges of a box that can be scrolled: at first they lie below a cover. */
.scroll { overflow-x: auto; background:
  linear-gradient(to right, var(--page) 30%, transparent) left / 2rem 100% local,
  linear-gradient(to left, var(--page) 30%, transparent) right / 2rem 100% local,
  linear-gradient(to right, var(--rule), transparent) left / .6rem 100%,
  linear-gradient(to left, var(--rule), transparent) right / .6rem 100%;
  background-repeat: no-repeat; }
table { border-collapse: collapse; margin: .5rem 0; }
caption { text-align: left; color: var(--soft); } th, td { padding: .15rem .6rem; text-align: right;
  border-bottom: 1px solid var(--rule); } th:first-child, td:first-child { text-align: left; }
th, td { overflow-wrap: normal; } td { white-space: nowrap; }
.text { text-align: left; white-space: normal; } .long { overflow-wrap: anywhere; }
@media (max-width: 30rem) { table { font-size: .85rem; } th, td { padding: .15rem .3rem; } }
/* A cell of a heat map: the colour of its weight --w, so light or dark that text reads on it. */
.heat { background: color-mix(in srgb, var(--wash) calc(100% * var(--w, 0)), var(--page));
  print-color-adjust: exact; }
::placeholder { color: var(--soft); opacity: 1; }
summary { color: var(--soft); cursor: pointer; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .85rem; }
:focus-visible { outline: 3px solid var(--s1); outline-offset: 1px; }
button, select, input { font: inherit; color: inherit; background: var(--page);
  border: 1px solid var(--rule); border-radius: .3rem; padding: .15rem .5rem; }
button { cursor: pointer; }
#theme { float: right; margin-left: 1rem; font-size: .85rem; }
@media print { body { max-width: none; } details > * { display: block; } #theme { display: none; } }
)html";

constexpr const char* theme_script = R"html(
{ const root = document.documentElement, button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const other = () => (root.dataset.theme ?? system) === "dark" ? "light" : "dark";
  const name = () => { button.textContent = other() + " page"; };
  button.onclick = () => { root.dataset.theme = other(); name(); };
  name(); }
)html";

}  // namespace

std::string escape_html(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

std::string html_page(const std::string& title, const std::string& style, const std::string& body) {
  return "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\n"
         "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
         "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
         "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<title>" +
         escape_html(title) + "</title>\n<style>" + shared_style + style +
         "</style></head>\n<body>\n<button type=button id=theme>theme</button>\n<main>\n<h1>" +
         escape_html(title) + "</h1>\n" + body + "</main>\n<script>" + theme_script +
         "</script>\n</body></html>\n";
}

}  // namespace cairn

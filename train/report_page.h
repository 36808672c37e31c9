#pragma once
// How a report looks, and how its attention view is used: the style and the script that report.cpp
// puts into the page.

namespace cairn {

// Colours are variables, so that dark mode is a second set of them. A heat map's cells are all of
// one colour, the weight being their opacity: that reads on either background.
inline constexpr const char* report_style = R"html(
:root { color-scheme: light dark; --ink: #1b1f24; --page: #fdfdfc; --soft: #5b6470; --rule: #d5d9de;
  --s0: #0b62c4; --s1: #b34700; --s2: #1a7f37; --heat: #0b62c4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --page: #16191d; --soft: #a2abb6;
  --rule: #3a424c; --s0: #6cb0ff; --s1: #ff9e5e; --s2: #6fd28a; --heat: #6cb0ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--page); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { margin-top: 2.2rem; font-size: 1.25rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
svg { display: block; width: 100%; max-width: 34rem; height: auto; } svg text { fill: var(--soft); font-size: 11px; }
.axis { stroke: var(--rule); } .line { fill: none; stroke-width: 2; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; margin: .5rem 0; }
caption { text-align: left; color: var(--soft); } th, td { padding: .15rem .6rem; text-align: right;
  border-bottom: 1px solid var(--rule); } th:first-child, td:first-child { text-align: left; }
th, td { overflow-wrap: normal; } td { position: relative; white-space: nowrap; }
.text { text-align: left; white-space: normal; } .heat::before { content: ""; position: absolute; inset: 0;
  background: var(--heat); opacity: var(--w); pointer-events: none; }
summary { color: var(--soft); cursor: pointer; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .85rem; }
.legend i { display: inline-block; width: 1.6rem; border-top: 3px; vertical-align: middle; }
.heads { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr)); gap: .6rem; }
.heads figure { margin: 0; } .heads figcaption { font-size: .75rem; color: var(--soft); }
.heads svg { border: 1px solid var(--rule); } .heads rect { fill: var(--heat); }
.tokens { display: flex; flex-wrap: wrap; gap: .3rem; margin: .6rem 0; }
.tokens button { font: inherit; color: inherit; position: relative; background: none;
  border: 1px solid var(--rule); border-radius: .3rem; padding: .1rem .4rem; cursor: pointer; }
.tokens button[aria-pressed=true] { outline: 2px solid var(--s1); }
:focus-visible { outline: 3px solid var(--s1); outline-offset: 1px; }
select { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--rule);
  border-radius: .3rem; padding: .15rem; }
@media print { body { max-width: none; } details > * { display: block; } }
)html";

inline constexpr const char* report_script = R"html(
const data = JSON.parse(document.getElementById("attention").textContent);
const head = document.getElementById("head"), said = document.getElementById("said");
const buttons = [...document.querySelectorAll(".tokens button")];
let chosen = 0;
function show() {
  const row = data.heads[head.value].slice(chosen * buttons.length, (chosen + 1) * buttons.length);
  buttons.forEach((b, i) => { b.style.setProperty("--w", 0.85 * row[i]);
    b.setAttribute("aria-pressed", i === chosen);
    b.title = buttons[chosen].textContent + " \u2192 " + b.textContent + ": " + row[i].toFixed(3); });
  const most = row.map((w, i) => [w, i]).sort((a, b) => b[0] - a[0]).slice(0, 3);
  said.textContent = "\u201c" + buttons[chosen].textContent + "\u201d attends most to " +
    most.map(([w, i]) => "\u201c" + buttons[i].textContent + "\u201d (" + w.toFixed(2) + ")").join(", ");
}
buttons.forEach((b, i) => { b.onclick = () => { chosen = i; show(); };
  b.onkeydown = e => { const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key]; if (!step) return;
    e.preventDefault(); chosen = (i + step + buttons.length) % buttons.length;
    buttons[chosen].focus(); show(); }; });
head.onchange = show;
show();
)html";

}  // namespace cairn

// How a report looks, and how its attention view is used.
#include "train/more/report_page.h"

namespace cairn {

const char* const report_style = R"html(
svg { display: block; width: 100%; max-width: 34rem; height: auto; }
.legend i { display: inline-block; width: 1.6rem; border-top: 3px; vertical-align: middle; }
.heads { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem; }
.heads figure { margin: 0; } .heads figcaption { font-size: .85rem; color: var(--soft); }
.heads svg text { font-size: 8px; } .heads rect { fill: var(--heat); }
.heads .frame { fill: none; stroke: var(--rule); }
.tokens { display: flex; flex-wrap: wrap; gap: .3rem; margin: .6rem 0; }
.tokens button { padding: .1rem .4rem; }
.tokens button[aria-pressed=true] { outline: 2px solid var(--s1); }
)html";

const char* const report_script = R"html(
const data = JSON.parse(document.getElementById("attention").textContent);
const head = document.getElementById("head"), said = document.getElementById("said");
const buttons = [...document.querySelectorAll(".tokens button")];
let chosen = 0;
function show() {
  const row = data.heads[head.value].slice(chosen * buttons.length, (chosen + 1) * buttons.length);
  buttons.forEach((b, i) => { b.style.setProperty("--w", 0.85 * row[i]);
    b.setAttribute("aria-pressed", i === chosen);
    b.title = buttons[chosen].textContent + " \u2192 " + b.textContent + ": " + row[i].toFixed(3); });
  const top = row.map((w, i) => [w, i]).sort((a, b) => b[0] - a[0]).slice(0, 3);
  said.textContent = "\u201c" + buttons[chosen].textContent + "\u201d attends most to " +
    top.map(([w, i]) => "\u201c" + buttons[i].textContent + "\u201d (" + w.toFixed(2) + ")").join(", ");
}
buttons.forEach((b, i) => { b.onclick = () => { chosen = i; show(); };
  b.onkeydown = e => { const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key]; if (!step) return;
    e.preventDefault(); chosen = (i + step + buttons.length) % buttons.length;
    buttons[chosen].focus(); show(); }; });
head.onchange = show;
show();
)html";

}  // namespace cairn

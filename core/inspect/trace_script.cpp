// The script of a trace's page, which draws its parts and handles mouse and keyboard. The events
// are in the element with id "trace", as trace_page.cpp writes them. trace_charts.cpp has the rest
// of the script.
#include "core/inspect/trace_page.h"

namespace cairn {

const char* const trace_script = R"html(
{
const trace = JSON.parse(document.getElementById("trace").textContent), events = trace.events;
events.forEach((e, i) => { e.i = i; e.pass = e.step ? "optimiser" : e.backward ? "backward" : "forward"; });
const $ = id => document.getElementById(id);
const text = s => String(s).replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);
const total = 1e6 * trace.seconds, busy = events.reduce((sum, e) => sum + e.self, 0);

// Numbers for people: 12.3 us, 4.56 ms, 7.9 MB.
const short = x => x === 0 ? "0" : Math.abs(x) >= 100 ? x.toFixed(0) : Number(x.toPrecision(3)).toString();
const time = us => us < 1000 ? short(us) + " \u00b5s" : us < 1e6 ? short(us / 1e3) + " ms" : short(us / 1e6) + " s";
const scaled = (x, unit) => x < 1e3 ? short(x) + " " + unit : x < 1e6 ? short(x / 1e3) + " k" + unit :
  x < 1e9 ? short(x / 1e6) + " M" + unit : short(x / 1e9) + " G" + unit;
const percent = part => (100 * part).toFixed(1) + " %";
const shape = s => "(" + s.join(", ") + (s.length === 1 ? ",)" : ")");
const shapes = list => list.map(t => shape(t[0])).join(" ");
const rate = e => e.flops && e.self ? e.flops / e.self / 1e3 : 0;   // GFLOP/s
for (const e of events) trace.gflops = Math.max(trace.gflops, rate(e));   // both are rounded
const roof = e => Math.min(trace.gflops, trace.gigabytes * e.flops / e.bytes);

// The kind of an op, which gives its colour.
const families = { products: "products", pointwise: "elementwise", rows: "row by row: softmax, norm, loss, sum",
  moves: "copies and views", step: "the optimiser's step", others: "other ops" };
const family_of = {};
for (const [family, ops] of Object.entries({
  products: "linear matmul attention",
  rows: "softmax log_softmax layer_norm rms_norm cross_entropy nll_loss sum mean sum_to amax amin max min argmax argmin logsumexp norm normalize prod var std cumsum sort topk",
  moves: "embedding index_select scatter cat copy pack unpack place reshape squeeze unsqueeze permute expand slice alias stack split repeat flip roll pad diagonal triu tril gather scatter_add index_add masked_select" }))
  for (const op of ops.split(" ")) family_of[op] = family;
const family = e => e.step ? "step" : family_of[e.op] ??
  (e.in[0] && e.out[0] && shape(e.in[0][0]) === shape(e.out[0][0]) ? "pointwise" : "others");

// ---- One op is selected at a time; every view shows which.
let chosen = -1;
function mark(i) {
  for (const on of document.querySelectorAll(".on")) on.classList.remove("on");
  for (const at of document.querySelectorAll(`[data-i="${i}"]`)) at.classList.add("on");
}
function choose(i, from) {
  if (!events[i]) return;
  mark(chosen = i);
  if (from !== "timeline") show($("timeline"), $("timeline").querySelector(".on"));
  if (from !== "table") show($("table"), $("table").querySelector(".on"));
  describe(events[i]);
}
function show(box, element) {
  if (!element) return;
  const b = box.getBoundingClientRect(), r = element.getBoundingClientRect();
  if (r.left < b.left || r.right > b.right) box.scrollLeft += r.left - b.left - b.width / 3;
  if (r.top < b.top + 40 || r.bottom > b.bottom) box.scrollTop += r.top - b.top - b.height / 3;
}
function describe(e) {
  const tensor = t => (t[2] ? text(t[2]) + " " : t[3] >= 0 ? `<a href="#detail" data-i=${t[3]}>#${t[3]} ${text(events[t[3]].op)}</a> ` : "") +
    shape(t[0]) + (t[0].length ? " strides " + shape(t[1]) : "");
  const bad = [e.nans ? e.nans + " NaN" : "", e.infinities ? e.infinities + " infinite" : ""].filter(Boolean).join(", ");
  $("detail").innerHTML = `<p><b>#${e.i} ${text(e.op)}</b>` + (e.step ? "" : `, ${e.pass}`) +
    (e.forward >= 0 ? ` of <a href="#detail" data-i=${e.forward}>#${e.forward}</a>` : "") +
    (e.inside >= 0 ? `, inside the backward <a href="#detail" data-i=${e.inside}>#${e.inside}</a>` : "") +
    `, at ${text(e.line)}` + (e.path ? ` in ${text(e.path)}` : "") + (e.own ? ` (${text(e.own)})` : "") +
    `</p><p>${time(e.self)}, ${percent(e.self / total)} of the total` +
    (e.flops ? `; ${scaled(e.flops, "FLOP")}, ${scaled(e.bytes, "B")}, ${short(rate(e))} GFLOP/s: ` +
      `${percent(rate(e) / roof(e))} of what this machine allows` : e.bytes ? `; ${scaled(e.bytes, "B")}` : "") +
    (e.step ? "" : `; values from ${e.min} to ${e.max}`) + (bad ? `, <b>${bad}</b>` : "") +
    (e.step ? "</p>" : `</p><p>${e.in.map(tensor).join("; ")} \u2192 ${e.out.map(t => tensor([t[0], t[1], t[2], -1])).join("; ")}</p>`);
}
document.addEventListener("click", click => {
  const at = click.target.closest("[data-i]");
  if (!at) return;
  if (at.tagName === "A") click.preventDefault();
  choose(Number(at.dataset.i), click.target.closest("#timeline") ? "timeline" : click.target.closest("#table") ? "table" : "");
});

// ---- Time: a lane for forward, one for backward, one for the ops inside it, one for the rest.
let zoom = 1;
const lanes = ["forward", "backward", "inside a backward", "the optimiser, and outside ops"];
const lane = e => e.inside >= 0 ? 2 : e.step ? 3 : e.backward ? 1 : 0;
const outside = [];   // [begin, end] of what lies between the events
let free = 0;
for (const e of [...events.filter(e => !(e.inside >= 0)), { start: total, end: total }]) {
  if (e.start > free) outside.push([free, e.start]);
  free = Math.max(free, e.end);
}
// A step of 1, 2 or 5 times a power of ten that gives about `count` marks.
function step_of(range, count) {
  const rough = Math.max(range / count, 1e-9), power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find(f => f * power >= rough);
}
function draw_timeline() {
  const box = $("timeline"), width = Math.floor((box.clientWidth - 2) * zoom), x = us => us / total * width;
  let svg = "";
  const step = step_of(total, width / 90);
  for (let t = 0; t < total; t += step)
    svg += `<line class=axis x1=${x(t).toFixed(1)} x2=${x(t).toFixed(1)} y1=0 y2=166 />` +
      (x(t) + 50 < width ? `<text x=${(x(t) + 3).toFixed(1)} y=180>${time(t)}</text>` : "");
  svg += lanes.map((name, i) => `<text class=name x=3 y=${12 + 41 * i}>${name}</text>`).join("");
  const bar = (begin, end, i) => `x=${x(begin).toFixed(2)} width=${Math.max(x(end - begin), 0.6).toFixed(2)} y=${16 + 41 * i} height=22`;
  for (const [begin, end] of outside)
    if (x(end - begin) > 0.2) svg += `<rect class=outside ${bar(begin, end, 3)}><title>outside ops: ${time(end - begin)}</title></rect>`;
  for (const e of events) svg += `<rect data-i=${e.i} class=${family(e)} ${bar(e.start, e.end, lane(e))} />`;
  box.innerHTML = `<svg width=${width} height=186>${svg}</svg>`;
  if (chosen >= 0) mark(chosen);
}
function set_zoom(value) {
  const box = $("timeline"), middle = (box.scrollLeft + box.clientWidth / 2) / zoom;
  zoom = Math.min(Math.max(value, 1), 64);
  draw_timeline();
  box.scrollLeft = middle * zoom - box.clientWidth / 2;
}
$("in").onclick = () => set_zoom(zoom * 2);
$("out").onclick = () => set_zoom(zoom / 2);
$("timeline").onkeydown = key => {
  const action = { ArrowRight: () => choose(chosen + 1), ArrowLeft: () => choose(Math.max(chosen - 1, 0)),
    "+": () => set_zoom(zoom * 2), "-": () => set_zoom(zoom / 2), 0: () => set_zoom(1),
    Home: () => choose(0), End: () => choose(events.length - 1) }[key.key];
  if (action) { key.preventDefault(); action(); }
};
const key = (name, style) => `<span><i class=key><svg><rect width=100% height=100% class=${style} /></svg></i> ${name}</span>`;
const used = Object.entries(families).filter(([f]) => events.some(e => family(e) === f)).map(([f, name]) => key(name, f));
const [of_time, of_roof] = document.querySelectorAll(".families");
of_time.innerHTML = used.join("") + key("outside ops", "outside");
of_roof.innerHTML = used.filter(html => !html.includes("class=step")).join("");

// ---- Graph: the modules as a tree, its leaves the ops; arcs lead from where a tensor is made to where it is used.
const tree = { name: "", below: [], open: true, depth: 0, forward: 0, backward: 0 };
for (const e of events) {
  if (e.backward || e.step || e.inside >= 0) continue;
  let at = tree;
  for (const name of e.path ? e.path.split(" > ") : []) {
    let last = at.below[at.below.length - 1];
    if (!last || last.event || last.name !== name)
      at.below.push(last = { name, above: at, below: [], open: at.depth < 2, depth: at.depth + 1, forward: 0, backward: 0 });
    at = last;
  }
  at.below.push(e.node = { event: e, above: at, below: [], depth: at.depth + 1, forward: 0, backward: 0 });
}
for (const e of events) {
  const outer = e.inside >= 0 ? events[e.inside] : e, own = outer.backward ? events[outer.forward] : outer;
  for (let at = own?.node; at; at = at.above) at[outer.backward ? "backward" : "forward"] += e.self;
}
let visible = [], current = 0;
function collect(at) { for (const b of at.below) { visible.push(b); if (b.open) collect(b); } }
function draw_graph() {
  visible = []; collect(tree);
  const row_of = new Map(visible.map((node, i) => [node, i])), arcs = new Set();
  const row = e => { for (let at = e?.node; at; at = at.above) if (row_of.has(at)) return row_of.get(at); };
  for (const e of events) for (const t of e.in) {
    const from = row(events[t[3]]), to = row(e);
    if (from !== undefined && to !== undefined && from < to) arcs.add(from + "," + to);
  }
  const svg = [...arcs].map(a => { const [from, to] = a.split(",").map(Number), x = 54 - Math.min(50, 8 + 3 * (to - from));
    return `<path class=arc data-from=${from} data-to=${to} d="M56 ${24 * from + 15} C${x} ${24 * from + 18} ${x} ${24 * to + 6} 56 ${24 * to + 10}"/>`; }).join("");
  const rows = visible.map((n, i) => `<div class=row role=treeitem aria-level=${n.depth}` +
    (n.event ? ` data-i=${n.event.i}` : ` aria-expanded=${n.open}`) + ` data-row=${i} tabindex=-1 style="padding-left:${0.9 * (n.depth - 1)}rem">` +
    (n.event ? `${text(n.event.op)} ${shapes(n.event.out)}` : `${n.open ? "\u25be" : "\u25b8"} <b>${text(n.name)}</b>`) +
    ` <small>${time(n.forward)}` + (n.backward ? ` + ${time(n.backward)}` : "") + `</small></div>`).join("");
  $("graph").innerHTML = `<svg width=60 height=${24 * visible.length} aria-hidden=true>${svg}</svg>` +
    `<div class=rows-of role=tree aria-label="modules and ops">${rows}</div>`;
  mark_row(Math.min(current, visible.length - 1), false);
}
function mark_row(i, focus) {
  if (!visible[i]) return;
  const rows = $("graph").querySelectorAll(".row");
  rows[current]?.setAttribute("tabindex", -1);
  current = i;
  rows[i].setAttribute("tabindex", 0);
  if (focus) rows[i].focus();
  for (const arc of $("graph").querySelectorAll(".arc"))
    arc.classList.toggle("on", focus && (arc.dataset.from == i || arc.dataset.to == i));
}
function open_row(i, open) { visible[i].open = open; draw_graph(); mark_row(i, true); }
$("graph").onclick = click => {
  const i = Number(click.target.closest(".row")?.dataset.row ?? -1);
  if (i < 0) return;
  if (visible[i].event) mark_row(i, true); else open_row(i, !visible[i].open);
};
$("graph").onkeydown = key => {
  const node = visible[current], above = visible.indexOf(node?.above);
  const action = { ArrowDown: () => mark_row(current + 1, true), ArrowUp: () => mark_row(current - 1, true),
    ArrowRight: () => !node.event && !node.open ? open_row(current, true) : mark_row(current + 1, true),
    ArrowLeft: () => node.open ? open_row(current, false) : mark_row(above, true),
    Enter: () => node.event || open_row(current, !node.open) }[key.key];
  if (!action) return;
  key.preventDefault(); action();
  if (visible[current].event) { choose(visible[current].event.i); mark_row(current, true); }
};

// ---- Table: a row per event, or per name of events.
const columns = [
  { name: "op", get: r => r.name, text: true },
  { name: "pass", get: r => r.pass, text: true },
  { name: "count", get: r => r.count, many: true },
  { name: "time", get: r => r.self, show: time },
  { name: "share", get: r => r.self / total, show: percent },
  { name: "GFLOP/s", get: rate, show: short },
  { name: "FLOP", get: r => r.flops ?? 0, show: x => scaled(x, "") },
  { name: "bytes", get: r => r.bytes ?? 0, show: x => scaled(x, "B") },
  { name: "min", get: r => r.min, show: short },
  { name: "max", get: r => r.max, show: short },
  { name: "NaN", get: r => (r.nans ?? 0) },
  { name: "shapes", get: r => shapes(r.in) + " \u2192 " + shapes(r.out), text: true, one: true },
  { name: "module", get: r => r.path, text: true, one: true },
  { name: "line", get: r => r.line, text: true, one: true }];
const timing = ["op", "pass", "count", "time", "share", "module", "line"];   // which a step has, too
const max_rows = 1000;   // the browser would be slow with more
let sorted = "time", descending = true;
function table_rows(grouping, words) {
  const wanted = events.filter(e => words.every(w => `${e.op} ${e.pass} ${e.path} ${e.line}`.toLowerCase().includes(w)));
  if (grouping === "event") return wanted.map(e => Object.assign(Object.create(e), { name: `#${e.i} ${e.op}` }));
  const groups = new Map();
  for (const e of wanted) {
    const name = e[grouping] || "(no module)", key = name + e.pass;
    const g = groups.get(key) ?? { name, pass: e.pass, step: e.step, count: 0, self: 0, flops: 0, bytes: 0, min: Infinity, max: -Infinity, nans: 0 };
    groups.set(key, g);
    g.count++; g.self += e.self; g.flops += e.flops ?? 0; g.bytes += e.bytes ?? 0; g.nans += e.nans ?? 0;
    g.min = Math.min(g.min, e.min); g.max = Math.max(g.max, e.max);
  }
  if (words.every(w => !w))
    groups.set("", { name: "(outside ops)", pass: "", step: true, count: outside.length, self: Math.max(total - busy, 0), min: 0, max: 0 });
  return [...groups.values()];
}
function draw_table() {
  const grouping = $("grouping").value, words = $("filter").value.toLowerCase().split(/\s+/);
  const used = columns.filter(c => grouping === "event" ? !c.many : !c.one);
  const by = used.find(c => c.name === sorted) ?? used.find(c => c.name === "time");
  const rows = table_rows(grouping, words).map(r => [by.get(r), r]);
  rows.sort(([a], [b]) => (by.text ? String(a).localeCompare(b, "en", { numeric: true }) : a - b) * (descending ? -1 : 1));
  const cell = (c, r) => r.step && !timing.includes(c.name) ? "" : text((c.show ?? String)(c.get(r)));
  const head = used.map(c => `<th scope=col${c.text ? " class=t" : ""} aria-sort=${c === by ? (descending ? "descending" : "ascending") : "none"}>` +
    `<button type=button data-column="${c.name}">${grouping === "path" && c.name === "op" ? "module" : c.name}${c === by ? (descending ? " \u25be" : " \u25b4") : ""}</button></th>`).join("");
  const body = rows.slice(0, max_rows).map(([, r], i) => `<tr${r.i >= 0 ? ` data-i=${r.i}` : ""} tabindex=${i ? -1 : 0}${r.i === chosen ? " class=on" : ""}>` +
    used.map(c => `<td${c.text ? " class=t" : ""}>${cell(c, r)}</td>`).join("") + "</tr>").join("") +
    (rows.length > max_rows ? `<tr><td colspan=${used.length}>${rows.length - max_rows} more rows; filter with the field above</td></tr>` : "");
  $("table").innerHTML = `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}
$("table").onclick = click => {
  const column = click.target.closest("button")?.dataset.column;
  if (!column) return;
  descending = column === sorted ? !descending : !columns.find(c => c.name === column).text;
  sorted = column;
  draw_table();
  $("table").querySelector(`[data-column="${column}"]`).focus();
};
$("table").onkeydown = key => {
  const row = key.target.closest("tbody tr");
  const next = row && { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling, Enter: row }[key.key];
  if (!next) return;
  key.preventDefault();
  row.tabIndex = -1; next.tabIndex = 0; next.focus();
  if (next.dataset.i) choose(Number(next.dataset.i), "table");
};
$("grouping").onchange = $("filter").oninput = draw_table;
)html";

}  // namespace cairn

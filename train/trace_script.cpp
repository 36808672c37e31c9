// What fills the page of a trace, and answers the mouse and the keyboard. The events are in the
// element with id "trace", as trace_page.cpp writes them.
#include "train/trace_page.h"

namespace cairn {

const char* const trace_script = R"html(
{
const trace = JSON.parse(document.getElementById("trace").textContent), events = trace.events;
events.forEach((e, i) => { e.i = i; e.pass = e.backward ? "backward" : "forward"; });
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
const roof = e => Math.min(trace.gflops, trace.gigabytes * e.flops / e.bytes);

// What kind of op it is, for its colour.
const families = { products: "products", pointwise: "number by number", rows: "along rows: softmax, norm, loss, sum",
  moves: "moving or viewing numbers", others: "others" };
const family_of = {};
for (const [family, ops] of Object.entries({
  products: "linear matmul attention",
  rows: "softmax log_softmax layer_norm rms_norm cross_entropy nll_loss sum mean sum_to amax amin max min argmax argmin logsumexp norm normalize prod var std cumsum sort topk",
  moves: "embedding index_select scatter cat copy pack unpack place reshape squeeze unsqueeze permute expand slice alias stack split repeat flip roll pad diagonal triu tril gather scatter_add index_add masked_select" }))
  for (const op of ops.split(" ")) family_of[op] = family;
const family = e => family_of[e.op] ??
  (e.in[0] && e.out[0] && shape(e.in[0][0]) === shape(e.out[0][0]) ? "pointwise" : "others");

// ---- One op is chosen at a time; every view shows which.
let chosen = -1;
function choose(i, from) {
  if (!events[i]) return;
  chosen = i;
  for (const on of document.querySelectorAll(".on")) on.classList.remove("on");
  for (const at of document.querySelectorAll(`[data-i="${i}"]`)) at.classList.add("on");
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
  $("detail").innerHTML = `<p><b>#${e.i} ${text(e.op)}</b>, ${e.pass}` +
    (e.forward >= 0 ? ` of <a href="#detail" data-i=${e.forward}>#${e.forward}</a>` : "") +
    (e.inside >= 0 ? `, in the backward <a href="#detail" data-i=${e.inside}>#${e.inside}</a>` : "") +
    `, at ${text(e.line)}` + (e.path ? ` in ${text(e.path)}` : "") + (e.own ? ` (${text(e.own)})` : "") +
    `</p><p>${time(e.self)}, ${percent(e.self / total)} of the whole` +
    (e.flops ? `; ${scaled(e.flops, "FLOP")}, ${scaled(e.bytes, "B")}, ${short(rate(e))} GFLOP/s: ` +
      `${percent(rate(e) / roof(e))} of what the machine allows` : e.bytes ? `; ${scaled(e.bytes, "B")}` : "") +
    `; numbers from ${e.least} to ${e.most}` + (bad ? `, <b>${bad}</b>` : "") +
    `</p><p>${e.in.map(tensor).join("; ")} \u2192 ${e.out.map(t => tensor([t[0], t[1], t[2], -1])).join("; ")}</p>`;
}
document.addEventListener("click", click => {
  const at = click.target.closest("[data-i]");
  if (!at) return;
  if (at.tagName === "A") click.preventDefault();
  choose(Number(at.dataset.i), click.target.closest("#timeline") ? "timeline" : click.target.closest("#table") ? "table" : "");
});

// ---- Time: a lane for forward, one for backward, one for the ops inside of it.
let zoom = 1;
const lane = e => e.inside >= 0 ? 2 : e.backward ? 1 : 0;
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
    svg += `<line class=axis x1=${x(t).toFixed(1)} x2=${x(t).toFixed(1)} y1=0 y2=92 /><text x=${(x(t) + 3).toFixed(1)} y=106>${time(t)}</text>`;
  for (const e of events)
    svg += `<rect data-i=${e.i} class=${family(e)} x=${x(e.start).toFixed(2)} width=${Math.max(x(e.end - e.start), 0.6).toFixed(2)} y=${4 + 29 * lane(e)} height=26 />`;
  box.innerHTML = `<svg width=${width} height=110>${svg}</svg>`;
  $("timeline").querySelector(`[data-i="${chosen}"]`)?.classList.add("on");
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
$("families").innerHTML = Object.entries(families).filter(([f]) => events.some(e => family(e) === f)).map(([f, name]) =>
  `<span><i class=key><svg><rect width=100% height=100% class=${f} /></svg></i> ${name}</span>`).join("");

// ---- Graph: the modules as a tree, its leaves the ops; arcs from the maker to the user.
const tree = { name: "", below: [], open: true, depth: 0, forward: 0, backward: 0 };
for (const e of events) {
  if (e.backward || e.inside >= 0) continue;
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
    ` <small>${time(n.forward)}` + (n.backward ? ` + ${time(n.backward)} backward` : "") + `</small></div>`).join("");
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

// ---- Table: rows of events, or of all events of one name.
const columns = [
  { name: "op", get: r => r.name, text: true },
  { name: "pass", get: r => r.pass, text: true },
  { name: "count", get: r => r.count, many: true },
  { name: "time", get: r => r.self, show: time },
  { name: "share", get: r => r.self / total, show: percent },
  { name: "GFLOP/s", get: rate, show: short },
  { name: "FLOP", get: r => r.flops ?? 0, show: x => scaled(x, "") },
  { name: "bytes", get: r => r.bytes ?? 0, show: x => scaled(x, "B") },
  { name: "least", get: r => r.least, show: short },
  { name: "most", get: r => r.most, show: short },
  { name: "NaN", get: r => (r.nans ?? 0) },
  { name: "shapes", get: r => shapes(r.in) + " \u2192 " + shapes(r.out), text: true, one: true },
  { name: "module", get: r => r.path, text: true, one: true },
  { name: "line", get: r => r.line, text: true, one: true }];
const most_rows = 1000;   // of more the browser would be slow
let sorted = "time", descending = true;
function table_rows(grouping, words) {
  const wanted = events.filter(e => words.every(w => `${e.op} ${e.pass} ${e.path} ${e.line}`.toLowerCase().includes(w)));
  if (grouping === "event") return wanted.map(e => Object.assign(Object.create(e), { name: `#${e.i} ${e.op}` }));
  const groups = new Map();
  for (const e of wanted) {
    const name = e[grouping] || "(no module)", key = name + e.pass;
    const g = groups.get(key) ?? { name, pass: e.pass, count: 0, self: 0, flops: 0, bytes: 0, least: Infinity, most: -Infinity, nans: 0 };
    groups.set(key, g);
    g.count++; g.self += e.self; g.flops += e.flops ?? 0; g.bytes += e.bytes ?? 0; g.nans += e.nans ?? 0;
    g.least = Math.min(g.least, e.least); g.most = Math.max(g.most, e.most);
  }
  if (words.every(w => !w))
    groups.set("", { name: "(outside of ops)", pass: "", count: 1, self: Math.max(total - busy, 0), flops: 0, bytes: 0, least: 0, most: 0, nans: 0 });
  return [...groups.values()];
}
function draw_table() {
  const grouping = $("grouping").value, words = $("filter").value.toLowerCase().split(/\s+/);
  const used = columns.filter(c => grouping === "event" ? !c.many : !c.one);
  const by = used.find(c => c.name === sorted) ?? used.find(c => c.name === "time");
  const rows = table_rows(grouping, words).map(r => [by.get(r), r]);
  rows.sort(([a], [b]) => (by.text ? String(a).localeCompare(b, "en", { numeric: true }) : a - b) * (descending ? -1 : 1));
  const head = used.map(c => `<th scope=col aria-sort=${c === by ? (descending ? "descending" : "ascending") : "none"}>` +
    `<button type=button data-column="${c.name}">${grouping === "path" && c.name === "op" ? "module" : c.name}${c === by ? (descending ? " \u25be" : " \u25b4") : ""}</button></th>`).join("");
  const body = rows.slice(0, most_rows).map(([, r], i) => `<tr${r.i >= 0 ? ` data-i=${r.i}` : ""} tabindex=${i ? -1 : 0}${r.i === chosen ? " class=on" : ""}>` +
    used.map(c => `<td${c.text ? " class=t" : ""}>${text((c.show ?? String)(c.get(r)))}</td>`).join("") + "</tr>").join("") +
    (rows.length > most_rows ? `<tr><td colspan=${used.length}>${rows.length - most_rows} rows more; the field above chooses</td></tr>` : "");
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

// ---- Roofline: GFLOP/s against FLOP a byte, both in powers of ten.
function draw_roofline() {
  const shown = events.filter(e => rate(e) > 0 && e.bytes > 0);
  if (!shown.length) { $("roofline").textContent = "No op computed anything."; return; }
  const intensity = e => e.flops / e.bytes, ridge = trace.gflops / trace.gigabytes;
  const xs = shown.map(intensity), ys = shown.map(rate);
  const x0 = Math.floor(Math.log10(Math.min(...xs, ridge / 10))), x1 = Math.ceil(Math.log10(Math.max(...xs, 10 * ridge)));
  const y0 = Math.floor(Math.log10(Math.max(Math.min(...ys), 1e-3))), y1 = Math.ceil(Math.log10(Math.max(...ys, trace.gflops)));
  const x = v => (38 + (Math.log10(v) - x0) / (x1 - x0) * 306).toFixed(1);
  const y = v => (216 - (Math.max(Math.log10(v), y0) - y0) / (y1 - y0) * 202).toFixed(1);
  const power = p => Number((10 ** p).toPrecision(1));
  let svg = "";
  for (let p = x0; p <= x1; p++) svg += `<line class=axis x1=${x(10 ** p)} x2=${x(10 ** p)} y1=14 y2=216 /><text text-anchor=middle x=${x(10 ** p)} y=230>${power(p)}</text>`;
  for (let p = y0; p <= y1; p++) svg += `<line class=axis x1=38 x2=344 y1=${y(10 ** p)} y2=${y(10 ** p)} /><text text-anchor=end x=35 y=${Number(y(10 ** p)) + 4}>${power(p)}</text>`;
  svg += `<text text-anchor=middle x=191 y=245>FLOP a byte</text><text x=2 y=9>GFLOP/s</text>`;
  for (const e of shown) svg += `<circle data-i=${e.i} class=${family(e)} cx=${x(intensity(e))} cy=${y(rate(e))} r=${(1.5 + 9 * Math.sqrt(e.self / busy)).toFixed(1)}><title>#${e.i} ${text(e.op)} ${e.pass}</title></circle>`;
  const low = Math.max(10 ** x0, 10 ** y0 / trace.gigabytes);
  svg += `<polyline class=roof points="${x(low)},${y(low * trace.gigabytes)} ${x(ridge)},${y(trace.gflops)} ${x(10 ** x1)},${y(trace.gflops)}"/>`;
  $("roofline").innerHTML = `<svg role=img aria-label="roofline; the table has the numbers" viewBox="0 0 360 248">${svg}</svg>`;
}

// ---- Memory: a band for each kind, one on the other.
function draw_memory() {
  const kinds = ["parameters", "optimiser", "gradients", "activations"], points = trace.memory;
  const sums = points.map(p => p.slice(1).reduce((a, b) => a + b, 0)), most = Math.max(...sums, 1);
  const last = Math.max(points.at(-1)[0], 1e-3), x = t => (38 + t / last * 306).toFixed(1), y = b => (180 - b / most / 1.05 * 168).toFixed(1);
  let svg = "";
  const step = step_of(most / 1e6, 5) * 1e6;
  for (let b = 0; b <= most; b += step) svg += `<line class=axis x1=38 x2=344 y1=${y(b)} y2=${y(b)} /><text text-anchor=end x=35 y=${Number(y(b)) + 4}>${short(b / 1e6)}</text>`;
  for (let t = 0, s = step_of(last, 4); t <= last; t += s) svg += `<text text-anchor=middle x=${x(t)} y=195>${time(t)}</text>`;
  const band = k => { const up = [], down = [];
    points.forEach((p, i) => { const base = p.slice(1, k + 1).reduce((a, b) => a + b, 0), end = points[i + 1] ?? p;
      for (const t of [p[0], end[0]]) {   // a step: it stays so until the next point
        up.push(`${x(t)},${y(base + p[k + 1])}`); down.push(`${x(t)},${y(base)}`); } });
    return `<polygon class=k${k} points="${up.join(" ")} ${down.reverse().join(" ")}"/>`; };
  svg += kinds.map((_, k) => band(k)).join("") + `<text x=2 y=9>MB</text>`;
  const peak = points[sums.indexOf(most)];
  const cells = (name, list) => `<tr><th scope=row>${name}</th>${list.map(b => `<td>${short(b / 1e6)}</td>`).join("")}</tr>`;
  const highest = kinds.map((_, k) => Math.max(...points.map(p => p[k + 1])));
  $("held").innerHTML = `<div class=legend>${kinds.map((name, k) => `<span><i class=key><svg><rect width=100% height=100% class=k${k} /></svg></i> ${name}</span>`).join("")}</div>` +
    `<svg role=img aria-label="memory over time; its numbers are in the table below" viewBox="0 0 360 200">${svg}</svg>` +
    `<div class=scroll><table><caption>MB; all at once at most ${short(most / 1e6)}, after ${time(peak[0])}</caption><tr><th></th>${kinds.map(k => `<th scope=col>${k}</th>`).join("")}</tr>` +
    cells("at first", points[0].slice(1)) + cells("at the peak", peak.slice(1)) + cells("each at most", highest) + cells("at last", points.at(-1).slice(1)) + `</table></div>`;
}

const pass_time = pass => events.filter(e => (events[e.inside] ?? e).pass === pass).reduce((sum, e) => sum + e.self, 0);
const sick = events.find(e => e.nans || e.infinities);
$("facts").innerHTML = `${events.length} ops in ${time(total)}: forward ${time(pass_time("forward"))}, backward ${time(pass_time("backward"))}, ` +
  `outside of ops ${time(Math.max(total - busy, 0))}. ${trace.kernels} kernels, ${trace.threads} thread${trace.threads === 1 ? "" : "s"}; ` +
  `this machine does at most ${short(trace.gflops)} GFLOP/s and moves ${short(trace.gigabytes)} GB/s.` +
  (trace.leftOut ? ` <b>${trace.leftOut} further ops were left out.</b>` : "") +
  (sick ? ` <b>The first NaN or infinity: <a href="#detail" data-i=${sick.i}>#${sick.i} ${text(sick.op)}</a>.</b>` : "");
let width = 0;
new ResizeObserver(() => { if ($("timeline").clientWidth !== width) { width = $("timeline").clientWidth; draw_timeline(); } }).observe($("timeline"));
draw_timeline(); draw_graph(); draw_table(); draw_roofline(); draw_memory();
}
)html";

}  // namespace cairn

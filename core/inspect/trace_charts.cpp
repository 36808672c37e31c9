// The script of a trace's page, continued from trace_script.cpp: roofline, memory, the facts at the
// top.
#include "core/inspect/trace_page.h"

namespace cairn {

const char* const trace_charts = R"html(
// ---- Roofline: GFLOP/s against FLOP per byte, both on logarithmic axes.
function draw_roofline() {
  const W = $("roofline").clientWidth, H = Math.round(Math.min(420, Math.max(260, 0.42 * W)));
  const shown = events.filter(e => rate(e) > 0 && e.bytes > 0);
  if (!shown.length) { $("roofline").textContent = "No op computed anything."; return; }
  const intensity = e => e.flops / e.bytes, ridge = trace.gflops / trace.gigabytes;
  const xs = shown.map(intensity), ys = shown.map(rate);
  const x0 = Math.floor(Math.log10(Math.min(...xs, ridge / 10))), x1 = Math.ceil(Math.log10(Math.max(...xs, 10 * ridge)));
  const y0 = Math.floor(Math.log10(Math.max(Math.min(...ys), 1e-3))), y1 = Math.ceil(Math.log10(Math.max(...ys, trace.gflops)));
  const x = v => (38 + (Math.log10(v) - x0) / (x1 - x0) * (W - 54)).toFixed(1);
  const y = v => (H - 34 - (Math.max(Math.log10(v), y0) - y0) / (y1 - y0) * (H - 58)).toFixed(1);
  const power = p => Number((10 ** p).toPrecision(1));
  let svg = "";
  for (let p = x0; p <= x1; p++) svg += `<line class=axis x1=${x(10 ** p)} x2=${x(10 ** p)} y1=24 y2=${H - 34} /><text text-anchor=middle x=${x(10 ** p)} y=${H - 20}>${power(p)}</text>`;
  for (let p = y0; p <= y1; p++) svg += `<line class=axis x1=38 x2=${W - 16} y1=${y(10 ** p)} y2=${y(10 ** p)} /><text text-anchor=end x=35 y=${Number(y(10 ** p)) + 4}>${power(p)}</text>`;
  svg += `<text class=name text-anchor=middle x=${(W + 22) / 2} y=${H - 4}>FLOP per byte</text><text class=name x=2 y=11>GFLOP/s</text>`;
  for (const e of shown) svg += `<circle data-i=${e.i} class=${family(e)} cx=${x(intensity(e))} cy=${y(rate(e))} r=${(1.5 + 9 * Math.sqrt(e.self / busy)).toFixed(1)}><title>#${e.i} ${text(e.op)} ${e.pass}</title></circle>`;
  const low = Math.max(10 ** x0, 10 ** y0 / trace.gigabytes);
  svg += `<polyline class=roof points="${x(low)},${y(low * trace.gigabytes)} ${x(ridge)},${y(trace.gflops)} ${x(10 ** x1)},${y(trace.gflops)}"/>`;
  $("roofline").innerHTML = `<svg role=img aria-label="roofline; its numbers are in the table above" viewBox="0 0 ${W} ${H}">${svg}</svg>`;
}

// ---- Memory: a band for each kind, stacked.
function draw_memory() {
  const W = $("held").clientWidth, H = Math.round(Math.min(360, Math.max(216, 0.32 * W)));
  const kinds = ["parameters", "optimiser", "gradients", "activations"], points = trace.memory;
  const sums = points.map(p => p.slice(1).reduce((a, b) => a + b, 0)), max = Math.max(...sums, 1);
  const last = Math.max(points.at(-1)[0], 1e-3), x = t => (38 + t / last * (W - 54)).toFixed(1), y = b => (H - 36 - b / max / 1.05 * (H - 56)).toFixed(1);
  let svg = "";
  const step = step_of(max / 1e6, 5) * 1e6;
  for (let b = 0; b <= max; b += step) svg += `<line class=axis x1=38 x2=${W - 16} y1=${y(b)} y2=${y(b)} /><text text-anchor=end x=35 y=${Number(y(b)) + 4}>${short(b / 1e6)}</text>`;
  for (let t = 0, s = step_of(last, W / 120); t <= last; t += s) svg += `<text text-anchor=middle x=${x(t)} y=${H - 21}>${time(t)}</text>`;
  const band = k => { const up = [], down = [];
    points.forEach((p, i) => { const base = p.slice(1, k + 1).reduce((a, b) => a + b, 0), end = points[i + 1] ?? p;
      for (const t of [p[0], end[0]]) {   // a step: it stays so until the next point
        up.push(`${x(t)},${y(base + p[k + 1])}`); down.push(`${x(t)},${y(base)}`); } });
    return `<polygon class=k${k} points="${up.join(" ")} ${down.reverse().join(" ")}"/>`; };
  svg += kinds.map((_, k) => band(k)).join("") + `<text class=name x=2 y=11>MB</text><text class=name text-anchor=middle x=${(W + 22) / 2} y=${H - 5}>time</text>`;
  const peak = points[sums.indexOf(max)];
  const cells = (name, k) => `<tr><th scope=row>${name}</th>${[peak, points.at(-1)].map(p => p[k]).concat(points.reduce((max, p) => Math.max(max, p[k]), 0))
    .map(b => `<td>${scaled(b, "B")}</td>`).join("")}</tr>`;
  $("held").innerHTML = `<div class=legend>${kinds.map((name, k) => key(name, `k${k}`)).join("")}</div>` +
    `<svg role=img aria-label="memory over time; its numbers are in the table below" viewBox="0 0 ${W} ${H}">${svg}</svg>` +
    `<div class=scroll><table><caption>The peak of the total was ${scaled(max, "B")}, after ${time(peak[0])}</caption><tr><th></th>` +
    ["peak", "end", "own max"].map(name => `<th scope=col>${name}</th>`).join("") + `</tr>` + kinds.map((name, k) => cells(name, k + 1)).join("") + `</table></div>`;
}

const pass_time = pass => events.filter(e => (events[e.inside] ?? e).pass === pass).reduce((sum, e) => sum + e.self, 0);
const sick = events.find(e => e.nans || e.infinities);
$("facts").innerHTML = `${events.filter(e => !e.step).length} ops in ${time(total)}: forward ${time(pass_time("forward"))}, backward ${time(pass_time("backward"))}, ` +
  (events.some(e => e.step) ? `optimiser ${time(pass_time("optimiser"))}, ` : "") +
  `outside ops ${time(Math.max(total - busy, 0))}. ${trace.kernels} kernels, ${trace.threads} thread${trace.threads === 1 ? "" : "s"}; ` +
  `this machine's peak is ${short(trace.gflops)} GFLOP/s and ${short(trace.gigabytes)} GB/s.` +
  (trace.leftOut ? ` <b>${trace.leftOut} further ops were left out.</b>` : "") +
  (sick ? ` <b>The first NaN or infinity: <a href="#detail" data-i=${sick.i}>#${sick.i} ${text(sick.op)}</a>.</b>` : "");
let width = 0;
const draw_charts = () => { draw_roofline(); draw_memory(); draw_timeline(); };
new ResizeObserver(() => { if ($("timeline").clientWidth !== width) { width = $("timeline").clientWidth; draw_charts(); } }).observe($("timeline"));
draw_graph(); draw_table(); draw_charts();
}
)html";

}  // namespace cairn

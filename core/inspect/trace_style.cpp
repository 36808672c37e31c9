// How the page of a trace looks (style), and what it is made of (body). The script fills it.
#include "core/inspect/trace_page.h"

namespace cairn {

const char* const trace_style = R"html(
body { max-width: 76rem; }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
.hint { color: var(--soft); font-size: .9rem; }
.tools { display: flex; flex-wrap: wrap; gap: .4rem .8rem; align-items: center; margin: .4rem 0; }
svg { display: block; }
.scroll { border: 1px solid var(--rule); border-radius: .3rem; }
.scroll table { width: 100%; }
.products { fill: var(--s0); } .pointwise { fill: var(--s2); } .rows { fill: var(--s1); }
.moves { fill: var(--s3); } .step { fill: var(--s4); } .others { fill: var(--s5); }
.outside { fill: var(--s5); fill-opacity: .3; }
i.key { display: inline-block; width: .8rem; height: .8rem; vertical-align: -.05rem; }
i.key svg { width: 100%; height: 100%; }
[data-i] { cursor: pointer; }
rect.on { stroke: var(--ink); stroke-width: 2; }
circle.on { stroke: var(--ink); stroke-width: 1.5; fill-opacity: 1; }
tr.on, .row.on { background: color-mix(in srgb, var(--wash) 22%, var(--page)); }
#detail { position: sticky; bottom: 0; z-index: 2; background: var(--page); border-top: 2px solid var(--rule);
  padding: .4rem 0; max-height: 32vh; overflow-y: auto; font-size: .9rem; }
#detail p { margin: 0; }
#table { max-height: 36rem; overflow-y: auto; } #table table { margin: 0; font-size: .85rem; }
#table th { position: sticky; top: 0; background: var(--page); z-index: 1; padding: .1rem .2rem; }
[scope=row] { white-space: nowrap; }
th button { border: 0; padding: .15rem .4rem; white-space: nowrap; }
th.t, td.t { text-align: left; }
#graph { max-height: 36rem; overflow-y: auto; display: flex; }
#graph svg { flex: none; } #graph .rows-of { flex: 1; min-width: max-content; }
.row { height: 24px; white-space: nowrap; font-size: .85rem; }
.row small { color: var(--soft); }
.arc { fill: none; stroke: var(--s5); opacity: .5; }
.arc.on { stroke: var(--s1); opacity: 1; stroke-width: 2; }
.chart > svg { width: 100%; height: auto; } .chart table { font-size: .85rem; }
.roof { stroke: var(--ink); fill: none; stroke-width: 1.5; }
#roofline circle { fill-opacity: .55; }
.k0 { fill: var(--s5); } .k1 { fill: var(--s4); } .k2 { fill: var(--s1); } .k3 { fill: var(--s0); }
@media print { #detail { position: static; } #table, #graph { max-height: none; } }
)html";

const char* const trace_body = R"html(
<p id=facts></p>
<nav aria-label="parts of the page"><a href="#time">Time</a> <a href="#ops">Graph</a>
<a href="#all">Table</a> <a href="#roof">Roofline</a> <a href="#memory">Memory</a></nav>

<h2 id=time>Time</h2>
<p class=hint>One bar per op. Below forward and backward, the ops inside a backward; at the bottom the
optimiser's steps and the time outside ops. In the chart, arrow keys move from op to op, + and &minus;
zoom, 0 shows everything.</p>
<div class=tools><div class="legend families"></div>
<span><button type=button id=in aria-label="zoom in">+</button>
<button type=button id=out aria-label="zoom out">&minus;</button></span></div>
<div class=scroll id=timeline tabindex=0 role=application aria-label="timeline of the ops"></div>

<h2 id=ops>Graph</h2>
<p class=hint>Modules and their ops, in forward order; arcs lead from where a tensor is made to where it
is used; times are forward + backward. Up and down select, right opens a module, left closes it.</p>
<div class=scroll id=graph></div>

<h2 id=all>Table</h2>
<div class=tools><label>Rows <select id=grouping><option value=op>by op</option>
<option value=path>by module</option><option value=event>every op</option></select></label>
<label>Only <input id=filter type=search size=14 placeholder="op, module, line"></label></div>
<div class=scroll id=table></div>

<h2 id=roof>Roofline</h2>
<p class=hint>Each op's speed, against how much it computes per byte that it must move. The line is this
machine's peak: the best of many short measurements after the trace, or the fastest op. Ops limited by
memory lie below its slope (or above it, where caches help), ops limited by arithmetic below its roof.
Larger circles took longer. (Williams, Waterman &amp; Patterson 2009)</p>
<div class="legend families"></div>
<div class=chart id=roofline></div>

<h2 id=memory>Memory</h2>
<p class=hint>Memory held by tensors, by purpose. Parameters: whatever was there before the trace.</p>
<div class=chart id=held></div>

<aside id=detail aria-live=polite><p>Select an op in any of the charts.</p></aside>
)html";

}  // namespace cairn

// The record of a trace as JSON, and that in a page with its style and script.
#include "core/inspect/trace_page.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/inspect/page.h"
#include "core/io/json.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

double microseconds(double seconds) { return std::round(1e7 * seconds) / 10; }

// Four digits are enough to read.
double brief(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", x);
  return std::strtod(text, nullptr);
}

Json json_of(const Shape& shape) {
  Json json = Json::array();
  for (int64_t size : shape) json.push(size);
  return json;
}

// [shape, strides, name, event]
Json json_of(const std::vector<TraceTensor>& tensors) {
  Json json = Json::array();
  for (const TraceTensor& t : tensors)
    json.push(Json::array({json_of(t.shape), json_of(t.strides), t.name, t.event}));
  return json;
}

Json json_of(const TraceEvent& e) {
  Json json = Json::object();
  json.set("op", e.op);
  if (e.backward) json.set("backward", true);
  if (e.step) json.set("step", true);
  json.set("line", e.line);
  if (!e.own.empty()) json.set("own", e.own);
  json.set("path", e.path);
  json.set("in", json_of(e.inputs));
  json.set("out", json_of(e.outputs));
  json.set("start", microseconds(e.start));
  json.set("end", microseconds(e.end));
  json.set("self", microseconds(e.self));
  if (e.flops > 0) json.set("flops", brief(e.flops));
  if (e.bytes > 0) json.set("bytes", brief(e.bytes));
  json.set("min", brief(e.min));
  json.set("max", brief(e.max));
  if (e.nans > 0) json.set("nans", e.nans);
  if (e.infinities > 0) json.set("infinities", e.infinities);
  if (e.inside >= 0) json.set("inside", e.inside);
  if (e.forward >= 0) json.set("forward", e.forward);
  return json;
}

Json json_of(const TraceRecord& r) {
  Json json = Json::object(), events = Json::array(), memory = Json::array();
  for (const TraceEvent& e : r.events) events.push(json_of(e));
  for (const TraceMemory& m : r.memory) {
    memory.push(
        Json::array({microseconds(m.time), m.parameters, m.optimizer, m.gradients, m.activations}));
  }
  json.set("seconds", r.seconds);
  json.set("leftOut", r.left_out);
  json.set("kernels", r.kernels);
  json.set("threads", r.threads);
  json.set("gflops", brief(r.gflops));
  json.set("gigabytes", brief(r.gigabytes));
  json.set("events", std::move(events));
  json.set("memory", std::move(memory));
  return json;
}

// JSON that may stand in a script element: no "</script>" can occur in it.
std::string embedded(const Json& json) {
  std::string text;
  for (char c : to_text(json)) {
    if (c == '<') text += "\\u003c";
    else text += c;
  }
  return text;
}

}  // namespace

std::string trace_html(const TraceRecord& record) {
  return html_page(record.title, trace_style,
                   trace_body +
                       ("<script type=\"application/json\" id=trace>" + embedded(json_of(record)) +
                        "</script>\n<script>") +
                       trace_script + trace_charts + "</script>\n");
}

}}  // namespace cairn::CAIRN_PRECISION

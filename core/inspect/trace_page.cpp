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
  for (const TraceTensor& tensor : tensors)
    json.push(
        Json::array({json_of(tensor.shape), json_of(tensor.strides), tensor.name, tensor.event}));
  return json;
}

Json json_of(const TraceEvent& event) {
  Json json = Json::object();
  json.set("op", event.op);
  if (event.backward) json.set("backward", true);
  if (event.step) json.set("step", true);
  json.set("line", event.line);
  if (!event.own.empty()) json.set("own", event.own);
  json.set("path", event.path);
  json.set("in", json_of(event.inputs));
  json.set("out", json_of(event.outputs));
  json.set("start", microseconds(event.start));
  json.set("end", microseconds(event.end));
  json.set("self", microseconds(event.self));
  if (event.flops > 0) json.set("flops", brief(event.flops));
  if (event.bytes > 0) json.set("bytes", brief(event.bytes));
  json.set("min", brief(event.min));
  json.set("max", brief(event.max));
  if (event.nans > 0) json.set("nans", event.nans);
  if (event.infinities > 0) json.set("infinities", event.infinities);
  if (event.inside >= 0) json.set("inside", event.inside);
  if (event.forward >= 0) json.set("forward", event.forward);
  return json;
}

Json json_of(const TraceRecord& record) {
  Json json = Json::object(), events = Json::array(), memory = Json::array();
  for (const TraceEvent& event : record.events) events.push(json_of(event));
  for (const TraceMemory& sample : record.memory) {
    memory.push(Json::array({microseconds(sample.time), sample.parameters, sample.optimizer,
                             sample.gradients, sample.activations}));
  }
  json.set("seconds", record.seconds);
  json.set("leftOut", record.left_out);
  json.set("kernels", record.kernels);
  json.set("threads", record.threads);
  json.set("gflops", brief(record.gflops));
  json.set("gigabytes", brief(record.gigabytes));
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

// What a trace says that an op costs, against counts by hand; and its page, field by field.
#include <doctest/doctest.h>

#include "core/inspect/page.h"
#include "core/inspect/trace_costs.h"
#include "core/inspect/trace_page.h"
#include "core/io/json.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

TraceEvent event(const std::string& op, const std::vector<Shape>& in, const Shape& out,
                 double flops = 0) {
  TraceEvent e;
  e.op = op;
  e.flops = flops;
  for (const Shape& shape : in) e.inputs.push_back({.shape = shape, .strides = shape, .name = ""});
  e.outputs.push_back({.shape = out, .strides = out, .name = ""});
  return e;
}

// In numbers, not in bytes.
struct Expected {
  double flops, numbers;
};

void check(const Cost& cost, const Expected& expected) {
  CHECK(cost.flops == expected.flops);
  CHECK(cost.bytes == expected.numbers * sizeof(real));
}

}  // namespace

TEST_CASE("trace: what each op costs forward, counted by hand") {
  const Shape a{4, 6}, row{6};
  const std::pair<TraceEvent, Expected> cases[] = {
      {event("relu", {a}, a), {24, 48}},
      {event("add", {a, row}, a), {24, 54}},  // one operation a result
      {event("mul", {row, a}, a), {24, 54}},
      {event("sum", {a}, {4}), {24, 28}},  // one a number that is read
      {event("softmax", {a}, a), {120, 48}},
      {event("log_softmax", {a}, a), {120, 48}},
      {event("cross_entropy", {a}, {}), {120, 25}},
      {event("layer_norm", {a, row, row}, a), {168, 60}},
      {event("rms_norm", {a, row}, a), {96, 54}},
      {event("logsumexp", {a}, {4}), {96, 28}},
      {event("gelu", {a}, a), {120, 48}},
      {event("gelu_tanh", {a}, a), {192, 48}},
      {event("sigmoid", {a}, a), {72, 48}},
      {event("affine", {a}, a), {48, 48}},
      {event("copy", {a}, a), {0, 48}},
      {event("cat", {a, a}, {8, 6}), {0, 96}},
      {event("pack", {a}, {3, 6}), {0, 42}},
      {event("unpack", {{3, 6}}, a), {0, 42}},
      {event("scatter", {a}, a), {0, 48}},
      {event("place", {a}, {9, 6}), {0, 78}},
      {event("activation_checkpoint", {a}, a), {0, 48}},
      {event("stack", {a, a}, {2, 4, 6}), {0, 96}},
      {event("repeat", {row}, a), {0, 30}},
      {event("flip", {a}, a), {0, 48}},
      {event("roll", {a}, a), {0, 48}},
      {event("pad", {a}, {5, 7}), {0, 59}},
      {event("gather", {a}, {4, 2}), {0, 32}},
      {event("triu", {a}, a), {0, 48}},
      {event("tril", {a}, a), {0, 48}},
      {event("masked_select", {a, a}, {5}), {0, 53}},
      // Of a table of 1000 rows only three are read.
      {event("embedding", {{1000, 6}}, {3, 6}), {0, 36}},
      {event("index_select", {{1000, 6}}, {3, 6}), {0, 36}},
      // A product takes 2 m n k.
      {event("linear", {a, {5, 6}, {5}}, {4, 5}), {240, 79}},
      {event("matmul", {{2, 4, 6}, {2, 6, 5}}, {2, 4, 5}), {480, 148}},
      {event("matmul", {row, row}, {}), {12, 13}},
      {event("attention", {a, a, a}, a, 999), {999, 96}},  // which the op said
      {event("no op of ours", {}, {7}), {7, 7}}};
  for (const auto& one : cases) {
    const TraceEvent& e = one.first;
    CAPTURE(e.op);
    check(forward_cost(e, false), one.second);
    check(forward_cost(e, true), {0, 0});  // a view
  }
}

TEST_CASE("trace: what each op costs backward, counted by hand") {
  const Shape a{4, 6}, row{6};
  const auto backward = [](const TraceEvent& forward, const std::vector<Shape>& dy,
                           const std::vector<Shape>& gradients, int64_t operands) {
    TraceEvent e = event(forward.op, dy, {});
    e.outputs.clear();
    for (const Shape& shape : gradients) e.outputs.push_back({shape, shape, "", -1});
    return backward_cost(forward, e, operands);
  };
  const TraceEvent linear = event("linear", {a, {5, 6}, {5}}, {4, 5}, 240);
  check(backward(linear, {{4, 5}}, {a, {5, 6}, {5}}, 2), {480, 20 + 59 + 59});
  check(backward(linear, {{4, 5}}, {{5, 6}, {5}}, 1), {240, 20 + 59 + 35});
  check(backward(linear, {{4, 5}}, {{5}}, 0), {0, 20 + 59 + 5});
  check(backward(event("matmul", {a, {6, 5}}, {4, 5}, 240), {{4, 5}}, {a, {6, 5}}, 2),
        {480, 20 + 54 + 54});
  check(backward(event("add", {a, row}, a, 24), {a}, {a, row}, 2), {0, 0});
  check(backward(event("sub", {a, row}, a, 24), {a}, {a, row}, 2), {0, 0});
  check(backward(event("gelu", {a}, a, 120), {a}, {a}, 1), {120, 24 + 24 + 24});
  check(backward(event("mul", {a, row}, a, 24), {a}, {a, row}, 2), {24, 24 + 30 + 30});
  check(backward(event("attention", {a, a, a}, a, 100), {a}, {a, a, a}, 2), {250, 24 + 72 + 72});
  for (const char* op : {"embedding", "index_select"})
    check(backward(event(op, {{1000, 6}}, {3, 6}), {{3, 6}}, {{1000, 6}}, 1), {18, 18 + 6000});
}

TEST_CASE(
    "trace: the page's data has every field of the record, and leaves out what says nothing") {
  TraceRecord r;
  r.title = "A & B";
  r.seconds = 0.25;
  r.left_out = 3;
  r.kernels = "fast";
  r.threads = 4;
  r.gflops = 123.456;
  r.gigabytes = 45.6789;
  TraceEvent e = event("linear", {{2, 3}}, {2, 4});
  e.inputs[0] = {{2, 3}, {3, 1}, "w<1>", 7};
  e.outputs[0] = {{2, 4}, {1, 2}, "", -1};
  e.backward = true;
  e.line = "main.cpp:12";
  e.own = "layers.cpp:5";
  e.path = "net > first";
  e.start = 1.00004e-3, e.end = 2.00006e-3, e.self = 0.5e-3;
  e.flops = 123456, e.bytes = 654321;
  e.min = -1.23456, e.max = 9.87654;
  e.nans = 2, e.infinities = 5;
  e.inside = 11, e.forward = 13;
  TraceEvent bare = event("optimiser step", {}, {});
  bare.step = true;
  bare.inside = bare.forward = 0;  // the first event, which is one
  bare.outputs.clear();
  r.events = {e, bare};
  r.memory = {{0.001, 1, 2, 3, 4}};
  const std::string page = trace_html(r);
  CHECK(has(page, "<title>A &amp; B</title>"));
  CHECK(has(page, trace_style));
  CHECK(has(page, trace_body));
  CHECK(page.find(trace_script) < page.find(trace_charts));
  CHECK(page.find(trace_charts) < page.size());
  const std::string begin = "<script type=\"application/json\" id=trace>";
  const size_t start = page.find(begin) + begin.size();
  const std::string data = page.substr(start, page.find("</script>", start) - start);
  CHECK(has(data, "w\\u003c1>"));
  const Json json = parse_json(data, "t.html");
  CHECK(to_text(json) ==
        R"({"seconds":0.25,"leftOut":3,"kernels":"fast","threads":4,"gflops":123.5,)"
        R"("gigabytes":45.68,"events":[)"
        R"({"op":"linear","backward":true,"line":"main.cpp:12","own":"layers.cpp:5",)"
        R"("path":"net > first","in":[[[2,3],[3,1],"w<1>",7]],"out":[[[2,4],[1,2],"",-1]],)"
        R"("start":1000.0,"end":2000.1,"self":500.0,"flops":123500.0,"bytes":654300.0,)"
        R"("min":-1.235,"max":9.877,"nans":2,"infinities":5,"inside":11,"forward":13},)"
        R"({"op":"optimiser step","step":true,"line":"","path":"","in":[],"out":[],"start":0.0,)"
        R"("end":0.0,"self":0.0,"min":0.0,"max":0.0,"inside":0,"forward":0}],)"
        R"("memory":[[1000.0,1,2,3,4]]})");
}

TEST_CASE("page: signs of HTML are escaped, in a title too - style and body stand as they are") {
  CHECK(escape_html("a < b && c > \"d\"; 'e' \u00e9") ==
        "a &lt; b &amp;&amp; c &gt; &quot;d&quot;; 'e' \u00e9");
  CHECK(escape_html("&lt;") == "&amp;lt;");
  CHECK(escape_html("").empty());
  const std::string page = html_page("<T>", ".mine { top: 0 }", "<p>body & all</p>\n");
  CHECK(page.starts_with("<!doctype html>\n<html lang=en>"));
  CHECK(has(page, "<title>&lt;T&gt;</title>"));
  CHECK(has(page, "<main>\n<h1>&lt;T&gt;</h1>\n<p>body & all</p>\n</main>"));
  CHECK(has(page, ".mine { top: 0 }</style>"));
  CHECK(has(page, ":root { color-scheme: light dark;"));
  CHECK(has(page, "document.getElementById(\"theme\")"));
  CHECK(!has(page, "<T>"));
}

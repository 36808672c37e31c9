// What shows a computation, in double: the same texts and pages, with numbers of eight bytes.
#include <doctest/doctest.h>

#include "core/inspect/explain.h"
#include "core/inspect/graph.h"
#include "core/inspect/print.h"
#include "core/inspect/trace.h"
#include "core/io/files.h"
#include "nn/layers.h"
#include "tests/folders.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("print: double keeps all digits before the point up to 1e8") {
  CHECK(to_string(Tensor::of({2}, {12345678, 0.5})).find("e+") != std::string::npos);  // by size
  CHECK(to_string(Tensor::of({1}, {12345678})) == "[12345678.]");
  CHECK(to_string(Tensor::of({1}, {123456789})) == "[1.2346e+08]");
}

TEST_CASE("explain and graph: a number of double takes eight bytes") {
  const Tensor x = random_leaf({2, 3}, 1), y = exp(x);
  const std::string text = explanation(y, {{"x", x}});
  CHECK(has(text, "made by    exp at test_inspect.cpp:"));
  CHECK(has(text, "from       x (2, 3)"));
  CHECK(has(text, "storage    6 numbers, 48 bytes"));
  CHECK(has(text, "saved      y (2, 3): keeps 48 bytes"));
  CHECK(has(graph_text(y, {.names = {{"x", x}}}), "#1 exp (2, 3) of x (2, 3)"));
}

TEST_CASE("trace: a step in double, with bytes of double, in a page") {
  TempFolder folder;
  Linear layer(6, 3);
  Trace trace(folder / "step.html", {.names = layer.named_parameters(), .peak_seconds = 0.001});
  cross_entropy(layer(random_tensor({5, 6}, 1)), {0, 1, 2, 1, 0}).backward();
  trace.finish();
  const std::vector<TraceEvent>& events = trace.record().events;
  REQUIRE(events.size() >= 4);
  CHECK(events[0].op == "linear");
  CHECK(events[0].bytes == (5 * 6 + 3 * 6 + 3 + 5 * 3) * 8);
  CHECK(events[0].min < events[0].max);
  CHECK(events[2].op == "cross_entropy");
  CHECK(events[2].backward);
  CHECK(trace.record().kernels == "reference");
  CHECK(has(read_file(folder / "step.html"), "\"kernels\":\"reference\""));
}

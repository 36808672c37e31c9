// The trace: what it records of a small model's step, and the page that it writes.
#include <doctest/doctest.h>

#include <chrono>

#include "core/autograd/autograd.h"
#include "core/autograd/more/anomaly.h"
#include "core/inspect/trace.h"
#include "core/io/json.h"
#include "nn/layers.h"
#include "optim/adamw.h"
#include "tests/folders.h"
#include "tests/support.h"
#include "train/more/report.h"

using namespace cairn;
using namespace cairn::test;

namespace {

struct Net : Module {
  Linear first{6, 8}, second{8, 3};
  Net() : Module("net") {}
  void visit(ModuleVisitor& v) override { v("first", first), v("second", second); }
  Tensor operator()(const Tensor& x, Where where = Where::current()) {
    const Scope scope(name(), where);
    return second(gelu(first(x)));
  }
};

const TraceOptions quick{.peak_seconds = 0.001};

TraceOptions quick_with(const NamedTensors& names) {
  TraceOptions options = quick;
  options.names = names;
  return options;
}

// One step of training; the parameters afterwards.
std::vector<Tensor> step(Net& net) {
  const Tensor x = random_tensor({5, 6}, 1);
  AdamW optimizer(decay_groups(net.named_parameters(), 0.01));
  cross_entropy(net(x), {0, 1, 2, 1, 0}).backward();
  optimizer.step(0.01);
  net.zero_grad();
  std::vector<Tensor> all;
  for (const NamedTensor& p : net.named_parameters()) all.push_back(p.tensor.detach());
  return all;
}

TraceRecord trace_of(const std::function<void()>& f, const TraceOptions& options = quick) {
  TempFolder folder;
  Trace trace(folder / "t.html", options);
  f();
  trace.finish();
  return trace.record();
}

TraceRecord trace_of_step() {
  default_random() = Random(1);
  Net net;
  net.named_parameters();  // gives the layers their names
  return trace_of([&] { step(net); }, quick_with(net.named_parameters()));
}

double wall_clock() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

TEST_CASE("trace: every op of a step, forward and backward, with shapes, module and line") {
  const TraceRecord r = trace_of_step();
  std::string ops;
  for (const TraceEvent& e : r.events)
    if (e.inside < 0 && !e.step) ops += e.op + (e.backward ? "' " : " ");
  CHECK(ops == "linear gelu linear cross_entropy cross_entropy' linear' gelu' linear' ");

  const TraceEvent& second = r.events[2];
  CHECK(second.path == "net > second");
  CHECK(second.line.starts_with("test_trace.cpp:"));
  CHECK(second.own.starts_with("layers.cpp:"));
  CHECK(second.inputs[0].shape == Shape{5, 8});
  CHECK(second.inputs[0].event == 1);
  CHECK(second.inputs[1].name == "second.weight");
  CHECK(second.inputs[1].strides == Shape{8, 1});
  CHECK(second.outputs[0].shape == Shape{5, 3});

  const TraceEvent& back = r.events[5];
  CHECK(back.forward == 2);
  CHECK(back.path == second.path);
  CHECK(back.line == second.line);
  CHECK(back.inputs[0].shape == Shape{5, 3});
  REQUIRE(back.outputs.size() == 3);  // of x, weight and bias
  CHECK(back.outputs[1].shape == Shape{3, 8});
  CHECK(back.outputs[1].name == "");
}

TEST_CASE("trace: a linear layer takes 2 m n k, and twice that backward") {
  const TraceRecord r = trace_of_step();
  CHECK(r.events[2].flops == 2 * 5 * 3 * 8);
  CHECK(r.events[2].bytes == (5 * 8 + 3 * 8 + 3 + 5 * 3) * sizeof(real));
  CHECK(r.events[5].flops == 2 * 2 * 5 * 3 * 8);
  const Tensor a = random_leaf({2, 3, 4}, 1), b = random_leaf({2, 4, 5}, 2);
  const TraceRecord m = trace_of([&] { sum(matmul(a, b)).backward(); });
  double backward = 0;  // it is in ops
  for (const TraceEvent& e : m.events)
    if (e.inside >= 0 && e.op == "matmul") backward += e.flops;
  CHECK(m.events[0].flops == 2 * 2 * 3 * 5 * 4);
  CHECK(backward == 2 * m.events[0].flops);
}

TEST_CASE("trace: attention takes 4 H for each pair that sees each other, views nothing") {
  const Tensor q = random_leaf({5, 4}, 1);
  const Rows rows = Rows::of_lengths({3, 2});
  const TraceRecord r = trace_of([&] {
    sum(attention(q, q, q, rows, rows, {.heads = 2, .bias = {}})).backward();
    attention(q, q, q, rows, rows, {.causal = true, .bias = {}});
    transpose(q, 0, 1);
  });
  const auto of = [&](const char* op, bool backward, int skip = 0) {
    for (const TraceEvent& e : r.events)
      if (e.op == op && e.backward == backward && skip-- == 0) return e;
    FAIL("there is no event ", op);
    return TraceEvent();
  };
  CHECK(of("attention", false).flops == 4 * 4 * (3 * 3 + 2 * 2));
  CHECK(of("attention", true).flops == 10 * 4 * (3 * 3 + 2 * 2));
  CHECK(of("attention", false, 1).flops == 4 * 4 * (6 + 3));
  const TraceEvent& view = r.events.back();
  CHECK(view.op == "permute");
  CHECK(view.flops == 0);
  CHECK(view.bytes == 0);
  CHECK(view.end == view.start);
  CHECK(view.outputs[0].strides == Shape{1, 4});
}

TEST_CASE("trace: an optimiser's step is an event, whose time lies in no other") {
  const TraceRecord r = trace_of_step();
  const TraceEvent& e = r.events.back();
  CHECK(e.step);
  CHECK(e.op == "optimiser step");
  CHECK(e.path == "optimizer");
  CHECK(e.line.starts_with("test_trace.cpp:"));
  CHECK(e.inside == -1);
  CHECK(e.self > 0);
  CHECK(e.start >= r.events[r.events.size() - 2].end);
  CHECK(std::count_if(r.events.begin(), r.events.end(), [](const auto& x) { return x.step; }) == 1);
}

TEST_CASE("trace: a step that an Error ends is an event too, and what follows is outside of it") {
  const Tensor w = random_leaf({3, 2}, 1);
  const TraceRecord r = trace_of([&] {
    AdamW optimizer(decay_groups({{"w", w}}, 0));
    sum(w).backward();
    w.impl().strides = {1, 3};  // no optimiser would have taken it so
    CHECK(has(error_of([&] { optimizer.step(0.1); }), "not one contiguous block"));
    relu(w);
  });
  CHECK(r.events.back().op == "relu");
  CHECK(r.events.back().inside == -1);
  CHECK(r.events[r.events.size() - 2].step);
}

TEST_CASE("trace: no op was faster than the machine's limit") {
  const Tensor a = random_tensor({256, 256}, 1);
  const TraceRecord r = trace_of([&] { matmul(a, a); }, {.peak_seconds = 0});
  for (const TraceEvent& e : r.events) CHECK(1e-9 * e.flops <= r.gflops * e.self);
  CHECK(r.gflops > 0);
}

TEST_CASE("trace: events do not overlap, and take no more time than there was") {
  Net net;
  const double start = wall_clock();
  const TraceRecord r = trace_of([&] { step(net); });
  const double wall = wall_clock() - start;
  double busy = 0, last = 0;
  for (const TraceEvent& e : r.events) {
    CHECK(e.self >= 0);
    CHECK(e.end >= e.start);
    if (e.inside < 0) {
      CHECK(e.start >= last);
      last = e.end;
    } else {
      const TraceEvent& outer = r.events[static_cast<size_t>(e.inside)];
      CHECK(outer.start <= e.start);
      CHECK(e.end <= outer.end);
    }
    busy += e.self;
  }
  CHECK(busy > 0);
  CHECK(busy <= r.seconds);
  CHECK(r.seconds <= wall);
}

TEST_CASE("trace: what lies between ops is not counted as theirs") {
  const auto wait = [] {
    for (const double start = wall_clock(); wall_clock() < start + 0.02;) continue;
  };
  const TraceRecord r = trace_of([&] {
    const Tensor x = Tensor::ones({4}).set_requires_grad();
    wait();
    const Tensor y = relu(x);
    wait();
    transpose(y, 0, 0);
    sum(y * y).backward();
  });
  for (const TraceEvent& e : r.events) CHECK(e.end - e.start < 0.01);
}

TEST_CASE("trace: its clock stands while it reads the numbers") {
  const Tensor x = Tensor::zeros({1000, 2000});
  double seconds = 0;
  const TraceRecord r = trace_of([&] {
    const double start = wall_clock();
    for (int i = 0; i < 5; ++i) transpose(x, 0, 1);
    seconds = wall_clock() - start;
  });
  CHECK(r.events.size() == 5);
  CHECK(r.seconds < seconds / 4);
}

TEST_CASE("trace: the memory ends where it began, and is told apart") {
  release_cached_memory();  // a larger block that another test left would count as a larger one
  default_random() = Random(1);
  Net net;
  const TraceRecord r = trace_of([&] { step(net); });
  const TraceMemory& first = r.memory.front();
  const TraceMemory& last = r.memory.back();
  CHECK(last.parameters == first.parameters);
  CHECK(last.total() == first.total());
  CHECK(first.total() == first.parameters);
  TraceMemory most;
  for (const TraceMemory& m : r.memory) {
    CHECK(m.time >= most.time);
    most = {m.time, std::max(most.parameters, m.parameters), std::max(most.optimizer, m.optimizer),
            std::max(most.gradients, m.gradients), std::max(most.activations, m.activations)};
  }
  CHECK(most.parameters == first.parameters);
  // Blocks have at least 64 bytes. Two moments and a gradient for each of the four parameters.
  const int64_t blocks = 6 * 8 * 4 + 64 + 8 * 3 * 4 + 32 + 64;
  CHECK(most.optimizer == 2 * blocks);
  CHECK(most.gradients >= blocks);
  CHECK(most.activations > 0);
}

TEST_CASE("trace: results are the same, bit for bit") {
  const auto run = [](bool traced) {
    default_random() = Random(1);
    Net net;
    std::vector<Tensor> after;
    if (traced) trace_of([&] { after = step(net); });
    else after = step(net);
    return after;
  };
  const std::vector<Tensor> plain = run(false), traced = run(true);
  for (size_t i = 0; i < plain.size(); ++i) CHECK(same(plain[i], traced[i]));
}

TEST_CASE("trace: extremes, NaN and infinities - an Error in backward does no harm") {
  const Tensor x = Tensor::of({2, 2}, {-1, 4, INFINITY, 0}).set_requires_grad();
  const TraceRecord r = trace_of([&] {
    const Tensor y = sqrt(transpose(x, 0, 1));
    try {
      const AnomalyMode anomaly;
      sum(y).backward();
    } catch (const Error&) {}
    sum(x * x).backward();
  });
  CHECK(r.events[1].op == "sqrt");
  CHECK(r.events[1].nans == 1);
  CHECK(r.events[1].infinities == 1);
  CHECK(r.events[1].min == 0);
  CHECK(r.events[1].max == 2);
  CHECK(r.events.back().inside >= 0);  // mul's backward is in ops
  CHECK(r.events[static_cast<size_t>(r.events.back().inside)].inside == -1);
}

TEST_CASE("trace: the page is whole and safe, and there are no more events than allowed") {
  TempFolder folder;
  const Tensor x = random_leaf({2}, 1);
  const auto f = [&] { grad({sum(x * x * x)}, {x}); };
  const auto all = static_cast<int64_t>(trace_of(f).events.size());
  {
    Trace trace(
        folder / "t.html",
        {.title = "<&>", .names = {{"</script>", x}}, .max_events = 3, .peak_seconds = 0.001});
    f();
    CHECK(folder.count() <= 1);  // nothing but a temporary file
  }
  const std::string page = read_file(folder / "t.html");
  CHECK(has(page, "<h1>&lt;&amp;&gt;</h1>"));
  CHECK(page.ends_with("</body></html>\n"));
  const size_t start = page.find("id=trace>") + 9;
  const Json json = parse_json(page.substr(start, page.find("</script>", start) - start), "t.html");
  CHECK(json.at("events").size() == 3);
  CHECK(json.at("events")[0].at("in")[0][2].as_string() == "</script>");
  CHECK(json.at("leftOut").as_int() == all - 3);
  CHECK(json.at("gflops").as_double() > 0);
  CHECK(has(error_of([&] { Trace trace(folder / "no/t.html"); }), "no/t.html"));
}

TEST_CASE("pages: a report and a trace have one shell, which forbids to load anything") {
  const std::string report = Report("A", "b").html();
  TempFolder folder;
  Trace(folder / "t.html", quick).finish();
  const std::string trace = read_file(folder / "t.html");
  const std::string head = report.substr(0, report.find("<title>"));
  CHECK(trace.starts_with(head));
  CHECK(has(head, "default-src 'none'"));
  CHECK(has(report, "id=theme"));
  for (const std::string& page : {report, trace}) {
    CHECK(!has(page, "http:"));
    CHECK(!has(page, "https:"));
  }
}

// The trace's recorder by a clock that the test turns: when each op begins and ends, what is its
// own time, what stands for what, and whose memory it is.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/autograd/autograd.h"
#include "core/autograd/node.h"
#include "core/inspect/trace_recorder.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

double now = 0;  // what the clock shows

double clock_of_test() { return now; }

struct SlowNode : Node {
  double seconds = 0;
  std::function<void(const Tensor& dy)> inside = {};
  void backward(Grads& g) override {
    now += seconds;
    if (inside) inside(g.dout());
    g.add(0, g.dout());
  }
  void visit(SavedVisitor&) override {}
};

struct SlowOp {
  const char* op = "slow";
  double before = 0;   // with a storage of its own, before it makes its result
  double seconds = 1;  // after that
  double backward = 0;
  std::function<void(const Tensor& dy)> inside_backward = {};

  Tensor operator()(const Tensor& x, Where where = Where::current()) const {
    if (before > 0) {
      const Tensor scratch = Tensor::empty({8});
      now += before;
    }
    const Tensor y = Tensor::of(x.shape(), x.to_vector());
    now += seconds;
    if (SlowNode* node = record<SlowNode>(op, {&x}, y, where)) {
      node->seconds = backward;
      node->inside = inside_backward;
    }
    return y;
  }
};

struct Recording {
  TraceRecord record;
  TraceOptions options;
  explicit Recording(TraceOptions with = {}) : options(std::move(with)) {}
  void of(const std::function<void(TraceRecorder&)>& f) {
    now = 100;
    TraceRecorder recorder(record, options, clock_of_test);
    f(recorder);
    recorder.finish();
  }
};

void check_times(const TraceEvent& e, double start, double end, double self) {
  CAPTURE(e.op);
  CHECK(e.start == start);
  CHECK(e.end == end);
  CHECK(e.self == self);
}

}  // namespace

TEST_CASE("trace: an op begins with its first storage, and ends when it says what it made") {
  const Tensor x = Tensor::of({2}, {1, 2}), old = Tensor::of({2}, {3, 4});
  Recording r;
  r.of([&](TraceRecorder&) {
    now += 1;
    Tensor y = SlowOp{.seconds = 2}(x);  // 1 to 3
    now += 4;
    Tensor z = SlowOp{.before = 3, .seconds = 2}(y);  // 7 to 12
    now += 1;
    transpose(z, 0, 0);  // a view: at 13
    now += 1;
    record<SlowNode>("old", {&x}, old, Where::current());  // made before the trace: at 14
    const Tensor outer = Tensor::of({2}, {0, 0});  // what comes first takes the time from here
    now += 1;
    SlowOp{.op = "inner", .seconds = 1}(x);  // 14 to 16
    now += 2;
    record<SlowNode>("outer", {&x}, outer, Where::current());  // 16 to 18
    now += 5;
  });
  REQUIRE(r.record.events.size() == 6);
  check_times(r.record.events[0], 1, 3, 2);
  check_times(r.record.events[1], 7, 12, 5);
  check_times(r.record.events[2], 13, 13, 0);
  check_times(r.record.events[3], 14, 14, 0);
  check_times(r.record.events[4], 14, 16, 2);
  check_times(r.record.events[5], 16, 18, 2);
  CHECK(r.record.seconds == 23);
  CHECK(r.record.left_out == 0);
}

TEST_CASE("trace: an input that is made for the op is not its begin") {
  Recording r;
  r.of([&](TraceRecorder&) {
    now += 1;
    const Tensor x = Tensor::of({2}, {1, 2});
    now += 1;
    SlowOp{.seconds = 2}(x);
  });
  check_times(r.record.events.at(0), 2, 4, 2);
}

TEST_CASE(
    "trace: backward has the time of its nodes - what took place inside of one is not its own") {
  const Tensor x = Tensor::scalar(3).set_requires_grad();
  Recording r({.names = {{"x", x}}});
  r.of([&](TraceRecorder&) {
    const Tensor a = SlowOp{.op = "a", .seconds = 1, .backward = 4}(x);
    const auto inside = [](const Tensor& dy) {
      const NoGrad no_grad;
      now += 1;
      SlowOp{.op = "in1", .before = 7, .seconds = 2}(dy);
      SlowOp{.op = "in2", .seconds = 3}(dy);
      now += 1;
    };
    const Tensor b = SlowOp{.op = "b", .seconds = 2, .backward = 5, .inside_backward = inside}(a);
    now += 10;
    b.backward();
    now += 1;
  });
  REQUIRE(r.record.events.size() == 7);
  const std::vector<TraceEvent>& e = r.record.events;
  CHECK(e[6].op == "copy");  // of b's gradient into x's, during a's backward
  CHECK(e[6].inside == 5);
  check_times(e[0], 0, 1, 1);
  check_times(e[1], 1, 3, 2);
  // b's backward: 5, 1 (and 7 before the result of in1 is made), 2, 3, 1.
  check_times(e[2], 13, 32, 14);
  check_times(e[3], 26, 28, 2);
  check_times(e[4], 28, 31, 3);
  check_times(e[5], 32, 36, 4);
  CHECK(r.record.seconds == 37);

  const char* const ops[] = {"a", "b", "b", "in1", "in2", "a"};
  const int64_t inside[] = {-1, -1, -1, 2, 2, -1}, forward[] = {-1, -1, 1, -1, -1, 0};
  for (size_t i = 0; i < 6; ++i) {
    CAPTURE(i);
    CHECK(e[i].op == ops[i]);
    CHECK(e[i].backward == (i == 2 || i == 5));
    CHECK_FALSE(e[i].step);
    CHECK(e[i].inside == inside[i]);
    CHECK(e[i].forward == forward[i]);
    REQUIRE(e[i].inputs.size() == 1);
    REQUIRE(e[i].outputs.size() == 1);
    CHECK(e[i].line.starts_with("test_trace_recorder.cpp:"));
    CHECK(e[i].own.empty());
  }
  CHECK(e[0].inputs[0].name == "x");
  CHECK(e[0].inputs[0].event == -1);
  CHECK(e[1].inputs[0].name.empty());
  CHECK(e[1].inputs[0].event == 0);
  CHECK(e[0].outputs[0].event == 0);
  CHECK(e[2].line == e[1].line);
  CHECK(e[5].line == e[0].line);
  // b's backward is in ops that compute, so what it costs is theirs; a's is its own.
  CHECK(e[2].flops == 0);
  CHECK(e[2].bytes == 0);
  CHECK(e[3].flops == 1);
  CHECK(e[5].flops == 1);
  CHECK(e[5].bytes == 3 * sizeof(real));
}

TEST_CASE("trace: an optimiser's step has the time that no op inside of it takes") {
  const Tensor x = Tensor::of({2}, {1, 2});
  Recording r;
  r.of([&](TraceRecorder& recorder) {
    recorder.after_step();  // of a step that began before the trace
    now += 1;
    {
      const Scope scope("module", Where{"user.cpp", 7});
      recorder.before_step(Where{"optim.cpp", 9});
    }
    now += 2;
    SlowOp{.op = "inner", .seconds = 4}(x);
    now += 3;
    recorder.after_step();
    now += 1;
    SlowOp{.op = "after", .seconds = 1}(x);
  });
  REQUIRE(r.record.events.size() == 3);
  check_times(r.record.events[0], 1, 10, 5);
  check_times(r.record.events[1], 3, 7, 4);
  CHECK(r.record.events[0].step);
  CHECK(r.record.events[0].op == "optimiser step");
  CHECK(r.record.events[0].line == "user.cpp:7");
  CHECK(r.record.events[0].path == "module");
  CHECK(r.record.events[0].inside == -1);
  CHECK(r.record.events[1].inside == 0);
  CHECK_FALSE(r.record.events[1].step);
  CHECK(r.record.events[2].inside == -1);
}

TEST_CASE(
    "trace: the user's line is where the outermost module was called, the op's own beside it") {
  const Tensor x = Tensor::of({2}, {1, 2}).set_requires_grad();
  Recording r;
  r.of([&](TraceRecorder&) {
    const Scope outer("outer", Where{"user.cpp", 7}), inner("inner", Where{"module.cpp", 8});
    const Tensor y = SlowOp{}(x, Where{"op.cpp", 9});
    sum(y).backward();
  });
  const auto of_slow = [](const TraceEvent& e) { return e.forward == 0; };
  const auto& events = r.record.events;
  const auto found = std::find_if(events.begin(), events.end(), of_slow);
  REQUIRE(found != events.end());
  const TraceEvent &forward = events[0], &backward = *found;
  CHECK(forward.line == "user.cpp:7");
  for (const TraceEvent* e : {&forward, &backward}) {
    CHECK(e->own == "op.cpp:9");
    CHECK(e->path == "outer > inner");
  }
}

TEST_CASE("trace: of more events than allowed it counts each, and those before stay whole") {
  const auto all = [](int64_t max) {
    const Tensor x = Tensor::scalar(1).set_requires_grad();
    Recording r({.max_events = max});
    r.of([&](TraceRecorder& recorder) {
      const Tensor y = SlowOp{.backward = 1}(SlowOp{.backward = 1}(x));
      y.backward();
      recorder.before_step(Where::current());
      now += 1;
      recorder.after_step();
      SlowOp{}(x);
    });
    return r.record;
  };
  const TraceRecord whole = all(7);  // one is a copy in the last backward
  CHECK(whole.events.size() == 7);
  CHECK(whole.left_out == 0);
  for (int64_t max = 0; max < 7; ++max) {
    CAPTURE(max);
    const TraceRecord r = all(max);
    REQUIRE(r.events.size() == static_cast<size_t>(max));
    CHECK(r.left_out == 7 - max);
    for (size_t i = 0; i < r.events.size(); ++i) {
      CHECK(r.events[i].op == whole.events[i].op);
      CHECK(r.events[i].end == whole.events[i].end);
      CHECK(r.events[i].self == whole.events[i].self);
      CHECK(r.events[i].inside == whole.events[i].inside);
    }
  }
}

TEST_CASE(
    "trace: extremes are those of the finite numbers, in any strides - the others are counted") {
  const auto of = [](const Tensor& x) {
    Recording r;
    r.of([&](TraceRecorder&) { record<SlowNode>("op", {}, x, Where::current()); });
    return r.record.events.at(0);
  };
  const auto check = [](const TraceEvent& e, double min, double max, int64_t nans,
                        int64_t infinities) {
    CHECK(e.min == min);
    CHECK(e.max == max);
    CHECK(e.nans == nans);
    CHECK(e.infinities == infinities);
  };
  const real inf = INFINITY, nan = NAN;
  const Tensor x = Tensor::of({2, 3}, {1, nan, -4, inf, 7, -inf});
  check(of(x), -4, 7, 1, 2);
  check(of(transpose(x, 0, 1)), -4, 7, 1, 2);
  check(of(slice(x, 1, 1, 3)), -4, 7, 1, 1);
  check(of(slice(x, 1, 0, 1)), 1, 1, 0, 1);
  check(of(expand(Tensor::of({2, 1}, {3, nan}), {2, 5})), 3, 3, 1, 0);  // stored once
  check(of(Tensor::of({2}, {nan, inf})), 0, 0, 1, 1);
  check(of(Tensor::zeros({0, 3})), 0, 0, 0, 0);
  check(of(Tensor::scalar(-2)), -2, -2, 0, 0);
}

TEST_CASE("trace: memory is told apart by who asked for it, and goes back when it is freed") {
  release_cached_memory();
  const auto before = static_cast<int64_t>(pool_statistics().in_use);
  auto older = std::make_unique<Storage>(1024);
  const int64_t block = older->block;
  Recording r;
  std::vector<TraceMemory> at;
  r.of([&](TraceRecorder&) {
    const auto note = [&] { at.push_back(r.record.memory.back()); };
    note();
    now += 1;
    const auto activation = std::make_unique<Storage>(2048);
    note();
    now += 1;
    {
      const Scope scope("optimizer", Where::current());
      const Storage moment(4096);
      note();
      now += 1;
    }
    note();
    const Tensor x = Tensor::scalar(1).set_requires_grad();
    const auto inside = [&](const Tensor&) {
      now += 1;
      const Storage gradient(8192);
      now += 1;
      note();
    };
    SlowOp{.inside_backward = inside}(x).backward();
    now += 1;
    older.reset();
    note();
  });
  REQUIRE(at.size() == 6);
  CHECK(at[0].parameters == before + block);
  CHECK(at[0].time == 0);
  CHECK(at[0].total() == at[0].parameters);
  CHECK(at[1].activations == 2048 * sizeof(real));
  CHECK(at[1].time == 1);
  CHECK(at[2].optimizer == 4096 * sizeof(real));
  CHECK(at[2].time == 2);
  CHECK(at[3].optimizer == 0);
  CHECK(at[3].activations == at[1].activations);
  CHECK(at[3].time == 3);
  CHECK(at[4].gradients == 8192 * sizeof(real));
  CHECK(at[5].parameters == before);
  for (const TraceMemory& m : at)
    CHECK(m.total() == m.parameters + m.optimizer + m.gradients + m.activations);
}

TEST_CASE(
    "trace: between events memory is noted where it changes by a percent, or a little for long") {
  const Storage most(1 << 20);
  Recording r;
  size_t notes[5] = {};
  r.of([&](TraceRecorder&) {
    const auto& points = r.record.memory;
    notes[0] = points.size();
    const Storage small(16);  // too little, too soon
    notes[1] = points.size();
    now += 2e-3;
    const Storage later(16);
    notes[2] = points.size();
    const Storage large(1 << 16);  // a sixteenth
    notes[3] = points.size();
    now += 0.5e-3;
    const Storage soon(16);
    notes[4] = points.size();
  });
  CHECK(notes[0] == 1);
  CHECK(notes[1] == 1);
  CHECK(notes[2] == 2);
  CHECK(notes[3] == 3);
  CHECK(notes[4] == 3);
  CHECK(r.record.memory.back().time == doctest::Approx(2.5e-3));

  Recording few({.max_events = 2});  // then 9 changes, and the end
  few.of([&](TraceRecorder&) {
    for (int i = 0; i < 50; ++i) {
      now += 1;
      const Storage changing(1 << 16);
    }
  });
  CHECK(few.record.memory.size() == 10);
}

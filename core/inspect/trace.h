#pragma once
// A trace: what every op of a computation did, forward and backward, how long it took, what it
// cost and how much memory was held; written as one HTML page.
//
//   Trace trace("step.html", {.names = model.named_parameters()});
//   loss = cross_entropy(model(batch), labels);
//   loss.backward();                              // the page is there when `trace` goes
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/io/files.h"
#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// A tensor that an op read or made.
struct TraceTensor {
  Shape shape, strides;
  std::string name;    // a parameter's, or empty
  int64_t event = -1;  // the forward event that made it; -1: none of this trace
};

// One op, forward or backward, or a step of an optimiser. Times are in seconds since the trace
// began, without what the trace itself takes; events are in the order in which they begin.
struct TraceEvent {
  std::string op;
  bool backward = false;
  bool step = false;  // of an optimiser
  std::string line;   // the user's: "main.cpp:12"
  std::string own;    // the op's own, if the user's line is the call of a module
  std::string path;   // of modules: "bert > encoder > layer.0 > attention"
  std::vector<TraceTensor> inputs, outputs;  // in backward: of dy, and of the gradients it led to
  double start = 0, end = 0;
  double self = 0;              // end - start without the events inside
  double flops = 0, bytes = 0;  // see trace_costs.h
  double min = 0, max = 0;      // of the finite numbers of the outputs
  int64_t nans = 0, infinities = 0;
  int64_t inside = -1;   // the backward event, or the step, during which this one took place
  int64_t forward = -1;  // the event that this is the backward of
};

// How many bytes of memory (blocks of the pool) are held, by purpose. What was there before the
// trace counts as parameters, what backward allocates as gradients, what the optimiser allocates
// (inside a Scope named "optimizer") as its own, the rest as activations.
struct TraceMemory {
  double time = 0;
  int64_t parameters = 0, optimizer = 0, gradients = 0, activations = 0;
  int64_t total() const { return parameters + optimizer + gradients + activations; }
};

struct TraceRecord {
  std::string title;
  std::vector<TraceEvent> events;
  std::vector<TraceMemory> memory;  // after each event, and where it changes visibly
  double seconds = 0;               // of the whole trace
  int64_t left_out = 0;             // events beyond TraceOptions::max_events
  // This machine, measured when the trace was over; no op of the trace was faster.
  std::string kernels;
  int threads = 0;
  double gflops = 0, gigabytes = 0;  // per second: the peak
};

struct TraceOptions {
  std::string title = "Trace";
  NamedTensors names = {};      // what parameters are called
  int64_t max_events = 20'000;  // a page with more of them would be slow
  double peak_seconds = 0.1;    // for each of the two measurements of the machine
};

class TraceRecorder;

// Records the ops of this thread from its construction to finish(); one trace at a time. Reads
// every number that is computed, which takes time but is not counted as the ops'. Changes no
// result. An op begins with the first storage that it makes; a view takes no time.
class Trace {
 public:
  // Error if `path` cannot be written; nothing is there before finish().
  explicit Trace(const std::string& path, TraceOptions options = {});
  ~Trace();  // finishes; an Error goes to stderr
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  void finish();  // stops recording and writes the page; the second time it does nothing
  const TraceRecord& record() const { return record_; }

 private:
  TraceOptions options_;
  TraceRecord record_;
  std::unique_ptr<AtomicFile> file_;
  std::unique_ptr<TraceRecorder> recorder_;  // null when finished
};

}}  // namespace cairn::CAIRN_PRECISION

// How what happens on a thread becomes events with a begin, an end and a cost.
#include "core/inspect/trace_recorder.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/inspect/trace_costs.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// The extremes of a tensor's numbers, read in place: an allocation would be recorded.
class Extremes {
 public:
  void add(const Tensor& x, int axis = 0, int64_t at = 0) {
    if (axis == x.axes()) return add(x.strided_data()[at]);
    const int64_t stride = x.strides()[axis], size = x.shape()[axis];
    const int64_t different = stride == 0 ? std::min<int64_t>(size, 1) : size;
    if (axis + 1 < x.axes())
      for (int64_t i = 0; i < different; ++i) add(x, axis + 1, at + i * stride);
    else
      for (int64_t i = 0; i < different; ++i) add(x.strided_data()[at + i * stride]);
  }
  void write(TraceEvent& event) const {
    if (min_ <= max_) {
      event.min = min_;
      event.max = max_;
    }
    event.nans = nans_;
    event.infinities = infinities_;
  }

 private:
  void add(real number) {
    if (std::isnan(number)) {
      ++nans_;
    } else if (std::isinf(number)) {
      ++infinities_;
    } else {
      min_ = std::min(min_, number);
      max_ = std::max(max_, number);
    }
  }

  real min_ = INFINITY, max_ = -INFINITY;
  int64_t nans_ = 0, infinities_ = 0;
};

}  // namespace

TraceRecorder::TraceRecorder(TraceRecord& record, const TraceOptions& options, Clock clock)
    : record_(record), options_(options), clock_(clock) {
  for (const NamedTensor& named : options.names)
    if (named.tensor.defined()) names_[&named.tensor.impl()] = named.name;
  memory_.parameters = pool_statistics().in_use;
  note_memory(0);
}

bool TraceRecorder::full() {
  if (static_cast<int64_t>(record_.events.size()) < options_.max_events) return false;
  ++record_.left_out;
  return true;
}

// An Error ended these nodes' backward.
void TraceRecorder::drop_abandoned() {
  while (!open_.empty()) {
    const auto node = open_.back().node.lock();
    if (node && node->running) return;
    open_.pop_back();
  }
}

// When the op that has just ended began. A view takes no time. Another op begins when it makes its
// first storage; inside a backward, where the storages may be the backward's own, when it makes
// that of its result, or, if another op has ended since, when that one ended.
double TraceRecorder::begin_of(std::span<const Tensor* const> inputs, const Tensor& y,
                               double now) const {
  std::set<const Storage*> given;
  for (const Tensor* x : inputs)
    if (x->defined()) given.insert(x->impl().storage.get());
  const Storage* result = y.impl().storage.get();
  const auto made = alive_.find(result);
  if (given.contains(result) || made == alive_.end()) return now;
  double begin = std::max(made->second.time, last_);
  if (open_.empty())
    for (const auto& [storage, time] : births_)
      if (!given.contains(storage)) begin = std::min(begin, time);
  return begin;
}

int64_t TraceRecorder::begin_event(const char* op, double time) {
  TraceEvent event;
  event.op = op;
  event.start = time;
  event.inside = open_.empty() ? step_ : open_.back().event;
  record_.events.push_back(std::move(event));
  return static_cast<int64_t>(record_.events.size()) - 1;
}

void TraceRecorder::end_event(TraceEvent& event, double time) {
  event.end = time;
  event.self += event.end - event.start;  // it was minus the time of the events inside
  if (event.inside >= 0)
    record_.events[static_cast<size_t>(event.inside)].self -= event.end - event.start;
  restart(time);
  note_memory(time);
}

TraceTensor TraceRecorder::tensor(const Tensor& x) const {
  if (!x.defined()) return {};
  TraceTensor t{x.shape(), x.strides(), "", -1};
  if (const auto name = names_.find(&x.impl()); name != names_.end()) t.name = name->second;
  if (const auto made = maker_.find(x.handle()); made != maker_.end()) t.event = made->second;
  return t;
}

void TraceRecorder::attention(const Rows& q_rows, const Rows& k_rows, bool causal,
                              int64_t columns) {
  attention_flops_ = attention_flops(q_rows, k_rows, causal, columns);
}

void TraceRecorder::forward(const char* op, std::span<const Tensor* const> inputs, const Tensor& y,
                            Where where) {
  const Pause pause(*this);
  const double flops = std::exchange(attention_flops_, 0);
  drop_abandoned();
  if (full()) return;
  const int64_t index = begin_event(op, begin_of(inputs, y, pause.time));
  TraceEvent& event = record_.events.back();
  const Where user = Scope::outermost(where);
  event.line = to_string(user);
  if (to_string(where) != event.line) event.own = to_string(where);
  event.path = Scope::path();
  bool view = false;
  for (const Tensor* x : inputs) {
    if (!x->defined()) continue;
    event.inputs.push_back(tensor(*x));
    view |= x->impl().storage == y.impl().storage;
  }
  maker_[y.handle()] = index;
  if (y.impl().node) of_node_[y.impl().node->id] = index;
  event.outputs = {tensor(y)};
  Extremes extremes;
  extremes.add(y);
  extremes.write(event);
  event.flops = flops;
  const Cost cost = forward_cost(event, view);
  event.flops = cost.flops;
  event.bytes = cost.bytes;
  end_event(event, pause.time);
}

void TraceRecorder::before_backward(const Node& node) {
  const Pause pause(*this);
  drop_abandoned();
  if (full()) return;
  const int64_t index = begin_event(node.op, pause.time);
  TraceEvent& event = record_.events.back();
  event.backward = true;
  event.line = to_string(node.where);
  if (const auto found = of_node_.find(node.id); found != of_node_.end()) {
    event.forward = found->second;
    event.path = record_.events[static_cast<size_t>(event.forward)].path;
    event.own = record_.events[static_cast<size_t>(event.forward)].own;
  }
  for (const Tensor& dout : node.douts)
    if (dout.defined()) event.inputs.push_back(tensor(dout));
  open_.push_back({node.weak_from_this(), index});
  restart(pause.time);
}

void TraceRecorder::after_backward(const Node& node, const Grads& grads) {
  const Pause pause(*this);
  drop_abandoned();
  if (open_.empty() || open_.back().node.lock().get() != &node) return;  // it was left out
  const int64_t index = open_.back().event;
  TraceEvent& event = record_.events[static_cast<size_t>(index)];
  open_.pop_back();
  Extremes extremes;
  int64_t operands = 0;  // of the first two inputs, those that get a gradient
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const Tensor dx = grads.sum(static_cast<int>(i));
    if (!dx.defined()) continue;
    event.outputs.push_back(tensor(dx));
    extremes.add(dx);
    operands += i < 2;
  }
  extremes.write(event);
  const auto computes = [](const TraceEvent& inner) { return inner.flops > 0; };
  const bool in_ops =
      std::any_of(record_.events.begin() + index + 1, record_.events.end(), computes);
  if (event.forward >= 0 && !in_ops) {
    const Cost cost =
        backward_cost(record_.events[static_cast<size_t>(event.forward)], event, operands);
    event.flops = cost.flops;
    event.bytes = cost.bytes;
  }
  end_event(event, pause.time);
}

void TraceRecorder::before_step(Where where) {
  const Pause pause(*this);
  drop_abandoned();
  if (full()) return;
  step_ = begin_event("optimiser step", pause.time);
  TraceEvent& event = record_.events.back();
  event.step = true;
  event.line = to_string(Scope::outermost(where));
  event.path = Scope::path();
  restart(pause.time);
}

void TraceRecorder::after_step() {
  const Pause pause(*this);
  if (step_ < 0) return;  // it was left out
  end_event(record_.events[static_cast<size_t>(step_)], pause.time);
  step_ = -1;
}

void TraceRecorder::born(const Storage& storage) {
  const Pause pause(*this);
  drop_abandoned();
  births_.emplace_back(&storage, pause.time);
  int64_t TraceMemory::*const kind = Scope::path().starts_with("optimizer")
                                         ? &TraceMemory::optimizer
                                     : open_.empty() ? &TraceMemory::activations
                                                     : &TraceMemory::gradients;
  alive_[&storage] = {kind, pause.time};
  memory_.*kind += storage.block;
  note_change(pause.time);
}

void TraceRecorder::died(const Storage& storage) {
  const Pause pause(*this);
  const auto found = alive_.find(&storage);
  memory_.*(found == alive_.end() ? &TraceMemory::parameters : found->second.kind) -= storage.block;
  if (found != alive_.end()) alive_.erase(found);
  note_change(pause.time);
}

void TraceRecorder::note_memory(double time) {
  memory_.time = time;
  record_.memory.push_back(memory_);
}

// Between events only what can be seen is noted: a change of one percent, or one that lasts 1 ms.
void TraceRecorder::note_change(double time) {
  if (static_cast<int64_t>(record_.memory.size()) > 4 * options_.max_events) return;
  const TraceMemory& last = record_.memory.back();
  const int64_t change = std::abs(memory_.total() - last.total());
  if (100 * change > last.total() || time > last.time + 1e-3) note_memory(time);
}

void TraceRecorder::finish() {
  const Pause pause(*this);
  record_.seconds = pause.time;
  note_memory(pause.time);
}

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// The recorder behind a Trace: an Observer that turns what it is told into events. Its clock stands
// still meanwhile, so that the times are the computation's own.
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/autograd/node.h"
#include "core/autograd/observer.h"
#include "core/clock.h"
#include "core/inspect/trace.h"

namespace cairn { inline namespace CAIRN_PRECISION {

class TraceRecorder final : public Observer {
 public:
  using Clock = double (*)();  // seconds since some moment

  TraceRecorder(TraceRecord& record, const TraceOptions& options, Clock clock = steady_seconds);

  void forward(const char* op, std::span<const Tensor* const> inputs, const Tensor& y,
               Where where) override;
  void attention(const Rows& q_rows, const Rows& k_rows, bool causal, int64_t columns) override;
  void before_backward(const Node& node) override;
  void after_backward(const Node& node, const Grads& grads) override;
  void before_step(Where where) override;
  void after_step() override;
  void born(const Storage& storage) override;
  void died(const Storage& storage) override;
  void finish();  // notes how long all took

 private:
  // While one lives, the clock stands still; `time` is what it shows.
  struct Pause {
    TraceRecorder& recorder;
    const double began = recorder.clock_(), time = began - recorder.origin_;
    explicit Pause(TraceRecorder& paused) : recorder(paused) {}
    ~Pause() { recorder.origin_ += recorder.clock_() - began; }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;
  };
  struct Open {
    std::weak_ptr<const Node> node;
    int64_t event;
  };
  struct Birth {
    int64_t TraceMemory::*kind;
    double time;
  };

  bool full();
  void drop_abandoned();
  double begin_of(std::span<const Tensor* const> inputs, const Tensor& y, double now) const;
  int64_t begin_event(const char* op, double time);
  void end_event(TraceEvent& event, double time);
  TraceTensor tensor(const Tensor& x) const;
  void note_memory(double time);
  void note_change(double time);
  void restart(double time) {
    births_.clear();
    last_ = time;
  }

  TraceRecord& record_;
  const TraceOptions& options_;
  Clock clock_;
  double origin_ = clock_();  // the clock's zero; moves on while the clock stands still
  std::map<const TensorImpl*, std::string> names_;
  std::map<std::weak_ptr<TensorImpl>, int64_t, std::owner_less<>> maker_;  // results' events
  std::unordered_map<uint64_t, int64_t> of_node_;                          // nodes' forward events
  std::vector<Open> open_;                                 // the backward events under way
  int64_t step_ = -1;                                      // the optimiser's step under way
  std::unordered_map<const Storage*, Birth> alive_;        // storages made since the trace began
  double last_ = 0;                                        // the last begin or end of an event,
  std::vector<std::pair<const Storage*, double>> births_;  // and the storages made since
  TraceMemory memory_{};
  double attention_flops_ = 0;  // of the attention whose forward comes next
};

}}  // namespace cairn::CAIRN_PRECISION

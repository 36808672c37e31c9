// From recording to the page: the machine is measured when the computation is over.
#include "core/inspect/trace.h"

#include <algorithm>
#include <iostream>

#include "core/inspect/trace_page.h"
#include "core/inspect/trace_recorder.h"
#include "core/kernels/more/peak.h"
#include "core/parallel.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Trace::Trace(const std::string& path, TraceOptions options)
    : options_(std::move(options)), file_(std::make_unique<AtomicFile>(path)) {
  record_.title = options_.title;
  recorder_ = std::make_unique<TraceRecorder>(record_, options_);
}

Trace::~Trace() {
  try {
    finish();
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
  }
}

void Trace::finish() {
  if (!recorder_) return;
  recorder_->finish();
  recorder_ = nullptr;
  record_.kernels = kernels().name;
  record_.threads = threads();
  record_.gflops = measure_fma_peak(kernels(), options_.peak_seconds);
  for (const TraceEvent& event : record_.events)
    if (event.self > 0) record_.gflops = std::max(record_.gflops, 1e-9 * event.flops / event.self);
  record_.gigabytes = measure_bandwidth(options_.peak_seconds);
  file_->write(trace_html(record_));
  file_->commit();
}

}}  // namespace cairn::CAIRN_PRECISION

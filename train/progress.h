#pragma once
// A progress bar on stderr, redrawn in place on a terminal:
//
//   epoch 1/3  34%|██████▊             | 712/2105 [01:12<02:21, 315 sentences/s, loss 0.3521]
//
// If stderr is not a terminal, a plain line is written at every tenth of the way, but not more
// often than every second, and at least every 30 seconds.
#include <cstdint>
#include <string>

#include "core/clock.h"

namespace cairn {

class Progress {
 public:
  using Clock = double (*)();  // seconds since any fixed moment

  // `total` steps under the name `title`; the first `done` of them were made earlier, by a resumed
  // run. `unit` is what the throughput counts.
  Progress(std::string title, int64_t total, std::string unit, int64_t done = 0,
           Clock clock = steady_seconds);
  ~Progress();  // ends the line, if finish() has not
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `done` of the steps are made; since the last call, `units` more units. `note` ends the line.
  void update(int64_t done, int64_t units, const std::string& note = "");
  void skip_time();  // the time since the last update() does not count for the throughput
  void message(const std::string& text);  // on a line of its own; the bar continues below it
  void finish();

  double units_per_second() const;  // since the start

 private:
  double seconds() const { return clock_() - start_; }
  void draw();
  std::string line(int width) const;  // width 0: without a bar

  std::string title_, unit_, note_;
  int64_t total_, first_, done_, units_ = 0;
  int64_t done_shown_;  // what the last plain line said
  bool terminal_, finished_ = false;
  size_t drawn_ = 0;  // characters of the line on the terminal
  Clock clock_;
  double start_, shown_, updated_;
};

// The width of the terminal on stderr, in columns; 80 if it is not one, or does not say.
int terminal_width();

// Minutes and seconds, "02:21", or "1:02:21".
std::string clock_text(double seconds);

// The peak memory of this process so far, mapped files included, in megabytes (10^6 bytes).
double peak_memory_mb();

}  // namespace cairn

// Drawing the bar: at most every tenth of a second, so that the terminal does not slow the work
// down.
#include "train/progress.h"

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "text/unicode.h"

namespace cairn {
namespace {

constexpr double redraw_seconds = 0.1, min_seconds = 1, max_seconds = 30;

// `part` in [0, 1] as a row of blocks, the last one in eighths.
std::string bar(double part, int width) {
  static const char* const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int full = static_cast<int>(part * width * 8);
  std::string text;
  for (int i = 0; i < full / 8; ++i) text += "█";
  text += eighths[full % 8];
  const int used = full / 8 + (full % 8 != 0);
  return text + std::string(static_cast<size_t>(width - used), ' ');
}

size_t columns(const std::string& text) { return static_cast<size_t>(count_code_points(text)); }

}  // namespace

int terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::string clock_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e9) return "--:--";
  const long long s = std::llround(seconds);
  char text[64];
  if (s < 3600) std::snprintf(text, sizeof text, "%02lld:%02lld", s / 60, s % 60);
  else std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
  return text;
}

double peak_memory_mb() {
  // On Linux getrusage's figure includes what the parent held before exec().
  if (std::FILE* status = std::fopen("/proc/self/status", "re")) {
    char line[256];
    long long kilobytes = 0;
    while (std::fgets(line, sizeof line, status))
      if (std::sscanf(line, "VmHWM: %lld", &kilobytes) == 1) break;
    std::fclose(status);
    if (kilobytes > 0) return static_cast<double>(kilobytes) * 1024 / 1e6;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
  return static_cast<double>(usage.ru_maxrss) / 1e6;  // bytes there
#else
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
#endif
}

Progress::Progress(std::string title, int64_t total, std::string unit, int64_t done, Clock clock)
    : title_(std::move(title)),
      unit_(std::move(unit)),
      total_(total),
      first_(done),
      done_(done),
      done_shown_(done),
      terminal_(isatty(STDERR_FILENO)),
      clock_(clock),
      start_(clock()),
      shown_(start_),
      updated_(start_) {}

Progress::~Progress() { finish(); }

double Progress::units_per_second() const {
  return static_cast<double>(units_) / std::max(seconds(), 1e-9);
}

void Progress::update(int64_t done, int64_t units, const std::string& note) {
  done_ = done;
  units_ += units;
  note_ = note;
  updated_ = clock_();
  const double since = updated_ - shown_;
  const auto tenths = [this](int64_t steps) { return total_ > 0 ? 10 * steps / total_ : 0; };
  const bool tenth = tenths(done_) > tenths(done_shown_);
  const bool plain_due = done_ == total_ || since >= (tenth ? min_seconds : max_seconds);
  if (terminal_ ? since >= redraw_seconds : plain_due) draw();
}

void Progress::skip_time() {
  const double now = clock_();
  start_ += now - updated_;
  updated_ = now;
}

void Progress::message(const std::string& text) {
  if (terminal_) std::fputs(("\r" + std::string(drawn_, ' ') + "\r").c_str(), stderr);
  std::fputs((text + "\n").c_str(), stderr);
  drawn_ = 0;
}

void Progress::finish() {
  if (finished_) return;
  finished_ = true;
  if (terminal_) {
    draw();
    std::fputs("\n", stderr);
  } else if (done_ != done_shown_) {
    draw();  // a last line, unless it has just been written
  }
}

void Progress::draw() {
  shown_ = clock_();
  done_shown_ = done_;
  if (!terminal_) {
    std::fputs((line(0) + "\n").c_str(), stderr);
    return;
  }
  const std::string text = line(terminal_width() - 1);
  const size_t length = columns(text);
  const std::string blanks(drawn_ > length ? drawn_ - length : 0, ' ');  // over what was longer
  std::fputs(("\r" + text + blanks).c_str(), stderr);
  std::fflush(stderr);
  drawn_ = length;
}

std::string Progress::line(int width) const {
  const double part = total_ > 0 ? static_cast<double>(done_) / static_cast<double>(total_) : 1;
  const double left = seconds() * static_cast<double>(total_ - done_) /
                      static_cast<double>(done_ - first_);  // not finite before the first step
  char text[64];
  std::snprintf(text, sizeof text, " %3.0f%%", 100 * part);
  const std::string before = title_ + text;
  std::snprintf(text, sizeof text, "%.*f ", units_per_second() < 10 ? 1 : 0, units_per_second());
  const std::string after = " " + std::to_string(done_) + "/" + std::to_string(total_) + " [" +
                            clock_text(seconds()) + "<" + clock_text(left) + ", " + text + unit_ +
                            "/s" + (note_.empty() ? "" : ", " + note_) + "]";
  if (width == 0) return before + after;
  const int room = width - static_cast<int>(columns(before) + columns(after)) - 2;
  if (room >= 4) return before + "|" + bar(part, std::min(room, 40)) + "|" + after;
  std::string line = before + after;  // too narrow for a bar: cut what does not fit
  while (columns(line) > static_cast<size_t>(std::max(width, 1))) line.pop_back();
  return line;
}

}  // namespace cairn

// The progress bar, by a clock that the test turns: what is written, when, and its numbers.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>

#include "tests/stderr.h"
#include "train/progress.h"

using namespace cairn;
using namespace cairn::test;

namespace {

double now = 0;  // what the clock shows

double clock_of_test() { return now; }

struct Bar : Progress {
  Bar(int64_t total, int64_t done = 0, const char* unit = "sentences")
      : Progress("epoch 1/3", total, unit, done, clock_of_test) {}
  void after(double seconds, int64_t done, int64_t units, const char* note = "") {
    now += seconds;
    update(done, units, note);
  }
};

}  // namespace

TEST_CASE("progress: minutes and seconds, rounded - hours only where there are any") {
  const std::pair<double, const char*> cases[] = {
      {0, "00:00"},          {0.4, "00:00"},      {0.6, "00:01"},          {59.4, "00:59"},
      {59.6, "01:00"},       {61, "01:01"},       {600, "10:00"},          {3599.4, "59:59"},
      {3600, "1:00:00"},     {3661, "1:01:01"},   {36e3 + 59, "10:00:59"}, {7199, "1:59:59"},
      {1e9, "277777:46:40"}, {1.1e9, "--:--"},    {-1, "--:--"},           {NAN, "--:--"},
      {INFINITY, "--:--"},   {-INFINITY, "--:--"}};
  for (const auto& [seconds, text] : cases) CHECK(clock_text(seconds) == text);
}

TEST_CASE("progress: a line's percent, steps, time so far, time left, throughput and note") {
  const std::string text = stderr_of([] {
    Bar bar(8);
    bar.after(30, 2, 600, "loss 0.5");
    CHECK(bar.units_per_second() == 20);
  });
  // 2 of 8 steps took 30 s, so the 6 others take 90.
  CHECK(text == "epoch 1/3  25% 2/8 [00:30<01:30, 20 sentences/s, loss 0.5]\n");
}

TEST_CASE("progress: a resumed run counts its own steps for the time left and the throughput") {
  const std::string text = stderr_of([] {
    Bar bar(40, 20, "pairs");
    bar.after(2, 24, 16);  // under 10 a second one digit is shown
    bar.after(2, 25, 4);
    now += 1;
    bar.message("hello");
  });
  CHECK(text ==
        "epoch 1/3  60% 24/40 [00:02<00:08, 8.0 pairs/s]\n"
        "hello\n"
        "epoch 1/3  62% 25/40 [00:05<00:15, 4.0 pairs/s]\n");
}

TEST_CASE("progress: off a terminal a tenth of the way has a line, but at most one a second") {
  const auto lines = [](double seconds_a_step, int64_t total, int64_t steps) {
    return split_lines(stderr_of([&] {
             Bar bar(total);
             for (int64_t i = 1; i <= steps; ++i) bar.after(seconds_a_step, i, 1);
           }))
        .size();
  };
  CHECK(lines(1.0, 100, 100) == 10);
  CHECK(lines(0.5, 100, 100) == 10);
  CHECK(lines(0.05, 100, 100) == 5);   // 5 s in all; the last is the end's
  CHECK(lines(0.001, 100, 100) == 1);  // the end only
  CHECK(lines(30, 1000, 50) == 50);    // no tenth, but 30 s
  CHECK(lines(29.9, 1000, 50) == 25);  // every second step
  CHECK(lines(1.0, 5, 5) == 5);
  CHECK(lines(0.001, 100, 50) == 1);  // it ends half way: what was reached is written once
  CHECK(lines(0.001, 100, 0) == 0);   // nothing was done
}

TEST_CASE("progress: what was skipped counts for neither time nor throughput") {
  const std::string text = stderr_of([] {
    Bar bar(4);
    bar.after(10, 1, 100);
    now += 1000;  // an evaluation
    bar.skip_time();
    bar.after(10, 2, 100);
    CHECK(bar.units_per_second() == 10);
    now += 1000;
    bar.skip_time();
    now += 5;
    bar.skip_time();
    CHECK(bar.units_per_second() == 10);
  });
  CHECK(text ==
        "epoch 1/3  25% 1/4 [00:10<00:30, 10 sentences/s]\n"
        "epoch 1/3  50% 2/4 [00:20<00:20, 10 sentences/s]\n");
}

TEST_CASE("progress: no steps at all, and no time at all, are no faults") {
  CHECK(stderr_of([] { Bar bar(0); }).empty());
  const std::string text = stderr_of([] {
    Bar bar(0);
    bar.update(0, 0);
    bar.finish();
    bar.finish();
  });
  CHECK(text == "epoch 1/3 100% 0/0 [00:00<--:--, 0.0 sentences/s]\n");
}

TEST_CASE("progress: on a terminal the bar is redrawn in place, ten times a second at most") {
  const std::string text = terminal_of(100, [] {
    CHECK(terminal_width() == 100);
    Bar bar(64);
    bar.after(0.05, 1, 1);  // too soon
    bar.after(0.05, 16, 9, "loss 0.1234");
    bar.after(0.05, 17, 10);  // too soon
    bar.after(0.05, 33, 60);
    bar.message("a line");
    bar.message("another");  // there is no bar to remove
    bar.after(0.1, 64, 20);
    bar.finish();
    bar.finish();
  });
  if (text.empty()) return;
  // One of the 100 columns stays free, so there are 33 for the first bar, of which a quarter is
  // 8 2/8; no bar is longer than 40.
  const auto blocks = [](int n) {
    std::string s;
    for (int i = 0; i < n; ++i) s += "█";
    return s;
  };
  const auto blanks = [](int n) { return std::string(static_cast<size_t>(n), ' '); };
  const std::string first = "|" + blocks(8) + "▎" + blanks(24) + "|";
  const std::string second = "|" + blocks(20) + "▋" + blanks(19) + "|";  // 33/64 of 40: 20 5/8
  CHECK(text == "\repoch 1/3  25%" + first + " 16/64 [00:00<00:00, 100 sentences/s, loss 0.1234]" +
                    "\repoch 1/3  52%" + second + " 33/64 [00:00<00:00, 400 sentences/s]" +
                    blanks(6) + "\r" + blanks(93) + "\r" + "a line\n" + "\r\r" + "another\n" +
                    "\repoch 1/3 100%|" + blocks(40) + "| 64/64 [00:00<00:00, 333 sentences/s]" +
                    "\repoch 1/3 100%|" + blocks(40) + "| 64/64 [00:00<00:00, 333 sentences/s]\n");
}

TEST_CASE("progress: a bar takes the room that there is, and a narrow terminal cuts the line") {
  const auto drawn = [](int columns) {
    const std::string text = terminal_of(columns, [] {
      Bar bar(2, 0, "s");
      bar.after(1, 1, 100);
    });
    return text.substr(0, text.find('\r', 1));
  };
  if (drawn(80).empty()) return;
  const std::string after = " 1/2 [00:01<00:01, 100 s/s]";  // 27 columns, after 14 and two bars
  CHECK(drawn(80) == "\repoch 1/3  50%|" + std::string("██████████████████") +
                         std::string(18, ' ') + "|" + after);
  CHECK(drawn(14 + 27 + 2 + 4 + 1) == "\repoch 1/3  50%|██  |" + after);  // one column stays free
  CHECK(drawn(14 + 27 + 2 + 4) == "\repoch 1/3  50%" + after);            // no room for a bar
  CHECK(drawn(20) == "\repoch 1/3  50% 1/2 ");
}

TEST_CASE("progress: 80 columns where stderr is no terminal or does not say") {
  stderr_of([] { CHECK(terminal_width() == 80); });
  terminal_of(0, [] { CHECK(terminal_width() == 80); });
}

TEST_CASE("progress: the peak of memory is what the system says, in millions of bytes") {
  const auto told = [] {  // VmHWM of this process, in KiB
    const std::string status = read_file("/proc/self/status");
    const size_t at = status.find("VmHWM:");
    return at == std::string::npos ? 0 : std::atof(status.c_str() + at + 6) * 1024 / 1e6;
  };
  const double before = told(), peak = peak_memory_mb(), after = told();
  if (before == 0) return;
  CHECK(before <= peak);
  CHECK(peak <= after);
}

TEST_CASE("progress: the clock counts seconds, and never goes back") {
  const double before = steady_seconds();
  ::usleep(2000);
  const double passed = steady_seconds() - before;
  CHECK(passed >= 0.002);
  CHECK(passed < 100);
}

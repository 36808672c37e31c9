// The three things that a check's program does: the verdict, the proof, the measurement.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>

#include <dlfcn.h>
#include <execinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tutorials/check/check.h"

// Parts of the address sanitizer, where a check is built with it.
extern "C" {
[[gnu::weak]] void __sanitizer_print_stack_trace();
[[gnu::weak]] void __sanitizer_set_death_callback(void (*callback)());
[[gnu::weak]] void __sanitizer_symbolize_pc(void* pc, const char* format, char* text, size_t size);
}

namespace {

const check::Judge* judging = nullptr;  // while a check runs

// The input of the call that crashes or does not end; tools/course/exercises.py tells it.
void print_input() {
  if (judging && !judging->input().empty())
    std::fprintf(stderr, "\ninput: %s\n", judging->input().c_str());
}

// Where the last exception was thrown.
void* thrown_at[64];
int thrown_frames = 0;

// The lines of the code that threw it, for the reader to see theirs among them.
void print_where_thrown() {
  char place[512];
  for (int i = 0; __sanitizer_symbolize_pc && i < thrown_frames; ++i) {
    void* const call = static_cast<char*>(thrown_at[i]) - 1;
    __sanitizer_symbolize_pc(call, "%S", place, sizeof place);
    std::fprintf(stderr, "%s\n", place);
  }
}

}  // namespace

// Every throw of the program comes here first, before the stack is unwound.
extern "C" [[noreturn]] void __cxa_throw(void* exception, void* type, void (*destroy)(void*)) {
  using Throw = void (*)(void*, void*, void (*)(void*));
  thrown_frames = backtrace(thrown_at, 64);
  reinterpret_cast<Throw>(dlsym(RTLD_NEXT, "__cxa_throw"))(exception, type, destroy);
  std::abort();
}

// The undefined-behaviour sanitizer calls this when it has found something.
extern "C" void __ubsan_on_report() { print_input(); }

namespace check::detail {
namespace {

using Check = std::function<void(Judge&)>;
constexpr unsigned seconds_allowed = 10;

Judge judged(const Check& check) {
  Judge judge;
  judging = &judge;
  const auto threw = [&](const std::string& what) {
    print_where_thrown();
    judge.that(false, "an exception" + (judge.input().empty() ? "" : ", for: " + judge.input()),
               what);
  };
  try {
    check(judge);
  } catch (const std::exception& error) {
    threw(error.what());
  } catch (...) {
    threw("of a type that is not derived from std::exception");
  }
  judging = nullptr;
  return judge;
}

bool same(const std::vector<real>& a, const std::vector<real>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](real x, real y) {
    return x == y || (std::isnan(x) && std::isnan(y)) ||
           (std::isfinite(x) && std::fabs(x - y) <= 1e-9 * std::fmax(1, std::fabs(x)));
  });
}

// Cairn's errors say on further lines where they came from.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

bool same(const Failure& a, const Failure& b) {
  // Numbers that differ in the last digit are the same mistake.
  return a.what == b.what &&
         (a.got.empty() ? first_line(a.detail) == first_line(b.detail) : same(a.got, b.got));
}

// The mistake that fails in the same way: everywhere, or at least at the first failure.
const Mistake* recognised(const Plan& plan, const std::vector<Failure>& failures) {
  const Mistake* similar = nullptr;
  for (const Mistake& candidate : plan.mistakes) {
    mistake = candidate.number;
    const Judge judge = judged(plan.mistaken);
    mistake = 0;
    const std::vector<Failure>& its = judge.failures();
    const auto equal = [](const Failure& a, const Failure& b) { return same(a, b); };
    if (std::equal(its.begin(), its.end(), failures.begin(), failures.end(), equal))
      return &candidate;
    if (!similar && !its.empty() && same(its[0], failures[0])) similar = &candidate;
  }
  return similar;
}

int verdict(const Plan& plan) {
  const Judge judge = judged(plan.mine);
  if (judge.failures().empty()) {
    std::printf("%s: right\n", plan.name.c_str());
    return 0;
  }
  const Failure& first = judge.failures()[0];
  std::printf("%s: not yet\n  %s\n  %s%s%s\n", plan.name.c_str(), first.what.c_str(),
              first.detail.c_str(), first.aside.empty() ? "" : ": ", first.aside.c_str());
  std::fflush(stdout);
  if (const Mistake* found = recognised(plan, judge.failures()))
    std::printf("  hint: %s\n", found->hint.c_str());
  return 1;
}

// What a check of a mistake should find, in a process of its own: 0 if it does.
int rejected(const Plan& plan, const Mistake& planted) {
  mistake = planted.number;
  const Judge judge = judged(plan.mistaken);
  mistake = 0;
  if (judge.failures().empty()) return 1;
  const Mistake* found = recognised(plan, judge.failures());
  return found == &planted ? 0 : found ? 3 : 2;
}

// The exit code of body() in a process of its own, which may crash or never end.
int apart(const std::function<int()>& body) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGALRM, SIG_DFL);
    alarm(seconds_allowed);
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int prove(const Plan& plan) {
  int wrong = 0;
  const char* const outcomes[] = {"rejected, with its hint", "NOT REJECTED", "rejected, NO HINT",
                                  "rejected, with ANOTHER'S HINT"};
  for (const Mistake& planted : plan.mistakes) {
    const int code = apart([&] { return rejected(plan, planted); });
    wrong += code != 0;
    std::printf("  %-44s %s\n", planted.name.c_str(), code < 0 ? "CRASHED" : outcomes[code]);
  }
  for (const auto& [name, check] : plan.alternatives) {
    const int code = apart([&check = check] { return judged(check).failures().empty() ? 0 : 1; });
    wrong += code != 0;
    std::printf("  %-44s %s\n", name.c_str(), code == 0 ? "accepted" : "NOT ACCEPTED");
  }
  std::printf("%s: %zu mistakes, %zu alternatives, %d not as they should be\n", plan.name.c_str(),
              plan.mistakes.size(), plan.alternatives.size(), wrong);
  return wrong ? 1 : 0;
}

// Microseconds of the fastest of several calls.
double fastest(const std::function<void()>& work) {
  double best = 1e30;
  for (int call = 0; call < 20; ++call) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  return best;
}

void measure_one(const char* whose, const Check& check, const std::function<void()>& work) {
  if (!check) return;
  std::printf("  %-8s", whose);
  if (work) std::printf(" %12.1f us", fastest(work));
  std::printf("   largest error %.1e\n", judged(check).largest_error());
}

int measure(const Plan& plan) {
  measure_one("yours", plan.mine, plan.work);
  measure_one("library", plan.library, plan.library_work);
  return 0;
}

// An endless loop: the sanitizer names the line that it is in.
void out_of_time(int) {
  if (__sanitizer_print_stack_trace) __sanitizer_print_stack_trace();
  print_input();
  _exit(124);
}

}  // namespace

int run(const Plan& plan, int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "--prove") return prove(plan);
  std::signal(SIGALRM, out_of_time);
  if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(print_input);
  alarm(seconds_allowed);
  if (what == "--measure") return measure(plan);
  if (what.empty()) return verdict(plan);
  std::fprintf(stderr, "usage: %s [--prove | --measure]\n", argv[0]);
  return 2;
}

}  // namespace check::detail

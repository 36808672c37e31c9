// Ctrl-C and its like: the first is a request, a second one ends the program, and after the run
// they are what they were before.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "tests/limits.h"
#include "tests/support.h"
#include "tests/training.h"
#include "train/interrupt.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// How a process ends that calls f: 128 + N by signal N, else what f returns.
int ending(const std::function<int()>& f) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
    ::_exit(f());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct sigaction action_of(int number) {
  struct sigaction action;
  REQUIRE(::sigaction(number, nullptr, &action) == 0);
  return action;
}

template <int number>
void own_handler(int) {}

constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};
constexpr void (*handlers[])(int) = {own_handler<SIGINT>, own_handler<SIGTERM>,
                                     own_handler<SIGHUP>};

// Sets handlers of this test's, calls f, and puts back what was there.
void with_own_handlers(const std::function<void()>& f) {
  struct sigaction before[3], own{};
  own.sa_flags = SA_NODEFER;
  for (int i = 0; i < 3; ++i) {
    own.sa_handler = handlers[i];
    REQUIRE(::sigaction(signals[i], &own, &before[i]) == 0);
  }
  f();
  for (int i = 0; i < 3; ++i) {
    CAPTURE(signals[i]);
    const struct sigaction after = action_of(signals[i]);
    CHECK((after.sa_handler == handlers[i]));
    CHECK((after.sa_flags & SA_NODEFER) != 0);
    CHECK((after.sa_flags & static_cast<int>(SA_RESETHAND)) == 0);
  }
  for (int i = 0; i < 3; ++i) ::sigaction(signals[i], &before[i], nullptr);
}

}  // namespace

TEST_CASE("interrupt: the first SIGINT or SIGTERM is a request, the second ends the program") {
  for (const int number : {SIGINT, SIGTERM}) {
    CAPTURE(number);
    CHECK(ending([&] {
            const Interrupt interrupt;
            const bool before = Interrupt::requested();
            ::raise(number);
            return before ? 1 : Interrupt::requested() ? 42 : 2;
          }) == 42);
    CHECK(ending([&] {
            const Interrupt interrupt;
            ::raise(number);
            ::raise(number);
            return 42;
          }) == 128 + number);
  }
}

TEST_CASE("interrupt: a system call that waits goes on after a request") {
  const Interrupt interrupt;
  for (const int number : signals) {
    CAPTURE(number);
    CHECK((action_of(number).sa_flags & SA_RESTART) != 0);
  }
}

TEST_CASE("interrupt: afterwards the signals are what they were before, request or not") {
  with_own_handlers([] { const Interrupt interrupt; });
  with_own_handlers([] {
    const Interrupt interrupt;
    for (const int number : signals) ::raise(number);
    CHECK(Interrupt::requested());
  });
}

TEST_CASE("interrupt: a new one knows nothing of what was asked before") {
  with_own_handlers([] {
    {
      const Interrupt interrupt;
      ::raise(SIGTERM);
    }
    const Interrupt interrupt;
    CHECK_FALSE(Interrupt::requested());
  });
}

TEST_CASE("interrupt: SIGHUP is a request, however often it comes, unless it was ignored") {
  {
    const Interrupt interrupt;
    CHECK_FALSE(Interrupt::requested());
    std::raise(SIGHUP);
    std::raise(SIGHUP);  // the shell and the system send one each
    CHECK(Interrupt::requested());
  }
  const auto before = std::signal(SIGHUP, SIG_IGN);  // as nohup does
  {
    const Interrupt interrupt;
    std::raise(SIGHUP);
    CHECK_FALSE(Interrupt::requested());
  }
  CHECK((std::signal(SIGHUP, before) == SIG_IGN));
}

TEST_CASE("finetune: a run gives the signals back, and a second Ctrl-C ends it at once") {
  const TempFolder folder;
  FinetuneOptions o = options(folder.path());
  with_own_handlers([&] { train(o); });
  o.run.on_step = [](const StepRecord& r) {
    if (r.step == 2) ::raise(SIGINT);
  };
  o.run.out = folder / "interrupted";
  with_own_handlers([&] { CHECK(train(o).result.interrupted); });
  o.run.on_step = [](const StepRecord&) {
    ::raise(SIGINT);
    ::raise(SIGINT);
  };
  o.run.out = folder / "ended";
  CHECK(ending([&] { return train(o), 42; }) == 128 + SIGINT);
}

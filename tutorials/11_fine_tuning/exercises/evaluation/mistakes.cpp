// What people write instead.
#include <memory>
#include <optional>
#include <stdexcept>

#include "core/autograd/grad_mode.h"
#include "tutorials/11_fine_tuning/exercises/evaluation/evaluation.h"

namespace mistakes {
namespace {

enum {
  mode_forgotten = 1,
  history_forgotten,
  both_forgotten,
  mode_not_restored,
  always_training_afterwards,
  always_training_after_an_exception,
  not_restored_after_an_exception,
  std_exceptions_alone,
  swallows,
  throws_another,
  mode_after_the_measure,
  training_in_the_measure,
  mode_turned_around,
  called_twice,
  result_lost,
  never_called,
  history_switched_on,
};

bool is(int mistake) { return check::mistake == mistake; }

double result_of(const std::function<double()>& measure) {
  std::optional<cairn::GradMode> mode;
  if (is(history_switched_on)) mode.emplace(true);
  else if (!is(history_forgotten) && !is(both_forgotten)) mode.emplace(false);
  if (is(called_twice)) measure();
  if (is(never_called)) return 0;
  const double result = measure();
  return is(result_lost) ? 0 : result;
}

}  // namespace

double evaluation(Module& model, const std::function<double()>& measure) {
  const bool training = model.training();
  const auto restore = [&](bool thrown) {
    if (is(mode_not_restored) || is(mode_forgotten) || is(both_forgotten)) return;
    if (is(mode_after_the_measure)) return;
    if (is(not_restored_after_an_exception) && thrown) return;
    const bool always =
        is(always_training_afterwards) || (is(always_training_after_an_exception) && thrown);
    model.train(is(mode_turned_around) ? !training : always || training);
  };
  if (is(training_in_the_measure)) model.train();
  else if (!is(mode_forgotten) && !is(both_forgotten) && !is(mode_after_the_measure)) model.eval();
  try {
    const double result = result_of(measure);
    if (is(mode_after_the_measure)) model.eval();
    restore(false);
    return result;
  } catch (const std::exception&) {
    restore(true);
    if (is(swallows)) return 0;
    if (is(throws_another)) throw std::runtime_error("the evaluation failed");
    throw;
  } catch (...) {
    if (!is(std_exceptions_alone)) restore(true);
    if (is(swallows)) return 0;
    if (is(throws_another)) throw std::runtime_error("the evaluation failed");
    throw;
  }
}

const std::vector<check::Mistake> list = {
    {mode_forgotten, "no evaluation mode",
     "no history is recorded, but dropout still acts: call model.eval() before measure()."},
    {history_forgotten, "no NoGrad",
     "the mode is right, but every op is still recorded: let a NoGrad live while measure() runs. "
     "(One without a name, NoGrad{};, is gone at the end of its line.)"},
    {both_forgotten, "neither of the two",
     "you call measure() as it is. model.eval() and a NoGrad belong before it."},
    {mode_not_restored, "the mode is not restored",
     "the model stays in evaluation mode: the rest of the training would run without dropout."},
    {always_training_afterwards, "always training mode afterwards",
     "you end with model.train(), but the model may have been in evaluation mode before. Keep what "
     "model.training() said."},
    {always_training_after_an_exception, "always training mode after an exception",
     "after an exception you call model.train(), whatever the mode was before."},
    {not_restored_after_an_exception, "not restored after an exception",
     "if measure() throws, the line that restores the mode is never reached. A destructor always "
     "is; "
     "or catch, restore, and throw on."},
    {std_exceptions_alone, "std::exception alone is caught",
     "you restore for a std::exception, but anything can be thrown: catch (...), or a destructor."},
    {swallows, "the exception is swallowed",
     "you catch the exception and return: the caller never hears of it. Restore, and throw on with "
     "`throw;`."},
    {throws_another, "another exception",
     "you throw another exception than measure() did. `throw;` alone throws on the same one."},
    {mode_after_the_measure, "eval() after the measure",
     "you call model.eval() after measure(). It has to come before it."},
    {training_in_the_measure, "train() for eval()",
     "the model is in training mode while it is measured."},
    {mode_turned_around, "the mode turned around",
     "afterwards the model is in the other mode than before."},
    {called_twice, "measure is called twice", "measure() is called twice. Keep its result."},
    {result_lost, "the result is lost", "you call measure(), but return something else."},
    {never_called, "measure is not called", "measure() is never called."},
    {history_switched_on, "GradMode(true)",
     "you switch the recording on: GradMode(false), or NoGrad, switches it off."},
};

}  // namespace mistakes

// What the switches are while something is measured, and afterwards.
#include <stdexcept>
#include <string>

#include "core/autograd/grad_mode.h"
#include "nn/layers.h"
#include "tutorials/11_fine_tuning/exercises/evaluation/evaluation.h"

namespace {

struct Model : Module {
  cairn::Linear linear{2, 2};
  cairn::Dropout dropout{0.5};
  void visit(cairn::ModuleVisitor& v) override { v("linear", linear), v("dropout", dropout); }
  // Of the model and all below it.
  std::string mode() const {
    const int count = training() + linear.training() + dropout.training();
    return count == 3 ? "training" : count == 0 ? "evaluation" : "part in training";
  }
};

std::string recording() { return cairn::grad_enabled() ? "recorded" : "not recorded"; }

enum Outcome { returns, throws_exception, throws_number };

// One call, from the modes `training` and `recorded`.
void check_one(Evaluation* evaluation, check::Judge& judge, bool training, bool recorded,
               Outcome outcome) {
  Model model;
  model.train(training);
  const cairn::GradMode grad(recorded);
  const std::string before = model.mode() + ", " + recording();
  const std::string what = (outcome == returns ? "from " : "measure throws, from ") + before +
                           (outcome == throws_number ? " (an int)" : "");
  judge.input(what);
  std::string seen, thrown = "nothing";
  int calls = 0;
  double result = 0;
  try {
    result = evaluation(model, [&]() -> double {
      ++calls;
      seen = model.mode() + ", " + recording();
      if (outcome == throws_exception) throw std::out_of_range("row 7");
      if (outcome == throws_number) throw 7;
      return 0.875;
    });
  } catch (const std::out_of_range& error) {
    thrown = error.what();
  } catch (int number) {
    thrown = std::to_string(number);
  } catch (...) {
    thrown = "another exception";
  }
  judge.equal(what + ": how often measure was called", calls, 1);
  judge.equal(what + ": in the measure", seen, "evaluation, not recorded");
  judge.equal(what + ": thrown", thrown,
              outcome == returns         ? "nothing"
              : outcome == throws_number ? "7"
                                         : "row 7");
  if (outcome == returns) judge.equal(what + ": the result", {result}, {0.875}, {1});
  judge.equal(what + ": afterwards", model.mode() + ", " + recording(), before);
}

void check_evaluation(Evaluation* evaluation, check::Judge& judge) {
  for (const Outcome outcome : {returns, throws_exception, throws_number})
    for (const bool training : {true, false})
      for (const bool recorded : {true, false})
        check_one(evaluation, judge, training, recorded, outcome);

  judge.input("one inside the other");
  Model outer, inner;
  std::string between;
  const double sum = evaluation(outer, [&] {
    const double half = evaluation(inner, [] { return 0.5; });
    between = outer.mode() + ", " + inner.mode() + ", " + recording();
    return half + 1;
  });
  judge.equal("one inside the other: the result", {sum}, {1.5}, {1});
  judge.equal("one inside the other: in between", between, "evaluation, training, not recorded");
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Evaluation>({.name = "evaluation",
                                 .check = check_evaluation,
                                 .mine = mine::evaluation,
                                 .mistaken = mistakes::evaluation,
                                 .mistakes = mistakes::list,
                                 .alternatives = alternatives::list},
                                argc, argv);
}

// Other ways to write it, as good.
#include <memory>

#include "core/autograd/grad_mode.h"
#include "tutorials/11_fine_tuning/exercises/evaluation/evaluation.h"

namespace alternatives {
namespace {

double caught(Module& model, const std::function<double()>& measure) {
  const bool training = model.training();
  model.train(false);
  double result = 0;
  try {
    const cairn::GradMode off(false);
    result = measure();
  } catch (...) {
    model.train(training);
    throw;
  }
  model.train(training);
  return result;
}

double with_a_guard(Module& model, const std::function<double()>& measure) {
  const bool training = model.training();
  const auto back = [training](Module* m) { m->train(training); };
  const std::unique_ptr<Module, decltype(back)> guard(&model, back);
  model.eval();
  const cairn::NoGrad no_grad;
  return measure();
}

// A model that was in evaluation mode is not touched at all.
double only_if_needed(Module& model, const std::function<double()>& measure) {
  const cairn::NoGrad no_grad;
  if (!model.training()) return measure();
  model.eval();
  std::shared_ptr<void> guard(nullptr, [&model](void*) { model.train(); });
  return measure();
}

}  // namespace

const std::vector<check::Alternative<Evaluation>> list = {
    {"caught and thrown on", caught},
    {"with a guard", with_a_guard},
    {"only if it was training", only_if_needed},
};

}  // namespace alternatives

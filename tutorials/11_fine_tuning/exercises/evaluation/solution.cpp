// Measures a model and leaves no trace.
#include <functional>

#include "core/autograd/grad_mode.h"
#include "nn/module.h"

namespace mine {

namespace {

// Evaluation mode, while one lives.
struct EvaluationMode {
  cairn::Module& model;
  bool was_training;

  explicit EvaluationMode(cairn::Module& m) : model(m), was_training(m.training()) { model.eval(); }
  ~EvaluationMode() { model.train(was_training); }
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;
};

}  // namespace

// What measure() returns, called while the model is in evaluation mode and no history is recorded.
// Afterwards both are as they were before, even if measure() throws.
double evaluation(cairn::Module& model, const std::function<double()>& measure) {
  const cairn::NoGrad no_grad;
  const EvaluationMode mode(model);
  return measure();
}

}  // namespace mine

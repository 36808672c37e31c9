// Measures a model and leaves no trace; task.md in tutorials/11_fine_tuning/exercises/evaluation says
// what is asked.
#include <functional>

#include "core/autograd/grad_mode.h"
#include "nn/module.h"

namespace mine {

// What measure() returns, called while the model is in evaluation mode and no history is recorded.
// Afterwards both are as they were before, even if measure() throws.
double evaluation(cairn::Module& model, const std::function<double()>& measure) {
  // TODO
  (void)model, (void)measure;
  return 0;
}

}  // namespace mine

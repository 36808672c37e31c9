// Add, multiply and tanh, each with its way back; task.md in
// tutorials/06_autograd/exercises/scalar_ops says what is asked.
#include <cmath>

#include "tutorials/06_autograd/exercises/scalar_ops/number.h"

namespace mine {

// A new number: data, inputs, and backward, which adds to the inputs' grads.
Handle add(const Handle& a, const Handle& b) {
  // TODO
  (void)a, (void)b;
  return std::make_shared<Number>();
}

Handle mul(const Handle& a, const Handle& b) {
  // TODO
  (void)a, (void)b;
  return std::make_shared<Number>();
}

Handle tanh(const Handle& x) {
  // TODO
  (void)x;
  return std::make_shared<Number>();
}

}  // namespace mine

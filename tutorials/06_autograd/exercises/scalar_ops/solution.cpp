// Add, multiply and tanh, each with its way back.
#include <cmath>

#include "tutorials/06_autograd/exercises/scalar_ops/number.h"

namespace mine {
namespace {

Handle result(double data, const std::vector<Handle>& inputs) {
  const Handle y = std::make_shared<Number>();
  y->data = data, y->inputs = inputs;
  return y;
}

}  // namespace

Handle add(const Handle& a, const Handle& b) {
  const Handle y = result(a->data + b->data, {a, b});
  // A plain pointer to itself: with a handle, y would keep itself alive.
  y->backward = [y = y.get()] {
    y->inputs[0]->grad += y->grad;
    y->inputs[1]->grad += y->grad;
  };
  return y;
}

Handle mul(const Handle& a, const Handle& b) {
  const Handle y = result(a->data * b->data, {a, b});
  y->backward = [y = y.get()] {
    Number &left = *y->inputs[0], &right = *y->inputs[1];
    left.grad += right.data * y->grad;
    right.grad += left.data * y->grad;
  };
  return y;
}

Handle tanh(const Handle& x) {
  const Handle y = result(std::tanh(x->data), {x});
  y->backward = [y = y.get()] { y->inputs[0]->grad += (1 - y->data * y->data) * y->grad; };
  return y;
}

}  // namespace mine

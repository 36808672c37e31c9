// Data, inputs and what backward adds, for each op; then what stays alive.
#include <cmath>
#include <limits>
#include <string>

#include "tutorials/06_autograd/exercises/scalar_ops/scalar_ops.h"

using check::real;

namespace {

Handle leaf(double data, double grad = 0) {
  const Handle x = std::make_shared<Number>();
  x->data = data, x->grad = grad;
  return x;
}

// Does it have the inputs, a way back, and data? The parts below need these.
bool well_made(check::Judge& judge, const std::string& what, const Handle& y,
               const std::vector<Handle>& inputs, double data) {
  const size_t before = judge.failures().size();
  judge.that(y != nullptr, what + ": the result", "it is null");
  if (!y) return false;
  judge.equal(what + ": data", {y->data}, {data}, {1});
  judge.that(y->inputs == inputs, what + ": inputs",
             y->inputs.size() == inputs.size() ? "they are others, or in another order"
                                               : "there are " + std::to_string(y->inputs.size()));
  judge.equal(what + ": its own grad, when new", {y->grad}, {0}, {1});
  judge.that(y->backward != nullptr, what + ": backward", "it is empty");
  return judge.failures().size() == before;
}

// One op on the given inputs. Grads begin with 10 and 20, and each call of backward adds.
template <class Make>
void check_op(check::Judge& judge, const std::string& what, const std::vector<Handle>& inputs,
              double data, const std::vector<double>& slopes, const Make& make) {
  judge.input(what);
  for (size_t i = 0; i < inputs.size(); ++i) inputs[i]->grad = inputs[i] == inputs[0] ? 10 : 20;
  std::vector<real> numbers, expected, got;
  for (const Handle& x : inputs) numbers.push_back(x->data), expected.push_back(x->grad);
  const auto grads = [&] {
    got.clear();
    for (const Handle& x : inputs) got.push_back(x->grad);
    return got;
  };
  const Handle y = make();
  judge.equal(what + ": the inputs' grads before backward", grads(), expected, {2});
  if (!well_made(judge, what, y, inputs, data)) return;
  for (const double grad : {1., -3.}) {
    y->grad = grad;
    y->backward();
    for (size_t i = 0; i < inputs.size(); ++i)
      for (size_t k = 0; k < inputs.size(); ++k)  // one number may be both inputs
        if (inputs[k] == inputs[i]) expected[k] += slopes[i] * grad;
    judge.equal(what + ": grads after backward with a grad of " + std::to_string(int(grad)),
                grads(), expected, {2});
    judge.equal(what + ": its own grad after backward", {y->grad}, {grad}, {1});
  }
  got = numbers, numbers.clear();
  for (const Handle& x : inputs) numbers.push_back(x->data);
  judge.unchanged(what + ": the inputs' data", numbers, got);
  judge.equal(what + ": data after backward", {y->data}, {data}, {1});
}

// The result keeps its inputs alive, and nobody keeps the result alive.
template <class Make>
void check_life(check::Judge& judge, const std::string& what, const Make& make) {
  judge.input(what);
  Handle x = leaf(0.5);
  const std::weak_ptr<Number> input = x;
  Handle y = make(x);
  if (!y || !y->backward) return;
  x.reset();
  judge.that(!input.expired(), what + ": the input lives as long as the result", "it is gone");
  if (input.expired()) return;
  Handle elsewhere = std::move(y);
  elsewhere->grad = 1;
  elsewhere->backward();
  judge.that(input.lock()->grad != 0, what + ": backward after the handle was moved",
             "no grad has arrived");
  const std::weak_ptr<Number> result = elsewhere;
  elsewhere.reset();
  judge.that(result.expired() && input.expired(), what + ": freed when nobody holds the result",
             result.expired() ? "the input is still there" : "the result is still there");
}

void check_ops(const ScalarOps* ops, check::Judge& judge) {
  const auto add = [&](double x, double z) {
    const Handle a = leaf(x), b = leaf(z);
    check_op(judge, "add", {a, b}, x + z, {1, 1}, [&] { return ops->add(a, b); });
  };
  const auto mul = [&](double x, double z) {
    const Handle a = leaf(x), b = leaf(z);
    check_op(judge, "mul", {a, b}, x * z, {z, x}, [&] { return ops->mul(a, b); });
  };
  const auto tanh = [&](double at) {
    const Handle x = leaf(at);
    const double y = std::tanh(at);
    check_op(judge, "tanh of " + std::to_string(at), {x}, y, {1 - y * y},
             [&] { return ops->tanh(x); });
  };
  add(2, -5), add(0, 0);
  mul(3, -0.5), mul(0, 4);
  tanh(0.6), tanh(0), tanh(-2), tanh(40);
  const Handle a = leaf(3);
  check_op(judge, "add, a number and itself", {a, a}, 6, {1, 1}, [&] { return ops->add(a, a); });
  check_op(judge, "mul, a number and itself", {a, a}, 9, {3, 3}, [&] { return ops->mul(a, a); });
  check_life(judge, "add", [&](const Handle& x) { return ops->add(x, x); });
  check_life(judge, "mul", [&](const Handle& x) { return ops->mul(x, x); });
  check_life(judge, "tanh", [&](const Handle& x) { return ops->tanh(x); });
}

const ScalarOps mine_ops = {mine::add, mine::mul, mine::tanh};

}  // namespace

int main(int argc, char** argv) {
  return check::run<const ScalarOps>({.name = "scalar_ops",
                                      .check = check_ops,
                                      .mine = &mine_ops,
                                      .mistaken = &mistakes::ops,
                                      .mistakes = mistakes::list,
                                      .alternatives = alternatives::list},
                                     argc, argv);
}

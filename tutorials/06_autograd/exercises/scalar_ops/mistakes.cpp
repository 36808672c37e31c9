// What people write instead.
#include <cmath>
#include <utility>

#include "tutorials/06_autograd/exercises/scalar_ops/scalar_ops.h"

namespace mistakes {
namespace {

enum {
  assigned = 1,
  mul_assigns,
  tanh_assigns,
  second_input_forgotten,
  own_factor,
  sum_of_factors,
  same_input_once,
  slope_of_the_input,
  without_the_square,
  slope_is_the_result,
  grad_when_made,
  mul_reads_early,
  tanh_reads_early,
  grad_not_multiplied,
  a_handle_to_itself,
  inputs_not_kept,
  raw_inputs,
  backward_at_once,
  own_grad_cleared,
  own_grad_is_one,
  add_hands_on_the_data,
  tanh_without_backward,
  inputs_exchanged,
};

bool is(int mistake) { return check::mistake == mistake; }

enum class Op { add, mul, tanh };

// Is it this mistake, or the same one in this op alone?
bool is(int in_all, int in_mul, int in_tanh, Op op) {
  return is(in_all) || (op == Op::mul && is(in_mul)) || (op == Op::tanh && is(in_tanh));
}

// The number whose inputs get slopes[i] * its grad.
Handle made(Op op, double data, std::vector<Handle> inputs, std::vector<double> slopes) {
  const Handle y = std::make_shared<Number>();
  y->data = data;
  if (!is(inputs_not_kept) && !is(raw_inputs)) y->inputs = inputs;
  if (is(own_grad_is_one)) y->grad = 1;
  if (is(inputs_exchanged) && inputs.size() == 2) std::swap(y->inputs[0], y->inputs[1]);
  if (is(same_input_once) && inputs.size() == 2 && inputs[0] == inputs[1]) slopes[1] = 0;
  std::vector<std::weak_ptr<Number>> to(inputs.begin(), inputs.end());
  const double grad_now = y->grad;
  const Handle itself = is(a_handle_to_itself) ? y : nullptr;
  std::vector<Handle> kept = is(inputs_not_kept) ? inputs : std::vector<Handle>{};
  const bool early = is(grad_when_made, mul_reads_early, tanh_reads_early, op);
  const bool assigns = is(assigned, mul_assigns, tanh_assigns, op);
  y->backward = [y = y.get(), to, slopes, grad_now, itself, kept, early, assigns] {
    for (size_t i = 0; i < to.size() && !(is(second_input_forgotten) && i == 1); ++i) {
      const Handle input = to[i].lock();
      if (!input) continue;
      const double grad = early ? grad_now : y->grad;
      const double dx = is(grad_not_multiplied) ? slopes[i] : slopes[i] * grad;
      input->grad = assigns ? dx : input->grad + dx;
    }
    if (is(own_grad_cleared)) y->grad = 0;
  };
  if (is(backward_at_once)) y->grad = 1, y->backward(), y->grad = 0;
  return y;
}

Handle add(const Handle& a, const Handle& b) {
  if (is(add_hands_on_the_data))
    return made(Op::add, a->data + b->data, {a, b}, {a->data, b->data});
  return made(Op::add, a->data + b->data, {a, b}, {1, 1});
}

Handle mul(const Handle& a, const Handle& b) {
  const double x = a->data, z = b->data;
  if (is(own_factor)) return made(Op::mul, x * z, {a, b}, {x, z});
  if (is(sum_of_factors)) return made(Op::mul, x * z, {a, b}, {x + z, x + z});
  return made(Op::mul, x * z, {a, b}, {z, x});
}

Handle tanh(const Handle& x) {
  const double y = std::tanh(x->data);
  const double slope = is(slope_of_the_input)    ? 1 - x->data * x->data
                       : is(without_the_square)  ? 1 - y
                       : is(slope_is_the_result) ? y
                                                 : 1 - y * y;
  const Handle result = made(Op::tanh, y, {x}, {slope});
  if (is(tanh_without_backward)) result->backward = nullptr;
  return result;
}

}  // namespace

const ScalarOps ops = {add, mul, tanh};

const std::vector<check::Mistake> list = {
    {assigned, "= for +=",
     "what was in an input's grad is gone: it has to be added to, for a number may be used several "
     "times."},
    {mul_assigns, "= for += in mul",
     "mul assigns to an input's grad, and what was in it is gone. It has to be added to."},
    {tanh_assigns, "= for += in tanh",
     "tanh assigns to its input's grad, and what was in it is gone. It has to be added to."},
    {second_input_forgotten, "the second input gets nothing",
     "the second input's grad does not change. Both inputs get their part."},
    {own_factor, "each factor gets itself",
     "for a * b the slope with a is b, and with b it is a: each gets the other one."},
    {sum_of_factors, "the sum of both factors", "the slope of a * b with a is b alone."},
    {same_input_once, "a number that is both inputs counts once",
     "right, unless both inputs are the same number: then it is used twice, and both parts are "
     "added."},
    {slope_of_the_input, "1 - x * x for tanh",
     "the slope of tanh is 1 - y * y, where y is the result and not the input."},
    {without_the_square, "1 - y for tanh", "the slope of tanh is 1 - y * y: a square is missing."},
    {slope_is_the_result, "y for tanh",
     "the slope of tanh is 1 - y * y. Your tanh hands on y times its grad."},
    {grad_when_made, "grad is read too early",
     "your backward multiplies by the grad that the number had when it was made, which is 0. Read "
     "y->grad inside the lambda, when it is called."},
    {mul_reads_early, "mul reads grad too early",
     "mul's backward multiplies by the grad that the number had when it was made, which is 0. Read "
     "y->grad inside the lambda."},
    {tanh_reads_early, "tanh reads grad too early",
     "tanh's backward multiplies by the grad that the number had when it was made, which is 0. "
     "Read y->grad inside the lambda."},
    {grad_not_multiplied, "the slope alone",
     "you hand on the slope. It has to be multiplied by this number's own grad."},
    {a_handle_to_itself, "the number keeps itself alive",
     "nobody holds the result any more, and it is still there: its backward holds a handle to it. "
     "Capture a plain pointer, y.get()."},
    {inputs_not_kept, "inputs are not listed",
     "`inputs` is empty. The walk back finds its way by them; fill it, even if your lambda has "
     "captured the handles."},
    {raw_inputs, "the inputs are not kept",
     "`inputs` is empty, and nothing else keeps the inputs alive: when the caller lets go of them, "
     "backward writes to what is no longer there."},
    {backward_at_once, "backward is called at once",
     "the inputs' grads have changed although nobody has called backward. The function only "
     "prepares it."},
    {own_grad_cleared, "its own grad is cleared",
     "your backward sets its own grad to 0. It only reads it."},
    {own_grad_is_one, "grad begins at 1",
     "a new number's grad is 0. Who begins the walk back sets the result's to 1, and only that."},
    {add_hands_on_the_data, "add hands on the numbers",
     "the slope of a + b is 1 with both: they get the grad as it is, not multiplied by a or b."},
    {tanh_without_backward, "tanh has no backward",
     "your tanh has no backward: it is a step like the others."},
    {inputs_exchanged, "inputs are exchanged", "`inputs` is in the order of the arguments: a, b."},
};

}  // namespace mistakes

// What people write instead.
#include <algorithm>

#include "tutorials/06_autograd/exercises/accumulate/accumulate.h"

namespace mistakes {
namespace {

enum {
  assigned = 1,
  same_input_once,
  oldest_first,
  result_not_set,
  result_goes_on,
  inner_not_cleared,
  leaves_cleared,
  begins_at_the_youngest,
  slope_alone,
  slope_added,
  unreached_too,
  leaf_result_assigned,
  stops_at_a_leaf,
  two_inputs,
  first_input,
  cleared_after_use,
  younger_kept,
  slope_of_the_input,
  grad_divided,
};

bool is(int mistake) { return check::mistake == mistake; }

}  // namespace

void accumulate(const Tape& tape, int result, std::vector<double>& grad) {
  const size_t last = static_cast<size_t>(result), size = tape.size();
  for (size_t v = 0; v < size; ++v) {
    const bool leaf = tape[v].empty(), kept = is(inner_not_cleared) && v != last;
    if (!leaf && !kept && !(is(result_goes_on) && v == last) && !(is(younger_kept) && v > last))
      grad[v] = 0;
    if (leaf && is(leaves_cleared)) grad[v] = 0;
  }
  std::vector<bool> reached(size, is(unreached_too));
  const size_t begin = is(begins_at_the_youngest) ? size - 1 : last;
  reached[begin] = true;
  if (!is(result_not_set)) grad[begin] += 1;
  if (is(leaf_result_assigned) && tape[begin].empty()) grad[begin] = 1;
  for (size_t step = 0; step <= begin; ++step) {
    const size_t v = is(oldest_first) ? step : begin - step;
    if (tape[v].empty() && is(stops_at_a_leaf)) return;
    if (!reached[v] && !is(oldest_first)) continue;
    for (size_t i = 0; i < tape[v].size(); ++i) {
      if ((is(two_inputs) && i >= 2) || (is(first_input) && i >= 1)) break;
      const Use& use = tape[v][i];
      const bool again = std::any_of(tape[v].begin(), tape[v].begin() + static_cast<long>(i),
                                     [&](const Use& other) { return other.input == use.input; });
      if (is(same_input_once) && again) continue;
      double& to = grad[static_cast<size_t>(use.input)];
      double dx = use.slope * grad[v];
      if (is(slope_alone)) dx = use.slope;
      if (is(slope_added)) dx = use.slope + grad[v];
      if (is(grad_divided)) dx = dx / static_cast<double>(tape[v].size());
      if (is(slope_of_the_input)) dx = tape[v][tape[v].size() - 1 - i].slope * grad[v];
      to = is(assigned) ? dx : to + dx;
      reached[static_cast<size_t>(use.input)] = true;
    }
    if (is(cleared_after_use) && !tape[v].empty()) grad[v] = 0;
  }
}

const std::vector<check::Mistake> list = {
    {assigned, "= for +=",
     "each path overwrites the one before. A value that is used several times gets the sum: +=."},
    {same_input_once, "an input that stands there twice counts once",
     "one value is both inputs of another, and you count it once. Both uses are paths."},
    {oldest_first, "from the oldest up",
     "you begin at value 0, which has nothing to hand on yet. Gradients come from the result: go "
     "down."},
    {result_not_set, "nothing to begin with",
     "everything is 0: the result's slope with itself is 1. Begin with that."},
    {result_goes_on, "the result's old grad",
     "you add 1 to what was in the result's grad before. Only leaves keep theirs: a second call "
     "would begin with 2."},
    {inner_not_cleared, "old grads between",
     "what is in the grad of a value that is no leaf, from an earlier call, is handed on once "
     "more. "
     "Set these to 0 first."},
    {leaves_cleared, "leaves are cleared",
     "you clear the leaves' grads. What was there stays, and this call adds to it."},
    {begins_at_the_youngest, "from the last value of the tape",
     "you begin at the last value of the tape. Begin at `result`: what is younger was not asked "
     "for."},
    {slope_alone, "the slope alone",
     "you hand on the slope of one step. Along a path slopes multiply: slope * grad[v]."},
    {slope_added, "slope + grad", "along a path slopes multiply. You add them."},
    {unreached_too, "0 * infinity",
     "a slope that the result does not depend on is infinite or NaN there, and 0 * infinity is not "
     "a number. Hand on only what has been reached."},
    {leaf_result_assigned, "a leaf as the result is assigned",
     "if the result is a leaf, 1 is added to its grad, as to that of any leaf. You assign it."},
    {stops_at_a_leaf, "the walk ends at a leaf",
     "you stop at the first leaf. It has nothing to hand on, but there are others below: continue, "
     "do not return or break."},
    {two_inputs, "two inputs at most",
     "you hand on to two inputs. There may be more: loop over tape[v]."},
    {first_input, "the first input alone", "only the first input of each value gets anything."},
    {cleared_after_use, "grads are cleared after use",
     "the leaves are right, but the grads of the values between are 0: they are asked for, too."},
    {younger_kept, "younger values keep their old grad",
     "a value younger than the result keeps what was in its grad. The result does not depend on "
     "it: "
     "0."},
    {slope_of_the_input, "slopes are exchanged",
     "the slopes of the inputs are exchanged: use.slope belongs to use.input."},
    {grad_divided, "shared out",
     "you share out the gradient among the inputs. Each gets all of it, times its slope."},
};

}  // namespace mistakes

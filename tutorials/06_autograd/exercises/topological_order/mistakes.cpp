// What people write instead.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <numeric>

#include "tutorials/06_autograd/exercises/topological_order/topological_order.h"

namespace mistakes {
namespace {

enum {
  as_found = 1,
  depth_first,
  by_number,
  by_number_down,
  inputs_first,
  all_values,
  without_the_result,
  without_the_leaves,
  every_path,
  seen_when_pushed,
  recursion,
  nearest_first,
  counted_from_outside,
  double_input_once,
  first_input_alone,
  a_leaf_is_nothing,
};

bool is(int mistake) { return check::mistake == mistake; }
using Inputs = std::vector<std::vector<int>>;
size_t at(int v) { return static_cast<size_t>(v); }

// A queue or a stack of values to look at; each goes to the list when it comes out.
std::vector<int> found_order(const Inputs& inputs, int result, bool stack) {
  std::vector<int> order, waiting = {result};
  std::vector<bool> seen(inputs.size());
  seen[at(result)] = true;
  for (size_t next = 0; stack ? !waiting.empty() : next < waiting.size();) {
    const int v = stack ? waiting.back() : waiting[next++];
    if (stack) waiting.pop_back();
    order.push_back(v);
    for (int input : inputs[at(v)])
      if (!seen[at(input)]) seen[at(input)] = true, waiting.push_back(input);
  }
  return order;
}

// Depth first: notes each value before or after what is below it.
std::vector<int> recursive(const Inputs& inputs, int result, bool before) {
  std::vector<int> order;
  std::vector<bool> seen(inputs.size());
  const std::function<void(int)> visit = [&](int v) {
    if (order.size() > 100000) std::_Exit(1);  // every_path, in the large graphs
    if (seen[at(v)] && !is(every_path)) return;
    seen[at(v)] = true;
    if (before) order.push_back(v);
    for (size_t i = 0; i < inputs[at(v)].size() && !(is(first_input_alone) && i > 0); ++i)
      visit(inputs[at(v)][i]);
    if (!before) order.push_back(v);
  };
  visit(result);
  if (!before && !is(inputs_first)) std::reverse(order.begin(), order.end());
  return order;
}

// Puts out a value when nobody is left who was made of it.
std::vector<int> by_counting(const Inputs& inputs, int result) {
  std::vector<int> counts(inputs.size()), order = {result};
  const std::vector<int> needed = found_order(inputs, result, false);
  const auto users = is(counted_from_outside) ? [&] {
    std::vector<int> all(inputs.size());
    std::iota(all.begin(), all.end(), 0);
    return all;
  }() : needed;
  for (int v : users)
    for (int input : inputs[at(v)]) ++counts[at(input)];
  for (size_t next = 0; next < order.size(); ++next) {
    std::vector<int> those = inputs[at(order[next])];
    if (is(double_input_once)) {
      std::sort(those.begin(), those.end());
      those.erase(std::unique(those.begin(), those.end()), those.end());
    }
    for (int input : those)
      if (--counts[at(input)] == 0) order.push_back(input);
  }
  return order;
}

}  // namespace

std::vector<int> topological_order(const Inputs& inputs, int result) {
  if (is(as_found)) return found_order(inputs, result, false);
  if (is(seen_when_pushed)) return found_order(inputs, result, true);
  if (is(depth_first)) return recursive(inputs, result, true);
  if (is(inputs_first) || is(every_path) || is(recursion) || is(first_input_alone))
    return recursive(inputs, result, false);
  if (is(a_leaf_is_nothing) && inputs[at(result)].empty()) return {};
  std::vector<int> order = by_counting(inputs, result);
  if (is(by_number)) std::sort(order.begin(), order.end());
  if (is(by_number_down)) std::sort(order.begin(), order.end(), std::greater<>());
  if (is(without_the_result)) order.erase(order.begin());
  if (is(without_the_leaves)) std::erase_if(order, [&](int v) { return inputs[at(v)].empty(); });
  if (is(all_values))
    for (size_t v = 0; v < inputs.size(); ++v)
      if (std::find(order.begin(), order.end(), static_cast<int>(v)) == order.end())
        order.push_back(static_cast<int>(v));
  if (is(nearest_first)) {
    std::vector<int> distance(inputs.size(), -1), found = found_order(inputs, result, false);
    distance[at(result)] = 0;
    for (int v : found)
      for (int input : inputs[at(v)])
        if (distance[at(input)] < 0) distance[at(input)] = distance[at(v)] + 1;
    std::sort(order.begin(), order.end(), [&](int a, int b) {
      return distance[at(a)] != distance[at(b)] ? distance[at(a)] < distance[at(b)] : a < b;
    });
  }
  return order;
}

const std::vector<check::Mistake> list = {
    {as_found, "in the order in which they are found",
     "you put out values as a queue finds them, so one that is near the result on one path comes "
     "before those that lead to it on another. It has to wait for everything that was made of it, "
     "and not only for what finds it first."},
    {depth_first, "noted before what is below",
     "you note a value when you come to it, and go down then. Note it when you are done with all "
     "that is below, and reverse the list in the end."},
    {by_number, "sorted by number", "the numbers say nothing of the order: go by `inputs` alone."},
    {by_number_down, "the largest number first",
     "you take it that a value has a larger number than its inputs. The numbers are in no order "
     "here."},
    {inputs_first, "inputs first",
     "each value stands behind its inputs: that is the order of the way there. Reverse it."},
    {all_values, "all values", "there are values in it that the result was not made of."},
    {without_the_result, "the result is missing", "the result itself comes first in the order."},
    {without_the_leaves, "leaves are missing",
     "values without inputs are missing. They are part of the order: the last."},
    {every_path, "every path is walked",
     "a value to which two paths lead stands there twice: remember which you have seen."},
    {seen_when_pushed, "a stack that notes when it pops",
     "a value comes into your list as soon as one of those that were made of it is there, and it "
     "has to wait for all of them. Either count, for each value, everything that was made of it "
     "(not only what finds it first); or note it when all below it is done, take it off your "
     "stack only then, and reverse the list."},
    {recursion, "a recursion",
     "all orders are right, but your function calls itself for each input, and the stack of a "
     "program ends after some ten thousand calls. Keep a stack of your own, in a std::vector."},
    {nearest_first, "by distance",
     "you sort by the shortest distance from the result. It is the longest one that counts."},
    {counted_from_outside, "users outside are counted",
     "you wait for values that were made of this one, but that the result was not made of: they "
     "never hand on anything. Count only what the result was made of."},
    {double_input_once, "a double input is counted twice and taken off once",
     "an input that stands there twice is counted twice, but taken off only once: it waits for "
     "ever."},
    {first_input_alone, "the first input alone", "you follow only the first input of each value."},
    {a_leaf_is_nothing, "a leaf has no order", "if the result is a leaf, the order is this leaf."},
};

}  // namespace mistakes

// Other ways to write it, as good.
#include <algorithm>

#include "tutorials/06_autograd/exercises/topological_order/topological_order.h"

namespace alternatives {
namespace {

using Inputs = std::vector<std::vector<int>>;
size_t at(int v) { return static_cast<size_t>(v); }

// Puts out a value when nobody is left who was made of it.
std::vector<int> by_counting(const Inputs& inputs, int result) {
  std::vector<int> users(inputs.size()), found = {result}, ready = {result}, order;
  std::vector<bool> seen(inputs.size());
  seen[at(result)] = true;
  for (size_t i = 0; i < found.size(); ++i)
    for (int input : inputs[at(found[i])]) {
      ++users[at(input)];
      if (!seen[at(input)]) seen[at(input)] = true, found.push_back(input);
    }
  while (!ready.empty()) {
    const int v = ready.back();
    ready.pop_back();
    order.push_back(v);
    for (int input : inputs[at(v)])
      if (--users[at(input)] == 0) ready.push_back(input);
  }
  return order;
}

// Depth first, with one stack on which each value lies twice: to be opened, and to be closed.
std::vector<int> opened_and_closed(const Inputs& inputs, int result) {
  std::vector<int> stack = {result}, order;
  std::vector<char> state(inputs.size());  // 1: opened, 2: closed
  while (!stack.empty()) {
    const int v = stack.back();
    if (state[at(v)] == 0) {
      state[at(v)] = 1;
      for (int input : inputs[at(v)])
        if (state[at(input)] == 0) stack.push_back(input);
    } else {
      stack.pop_back();
      if (state[at(v)] == 1) state[at(v)] = 2, order.insert(order.end(), v);
    }
  }
  return {order.rbegin(), order.rend()};
}

// By the longest distance from the result, which is set anew for as long as one grows.
std::vector<int> by_longest_distance(const Inputs& inputs, int result) {
  std::vector<int> distance(inputs.size(), -1), open = {result}, order;
  distance[at(result)] = 0;
  for (int level = 0; !open.empty(); ++level) {
    std::vector<int> next;
    for (int v : open)
      for (int input : inputs[at(v)])
        if (distance[at(input)] <= level) distance[at(input)] = level + 1, next.push_back(input);
    open = next;
  }
  for (size_t v = 0; v < inputs.size(); ++v)
    if (distance[v] >= 0) order.push_back(static_cast<int>(v));
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return distance[at(a)] < distance[at(b)]; });
  return order;
}

}  // namespace

const std::vector<check::Alternative<TopologicalOrder>> list = {
    {"by counting", by_counting},
    {"opened and closed on one stack", opened_and_closed},
    {"by the longest distance", by_longest_distance},
};

}  // namespace alternatives

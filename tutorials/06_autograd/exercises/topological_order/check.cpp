// What every valid order has, and no other.
#include <algorithm>
#include <string>

#include "tutorials/06_autograd/exercises/apart.h"
#include "tutorials/06_autograd/exercises/topological_order/topological_order.h"

namespace {

using Inputs = std::vector<std::vector<int>>;

// What is wrong with the order; empty if nothing is.
std::string wrong_with(const std::vector<int>& order, const Inputs& inputs, int result) {
  const auto at = [](int v) { return static_cast<size_t>(v); };
  const auto name = [](int v) { return "value " + std::to_string(v); };
  std::vector<int> place(inputs.size(), -1);
  for (size_t i = 0; i < order.size(); ++i) {
    const int v = order[i];
    if (v < 0 || at(v) >= inputs.size()) return "there is no " + name(v);
    if (place[at(v)] >= 0) return name(v) + " stands there twice";
    place[at(v)] = static_cast<int>(i);
  }
  std::vector<int> needed = {result};
  std::vector<bool> found(inputs.size());
  found[at(result)] = true;
  for (size_t i = 0; i < needed.size(); ++i) {
    if (place[at(needed[i])] < 0) return name(needed[i]) + " is missing";
    for (int input : inputs[at(needed[i])])
      if (!found[at(input)]) found[at(input)] = true, needed.push_back(input);
  }
  for (int v : order) {
    if (!found[at(v)]) return name(v) + ", which the result was not made of, is there";
    for (int input : inputs[at(v)])
      if (place[at(input)] < place[at(v)])
        return name(input) + " stands before " + name(v) + ", which was made of it";
  }
  return "";
}

std::string text(const std::vector<int>& order) {
  std::string words;
  for (size_t i = 0; i < order.size() && i < 12; ++i) words += " " + std::to_string(order[i]);
  return words.empty() ? " nothing" : words + (order.size() > 12 ? " ..." : "");
}

void check_order(TopologicalOrder* topological_order, check::Judge& judge) {
  const auto run = [&](const std::string& what, const Inputs& inputs, int result) {
    judge.input(what);
    const std::vector<int> order = topological_order(inputs, result);
    const std::string wrong = wrong_with(order, inputs, result);
    judge.that(wrong.empty(), what, wrong, "your order is" + text(order));
  };
  run("a leaf", {{}}, 0);
  run("a chain of four", {{1}, {2}, {3}, {}}, 0);
  run("the same chain, numbered from the leaf", {{}, {0}, {1}, {2}}, 3);
  run("the example of the task", {{}, {3, 2}, {3, 3}, {0, 0}}, 1);
  run("the example, inputs exchanged", {{}, {2, 3}, {3, 3}, {0, 0}}, 1);
  run("a diamond", {{1, 2}, {3}, {3}, {}}, 0);
  run("a diamond with a long side", {{5, 1}, {2}, {3}, {4}, {5}, {}}, 0);
  run("a diamond with a long side, exchanged", {{1, 5}, {2}, {3}, {4}, {5}, {}}, 0);
  run("one value twice", {{1, 1}, {2, 2, 2}, {}}, 0);
  run("values that the result was not made of", {{}, {0}, {0, 1}, {1}, {3, 2}}, 3);
  run("something else was made of an input", {{2}, {2, 0}, {3, 4}, {}, {}}, 0);
  run("two leaves, one far and one near", {{1, 4}, {2, 4}, {3, 4}, {5}, {}, {4}}, 0);
  run("a tangle", {{7, 3}, {5, 6}, {}, {2, 1}, {0, 1, 8}, {2, 6}, {2}, {3, 1, 5}, {7, 0, 2}}, 4);

  if (!judge.failures().empty()) return;  // the large ones take some time

  const auto large = [&](const std::string& what, const Inputs& inputs) {
    const std::string outcome =
        check::apart([&] { return wrong_with(topological_order(inputs, 0), inputs, 0).empty(); });
    judge.that(outcome.empty(), what, outcome);
  };
  static const Inputs chain = [] {
    Inputs made(50000);
    for (size_t v = 0; v + 1 < made.size(); ++v) made[v] = {static_cast<int>(v) + 1};
    return made;
  }();
  static const Inputs ladder = [] {
    Inputs made(100);
    for (int v = 0; v + 2 < 100; ++v) made[static_cast<size_t>(v)] = {v + 1, v + 2};
    return made;
  }();
  large("a chain of 50,000 values", chain);
  large("a ladder of 100 values, with 10^20 paths", ladder);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<TopologicalOrder>({.name = "topological_order",
                                       .check = check_order,
                                       .mine = mine::topological_order,
                                       .mistaken = mistakes::topological_order,
                                       .mistakes = mistakes::list,
                                       .alternatives = alternatives::list},
                                      argc, argv);
}

// How many nodes are left, what those look like that somebody holds, and whether long chains go.
#include <string>

#include "tutorials/06_autograd/exercises/apart.h"
#include "tutorials/06_autograd/exercises/release_graph/release_graph.h"

namespace {

using Handle = std::shared_ptr<GraphNode>;

Handle node(std::vector<Handle> inputs = {}) {
  Handle made = std::make_shared<GraphNode>();
  made->inputs = std::move(inputs);
  return made;
}

// `length` nodes above `end`, each with the one before among its inputs, of which it has `width`.
Handle chain(int length, Handle end = node(), int width = 1, int place = 0) {
  for (int i = 0; i < length; ++i) {
    Handle next = std::make_shared<GraphNode>();
    for (int k = 0; k < width; ++k) next->inputs.push_back(k == place ? std::move(end) : node());
    end = std::move(next);
  }
  return end;
}

// All that is below, as brackets.
std::string shape_of(const Handle& node) {
  if (!node) return "null";
  std::string text = "(";
  for (const Handle& input : node->inputs) text += shape_of(input);
  return text + ")";
}

void check_release(ReleaseGraph* release_graph, check::Judge& judge) {
  // `held` is what somebody else holds, and has `left` nodes in all.
  const auto run = [&](const std::string& what, Handle top, const Handle& kept = nullptr,
                       int64_t left = 0) {
    judge.input(what);
    const std::string before = shape_of(kept);
    release_graph(top);
    judge.that(top == nullptr, what + ": the result", "it is not null");
    judge.equal(what + ": what is held elsewhere", shape_of(kept), before);
    judge.equal(what + ": how many nodes are left", GraphNode::alive, left);
  };
  GraphNode::alive = 0;
  run("null", nullptr);
  run("one node", node());
  run("a chain of ten", chain(9));
  Handle result, held, end;
  const auto four = [] { return node({node(), node({node()})}); };
  // Lists in braces hold copies of what stands in them up to the end of their statement.
  end = four(), result = node({node({end}), node({end})}), end.reset();
  run("a diamond", std::move(result));
  end = four(), result = node({end, end}), end.reset();
  run("one node twice", std::move(result));
  end = four(), result = node({end, chain(5, end)}), end.reset();
  run("a diamond with a long side", std::move(result));
  held = four(), result = chain(4, held);
  run("a node in the middle is held", std::move(result), held, 4);
  result = node({held, chain(3, held)});
  run("a node is held that two paths lead to", std::move(result), held, 4);
  held = chain(3, held), result = held;
  run("the result itself is held", std::move(result), held, 7);
  held = node(), result = chain(3, held), held = chain(2, held);
  run("a leaf that another graph needs, too", std::move(result), held, 3);
  held = chain(3), result = node({held->inputs[0], node(), held->inputs[0]});
  run("all below one input is held, and twice", std::move(result), held, 4);
  if (!judge.failures().empty()) return;  // the large ones take some time

  const auto large = [&](const std::string& what, Handle (*make)()) {
    const std::string outcome = check::apart([&] {
      GraphNode::alive = 0;
      Handle top = make();
      release_graph(top);
      if (GraphNode::alive == 0) return true;
      _exit(41);  // the graph that is left would be let go by its destructors
    });
    judge.that(outcome.empty(), what,
               outcome == "the answer is wrong" ? "there are nodes left" : outcome);
  };
  large("a long chain", [] { return chain(50000); });
  large("a long chain along the first of three inputs", [] { return chain(30000, node(), 3, 0); });
  large("a long chain along the third", [] { return chain(30000, node(), 3, 2); });
  large("a long chain below a diamond", [] {
    const Handle low = chain(30000);
    return node({node({low}), node({low})});
  });
  large("a ladder with 10^20 paths", [] {
    Handle one = node(), two = node({one});
    for (int i = 0; i < 100; ++i) {
      Handle next = node({two, one});
      one = std::move(two), two = std::move(next);
    }
    return two;
  });
  if (judge.failures().empty()) large("a chain of 200,000", [] { return chain(200000); });
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<ReleaseGraph>({.name = "release_graph",
                                   .check = check_release,
                                   .mine = mine::release_graph,
                                   .mistaken = mistakes::release_graph,
                                   .mistakes = mistakes::list,
                                   .alternatives = alternatives::list},
                                  argc, argv);
}

// What people write instead.
#include <csignal>
#include <set>
#include <stdexcept>

#include "tutorials/06_autograd/exercises/release_graph/release_graph.h"

namespace mistakes {
namespace {

enum {
  nothing_done = 1,
  by_destructors,
  held_are_emptied,
  held_are_moved_from,
  held_results_are_emptied,
  first_input_alone,
  last_input_alone,
  result_not_null,
  counts_taken_at_once,
  stops_at_the_first_held,
  never_freed,
  null_throws,
  every_path,
  leaves_with_others,
};

bool is(int mistake) { return check::mistake == mistake; }
using Handle = std::shared_ptr<GraphNode>;

// Finds all nodes first, and empties those that have one handle now.
void in_two_steps(Handle& result) {
  std::vector<Handle> found = {std::move(result)};
  std::set<GraphNode*> seen = {found[0].get()};
  for (size_t i = 0; i < found.size(); ++i)
    for (const Handle& input : found[i]->inputs)
      if (seen.insert(input.get()).second) found.push_back(input);
  std::vector<bool> ours;
  for (const Handle& node : found) ours.push_back(node.use_count() <= (node == found[0] ? 1 : 2));
  for (size_t i = 0; i < found.size(); ++i)
    if (ours[i]) found[i]->inputs.clear();
  while (!found.empty()) found.pop_back();
}

std::vector<Handle>& attic() {
  static std::vector<Handle>* const kept = new std::vector<Handle>;
  return *kept;
}

}  // namespace

void release_graph(Handle& result) {
  if (is(null_throws) && !result) throw std::invalid_argument("no graph");
  if (is(nothing_done) || !result) return;
  if (is(by_destructors)) return result.reset();
  if (is(counts_taken_at_once)) return in_two_steps(result);
  std::vector<Handle> waiting = {is(result_not_null) ? std::make_shared<GraphNode>() : result};
  if (is(result_not_null)) std::swap(waiting[0], result);
  else result.reset();
  bool top = true;
  int steps = 0;
  while (!waiting.empty()) {
    if (++steps > 3000000) std::raise(SIGXCPU);  // every_path, which would never end
    const Handle node = std::move(waiting.back());
    waiting.pop_back();
    const bool ours = node.use_count() == 1;
    if (!ours && is(stops_at_the_first_held)) break;
    const bool empties = ours || is(held_are_emptied) || is(held_are_moved_from) ||
                         (top && is(held_results_are_emptied));
    top = false;
    if (is(every_path)) {
      for (const Handle& input : node->inputs) waiting.push_back(input);
      if (ours) node->inputs.clear();
      continue;
    }
    if (!empties) continue;
    if (is(never_freed)) attic().push_back(node);
    if (is(leaves_with_others) && node->inputs.empty() && node != result) attic().push_back(node);
    if (is(first_input_alone) && !node->inputs.empty()) {
      waiting.push_back(std::move(node->inputs[0]));
      continue;
    }
    if (is(last_input_alone) && !node->inputs.empty()) {
      waiting.push_back(std::move(node->inputs.back()));
      continue;
    }
    for (Handle& input : node->inputs)
      if (input) waiting.push_back(std::move(input));
    if (!is(held_are_moved_from)) node->inputs.clear();
  }
}

const std::vector<check::Mistake> list = {
    {nothing_done, "nothing is done", "the result is still there: you do nothing yet."},
    {by_destructors, "by the destructors",
     "everything goes, but by the destructors, one inside the other: some ten thousand of them are "
     "more than a stack can hold. Take a node's inputs away before it dies, and its inputs' "
     "inputs, all the way down."},
    {held_are_emptied, "held nodes lose their inputs",
     "you take the inputs from a node that somebody else holds. Its gradients would vanish, and no "
     "error would say so. Look at use_count() first."},
    {held_are_moved_from, "held nodes have null inputs",
     "you move the inputs out of a node that somebody else holds, which is left with null "
     "pointers. Look at use_count() first."},
    {held_results_are_emptied, "a held result loses its inputs",
     "you take the inputs from the result without looking whether somebody else holds it."},
    {first_input_alone, "the first input alone",
     "you take away only the first input. The others go by destructors, one inside the other."},
    {last_input_alone, "the last input alone",
     "you take away only the last input. The others go by destructors, one inside the other."},
    {result_not_null, "the result is not null", "`result` is to be null afterwards."},
    {counts_taken_at_once, "counted once, at the beginning",
     "you look at all counts before the first node has gone. At the end of a diamond there are two "
     "handles then, and one later: look again when it is the node's turn."},
    {stops_at_the_first_held, "ends at the first that is held",
     "you end the loop at the first node that has another handle. There are others in your list: "
     "continue with these."},
    {never_freed, "kept elsewhere", "nodes are left: you hold a handle to each of them somewhere."},
    {null_throws, "null throws", "null is a graph, too: of no nodes. Return."},
    {every_path, "every path is walked",
     "you go on to the inputs of a node although yours is not its last handle, so each path is "
     "walked. Let go of the handle, and go on when the last one comes."},
    {leaves_with_others, "leaves are kept", "leaves are left: who holds a handle to them?"},
};

}  // namespace mistakes

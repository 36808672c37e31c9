// Other ways to write it, as good.
#include <deque>
#include <iterator>

#include "tutorials/06_autograd/exercises/release_graph/release_graph.h"

namespace alternatives {
namespace {

using Handle = std::shared_ptr<GraphNode>;

// Level by level, with a queue.
void queue(Handle& result) {
  std::deque<Handle> waiting;
  if (result) waiting.push_back(std::exchange(result, nullptr));
  for (; !waiting.empty(); waiting.pop_front()) {
    if (waiting.front().use_count() > 1) continue;
    std::vector<Handle> inputs;
    inputs.swap(waiting.front()->inputs);
    for (Handle& input : inputs) waiting.push_back(std::move(input));
  }
}

// Only what has one handle when it is found is put into the list; the others are let go at once.
void looked_at_before(Handle& result) {
  std::vector<Handle> list;
  const auto let_go = [&](Handle& handle) {
    if (handle && handle.use_count() == 1) list.push_back(std::move(handle));
    handle.reset();
  };
  let_go(result);
  while (!list.empty()) {
    const Handle node = std::move(list.back());
    list.pop_back();
    for (Handle& input : node->inputs) let_go(input);
  }
}

// The inputs are moved to the end of the one list that is left, all at once.
void one_list(Handle& result) {
  std::vector<Handle> handles(1);
  handles[0].swap(result);
  do {
    Handle node;
    node.swap(handles.back());
    handles.pop_back();
    if (!node || node.use_count() != 1) continue;
    std::vector<Handle> inputs = std::move(node->inputs);
    handles.insert(handles.end(), std::make_move_iterator(inputs.begin()),
                   std::make_move_iterator(inputs.end()));
  } while (!handles.empty());
}

}  // namespace

const std::vector<check::Alternative<ReleaseGraph>> list = {
    {"level by level, with a queue", queue},
    {"looked at before it is put into the list", looked_at_before},
    {"all inputs moved at once", one_list},
};

}  // namespace alternatives

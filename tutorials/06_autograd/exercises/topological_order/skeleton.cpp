// An order for the walk back; task.md in tutorials/06_autograd/exercises/topological_order says
// what is asked.
#include <cstddef>
#include <vector>

namespace mine {

// inputs[v] is what value v was made of. All values that the result was made of, and itself: each
// once, and before its inputs.
std::vector<int> topological_order(const std::vector<std::vector<int>>& inputs, int result) {
  // TODO
  (void)inputs, (void)result;
  return {};
}

}  // namespace mine

// An order for the walk back.
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace mine {

// inputs[v] is what value v was made of. All values that the result was made of, and itself: each
// once, and before its inputs.
std::vector<int> topological_order(const std::vector<std::vector<int>>& inputs, int result) {
  std::vector<int> finished;  // each after all that it was made of
  std::vector<bool> seen(inputs.size());
  // A value, and how many of its inputs have been looked at.
  std::vector<std::pair<int, size_t>> path = {{result, 0}};
  while (!path.empty()) {
    auto& [v, next] = path.back();
    const std::vector<int>& its_inputs = inputs[static_cast<size_t>(v)];
    if (next == its_inputs.size()) {
      finished.push_back(v);
      path.pop_back();
    } else {
      const int input = its_inputs[next++];
      if (seen[static_cast<size_t>(input)]) continue;
      seen[static_cast<size_t>(input)] = true;
      path.emplace_back(input, 0);
    }
  }
  std::reverse(finished.begin(), finished.end());
  return finished;
}

}  // namespace mine

// The walk back over a tape.
#include <cstddef>
#include <vector>

#include "tutorials/06_autograd/exercises/accumulate/tape.h"

namespace mine {

// Adds d(result) / d(leaf) to grad[leaf] of every leaf; grad[v] of every other value becomes
// d(result) / d(v), whatever it was before.
void accumulate(const Tape& tape, int result, std::vector<double>& grad) {
  std::vector<bool> reached(tape.size());
  for (size_t v = 0; v < tape.size(); ++v)
    if (!tape[v].empty()) grad[v] = 0;
  const auto last = static_cast<size_t>(result);
  reached[last] = true;
  grad[last] += 1;
  for (size_t v = last + 1; v-- > 0;) {
    if (!reached[v]) continue;
    for (const Use& use : tape[v]) {
      const auto input = static_cast<size_t>(use.input);
      grad[input] += use.slope * grad[v];
      reached[input] = true;
    }
  }
}

}  // namespace mine

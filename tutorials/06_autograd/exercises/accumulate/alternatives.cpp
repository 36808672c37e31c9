// Other ways to write it, as good.
#include <map>
#include <queue>

#include "tutorials/06_autograd/exercises/accumulate/accumulate.h"

namespace alternatives {
namespace {

bool is_leaf(const Tape& tape, int v) { return tape[static_cast<size_t>(v)].empty(); }

// As scalar.h does it: the youngest that waits is next.
void youngest_first(const Tape& tape, int result, std::vector<double>& grad) {
  std::map<int, double, std::greater<>> waiting = {{result, 1}};
  for (size_t v = 0; v < tape.size(); ++v)
    if (!tape[v].empty()) grad[v] = 0;
  for (auto at = waiting.begin(); at != waiting.end(); at = waiting.erase(at)) {
    const auto [v, slope] = *at;
    grad[static_cast<size_t>(v)] += slope;
    for (const Use& use : tape[static_cast<size_t>(v)]) waiting[use.input] += slope * use.slope;
  }
}

// All gradients of this call in a vector of their own, and a queue of numbers.
void apart(const Tape& tape, int result, std::vector<double>& grad) {
  std::vector<double> now(tape.size());
  std::vector<bool> queued(tape.size());
  std::priority_queue<int> queue;
  const auto push = [&](int v, double slope) {
    const auto at = static_cast<size_t>(v);
    now[at] += slope;
    if (!queued[at]) queue.push(v), queued[at] = true;
  };
  push(result, 1);
  while (!queue.empty()) {
    const auto v = static_cast<size_t>(queue.top());
    queue.pop();
    for (size_t i = tape[v].size(); i-- > 0;) push(tape[v][i].input, tape[v][i].slope * now[v]);
  }
  for (size_t v = 0; v < tape.size(); ++v)
    grad[v] = is_leaf(tape, static_cast<int>(v)) ? grad[v] + now[v] : now[v];
}

// Each value collects from all that were made of it.
void collecting(const Tape& tape, int result, std::vector<double>& grad) {
  const auto last = static_cast<size_t>(result);
  std::vector<std::vector<std::pair<size_t, double>>> users(tape.size());
  for (size_t v = 0; v < tape.size(); ++v)
    for (const Use& use : tape[v]) users[static_cast<size_t>(use.input)].emplace_back(v, use.slope);
  std::vector<long double> now(tape.size());
  std::vector<bool> needed(tape.size());
  for (size_t v = tape.size(); v-- > 0;) {
    if (v == last) now[v] = 1, needed[v] = true;
    for (const auto& [user, slope] : users[v])
      if (v < last && needed[user]) now[v] += slope * now[user], needed[v] = true;
    grad[v] = static_cast<double>(now[v]) + (tape[v].empty() ? grad[v] : 0);
  }
}

}  // namespace

const std::vector<check::Alternative<Accumulate>> list = {
    {"the youngest that waits is next", youngest_first},
    {"in a vector of its own, with a queue", apart},
    {"each value collects", collecting},
};

}  // namespace alternatives

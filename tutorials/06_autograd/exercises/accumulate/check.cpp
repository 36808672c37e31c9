// Each tape against slopes that are summed by another rule: from the oldest value up, for one leaf
// at a time. Grads are full of other numbers before the call.
#include <cmath>
#include <limits>
#include <string>

#include "tutorials/06_autograd/exercises/accumulate/accumulate.h"

namespace {

// Which values does the result depend on?
std::vector<bool> below(const Tape& tape, int result) {
  std::vector<bool> found(tape.size());
  found[static_cast<size_t>(result)] = true;
  for (size_t v = tape.size(); v-- > 0;)
    for (const Use& use : tape[v])
      if (found[v]) found[static_cast<size_t>(use.input)] = true;
  return found;
}

// d(result) / d(from), forwards.
double slope_of(const Tape& tape, int result, size_t from, const std::vector<bool>& found) {
  std::vector<double> slope(tape.size());
  slope[from] = 1;
  for (size_t v = from + 1; v < tape.size(); ++v)
    for (const Use& use : tape[v])
      if (found[v]) slope[v] += use.slope * slope[static_cast<size_t>(use.input)];
  return slope[static_cast<size_t>(result)];
}

std::vector<double> expected_of(const Tape& tape, int result, const std::vector<double>& before) {
  const std::vector<bool> found = below(tape, result);
  std::vector<double> grad(tape.size());
  for (size_t v = 0; v < tape.size(); ++v) {
    const double slope = found[v] ? slope_of(tape, result, v, found) : 0;
    grad[v] = tape[v].empty() ? before[v] + slope : slope;
  }
  return grad;
}

void check_tape(Accumulate* accumulate, check::Judge& judge, const std::string& what,
                const Tape& tape, int result, std::vector<double> grad) {
  judge.input(what);
  const cairn::Shape shape = {static_cast<int64_t>(tape.size())};
  for (const char* call : {"", ", the second call"}) {
    const std::vector<double> expected = expected_of(tape, result, grad);
    accumulate(tape, result, grad);
    judge.equal(what + call, grad, expected, shape);
    if (grad.size() != tape.size()) return;
    grad = expected;
  }
}

// Each value is made of the one before, by these uses, whose slopes add up to 1.
Tape chain(size_t size, const std::vector<Use>& uses) {
  Tape tape(size, uses);
  tape[0].clear();
  for (size_t v = 1; v < size; ++v)
    for (Use& use : tape[v]) use.input = static_cast<int>(v) - 1;
  return tape;
}

void check_large(Accumulate* accumulate, check::Judge& judge, const std::string& what,
                 const Tape& tape) {
  judge.input(what);
  std::vector<double> grad(tape.size());
  accumulate(tape, static_cast<int>(tape.size()) - 1, grad);
  judge.equal(what, {grad.at(0)}, {1}, {1});
}

void check_accumulate(Accumulate* accumulate, check::Judge& judge) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = HUGE_VAL;
  const auto run = [&](const std::string& what, const Tape& tape, int result,
                       const std::vector<double>& grad) {
    check_tape(accumulate, judge, what, tape, result, grad);
  };
  run("a chain of three", {{}, {{0, 2}}, {{1, -3}}}, 2, {0, 0, 0});
  run("x x + x", {{}, {{0, 3}, {0, 3}}, {{1, 1}, {0, 1}}}, 2, {0, 0, 0});
  run("two leaves", {{}, {}, {{0, 5}, {1, 2}}}, 2, {0, 0, 0});
  run("leaves that have a grad already", {{}, {}, {{0, 5}, {1, 2}}}, 2, {10, -20, 0});
  run("grads of other values are left from before", {{}, {{0, 2}}, {{1, 3}}}, 2, {0, 50, 60});
  run("a diamond", {{}, {{0, 2}}, {{1, 3}}, {{1, 5}}, {{2, 1}, {3, 1}}}, 4, {1, 0, 0, 0, 0});
  run("a diamond, the longer side younger", {{}, {{0, 2}}, {{1, 4}}, {{1, 1}, {2, 1}}}, 3,
      {0, 0, 0, 0});
  run("two diamonds", {{}, {{0, 2}, {0, -3}}, {{0, 7}, {1, 2}}, {{1, 0.5}, {2, 3}, {0, 1}}}, 3,
      {0, 9, 9, 9});
  run("four inputs", {{}, {}, {{0, 1}, {1, 2}, {0, 3}, {1, 4}}}, 2, {0, 0, 0});
  run("the result is not the youngest", {{}, {{0, 2}}, {{1, 3}}, {{2, 4}}}, 1, {0, 7, 7, 7});
  run("a leaf between", {{}, {{0, 2}}, {}, {{1, 3}, {2, 5}}}, 3, {0, 0, 0, 0});
  run("a part that the result does not need", {{}, {}, {{1, 4}}, {{0, 2}}}, 3, {1, 2, 0, 0});
  run("infinite slopes there", {{}, {{0, inf}}, {{0, nan}, {1, inf}}, {{0, 2}}}, 3, {1, 0, 0, 0});
  run("the result is a leaf", {{}, {}, {{0, 2}}}, 1, {3, 4, 5});
  run("one value", {{}}, 0, {0});
  static const Tape long_chain = chain(200000, {{0, 1}});
  static const Tape doublings = chain(1000, {{0, 0.5}, {0, 0.5}});
  check_large(accumulate, judge, "200,000 values in a chain", long_chain);
  check_large(accumulate, judge, "a thousand doublings", doublings);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Accumulate>({.name = "accumulate",
                                 .check = check_accumulate,
                                 .mine = mine::accumulate,
                                 .mistaken = mistakes::accumulate,
                                 .mistakes = mistakes::list,
                                 .alternatives = alternatives::list},
                                argc, argv);
}

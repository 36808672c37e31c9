// What each line needs has to be there before it.
#include <algorithm>

#include "tutorials/01_scaled_dot_product_attention/exercises/order_of_softmax/order_of_softmax.h"

namespace {

void check_order(Order* order, check::Judge& judge) {
  std::string lines = order();
  std::erase(lines, ' ');
  const auto count = [&](char letter) { return std::count(lines.begin(), lines.end(), letter); };
  const auto before = [&](char first, char second) {
    return lines.find(first) < lines.find(second);
  };
  const bool letters = lines.find_first_not_of("ABCDE") == std::string::npos;
  judge.that(letters && !lines.empty(), "the letters", "expected letters from A to E in capitals");
  if (!letters || lines.empty()) return;

  judge.that(count('E') == 0, "line E", "y is divided by n, and no longer sums to one");
  for (const char* letter : {"A", "B", "C", "D"}) {
    const std::string name = std::string("line ") + letter;
    judge.that(count(*letter) > 0, name, "it is missing, and is needed");
    judge.that(count(*letter) < 2, name, "it stands there twice");
  }
  if (!judge.failures().empty()) return;
  judge.that(before('B', 'D'), "line D reads m", "and B, which finds m, comes later");
  judge.that(before('C', 'D'), "line D adds to sum", "and C, which sets it to 0, comes later");
  judge.that(before('D', 'A'), "line A divides by sum", "and D, which makes it, comes later");
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Order>({.name = "order_of_softmax",
                            .check = check_order,
                            .mine = mine::order,
                            .mistaken = mistakes::order,
                            .mistakes = mistakes::list,
                            .alternatives = alternatives::list},
                           argc, argv);
}

// What has to come before what. Several orders are right: the gradients may be dropped anywhere
// but between backward and step, and the rate may be computed anywhere before the step.
#include "tutorials/11_fine_tuning/exercises/order_of_step/order_of_step.h"
#include "tutorials/check/quiz.h"

namespace {

void check_order(OrderOfStep* order_of_step, check::Judge& judge) {
  const std::string letters = check::order_of(order_of_step(), "ABCDEFG", judge);
  if (letters.empty()) return;
  const auto before = [&](char first, char second) {
    return letters.find(first) < letters.find(second);
  };
  const auto holds = [&](bool does, const char* what) {
    judge.that(does, what, "not in your order", letters);
  };
  holds(before('F', 'C'), "`logits` is made before it is used");
  holds(before('C', 'D'), "`loss` is made before it is used");
  holds(before('B', 'A'), "`scale` is made before it is used");
  holds(before('G', 'A'), "`rate` is made before it is used");
  holds(before('D', 'A'), "the parameters move along gradients that this batch has made");
  holds(before('D', 'B'), "what is measured for clipping is this batch's gradient");
  holds(before('E', 'D') || before('A', 'E'), "the gradients reach the step");
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<OrderOfStep>({.name = "order_of_step",
                                  .check = check_order,
                                  .mine = mine::order_of_step,
                                  .mistaken = mistakes::order_of_step,
                                  .mistakes = mistakes::list,
                                  .alternatives = alternatives::list},
                                 argc, argv);
}

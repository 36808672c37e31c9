// What has to come before what, from the most general to the one order that is left.
#include "tutorials/03_encoder_block/exercises/order_of_block/order_of_block.h"
#include "tutorials/check/quiz.h"

namespace {

void check_order(OrderOfBlock* order_of_block, check::Judge& judge) {
  const std::string letters = check::order_of(order_of_block(), "ABCDEF", judge);
  if (letters.empty()) return;
  const auto comes_before = [&](char first, char second, const std::string& why) {
    judge.that(letters.find(first) < letters.find(second), why);
  };
  comes_before('D', 'F', "`mixed` is made before it is used");
  comes_before('A', 'C', "`hidden` is made before it is used");
  comes_before('D', 'A', "attention comes first, feed-forward second");
  comes_before('F', 'A', "feed-forward reads what attention has been added to");
  comes_before('F', 'B', "the first norm is over the sum");
  comes_before('B', 'A', "feed-forward reads what the first norm has made");
  comes_before('C', 'E', "the second norm is over the sum");
  comes_before('B', 'E', "each norm has its own weights");
  judge.answer("the order of all six lines", letters, letters == "DFBACE");
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<OrderOfBlock>({.name = "order_of_block",
                                   .check = check_order,
                                   .mine = mine::order_of_block,
                                   .mistaken = mistakes::order_of_block,
                                   .mistakes = mistakes::list,
                                   .alternatives = alternatives::list},
                                  argc, argv);
}

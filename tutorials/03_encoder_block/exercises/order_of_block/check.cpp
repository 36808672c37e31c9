// What has to come before what, from the most general to the one order that is left.
#include <algorithm>
#include <cctype>

#include "tutorials/03_encoder_block/exercises/order_of_block/order_of_block.h"

namespace {

// The letters alone, as capitals.
std::string letters_of(const std::string& text) {
  std::string letters;
  for (const char c : text)
    if (std::isalpha(static_cast<unsigned char>(c)))
      letters += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return letters;
}

void check_order(OrderOfBlock* order_of_block, check::Judge& judge) {
  const std::string letters = letters_of(order_of_block());
  std::string sorted = letters;
  std::sort(sorted.begin(), sorted.end());
  if (sorted != "ABCDEF") {
    const bool others = letters.find_first_not_of("ABCDEF") != std::string::npos;
    judge.that(false, "the letters A to F, each once",
               letters.empty()      ? "you say nothing yet"
               : others             ? "there is a letter that is none of them"
               : letters.size() < 6 ? "there are fewer than six letters"
               : letters.size() > 6 ? "there are more than six letters"
                                    : "there is a letter twice",
               letters);
    return;
  }
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

// What may not be among the letters, and then what has to be.
#include <cctype>

#include "tutorials/08_optimisers/exercises/zero_grad_places/zero_grad_places.h"

namespace {

void check_places(Places* zero_grad_places, check::Judge& judge) {
  const std::string given = zero_grad_places();
  std::string letters;
  bool known = true;
  for (const char c : given) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isspace(letter) || c == ',') continue;
    letters += static_cast<char>(std::toupper(letter));
    known &= letters.back() >= 'A' && letters.back() <= 'G';
  }
  const auto has = [&](char letter) { return letters.find(letter) != std::string::npos; };
  judge.answer("letters from A to G", given, !letters.empty() && known);
  if (letters.empty() || !known) return;
  judge.that(!has('C'), "in all that you name, a step finds a gradient",
             "in one of them it does not");
  judge.that(!has('E'), "in all that you name, a step takes no gradient that a step has taken",
             "in one of them it does");
  judge.that(!has('G'), "in all that you name, a step takes all batches since the step before",
             "in one of them it takes some of them");
  judge.that(has('A') && has('B') && has('D'),
             "all loops that are right, with a step for each batch", "one is missing");
  judge.that(has('F'), "all loops that are right, with a step for several batches",
             "one is missing");
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Places>({.name = "zero_grad_places",
                             .check = check_places,
                             .mine = mine::zero_grad_places,
                             .mistaken = mistakes::zero_grad_places,
                             .mistakes = mistakes::list,
                             .alternatives = alternatives::list},
                            argc, argv);
}

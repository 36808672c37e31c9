// Each of the four numbers by itself, so that each wrong one has its hint.
#include <cstdlib>
#include <sstream>

#include "tutorials/04_real_checkpoint/exercises/read_the_bytes/read_the_bytes.h"

namespace {

void check_read_the_bytes(Answer* read_the_bytes, check::Judge& judge) {
  const std::string given = read_the_bytes();
  std::istringstream text(given);
  std::vector<std::string> numbers;
  for (std::string number; text >> number;) numbers.push_back(number);
  const bool decimal = given.find_first_not_of("0123456789.-+ \t\r\n") == std::string::npos;
  const bool four = decimal && numbers.size() == 4;
  judge.answer("four decimal numbers, with spaces between them and nothing else", given, four);
  if (!four) return;
  const double expected[] = {112, 128, 144, 4};
  const char* const questions[] = {"1. the length of the header", "2. where b begins",
                                   "3. where b[1][1] begins", "4. the value of b[1][0]"};
  for (size_t i = 0; i < 4; ++i)
    judge.answer(questions[i], numbers[i], std::strtod(numbers[i].c_str(), nullptr) == expected[i]);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Answer>({.name = "read_the_bytes",
                             .check = check_read_the_bytes,
                             .mine = mine::read_the_bytes,
                             .mistaken = mistakes::read_the_bytes,
                             .mistakes = mistakes::list,
                             .alternatives = alternatives::list},
                            argc, argv);
}

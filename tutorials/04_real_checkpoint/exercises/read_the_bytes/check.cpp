// Each of the four numbers by itself, so that each wrong one has its hint.
#include <sstream>

#include "tutorials/04_real_checkpoint/exercises/read_the_bytes/read_the_bytes.h"

namespace {

void check_read_the_bytes(Answer* read_the_bytes, check::Judge& judge) {
  std::istringstream words(read_the_bytes());
  std::vector<double> numbers;
  for (double number; words >> number;) numbers.push_back(number);
  judge.equal("how many numbers there are", static_cast<int64_t>(numbers.size()), 4);
  numbers.resize(4);
  const double expected[] = {112, 128, 144, 4};
  const char* const names[] = {"the length of the header", "where b begins", "where b[1][1] begins",
                               "the value of b[1][0]"};
  for (size_t i = 0; i < 4; ++i)
    judge.equal(names[i], std::vector<check::real>{numbers[i]}, {expected[i]}, {1});
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

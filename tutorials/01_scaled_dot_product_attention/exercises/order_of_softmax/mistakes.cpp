// What people answer instead.
#include "tutorials/01_scaled_dot_product_attention/exercises/order_of_softmax/order_of_softmax.h"

namespace mistakes {
namespace {

struct Answer {
  const char *order, *name, *hint;
};

const Answer answers[] = {
    {"BDA1", "not letters", "write the letters A to E alone, such as \"A B C D\"."},
    {"BCDAE", "divided by n as well",
     "the weights sum to one as soon as they are divided by their sum. Divided by n too, they "
     "would "
     "sum to 1/n."},
    {"BCDE", "E in the place of A",
     "E divides what is in y already, and without A nothing has been written there. Which line "
     "makes weights that sum to one?"},
    {"CDA", "no maximum",
     "without B there is no m. It may be left out of the mathematics, for it cancels, but then e^x "
     "overflows from x = 89 on in float."},
    {"BDA", "the sum is not set", "sum += adds to what is there. What is there before C?"},
    {"BCA", "no sum", "A divides by a sum that nobody has added up."},
    {"BCD", "no quotients", "nothing writes y. Which line does?"},
    {"BCDDA", "the sum is made twice",
     "D is there twice, so the sum is twice as large and the weights sum to one half."},
    {"CDBA", "the sum before the maximum",
     "D subtracts m from each x, and m is found later. Both D and A have to use the same m, or it "
     "does not cancel."},
    {"BDCA", "the sum is lost", "C sets the sum to 0 after D has made it: A divides by zero."},
    {"BCAD", "quotients before the sum",
     "A divides by sum while it is still 0. The whole row has to be added up first, which is why a "
     "softmax needs at least two passes."},
};

}  // namespace

std::string order() { return answers[check::mistake - 1].order; }

const std::vector<check::Mistake> list = [] {
  std::vector<check::Mistake> all;
  for (const Answer& answer : answers)
    all.push_back({static_cast<int>(all.size()) + 1, answer.name, answer.hint});
  return all;
}();

}  // namespace mistakes

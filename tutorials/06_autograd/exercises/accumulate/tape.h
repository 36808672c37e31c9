#pragma once
// What a computation is in this exercise.
#include <vector>

// An input of a value, by its number, and the value's slope with it.
struct Use {
  int input;
  double slope;
};
// tape[v] is what value v was made of: nothing for a leaf. Inputs are older, and older values have
// smaller numbers.
using Tape = std::vector<std::vector<Use>>;

#pragma once
// What a number is in this exercise.
#include <functional>
#include <memory>
#include <vector>

// A number that knows its way back, as micrograd has it.
struct Number {
  double data = 0;
  double grad = 0;                              // d(result) / d(this)
  std::vector<std::shared_ptr<Number>> inputs;  // what it was made of, in order
  std::function<void()> backward;               // adds to the inputs' grads; empty for a leaf
};
using Handle = std::shared_ptr<Number>;

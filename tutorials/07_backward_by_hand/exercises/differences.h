#pragma once
// Gradients by central differences, which know nothing of a formula for the way back.
#include <vector>

#include "tutorials/check/check.h"

// The gradient of loss(x) by each number of x, which is moved both ways by h. In long double it is
// right to about 1e-11 for a loss whose third derivative is of size 1.
template <class Loss>
std::vector<cairn::real> differences(const std::vector<cairn::real>& x, const Loss& loss) {
  const long double h = 1e-6L;
  std::vector<long double> moved(x.begin(), x.end());
  std::vector<cairn::real> gradient;
  for (long double& number : moved) {
    const long double before = number;
    number = before + h;
    const long double above = loss(moved);
    number = before - h;
    const long double below = loss(moved);
    number = before;
    gradient.push_back(static_cast<cairn::real>((above - below) / (2 * h)));
  }
  return gradient;
}

#pragma once
// What the program, its figures and chain_rule.cpp share.
#include <cmath>

#include "tutorials/06_autograd/scalar.h"

// [neuron]
// How far one neuron is off: (tanh(w x + b) - 1)^2 at x = 2.
inline Scalar loss_of(const Scalar& w, const Scalar& b) {
  const Scalar x = scalar(2), minus_one = scalar(-1);
  const Scalar off = tanh(w * x + b) + minus_one;
  return off * off;
}
// [/neuron]

// [differences]
// How far the difference quotient of x^3 at 1.1 is from 3 x^2, for one step.
template <class T>
T cube(T x) {
  return x * x * x;
}
template <class T>
double error_of_central(double step) {
  const T x = static_cast<T>(1.1), h = static_cast<T>(step);
  const T quotient = (cube<T>(x + h) - cube<T>(x - h)) / (2 * h);
  return std::fabs(static_cast<double>(quotient) - 3 * static_cast<double>(x) * x);
}
template <class T>
double error_of_forward(double step) {
  const T x = static_cast<T>(1.1), h = static_cast<T>(step);
  const T quotient = (cube<T>(x + h) - cube<T>(x)) / h;
  return std::fabs(static_cast<double>(quotient) - 3 * static_cast<double>(x) * x);
}
// [/differences]

// Other ways to write it, as good.
#include <algorithm>
#include <cmath>

#include "tutorials/06_autograd/exercises/gradcheck/gradcheck.h"

namespace alternatives {
namespace {

using Function = std::function<double()>;
using Vector = std::vector<double>;

bool near(double a, double b, double tolerance) {
  return std::fabs(a - b) <= tolerance * std::max({1.0, std::fabs(a), std::fabs(b)}) &&
         std::isfinite(a);
}

// f at a distance from x[i]; x is as before.
double at(const Function& f, Vector& x, size_t i, double distance) {
  const double before = std::exchange(x[i], x[i] + distance);
  const double y = f();
  x[i] = before;
  return y;
}

// The cube root of the precision, and h as it is after rounding.
bool by_the_book(const Function& f, Vector& x, const Vector& dx) {
  for (size_t i = 0; i < x.size(); ++i) {
    const double h = 6e-6 * (1 + std::fabs(x[i]));
    const double apart = (x[i] + h) - (x[i] - h);
    if (!near(dx[i], (at(f, x, i, h) - at(f, x, i, -h)) / apart, 1e-4)) return false;
  }
  return true;
}

// A forward difference with a step small enough for its curvature, and a tolerance wide enough.
bool forward(const Function& f, Vector& x, const Vector& dx) {
  const double here = f();
  bool right = true;
  for (size_t i = x.size(); i-- > 0;) {
    const double h = 2e-8 * std::fmax(1, std::fabs(x[i]));
    right &= near(dx[i], (at(f, x, i, h) - here) / h, 3e-4);
  }
  return right;
}

// Four points: an error of h to the fourth.
bool four_points(const Function& f, Vector& x, const Vector& dx) {
  size_t right = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double h = 1e-4 * std::hypot(1, x[i]);
    const double slope =
        (8 * (at(f, x, i, h) - at(f, x, i, -h)) - (at(f, x, i, 2 * h) - at(f, x, i, -2 * h))) /
        (12 * h);
    right += near(dx[i], slope, 1e-4);
  }
  return right == x.size();
}

}  // namespace

const std::vector<check::Alternative<Gradcheck>> list = {
    {"the step as it is after rounding", by_the_book},
    {"forward, with a small step", forward},
    {"four points", four_points},
};

}  // namespace alternatives

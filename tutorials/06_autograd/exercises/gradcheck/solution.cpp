// Is a gradient right?
#include <cmath>
#include <functional>
#include <vector>

namespace mine {

// Is dx the gradient of f, which computes a number from what stands in x when it is called? x is
// nudged, and has the same bits again in the end.
bool gradcheck(const std::function<double()>& f, std::vector<double>& x,
               const std::vector<double>& dx) {
  bool right = true;
  for (size_t i = 0; i < x.size(); ++i) {
    const double before = x[i], h = 1e-5 * std::fmax(1, std::fabs(before));
    x[i] = before + h;
    const double above = f();
    x[i] = before - h;
    const double below = f();
    x[i] = before;
    const double slope = (above - below) / (2 * h);
    const bool close = std::fabs(dx[i] - slope) <= 1e-4 * std::fmax(1, std::fabs(slope));
    right = right && close;  // NaN is not close
  }
  return right;
}

}  // namespace mine

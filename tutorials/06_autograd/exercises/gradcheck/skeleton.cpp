// Is a gradient right? task.md in tutorials/06_autograd/exercises/gradcheck says what is asked.
#include <cmath>
#include <functional>
#include <vector>

namespace mine {

// Is dx the gradient of f, which computes a number from what stands in x when it is called? x is
// nudged, and has the same bits again in the end.
bool gradcheck(const std::function<double()>& f, std::vector<double>& x,
               const std::vector<double>& dx) {
  // TODO
  (void)f, (void)x, (void)dx;
  return true;
}

}  // namespace mine

// Eight gradients.
#include <vector>

namespace mine {

std::vector<double> which_gradient(char question) {
  switch (question) {
    case 'a': return {2, 3};        // that of W
    case 'b': return {2};           // dy^T x: [2, 5] times [5, 3]
    case 'c': return {5, 5};        // each number of b was added to five rows
    case 'd': return {0.5, -0.5};   // y (dy - 2)
    case 'e': return {0.5, -0.5};   // p - onehot
    case 'f': return {5, 50};       // the rows 0 and 2 of dy
    case 'g': return {2, 0, 2, 0};  // the factors of the way there
    case 'h': return {0, 0, 1, 1};  // the weight is 1, whatever the score
  }
  return {};
}

}  // namespace mine

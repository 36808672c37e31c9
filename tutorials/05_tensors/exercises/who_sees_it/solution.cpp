// Strides, shapes, and which writes are seen.
#include <cstdint>
#include <vector>

namespace mine {

std::vector<int64_t> who_sees_it(char question) {
  switch (question) {
    case 'a': return {1, 6};
    case 'b': return {4, 3};                 // columns 1, 3 and 5
    case 'c': return {6, 2, 1};              // a row is 6 on, a column 2, the first is column 1
    case 'd': return {0, 1};                 // one row, five times
    case 'e': return {4, 3, 6};              // (4, 1, 6) and (1, 3, 1)
    case 'f': return {6, 12, 0, 24, 0, 24};  // the two copies are not x
    case 'g': return {3};                    // fill_, fill_ through a row, mul_ through a transpose
  }
  return {};
}

}  // namespace mine

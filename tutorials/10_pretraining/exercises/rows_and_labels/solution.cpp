// Rows and labels.
#include <cstdint>
#include <vector>

namespace mine {

std::vector<int64_t> rows_and_labels(char question) {
  switch (question) {
    case 'a': return {0, 4, 6, 11};
    case 'b': return {4};
    case 'c': return {1};
    case 'd': return {-100, -100, 17, -100, 9, 51, -100};
    case 'e': return {200};
    case 'f': return {20};
  }
  return {};
}

}  // namespace mine

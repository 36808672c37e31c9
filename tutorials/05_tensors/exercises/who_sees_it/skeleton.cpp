// Strides, shapes, and which writes are seen; task.md in
// tutorials/05_tensors/exercises/who_sees_it says what is asked.
#include <cstdint>
#include <vector>

namespace mine {

std::vector<int64_t> who_sees_it(char question) {
  switch (question) {
    case 'a': return {};  // TODO: two strides
    case 'b': return {};  // TODO: a shape of two numbers
    case 'c': return {};  // TODO: two strides and the offset
    case 'd': return {};  // TODO: two strides
    case 'e': return {};  // TODO: a shape of three numbers
    case 'f': return {};  // TODO: how many zeros become ones, six times
    case 'g': return {};  // TODO: the version, one number
  }
  return {};
}

}  // namespace mine

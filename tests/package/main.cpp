// A program outside of Cairn: it uses one function of the library and says which precision it got.
#include <cstdio>

#include "cairn.h"

int main() {
  const cairn::Shape shape = cairn::broadcast({2, 1, 3}, {4, 1}, "outside");
  std::printf("%s in %zu bytes\n", cairn::to_string(shape).c_str(), sizeof(cairn::real));
  return cairn::numel(shape) == 24 ? 0 : 1;
}

// A gradient, or an error.
#include <string>

namespace mine {

std::string gradient_or_error(char program) {
  switch (program) {
    case 'a': return "7";      // 2x by the product, 1 by the sum
    case 'b': return "7";      // 2 + 5: the second call adds
    case 'c': return "error";  // what mul kept is gone
    case 'd': return "12";     // 6 + 6
    case 'e': return "6";      // u is a constant, 6
    case 'f': return "error";  // y has no history
    case 'g': return "4";      // used four times
    case 'h': return "error";  // w was changed after it had been kept
  }
  return "";
}

}  // namespace mine

// The gate of C++.
#include <string>

namespace mine {

// The answer to a question from 1 to 10.
std::string answer(int question) {
  switch (question) {
    case 1: return "3";  // b is a copy
    case 2: return "5";  // last is another name for a[1]
    case 3: return "6";  // x[2] + x[4]
    case 4: return "6";  // 7 / 2 is 3
    case 5: return "210";
    case 6: return "12";  // f has a copy of n as it was, g sees n itself
    case 7: return "42";  // one int, two owners
    case 8: return "8";
    case 9: return "acd";
    case 10: return "false";
  }
  return "";
}

}  // namespace mine

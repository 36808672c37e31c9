// The gate of mathematics.
#include <string>

namespace mine {

// The answer to a question from 1 to 10.
std::string answer(int question) {
  switch (question) {
    case 1: return "-1";    // 2 + 0 - 3
    case 2: return "2, 4";  // the 3s meet
    case 3: return "4";     // 3 * 0 + 4 * 1
    case 4: return "30";    // 1 + 4 + 9 + 16
    case 5: return "5";
    case 6: return "3";     // 6 / 2
    case 7: return "2";     // (4 + 0 + 0 + 4) / 4
    case 8: return "6";     // 1 * 4 + 2
    case 9: return "1, 4";  // x has (4, 1)
    case 10: return "4, 3";
  }
  return "";
}

}  // namespace mine

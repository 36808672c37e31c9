// The gate of mathematics; the questions are in tutorials/00_setting_out/exercises/gate_mathematics/task.md.
#include <string>

namespace mine {

// The answer to a question from 1 to 10.
std::string answer(int question) {
  switch (question) {
    case 1: return "TODO";
    case 2: return "TODO";
    case 3: return "TODO";
    case 4: return "TODO";
    case 5: return "TODO";
    case 6: return "TODO";
    case 7: return "TODO";
    case 8: return "TODO";
    case 9: return "TODO";
    case 10: return "TODO";
  }
  return "";
}

}  // namespace mine

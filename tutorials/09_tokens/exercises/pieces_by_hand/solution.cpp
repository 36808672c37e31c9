// Seven words in pieces.
#include <string>
#include <vector>

namespace mine {

std::vector<std::string> pieces_by_hand() {
  return {"cat ##s", "walked", "un ##walk ##ed", "una ##ffable", "[UNK]", "[UNK]", "[UNK]"};
}

}  // namespace mine

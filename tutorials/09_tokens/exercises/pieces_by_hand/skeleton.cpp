// Seven words in pieces; task.md in tutorials/09_tokens/exercises/pieces_by_hand has the vocabulary.
#include <string>
#include <vector>

namespace mine {

std::vector<std::string> pieces_by_hand() {
  return {
      "TODO",  // 1 cats
      "TODO",  // 2 walked
      "TODO",  // 3 unwalked
      "TODO",  // 4 unaffable
      "TODO",  // 5 unable
      "TODO",  // 6 dog
      "TODO",  // 7 catsuit
  };
}

}  // namespace mine

// The key map of a checkpoint; task.md in tutorials/04_real_checkpoint/exercises/key_map says what is
// asked.
#include <string>

#include "tutorials/04_real_checkpoint/exercises/key_map/place.h"

namespace mine {

// Layer, part and parameter of a tensor's name, "bert." removed, gamma and beta renamed.
Place key_map(const std::string& key) {
  // TODO
  (void)key;
  return {-1, "", ""};
}

}  // namespace mine

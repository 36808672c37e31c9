// The table of contents of a safetensors file; task.md in
// tutorials/04_real_checkpoint/exercises/safetensors_header says what is asked.
#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/io/json.h"
#include "tutorials/04_real_checkpoint/exercises/safetensors_header/entry.h"

namespace mine {

// The tensors of the file with these bytes, in the order of their bytes, with positions in the file.
// Throws a std::exception if the file is damaged.
std::vector<Entry> safetensors_header(const std::string& bytes) {
  // TODO
  (void)bytes;
  return {};
}

}  // namespace mine

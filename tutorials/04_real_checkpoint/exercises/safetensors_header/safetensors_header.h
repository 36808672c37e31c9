#pragma once
// The function of this exercise, in its three places.
#include <string>
#include <vector>

#include "tutorials/04_real_checkpoint/exercises/safetensors_header/entry.h"
#include "tutorials/check/check.h"

using Header = std::vector<Entry>(const std::string& bytes);

namespace mine {
Header safetensors_header;
}
namespace mistakes {
Header safetensors_header;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Header>> list;
}

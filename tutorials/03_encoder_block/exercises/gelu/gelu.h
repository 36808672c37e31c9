#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "tutorials/03_encoder_block/exercises/gelu_check.h"

namespace mine {
Gelu gelu;
}
namespace mistakes {
Gelu gelu;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Gelu>> list;
}

#pragma once
// The function of this exercise, in its three places.
#include <string>
#include <vector>

#include "tutorials/04_real_checkpoint/exercises/key_map/place.h"
#include "tutorials/check/check.h"

using KeyMap = Place(const std::string& key);

namespace mine {
KeyMap key_map;
}
namespace mistakes {
KeyMap key_map;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<KeyMap>> list;
}

#pragma once
// The function of this exercise, in its three places, and the questions.
#include "tutorials/00_setting_out/exercises/gate.h"

namespace mine {
Answers answer;
}
namespace mistakes {
Answers answer;
extern const std::vector<Question> questions;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Answers>> list;
}

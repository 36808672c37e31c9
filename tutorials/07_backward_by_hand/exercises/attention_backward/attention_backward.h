#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "tutorials/07_backward_by_hand/exercises/attention_backward/heads.h"
#include "tutorials/check/check.h"

using cairn::AttentionArgs;
using cairn::AttentionGrads;
using cairn::real;
using AttentionBackward = void(const AttentionGrads& grads, const AttentionArgs& args);

namespace mine {
AttentionBackward attention_backward;
}
namespace mistakes {
AttentionBackward attention_backward;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<AttentionBackward>> list;
}

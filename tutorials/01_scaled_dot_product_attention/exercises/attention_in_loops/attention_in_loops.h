#pragma once
// The function of this exercise, in its three places.
#include <cstdint>
#include <vector>

#include "tutorials/check/check.h"

using cairn::real;
using AttentionInLoops = void(real* out, const real* q, const real* k, const real* v, int64_t Tq,
                              int64_t Tk, int64_t d, int64_t dv);

namespace mine {
AttentionInLoops attention_in_loops;
}
namespace mistakes {
AttentionInLoops attention_in_loops;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<AttentionInLoops>> list;
}

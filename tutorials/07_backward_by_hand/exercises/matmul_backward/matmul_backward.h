#pragma once
// The function of this exercise, in its three places.
#include <utility>
#include <vector>

#include "tutorials/check/check.h"

using cairn::Tensor;
using MatmulBackward = std::pair<Tensor, Tensor>(const Tensor& dy, const Tensor& a,
                                                 const Tensor& b);

namespace mine {
MatmulBackward matmul_backward;
}
namespace mistakes {
MatmulBackward matmul_backward;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<MatmulBackward>> list;
}

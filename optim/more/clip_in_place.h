#pragma once
// Clipping in place, as torch.nn.utils. A training that has only the Euclidean norm to clip by does
// better with clip_scale() in optim/clip.h, which rewrites nothing.
#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Scales the gradients so that their norm together is at most max_norm, and returns what it was
// (torch.nn.utils.clip_grad_norm_). norm_type p is (sum |g|^p)^(1/p), infinity the largest |g|;
// Error unless it is positive. Parameters without gradient count nothing.
double clip_grad_norm(const NamedTensors& parameters, double max_norm, double norm_type = 2);

// Moves every number of the gradients into [-limit, limit] (torch.nn.utils.clip_grad_value_). NaN
// stays. Error if limit is negative.
void clip_grad_value(const NamedTensors& parameters, double limit);

}}  // namespace cairn::CAIRN_PRECISION

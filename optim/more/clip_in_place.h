#pragma once
// Clipping in place, as torch.nn.utils does it. To clip by the Euclidean norm alone, clip_scale()
// in optim/clip.h is better: it rewrites nothing.
#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Scales the gradients so that their joint norm is at most max_norm, and returns what it was before
// (torch.nn.utils.clip_grad_norm_). The norm of type p is (sum |g|^p)^(1/p), that of type INFINITY
// the largest |g|; Error unless norm_type is positive. Parameters without a gradient are skipped.
double clip_grad_norm(const NamedTensors& parameters, double max_norm, double norm_type = 2);

// Clamps every number of the gradients to [-limit, limit] (torch.nn.utils.clip_grad_value_). NaN
// stays NaN. Error if limit is negative.
void clip_grad_value(const NamedTensors& parameters, double limit);

}}  // namespace cairn::CAIRN_PRECISION

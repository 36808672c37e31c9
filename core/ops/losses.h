#pragma once
// The loss of a classifier. `reduction` gives the mean, the sum, or each row's; other losses are in
// core/ops/more/losses.h.
#include "core/ids.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

enum class Reduction { mean, sum, none };

// ---- Classification: logits (..., C), labels of the leading shape. PyTorch has C on axis 1.
// Labels are in [0, C) or ignore_index. The mean is over the labels that are not ignored; over none
// of them it is 0.
Tensor cross_entropy(const Tensor& logits, const Ids& labels, Reduction reduction = Reduction::mean,
                     int32_t ignore_index = -100, Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION

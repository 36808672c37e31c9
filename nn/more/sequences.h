#pragma once
// The three forms of a batch that the Transformer's modules take, and the one they compute with.
//
//   (N, C)     ragged: the tokens of all sequences, as `rows` says
//   (T, C)     one sequence, without rows
//   (B, T, C)  padded: sequence b's first tokens are those that `rows` counts; without rows all are
#include "core/rows.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// x as (N, C). Fills `rows` if it is empty. Error if x does not hold these sequences.
Tensor to_ragged(const Tensor& x, Rows& rows, Where where = Where::current());

// The ragged y (N, C) in the form that `like` had, zeros at the padding.
Tensor from_ragged(const Tensor& y, const Rows& rows, const Tensor& like);

}}  // namespace cairn::CAIRN_PRECISION

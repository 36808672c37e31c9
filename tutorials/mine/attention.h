#pragma once
// Attention for `make mine`, where the softmax of the table of kernels is a reader's.
#include "core/kernels/kernels.h"

namespace mine {

// Kernels::attention, with its probabilities from kernels().softmax. The library's own kernel has the
// softmax and the matrix products in one, and would leave the reader's unused.
void attention(cairn::real* y, cairn::real* lse, const cairn::AttentionArgs& args);

}  // namespace mine

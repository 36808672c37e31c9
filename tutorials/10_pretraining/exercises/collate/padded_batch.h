#pragma once
// A batch as a rectangle.
#include "core/ids.h"

// B texts, each of T cells: its tokens, and padding behind them. All have the shape (B, T).
struct PaddedBatch {
  cairn::Ids ids, token_types;
  cairn::Ids mask;  // 1: a token, 0: padding
};

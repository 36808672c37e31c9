#pragma once
// A piece of a batch, and what computes its loss.
#include <functional>

#include "core/ids.h"
#include "core/named_tensor.h"

struct Piece {
  cairn::Tensor x;    // (n, C): n rows
  cairn::Ids labels;  // n; a row with the label -100 does not count
};

// The mean loss of the piece's rows that count; 0 if none does.
using MeanLoss = std::function<cairn::Tensor(const Piece& piece)>;

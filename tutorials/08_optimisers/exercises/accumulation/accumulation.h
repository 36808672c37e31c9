#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "tutorials/08_optimisers/exercises/accumulation/piece.h"
#include "tutorials/check/check.h"

using cairn::Ids;
using cairn::NamedTensor;
using cairn::NamedTensors;
using cairn::real;
using cairn::Tensor;
using Accumulation = void(const NamedTensors& parameters, const std::vector<Piece>& pieces,
                          const MeanLoss& mean_loss);

namespace mine {
Accumulation accumulation;
}
namespace mistakes {
Accumulation accumulation;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Accumulation>> list;
}

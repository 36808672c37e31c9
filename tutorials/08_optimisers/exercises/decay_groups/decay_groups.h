#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <vector>

#include "optim/optimizer.h"
#include "tutorials/check/check.h"

using cairn::NamedTensor;
using cairn::NamedTensors;
using cairn::ParameterGroup;
using cairn::real;
using cairn::Tensor;
using Groups = std::vector<ParameterGroup>(const NamedTensors& parameters, double weight_decay);

namespace mistakes {
Groups decay_groups;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Groups>> list;
}

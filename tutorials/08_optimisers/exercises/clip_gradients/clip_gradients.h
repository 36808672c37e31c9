#pragma once
// The functions of this exercise, in their three places. The reader's are the library's own.
#include <vector>

#include "optim/clip.h"
#include "tutorials/check/check.h"

using cairn::NamedTensor;
using cairn::NamedTensors;
using cairn::real;
using cairn::Tensor;

// The two functions as one, as a training step calls them.
struct Clipped {
  double norm, scale;
};
using Clip = Clipped(const NamedTensors& parameters, double p, double max_norm);

namespace mistakes {
Clip clip_gradients;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Clip>> list;
}

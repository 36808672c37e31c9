#pragma once
// A model with everything that a visit can forget, and the function of this exercise in its three
// places.
#include <vector>

#include "nn/layers.h"
#include "tutorials/check/check.h"

using cairn::ModuleVisitor;
using cairn::real;
using cairn::Tensor;

struct Tagger;
using Register = void(Tagger& tagger, ModuleVisitor& v);

// Guesses words; what it computes does not matter here.
struct Tagger : cairn::Module {
  cairn::Embedding words;
  cairn::ModuleList<cairn::Linear> layer;
  cairn::LayerNorm norm;
  cairn::Dropout dropout;
  Tensor scale;           // learned; undefined if the tagger does without
  Tensor positions;       // computed, not learned
  cairn::Linear decoder;  // whose weight is that of `words`, the same tensor
  Register* registers;    // what visit() calls

  Tagger(Register* registers, int layers, bool with_scale = true);
  void visit(ModuleVisitor& v) override { registers(*this, v); }
};

namespace mine {
Register register_parameters;
}
namespace mistakes {
Register register_parameters;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Register>> list;
}

// Freezes the lower part of a BERT.
#include <cstdint>
#include <string>

#include "nn/module.h"

namespace mine {

// Freezes bert.embeddings and the first `layers` of bert.encoder.layer; returns how many numbers of
// the model are still trained.
int64_t freeze(cairn::Module& model, int64_t layers) {
  int64_t trained = 0;
  const std::string stack = "bert.encoder.layer.";
  for (cairn::NamedTensor& p : model.named_parameters()) {
    const bool in_stack = p.name.starts_with(stack);
    const bool low = in_stack && std::stoll(p.name.substr(stack.size())) < layers;
    if (low || p.name.starts_with("bert.embeddings.")) p.tensor.set_requires_grad(false);
    if (p.tensor.requires_grad()) trained += p.tensor.numel();
  }
  return trained;
}

}  // namespace mine

#pragma once
// Activation checkpointing (Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016):
// the activations of a part of a model are not kept for backward, but recomputed when backward gets
// there. Saves their memory, at the price of a second forward of that part.
#include <functional>

#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// f(inputs), of which only the inputs are kept. `parameters` are the leaves that f reads as well,
// such as module.named_parameters(); everything else that requires grad must come through `inputs`.
// An Error names what does not: from backward, or from this call if no input requires grad.
// default_random() is replayed, so dropout drops the same elements; a generator of f's own is not.
// f must compute the same each time. No second derivative. PyTorch:
// torch.utils.checkpoint.checkpoint.
Tensor activation_checkpoint(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                             const std::vector<Tensor>& inputs, const NamedTensors& parameters = {},
                             Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// Activation checkpointing (Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016): what
// a part of a model computes is not kept for backward, but computed again when backward gets there.
// Costs that part's forward a second time, saves its memory.
#include <functional>

#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// f(inputs), of which only the inputs are kept. `parameters` are the leaves that f reads besides,
// such as module.named_parameters(); all else that requires grad must come through `inputs`. An
// Error names what does not: of backward, or of this call if no input requires grad.
// default_random() is replayed, so dropout drops the same elements; a generator of f's own is not. f
// must compute the same each time. No second derivative. PyTorch: torch.utils.checkpoint.checkpoint.
Tensor checkpoint(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                  const std::vector<Tensor>& inputs, const NamedTensors& parameters = {},
                  Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION

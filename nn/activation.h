#pragma once
// The non-linear functions that models are configured with.
#include <string>

#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

using Activation = Tensor (*)(const Tensor& x, Where where);

// The activation of this name, as Hugging Face names them (ACT2FN in transformers/activations.py):
// all but "prelu" and "xielu", which have parameters. Null if there is none.
Activation activation(const std::string& name);

// All names, separated by commas, for messages.
std::string activation_names();

}}  // namespace cairn::CAIRN_PRECISION

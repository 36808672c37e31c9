#pragma once
// The non-linear functions that models are configured with.
#include <string>

#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

using Activation = Tensor (*)(const Tensor& x, Where where);

// By Hugging Face's names (ACT2FN in transformers/activations.py): all of them but "prelu" and
// "xielu", which have parameters of their own. Null if there is none of this name.
Activation activation(const std::string& name);

// The names, separated by commas, for messages.
std::string activation_names();

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// The non-linear functions that models are configured with.
#include <string>

#include "core/tensor.h"

namespace cairn::inline CAIRN_PRECISION {

using Activation = Tensor (*)(const Tensor& x, Where where);

// By Hugging Face's names: "relu", "gelu", "gelu_new" and "gelu_pytorch_tanh" (both the tanh
// approximation), "silu" and "swish" (the same), "tanh". Null if there is none of this name.
Activation activation(const std::string& name);

}  // namespace cairn::inline CAIRN_PRECISION

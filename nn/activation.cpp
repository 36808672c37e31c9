// The table of activations.
#include "nn/activation.h"

#include "core/ops.h"

namespace cairn::inline CAIRN_PRECISION {

Activation activation(const std::string& name) {
  if (name == "relu") return relu;
  if (name == "gelu") return gelu;
  if (name == "gelu_new" || name == "gelu_pytorch_tanh") return gelu_tanh;
  if (name == "silu" || name == "swish") return silu;
  if (name == "tanh") return tanh;
  return nullptr;
}

}  // namespace cairn::inline CAIRN_PRECISION

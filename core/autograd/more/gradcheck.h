#pragma once
// Numerical checks of gradients, for whoever writes an op. PyTorch: torch.autograd.gradcheck and
// gradgradcheck.
#include <functional>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Compares the gradients that backward() gives for the inputs (contiguous leaves) of
// sum(f(inputs) * fixed random weights) with central differences of step `eps`. Returns the empty
// string if every element agrees within atol + rtol * |difference quotient|, else where they differ
// most. Meant for double (link cairn64): in float even a correct gradient fails, because the
// differences are too coarse, and the report says so.
std::string gradcheck(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                      std::vector<Tensor> inputs, double eps = 1e-6, double atol = 1e-7,
                      double rtol = 1e-6);
// The same for the gradients themselves, as functions of the inputs and of dout: checks the second
// derivatives that grad(.., {.create_graph = true}) gives.
std::string gradgradcheck(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                          const std::vector<Tensor>& inputs, double eps = 1e-6, double atol = 1e-7,
                          double rtol = 1e-6);

}}  // namespace cairn::CAIRN_PRECISION

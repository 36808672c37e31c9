#pragma once
// Named tensors in a safetensors file: what torch.save and torch.load are for a state dict.
//
//   save_tensors("model.safetensors", model.state_dict());
//   model.load_state_dict(load_tensors("model.safetensors"));
#include "core/io/safetensors.h"
#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Errors are those of write_safetensors and SafeTensors.
void save_tensors(const std::string& path, const NamedTensors& tensors);
NamedTensors load_tensors(const std::string& path);

// For files that hold more: views of these tensors (of a copy, if a tensor is strided), their names
// with a prefix; and copies of a file's tensors whose names begin with it, without it.
std::vector<TensorView> views_of(const NamedTensors& tensors, const std::string& prefix = "");
NamedTensors tensors_of(const SafeTensors& file, const std::string& prefix = "");

// Copies a file's numbers into a tensor of as many, which may be strided.
void copy_into(Tensor& tensor, const TensorView& view);

}}  // namespace cairn::CAIRN_PRECISION

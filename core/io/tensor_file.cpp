// Named tensors to the views of bytes that safetensors files are written from, and back.
#include "core/io/tensor_file.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

[[maybe_unused]] void convert(const TensorView& view, float* out) { to_float(view, out); }
[[maybe_unused]] void convert(const TensorView& view, double* out) { to_double(view, out); }

}  // namespace

void save_tensors(const std::string& path, const NamedTensors& tensors) {
  write_safetensors(path, views_of(tensors));
}

NamedTensors load_tensors(const std::string& path) { return tensors_of(SafeTensors(path)); }

std::vector<TensorView> views_of(const NamedTensors& tensors, const std::string& prefix) {
  std::vector<TensorView> views;
  for (const NamedTensor& t : tensors) {
    const Shape& shape = t.tensor.shape();
    const Contiguous numbers(t.tensor);
    views.push_back(tensor_view(prefix + t.name, {shape.begin(), shape.end()}, numbers.data()));
    views.back().owner = numbers.storage();
  }
  return views;
}

NamedTensors tensors_of(const SafeTensors& file, const std::string& prefix) {
  NamedTensors tensors;
  for (const TensorView& view : file.tensors()) {
    if (!view.name.starts_with(prefix)) continue;
    Tensor tensor = Tensor::empty(Shape(view.shape));
    copy_into(tensor, view);
    tensors.push_back({view.name.substr(prefix.size()), tensor});
  }
  return tensors;
}

void copy_into(Tensor& tensor, const TensorView& view) {
  if (view.numel() != tensor.numel())
    fail("load", view.name + " has " + std::to_string(view.numel()) + " numbers for a tensor of " +
                     to_string(tensor.shape()));
  if (tensor.is_contiguous()) return convert(view, tensor.write());
  Tensor numbers = Tensor::empty(tensor.shape());
  convert(view, numbers.write());
  tensor.detach().copy_(numbers);
}

}}  // namespace cairn::CAIRN_PRECISION

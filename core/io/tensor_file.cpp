// Tensors to views of bytes and back.
#include "core/io/tensor_file.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

[[maybe_unused]] void convert(const TensorView& view, float* out) { to_float(view, out); }
[[maybe_unused]] void convert(const TensorView& view, double* out) { to_double(view, out); }

}  // namespace

void save_tensors(const std::string& path, const NamedTensors& tensors) {
  NamedTensors adjacent;
  for (const NamedTensor& t : tensors)
    adjacent.push_back({t.name, t.tensor.is_contiguous()
                                    ? t.tensor
                                    : Tensor::of(t.tensor.shape(), t.tensor.to_vector())});
  write_safetensors(path, views_of(adjacent));
}

NamedTensors load_tensors(const std::string& path) { return tensors_of(SafeTensors(path)); }

std::vector<TensorView> views_of(const NamedTensors& tensors, const std::string& prefix) {
  std::vector<TensorView> views;
  for (const NamedTensor& t : tensors) {
    const Shape& shape = t.tensor.shape();
    views.push_back(tensor_view(prefix + t.name, {shape.begin(), shape.end()}, t.tensor.data()));
  }
  return views;
}

NamedTensors tensors_of(const SafeTensors& file, const std::string& prefix) {
  NamedTensors tensors;
  for (const TensorView& view : file.tensors()) {
    if (!view.name.starts_with(prefix)) continue;
    Tensor tensor = Tensor::empty(Shape(view.shape));
    convert(view, tensor.write());
    tensors.push_back({view.name.substr(prefix.size()), tensor});
  }
  return tensors;
}

}  // namespace cairn::inline CAIRN_PRECISION

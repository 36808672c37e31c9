// Other ways to write it, as good.
#include <exception>
#include <string>

#include "tutorials/11_fine_tuning/exercises/freeze/freeze.h"

namespace alternatives {
namespace {

int64_t trained_of(Module& model) {
  int64_t count = 0;
  for (const cairn::NamedTensor& p : model.named_parameters())
    count += p.tensor.requires_grad() ? p.tensor.numel() : 0;
  return count;
}

// set_trainable throws if nothing has the name: there are no more layers.
int64_t with_set_trainable(Module& model, int64_t layers) {
  model.set_trainable("bert.embeddings", false);
  try {
    for (int64_t i = 0; i < layers; ++i)
      model.set_trainable("bert.encoder.layer." + std::to_string(i), false);
  } catch (const std::exception&) {}
  return trained_of(model);
}

int64_t with_prefixes(Module& model, int64_t layers) {
  for (cairn::NamedTensor& p : model.all_names()) {
    bool low = p.name.rfind("bert.embeddings.", 0) == 0;
    for (int64_t i = 0; i < layers && i < 1000; ++i)
      low |= p.name.rfind("bert.encoder.layer." + std::to_string(i) + ".", 0) == 0;
    if (low) p.tensor.set_requires_grad(false);
  }
  return trained_of(model);
}

// With a visitor of its own, which reads the path.
int64_t with_a_visitor(Module& model, int64_t layers) {
  struct Visitor : cairn::ModuleVisitor {
    int64_t layers;
    explicit Visitor(int64_t n) : layers(n) {}
    void parameter(const std::string& path, Tensor& tensor) override {
      const size_t at = path.find("encoder.layer.");
      if (path.find(".embeddings.") != path.npos ||
          (at != path.npos && std::atoll(path.c_str() + at + 14) < layers))
        tensor.set_requires_grad(false);
    }
  } visitor(layers);
  model.walk(visitor);
  return trained_of(model);
}

}  // namespace

const std::vector<check::Alternative<Freeze>> list = {
    {"with set_trainable", with_set_trainable},
    {"with prefixes", with_prefixes},
    {"with a visitor", with_a_visitor},
};

}  // namespace alternatives

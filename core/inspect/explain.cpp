// One line for each question that can be asked of a tensor.
#include "core/inspect/explain.h"

#include <iostream>
#include <set>

#include "core/autograd/node.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct Collect : SavedVisitor {
  NamedTensors all;
  void operator()(const char* name, Saved& saved) override {
    if (saved.tensor.defined()) all.push_back({name, saved.tensor});
  }
};

NamedTensors saved_by(Node& node) {
  Collect collect;
  node.visit(collect);
  return std::move(collect.all);
}

std::string row(const std::string& name, const std::string& value) {
  return "  " + name + std::string(11 - name.size(), ' ') + value + "\n";
}

// Appends to a list in words.
void list(std::string& text, const std::string& item) { text += (text.empty() ? "" : ", ") + item; }

std::string count(int64_t number, const std::string& thing) {
  return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}

std::string bytes(int64_t numbers) {
  return std::to_string(numbers * static_cast<int64_t>(sizeof(real))) + " bytes";
}

std::string leaf_name(const TensorImpl& leaf, const NamedTensors& names) {
  for (const NamedTensor& named : names)
    if (named.tensor.defined() && &named.tensor.impl() == &leaf) return named.name;
  return "a leaf";
}

std::string made_by(const Tensor& x) {
  const TensorImpl& impl = x.impl();
  if (impl.node) return std::string(impl.op) + " at " + to_string(impl.node->where);
  if (impl.not_differentiable)
    return std::string(impl.op) + ", without history: [" + impl.not_differentiable->op +
           "] is not differentiable; it was used at " + to_string(impl.not_differentiable->where);
  return impl.op ? std::string(impl.op) + ", without history" : "nobody: a leaf";
}

std::string inputs_of(const Node& node, const NamedTensors& names) {
  std::string text;
  for (const Edge& edge : node.inputs) {
    if (edge.leaf) list(text, leaf_name(*edge.leaf, names) + " " + to_string(edge.leaf->shape));
    else if (edge.node)
      list(text, std::string(edge.node->op) + " " + to_string(edge.node->y_shape) + " at " +
                     to_string(edge.node->where));
    else list(text, "a constant");
  }
  return text;
}

std::string layout(const Tensor& x) {
  return "strides " + to_string(x.strides()) +
         (x.is_contiguous() ? ", contiguous" : ", not contiguous") + ", offset " +
         std::to_string(x.impl().offset);
}

std::string storage(const Tensor& x) {
  const Storage& storage = *x.impl().storage;
  std::string text = count(storage.size, "number") + ", " + bytes(storage.size) + ", written " +
                     count(storage.version, "time");
  if (storage.version > 0) text += ", last at " + to_string(storage.written_at);
  if (x.numel() < storage.size)
    text += "; this is a view of " + std::to_string(x.numel()) + " of them";
  else if (x.numel() > storage.size) text += "; this is a view that repeats them";
  return text;
}

// The other tensors that share x's storage: how many, and the names of those that can be found.
std::string sharers(const Tensor& x, const NamedTensors& names) {
  std::set<const TensorImpl*> found{&x.impl()};
  std::string text;
  const auto ask = [&](const NamedTensor& other, const std::string& name) {
    if (!other.tensor.defined() || other.tensor.impl().storage != x.impl().storage) return;
    if (found.insert(&other.tensor.impl()).second) list(text, name);
  };
  for (const NamedTensor& named : names) ask(named, named.name);
  if (Node* node = x.impl().node.get()) {
    for (const NamedTensor& saved : saved_by(*node))
      ask(saved, saved.name + " that " + node->op + " saved");
    for (const Edge& edge : node->inputs) {
      if (edge.leaf) ask({"", Tensor(edge.leaf)}, leaf_name(*edge.leaf, names) + ", an input");
      if (!edge.node) continue;
      for (const NamedTensor& saved : saved_by(*edge.node))
        ask(saved, saved.name + " that " + edge.node->op + " saved");
    }
  }
  const int64_t others = x.impl().storage.use_count() - 1;
  const int64_t unknown = others - static_cast<int64_t>(found.size()) + 1;
  if (others <= 0) return "nobody";
  if (unknown > 0 && !text.empty()) list(text, std::to_string(unknown) + " more");
  return count(others, "tensor") + (text.empty() ? "" : ": " + text);
}

std::string saved(const Tensor& x) {
  Node& node = *x.impl().node;
  if (node.freed) return "nothing any more: a backward has freed it";
  std::string text;
  int64_t numbers = 0;
  std::set<const Storage*> storages;
  for (const NamedTensor& saved : saved_by(node)) {
    const bool is_new = storages.insert(saved.tensor.impl().storage.get()).second;
    list(text,
         saved.name + " " + to_string(saved.tensor.shape()) + (is_new ? "" : ", the same storage"));
    if (is_new) numbers += saved.tensor.impl().storage->size;
  }
  return text.empty() ? "nothing" : text + ": keeps " + bytes(numbers);
}

std::string gradient(const Tensor& x) {
  if (!x.requires_grad()) return "not wanted";
  if (!x.is_leaf()) return "passed on by backward, not kept";
  return x.grad().defined() ? to_string(x.grad().shape()) + ", " + bytes(x.numel()) : "none yet";
}

}  // namespace

std::string explanation(const Tensor& x, const NamedTensors& names) {
  if (!x.defined()) return "an undefined tensor\n";
  std::string text = "tensor " + to_string(x.shape()) + ", " + count(x.numel(), "number");
  for (const NamedTensor& named : names)
    if (named.tensor.handle() == x.handle()) text += ", called " + named.name;
  text += "\n" + row("made by", made_by(x));
  if (x.impl().node) text += row("from", inputs_of(*x.impl().node, names));
  text +=
      row("layout", layout(x)) + row("storage", storage(x)) + row("shared by", sharers(x, names));
  if (x.impl().node) text += row("saved", saved(x));
  return text + row("gradient", gradient(x));
}

void explain(const Tensor& x, const NamedTensors& names) { std::cout << explanation(x, names); }

}}  // namespace cairn::CAIRN_PRECISION

// The walk over a tree of modules, and what is made of it.
#include "nn/module.h"

#include "core/error.h"

namespace cairn::inline CAIRN_PRECISION {

void ModuleVisitor::operator()(const std::string& name, Module& child) {
  child.name_ = name;  // so that errors can quote the path
  const size_t before = path_.size();
  path_ += name;
  module(path_, child);
  path_ += '.';
  child.visit(*this);
  path_.resize(before);
}

void ModuleVisitor::operator()(const std::string& name, Tensor& tensor) {
  if (tensor.defined()) parameter(path_ + name, tensor);
}

void Module::walk(ModuleVisitor& v) {
  v.module("", *this);
  visit(v);
}

NamedTensors Module::named_parameters() {
  struct Collect : ModuleVisitor {
    NamedTensors all;
    void parameter(const std::string& path, Tensor& t) override { all.push_back({path, t}); }
  } collect;
  walk(collect);
  return std::move(collect.all);
}

int64_t Module::parameter_count() {
  int64_t count = 0;
  for (const NamedTensor& p : named_parameters()) count += p.tensor.numel();
  return count;
}

void Module::train(bool on) {
  struct SetMode : ModuleVisitor {
    bool on;
    explicit SetMode(bool on) : on(on) {}
    void module(const std::string&, Module& module) override { module.training_ = on; }
  } set_mode(on);
  walk(set_mode);
}

void Module::zero_grad() {
  for (NamedTensor& p : named_parameters()) p.tensor.zero_grad();
}

int64_t Module::set_trainable(std::string_view path, bool on, Where where) {
  int64_t count = 0;
  for (NamedTensor& p : named_parameters()) {
    const std::string_view name = p.name;
    const bool below =
        path.empty() || name == path || (name.starts_with(path) && name[path.size()] == '.');
    if (!below) continue;
    p.tensor.set_requires_grad(on);
    ++count;
  }
  if (count == 0) {
    fail("set_trainable", "no parameter is called or lies below \"" + std::string(path) + "\"",
         "named_parameters() lists the names", where);
  }
  return count;
}

}  // namespace cairn::inline CAIRN_PRECISION

// The walk over a tree of modules, and what is made of it.
#include "nn/module.h"

#include <fnmatch.h>

#include "core/nearest_name.h"

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

NamedTensors Module::state_dict() {
  NamedTensors state = named_parameters();
  for (NamedTensor& p : state) p.tensor = p.tensor.detach();
  return state;
}

Unmatched Module::load_state_dict(const NamedTensors& state, bool strict, Where where) {
  return copy_by_name(named_parameters(), state, strict, kind_,
                      strict ? "named_parameters() lists the names; or load with strict = false"
                             : "named_parameters() lists the shapes",
                      where);
}

int64_t Module::set_trainable(const std::string& pattern, bool on, Where where) {
  const std::string below = pattern.empty() ? "*" : pattern + ".*";
  int64_t count = 0;
  std::vector<std::string> names;
  for (NamedTensor& p : named_parameters()) {
    names.push_back(p.name);
    if (fnmatch(pattern.c_str(), p.name.c_str(), 0) && fnmatch(below.c_str(), p.name.c_str(), 0))
      continue;
    p.tensor.set_requires_grad(on);
    ++count;
  }
  if (count == 0) {
    const std::string nearest = nearest_name(pattern, names);
    fail("set_trainable", "no parameter is called or lies below \"" + pattern + "\"",
         nearest.empty() ? "named_parameters() lists the names" : "did you mean " + nearest + "?",
         where);
  }
  return count;
}

}  // namespace cairn::inline CAIRN_PRECISION

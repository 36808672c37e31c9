// The walk over a tree of modules, and what is built on it.
#include "nn/module.h"

#include <fnmatch.h>

#include <atomic>
#include <mutex>
#include <set>

#include "core/nearest_name.h"

namespace cairn { inline namespace CAIRN_PRECISION {

void ModuleVisitor::operator()(const std::string& name, Module& child) {
  if (child.name_ != name) child.name_ = name;  // so that errors can quote the path
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

const char* Module::name() {
  if (!std::atomic_ref(named_).load(std::memory_order_acquire)) name_all();
  return name_.c_str();
}

// Tells all modules below this one their names, on the first call of name(). One thread at a time.
void Module::name_all() {
  static std::mutex naming;
  const std::lock_guard lock(naming);
  struct MarkNamed : ModuleVisitor {
    void module(const std::string&, Module& module) override {
      const std::atomic_ref named(module.named_);
      if (!named.load(std::memory_order_relaxed)) named.store(true, std::memory_order_release);
    }
  } mark;
  visit(mark);
  mark.module("", *this);  // last: other threads rely on the names below
}

NamedTensors Module::all_names() {
  struct Collect : ModuleVisitor {
    NamedTensors all;
    void parameter(const std::string& path, Tensor& t) override { all.push_back({path, t}); }
  } collect;
  walk(collect);
  return std::move(collect.all);
}

NamedTensors Module::named_parameters() { return each_once(all_names()); }

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
  return copy_by_name(all_names(), state, strict, kind_,
                      strict ? "named_parameters() lists the names; or load with strict = false"
                             : "named_parameters() lists the shapes",
                      where);
}

int64_t Module::set_trainable(const std::string& pattern, bool on, Where where) {
  const std::string below = pattern.empty() ? "*" : pattern + ".*";
  std::set<const TensorImpl*> matched;
  std::vector<std::string> names;
  for (NamedTensor& p : all_names()) {
    names.push_back(p.name);
    if (fnmatch(pattern.c_str(), p.name.c_str(), 0) && fnmatch(below.c_str(), p.name.c_str(), 0))
      continue;
    p.tensor.set_requires_grad(on, where);
    matched.insert(&p.tensor.impl());
  }
  if (matched.empty()) {
    const std::string nearest = nearest_name(pattern, names);
    fail("set_trainable", "no parameter is called or lies below \"" + pattern + "\"",
         nearest.empty() ? "named_parameters() lists the names" : "did you mean " + nearest + "?",
         where);
  }
  return static_cast<int64_t>(matched.size());
}

}}  // namespace cairn::CAIRN_PRECISION

// The walk over a tree of modules, and what training builds on it.
#include "nn/module.h"

#include <atomic>
#include <mutex>

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

void Module::train(bool on) {
  struct SetMode : ModuleVisitor {
    bool on;
    explicit SetMode(bool on) : on(on) {}
    void module(const std::string&, Module& module) override { module.training_ = on; }
  } set_mode(on);
  walk(set_mode);
}

}}  // namespace cairn::CAIRN_PRECISION

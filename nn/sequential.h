#pragma once
// Sequential: modules and functions one after the other, as torch.nn.Sequential.
//
//   Sequential mlp(Linear(4, 8), relu, Linear(8, 2));
//   mlp(x)      // parameters "0.weight", "0.bias", "2.weight", "2.bias"
#include <memory>
#include <utility>

#include "nn/activation.h"
#include "nn/module.h"

namespace cairn::inline CAIRN_PRECISION {

// A function without parameters, as a module.
class Function : public Module {
 public:
  explicit Function(Activation f) : Module("Function"), f_(f) {
    if (!f) fail("Sequential", "a function is null", "activation(name) is if it knows no such name");
  }
  void visit(ModuleVisitor&) override {}
  Tensor operator()(const Tensor& x, Where where = Where::current()) { return f_(x, where); }

 private:
  Activation f_;
};

class Sequential : public Module {
 public:
  // Each step is a module of any type with Tensor operator()(const Tensor&, Where), which moves in,
  // or an op such as relu (cairn::tanh, because the C library has a tanh as well).
  template <class... Steps>
  explicit Sequential(Steps... steps) : Module("Sequential") {
    (add(std::move(steps)), ...);
  }
  template <class M>
  void add(M module) {
    steps_.push_back(
        {std::make_unique<M>(std::move(module)),
         [](Module& m, const Tensor& x, Where where) { return static_cast<M&>(m)(x, where); }});
  }
  void add(Activation f) { add(Function(f)); }

  size_t size() const { return steps_.size(); }
  void visit(ModuleVisitor& v) override {
    for (size_t i = 0; i < steps_.size(); ++i) v(std::to_string(i), *steps_[i].module);
  }
  Tensor operator()(const Tensor& x, Where where = Where::current()) {
    Scope scope(name(), where);
    Tensor y = x;
    for (Step& step : steps_) y = step.call(*step.module, y, where);
    return y;
  }

 private:
  struct Step {
    std::unique_ptr<Module> module;
    Tensor (*call)(Module& module, const Tensor& x, Where where);  // knows the module's type
  };
  std::vector<Step> steps_;
};

}  // namespace cairn::inline CAIRN_PRECISION

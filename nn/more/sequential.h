#pragma once
// Sequential: modules and functions one after the other, as torch.nn.Sequential.
//
//   Sequential mlp(Linear(4, 8), relu, Linear(8, 2));
//   mlp(x)      // parameters "0.weight", "0.bias", "2.weight", "2.bias"
#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "core/check.h"
#include "nn/activation.h"
#include "nn/module.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// A function without parameters, as a module.
class Function : public Module {
 public:
  explicit Function(std::function<Tensor(const Tensor& x, Where where)> f);  // Error if f is empty
  void visit(ModuleVisitor&) override {}
  Tensor operator()(const Tensor& x, Where where = Where::current()) { return f_(x, where); }

 private:
  std::function<Tensor(const Tensor& x, Where where)> f_;
};

class Sequential : public Module {
 public:
  // Anything that maps a Tensor to a Tensor: a module, which moves in, an op such as relu, a
  // lambda.
  class Step {
   public:
    Step() : call_(nullptr) {}
    Step(Activation f) : Step(Function(f)) {}
    template <class S>
      requires(!std::same_as<std::remove_cvref_t<S>, Step>)
    Step(S&& given);

    bool given() const { return module_ != nullptr; }
    Module& module() { return *module_; }
    Tensor operator()(const Tensor& x, Where where) { return call_(*module_, x, where); }

   private:
    std::unique_ptr<Module> module_;
    Tensor (*call_)(Module& module, const Tensor& x, Where where);  // knows the module's type
  };

  // The parameters have a type of their own, not a template's, so that the compiler can tell which
  // of the functions called tanh is meant: the C library's, the C++ library's or Cairn's. Further
  // steps are added, or are a Sequential themselves.
  explicit Sequential(Step a = {}, Step b = {}, Step c = {}, Step d = {}, Step e = {}, Step f = {},
                      Step g = {}, Step h = {}, Step i = {}, Step j = {}, Step k = {}, Step l = {},
                      Step m = {}, Step n = {}, Step o = {}, Step p = {});
  void add(Step step);  // at the end; nothing if it is not given

  size_t size() const { return steps_.size(); }
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& x, Where where = Where::current());

 private:
  std::vector<Step> steps_;
};

template <class S>
  requires(!std::same_as<std::remove_cvref_t<S>, Sequential::Step>)
Sequential::Step::Step(S&& given) : call_(nullptr) {
  using T = std::decay_t<S>;
  constexpr bool is_module = std::derived_from<T, Module>;
  constexpr bool moves = !is_module || !std::is_lvalue_reference_v<S>;
  constexpr bool with_where = std::is_invocable_r_v<Tensor, T&, const Tensor&, Where>;
  constexpr bool maps = with_where || std::is_invocable_r_v<Tensor, T&, const Tensor&>;
  static_assert(moves, "a module moves into a Sequential: write std::move(model)");
  static_assert(maps,
                "a step of Sequential maps a Tensor to a Tensor: a module whose operator() does, "
                "an op such as relu, or [](const Tensor& x) { return ...; }");
  constexpr bool found = is_module || std::is_copy_constructible_v<T>;
  static_assert(found, "a step that holds layers derives from Module, whose visit() names them");
  if constexpr (moves && maps && found) {
    const auto call = [](T& step, const Tensor& x, Where where) -> Tensor {
      if constexpr (with_where) return step(x, where);
      else return step(x);
    };
    if constexpr (is_module) {
      module_ = std::make_unique<T>(std::forward<S>(given));
      call_ = [](Module& m, const Tensor& x, Where where) {
        return decltype(call){}(static_cast<T&>(m), x, where);
      };
    } else {
      T f(std::forward<S>(given));
      if (is_null_function(f)) *this = Step(Function(nullptr));  // an Error
      else
        *this = Step(Function([call, step = std::move(f)](const Tensor& x, Where where) mutable {
          return call(step, x, where);
        }));
    }
  }
}

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// Module: a layer or a whole model, that is, a tree of named parameters with a way to apply it.
//
// A module lists its children and parameters once, in visit(), under the names that they have in
// Hugging Face checkpoints; the names along the path, joined by dots, are a parameter's full name:
// "bert.encoder.layer.3.attention.self.query.weight". That one walk serves the state dict, loading
// and saving, the optimiser's groups, train/eval mode, freezing and counting. What visit() forgets
// takes no part in any of that; unnamed_leaves() in core/autograd/unnamed_leaves.h finds it from a
// loss, and the trainer checks at its first step.
//
// Modules may share a tensor (b.weight = a.weight, before anything is computed from either): it is
// one parameter, under the first of its names, trained, counted and saved once.
//
//   struct TwoLayers : Module {
//     Linear first, second;
//     TwoLayers() : Module("TwoLayers"), first(4, 8), second(8, 2) {}
//     void visit(ModuleVisitor& v) override { v("first", first); v("second", second); }
//     Tensor operator()(const Tensor& x, Where where = Where::current()) {
//       Scope scope(name(), where);
//       return second(relu(first(x)));
//     }
//   };
#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

class Module;

// A list of modules is a vector, visited as one: v("layer", layers) names them "layer.0", ...
template <class M>
using ModuleList = std::vector<M>;

// Walks a tree of modules. Override the hooks you need; both get the full name.
class ModuleVisitor {
 public:
  virtual ~ModuleVisitor() = default;

  void operator()(const std::string& name, Module& child);      // walks it with a longer path
  void operator()(const std::string& name, Tensor& parameter);  // an undefined one is skipped
  template <class M>
  void operator()(const std::string& name, ModuleList<M>& list) {
    for (size_t i = 0; i < list.size(); ++i) (*this)(name + "." + std::to_string(i), list[i]);
  }
  template <class T>
    requires(!std::derived_from<T, Module> && !std::same_as<T, Tensor>)
  void operator()(const std::string&, T&) {
    static_assert(sizeof(T) == 0, "visit() names modules, ModuleLists of them, and Tensors");
  }

 protected:
  virtual void module(const std::string& path, Module& module) { (void)path, (void)module; }
  virtual void parameter(const std::string& path, Tensor& tensor) { (void)path, (void)tensor; }

 private:
  friend class Module;
  std::string path_;  // of the module being walked, with a dot at its end; empty at the root
};

class Module {
 public:
  // `kind` is its type, for errors and print().
  explicit Module(const char* kind = "Module") : kind_(kind), name_(kind) {}
  virtual ~Module() = default;
  // A copy would share the parameters, which is rarely meant; moving keeps them.
  Module(const Module&) = delete;  // std::move(model), or a new one and load_state_dict()
  Module(Module&&) = default;
  Module& operator=(Module&&) = default;

  // Calls v(name, member) for each child module and each parameter, in Hugging Face's order.
  virtual void visit(ModuleVisitor& v) = 0;

  // Walks this module and everything below it.
  void walk(ModuleVisitor& v);

  NamedTensors named_parameters();  // each once, in the order of the walk
  NamedTensors all_names();         // the same, a shared tensor under each of its names
  int64_t parameter_count();        // numbers in all parameters

  // The parameters without their history, frozen ones included: handles to the module's own
  // numbers, so copy them to keep their present values.
  NamedTensors state_dict();
  // Copies numbers into the parameters by name, a shared one's by any of its names. Error, before
  // anything is written, that lists all names that are missing or unexpected, all shapes that do
  // not fit, and the names of one parameter whose numbers differ. If not strict, missing and
  // unexpected names are returned instead.
  Unmatched load_state_dict(const NamedTensors& state, bool strict = true,
                            Where where = Where::current());

  // Training mode: dropout acts. A new module is in training mode, a loaded one is not.
  void train(bool on = true);
  void eval() { train(false); }
  bool training() const { return training_; }

  void zero_grad();  // drops every parameter's gradient

  // Sets whether the parameters that `pattern` names, or that are below what it names, get
  // gradients and so are trained: "bert.embeddings", "encoder.layer.*.bias", "" for all. "*"
  // matches any characters, dots included, "?" one, "[0-5]" one of a range. Returns how many
  // parameters matched; Error if none.
  int64_t set_trainable(const std::string& pattern, bool on, Where where = Where::current());

  const char* name();  // for Scope: the last part of its path, "layer.3", or its type at the root
  const char* kind() const { return kind_; }

 private:
  friend class ModuleVisitor;
  void name_all();

  const char* kind_;
  std::string name_;
  bool named_ = false;  // all modules below it know their names
  bool training_ = true;
};

// The tree that print(model) shows; see nn/more/print.h.
std::ostream& operator<<(std::ostream& out, Module& module);

}}  // namespace cairn::CAIRN_PRECISION

// What else is built on the walk over a tree of modules: the state dict, freezing, counting.
#include <fnmatch.h>

#include <set>

#include "core/nearest_name.h"
#include "nn/module.h"

namespace cairn { inline namespace CAIRN_PRECISION {

int64_t Module::parameter_count() {
  int64_t count = 0;
  for (const NamedTensor& p : named_parameters()) count += p.tensor.numel();
  return count;
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

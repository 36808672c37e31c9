// Other ways to write it, as good.
#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "tutorials/08_optimisers/exercises/decay_groups/decay_groups.h"

namespace alternatives {
namespace {

// A pass for each group.
std::vector<ParameterGroup> two_passes(const NamedTensors& parameters, double weight_decay) {
  const auto those = [&](bool matrices) {
    NamedTensors found;
    std::copy_if(parameters.begin(), parameters.end(), std::back_inserter(found),
                 [&](const NamedTensor& p) {
                   return p.tensor.requires_grad() && (p.tensor.shape().size() > 1) == matrices;
                 });
    return found;
  };
  const NamedTensors matrices = those(true), others = those(false);
  if (matrices.size() + others.size() == 0) throw std::invalid_argument("nothing to train");
  return {{.parameters = matrices, .weight_decay = weight_decay},
          {.parameters = others, .weight_decay = 0.0}};
}

// The frozen ones are taken out first, and what is left is parted.
std::vector<ParameterGroup> parted(const NamedTensors& parameters, double weight_decay) {
  NamedTensors trained = parameters;
  std::erase_if(trained, [](const NamedTensor& p) { return !p.tensor.requires_grad(); });
  if (trained.empty()) throw std::runtime_error("nothing to train");
  const auto rest = std::stable_partition(trained.begin(), trained.end(),
                                          [](const NamedTensor& p) { return p.tensor.axes() > 1; });
  std::vector<ParameterGroup> groups;
  groups.push_back({.parameters = {trained.begin(), rest}, .weight_decay = weight_decay});
  groups.push_back({.parameters = {rest, trained.end()}, .weight_decay = 0});
  return groups;
}

// From the last to the first, and turned around.
std::vector<ParameterGroup> backwards(const NamedTensors& parameters, double weight_decay) {
  ParameterGroup decays, rest;
  decays.weight_decay = weight_decay, rest.weight_decay = 0;
  for (auto p = parameters.rbegin(); p != parameters.rend(); ++p) {
    if (!p->tensor.requires_grad()) continue;
    ParameterGroup& group = p->tensor.axes() < 2 ? rest : decays;
    group.parameters.push_back(*p);
  }
  for (ParameterGroup* group : {&decays, &rest})
    std::reverse(group->parameters.begin(), group->parameters.end());
  if (decays.parameters.empty() && rest.parameters.empty()) throw std::logic_error("nothing");
  return {decays, rest};
}

}  // namespace

const std::vector<check::Alternative<Groups>> list = {
    {"a pass for each group", two_passes},
    {"parted", parted},
    {"backwards", backwards},
};

}  // namespace alternatives

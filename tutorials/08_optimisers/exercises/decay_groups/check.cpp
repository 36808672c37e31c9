// Names, tensors and decays of both groups, and what is to be refused.
#include <exception>
#include <string>

#include "core/tensor.h"
#include "tutorials/08_optimisers/exercises/decay_groups/decay_groups.h"

namespace {

NamedTensor trained(const std::string& name, const check::Shape& shape) {
  return {name, Tensor::ones(shape).set_requires_grad()};
}
NamedTensor frozen(const std::string& name, const check::Shape& shape) {
  return {name, Tensor::ones(shape)};
}

std::string names_of(const NamedTensors& parameters) {
  std::string names;
  for (const NamedTensor& p : parameters) names += (names.empty() ? "" : " ") + p.name;
  return names;
}

// Whether each is one of the tensors that were given, and not a copy.
bool are_handles(const NamedTensors& some, const NamedTensors& given) {
  for (const NamedTensor& p : some) {
    bool found = false;
    for (const NamedTensor& q : given)
      found |= p.tensor.defined() && &p.tensor.impl() == &q.tensor.impl();
    if (!found) return false;
  }
  return true;
}

void check_groups(Groups* decay_groups, check::Judge& judge) {
  const auto check = [&](const std::string& what, const NamedTensors& parameters, double decay,
                         const std::string& decaying, const std::string& rest) {
    judge.input(what);
    std::vector<ParameterGroup> groups;
    try {
      groups = decay_groups(parameters, decay);
    } catch (const std::exception& error) {
      judge.that(false, what, "it was refused", error.what());
      return;
    }
    judge.equal(what + ": the number of groups", static_cast<int64_t>(groups.size()), 2);
    if (groups.size() != 2) return;
    judge.equal(what + ": what decays", names_of(groups[0].parameters), decaying);
    judge.equal(what + ": the rest", names_of(groups[1].parameters), rest);
    for (size_t i = 0; i < 2; ++i) {
      const std::string name = what + (i == 0 ? ": the decaying group" : ": the other group");
      const double should_be = i == 0 ? decay : 0;
      judge.that(groups[i].weight_decay == should_be, name + "'s weight_decay",
                 groups[i].weight_decay ? "it is " + std::to_string(*groups[i].weight_decay)
                                        : "it is not set");
      judge.that(groups[i].lr_scale == 1, name + "'s lr_scale",
                 "it is " + std::to_string(groups[i].lr_scale));
      judge.that(are_handles(groups[i].parameters, parameters), name + "'s tensors",
                 "one is not a tensor that was given");
    }
  };
  const NamedTensors layer = {trained("dense.weight", {4, 3}), trained("dense.bias", {4}),
                              trained("LayerNorm.weight", {4}), trained("LayerNorm.bias", {4})};
  check("a layer", layer, 0.01, "dense.weight", "dense.bias LayerNorm.weight LayerNorm.bias");
  check("another decay", layer, 0.25, "dense.weight", "dense.bias LayerNorm.weight LayerNorm.bias");
  check("a decay of 0", layer, 0, "dense.weight", "dense.bias LayerNorm.weight LayerNorm.bias");
  check("all orders of axes",
        {trained("z.weight", {2, 3, 4}), trained("scalar", {}), trained("a.weight", {5, 5}),
         trained("row", {1, 3}), trained("column", {3, 1}), trained("one", {1}),
         trained("four", {2, 1, 3, 1})},
        0.1, "z.weight a.weight row column four", "scalar one");
  check("names that mislead",
        {trained("ln_f.weight", {8}), trained("relative_bias", {4, 4}), trained("scale", {8}),
         trained("bias.weight", {2, 2})},
        0.1, "relative_bias bias.weight", "ln_f.weight scale");
  check("some of them frozen",
        {frozen("word.weight", {7, 3}), trained("w", {3, 3}), frozen("b", {3}), trained("c", {3})},
        0.1, "w", "c");
  check("biases alone", {trained("b", {3}), trained("a", {2})}, 0.1, "", "b a");
  check("matrices alone", {trained("w", {3, 2}), trained("v", {2, 2})}, 0.1, "w v", "");
  check("a tensor without numbers", {trained("none", {0, 3}), trained("b", {3})}, 0.1, "none", "b");
  judge.throws("all frozen", [&] { decay_groups({frozen("w", {2, 2}), frozen("b", {2})}, 0.1); });
  judge.throws("no parameters", [&] { decay_groups({}, 0.1); });
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Groups>({.name = "decay_groups",
                             .check = check_groups,
                             .mine = cairn::decay_groups,
                             .mistaken = mistakes::decay_groups,
                             .mistakes = mistakes::list,
                             .alternatives = alternatives::list},
                            argc, argv);
}

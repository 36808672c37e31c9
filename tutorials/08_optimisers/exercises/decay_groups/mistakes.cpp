// What people write instead.
#include <algorithm>
#include <stdexcept>

#include "tutorials/08_optimisers/exercises/decay_groups/decay_groups.h"

namespace mistakes {
namespace {

enum {
  no_groups = 1,
  by_name_bias,
  by_name_bias_and_norm,
  by_name_weight,
  more_than_two_axes,
  two_axes_exactly,
  by_count,
  every_axis_longer_than_one,
  groups_exchanged,
  frozen_kept,
  frozen_in_the_rest,
  rest_not_set,
  rest_decays,
  fixed_decay,
  nothing_decays,
  rate_0_for_the_rest,
  empty_group_left_out,
  sorted_by_name,
  copies,
  nothing_refused,
  no_parameters_refused_only,
  empty_group_refused,
  one_group,
};

bool is(int mistake) { return check::mistake == mistake; }

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool decays(const NamedTensor& p) {
  const int axes = p.tensor.axes();
  if (is(by_name_bias)) return !contains(p.name, "bias");
  if (is(by_name_bias_and_norm)) return !contains(p.name, "bias") && !contains(p.name, "LayerNorm");
  if (is(by_name_weight)) return p.name.ends_with("weight");
  if (is(more_than_two_axes)) return axes > 2;
  if (is(two_axes_exactly)) return axes == 2;
  if (is(by_count)) return p.tensor.numel() > 8;
  if (is(every_axis_longer_than_one))
    return axes > 1 && std::count(p.tensor.shape().begin(), p.tensor.shape().end(), 1) == 0;
  if (is(frozen_in_the_rest)) return axes > 1 && p.tensor.requires_grad();
  return axes > 1;
}

}  // namespace

std::vector<ParameterGroup> decay_groups(const NamedTensors& parameters, double weight_decay) {
  if (is(no_groups)) return {};
  std::vector<ParameterGroup> groups(2);
  groups[0].weight_decay = is(fixed_decay) ? 0.01 : is(nothing_decays) ? 0 : weight_decay;
  if (!is(rest_not_set)) groups[1].weight_decay = is(rest_decays) ? weight_decay : 0;
  if (is(rate_0_for_the_rest)) groups[1].lr_scale = 0;
  size_t trained = 0;
  for (NamedTensor p : parameters) {
    trained += p.tensor.requires_grad();
    if (!p.tensor.requires_grad() && !is(frozen_kept) && !is(frozen_in_the_rest)) continue;
    const size_t group = decays(p) ? 0 : 1;
    if (is(copies)) p.tensor = Tensor::of(p.tensor.shape(), p.tensor.to_vector());
    groups[group].parameters.push_back(p);
  }
  const bool refused = is(no_parameters_refused_only) ? parameters.empty()
                       : is(empty_group_refused)
                           ? groups[0].parameters.empty() || groups[1].parameters.empty()
                           : trained == 0;
  if (refused && !is(nothing_refused)) throw std::invalid_argument("an empty group");
  if (is(sorted_by_name))
    for (ParameterGroup& group : groups)
      std::sort(group.parameters.begin(), group.parameters.end(),
                [](const NamedTensor& a, const NamedTensor& b) { return a.name < b.name; });
  if (is(groups_exchanged)) std::swap(groups[0], groups[1]);
  if (is(empty_group_left_out))
    std::erase_if(groups, [](const ParameterGroup& group) { return group.parameters.empty(); });
  if (is(one_group)) return {{.parameters = parameters, .weight_decay = weight_decay}};
  return groups;
}

const std::vector<check::Mistake> list = {
    {no_groups, "no groups", "the result is empty. It has two groups, even if one holds nothing."},
    {by_name_bias, "all but the biases",
     "you go by the word bias. The weight of a layer norm would decay, too, and a matrix that is "
     "called a bias would not: ask for the number of axes."},
    {by_name_bias_and_norm, "a list of names",
     "you go by names. It works until a norm is called ln_f: ask for the number of axes."},
    {by_name_weight, "whatever is called weight",
     "you go by the word weight. The weight of a layer norm has one axis and does not decay: ask "
     "for "
     "the number of axes."},
    {more_than_two_axes, "more than two axes", "a matrix has two axes, and decays."},
    {two_axes_exactly, "two axes exactly",
     "three axes and more decay as well: the number has to be two or larger."},
    {by_count, "by the count of numbers",
     "you go by how many numbers there are. A long bias is still a bias: ask for the axes."},
    {every_axis_longer_than_one, "axes of length 1 do not count",
     "a matrix of one row or one column is a matrix, and decays. The number of axes decides, not "
     "their lengths."},
    {groups_exchanged, "the groups are exchanged", "first what decays, then the rest."},
    {frozen_kept, "frozen ones are kept",
     "a parameter that does not require grad belongs in neither group."},
    {frozen_in_the_rest, "frozen ones in the rest",
     "you put what is frozen among those that do not decay. It belongs in neither group."},
    {rest_not_set, "the decay of the rest is not set",
     "the second group has no decay of its own, so the optimiser would take its option, which need "
     "not be 0. Set it to 0."},
    {rest_decays, "the rest decays, too",
     "both groups have the same decay. That of the second is 0."},
    {fixed_decay, "0.01 whatever the decay",
     "the decay is an argument; you have a number in its place."},
    {nothing_decays, "nothing decays",
     "the first group's decay is 0. It is the one that weight_decay is for."},
    {rate_0_for_the_rest, "the rest does not learn",
     "the second group's lr_scale is 0: its parameters would not be trained. What is 0 is its "
     "decay."},
    {empty_group_left_out, "an empty group is left out",
     "where one kind of parameter is missing you return one group. Always return both."},
    {sorted_by_name, "sorted by name",
     "you sort by name. The order is the one in which the parameters are given."},
    {copies, "copies",
     "your groups hold other tensors than those that were given. A copy() has numbers of its own, "
     "a "
     "detach() has no gradient of its parameter: the model would not be trained. Pass the handles "
     "on."},
    {nothing_refused, "nothing is refused",
     "where there is nothing to train the function has to throw an exception: an optimiser that "
     "moves nothing would be a silent mistake."},
    {no_parameters_refused_only, "all frozen is not refused",
     "if all parameters are frozen there is nothing to train either: throw an exception."},
    {empty_group_refused, "an empty group is refused",
     "do you throw because one of the groups is empty? That may be. Only if there is nothing to "
     "train at all is it an error."},
    {one_group, "one group", "the result is one group with everything. Part it into two."},
};

}  // namespace mistakes

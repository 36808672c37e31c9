// What decays, in the place of the library's function.
#include <vector>

#include "core/error.h"
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Two groups: parameters with two or more axes, which decay, and the others, which do not. Those that
// do not require grad are left out; an exception if all are.
std::vector<ParameterGroup> decay_groups(const NamedTensors& parameters, double weight_decay) {
  std::vector<ParameterGroup> groups(2);
  groups[0].weight_decay = weight_decay;
  groups[1].weight_decay = 0;
  for (const NamedTensor& p : parameters)
    if (p.tensor.requires_grad()) groups[p.tensor.axes() >= 2 ? 0 : 1].parameters.push_back(p);
  if (groups[0].parameters.empty() && groups[1].parameters.empty())
    fail("decay_groups", "there is no parameter to be trained");
  return groups;
}

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// What the heads of a BERT attend to, as matrices.
#include <vector>

#include "models/bert/bert.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// How much each token attends to each other token: for one sequence of T ids, a tensor (heads, T,
// T) for each layer, the softmax of the scores. For display; call it in evaluation mode.
std::vector<Tensor> attention_maps(BertModel& model, const Ids& ids, const Ids& token_types = {});

}}  // namespace cairn::CAIRN_PRECISION

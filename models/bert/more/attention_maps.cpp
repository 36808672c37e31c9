// The scores of attention once more, layer by layer, from the hidden states.
#include "models/bert/more/attention_maps.h"

#include <cmath>

#include "core/autograd/grad_mode.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

std::vector<Tensor> attention_maps(BertModel& model, const Ids& ids, const Ids& token_types) {
  NoGrad no_grad;
  const int64_t T = ids.numel();
  std::vector<Tensor> hidden;
  model(ids, token_types, Rows::equal(1, T), {.hidden_states = &hidden});
  std::vector<Tensor> maps;
  for (size_t i = 0; i < model.encoder.layer.size(); ++i) {
    BertSelfAttention& self = model.encoder.layer[i].attention.self;
    const int64_t D = model.config.hidden_size / self.heads;
    const Tensor q = transpose(reshape(self.query(hidden[i]), {T, self.heads, D}), 0, 1);
    const Tensor k = transpose(reshape(self.key(hidden[i]), {T, self.heads, D}), 0, 1);
    const real scale = 1 / std::sqrt(static_cast<real>(D));
    maps.push_back(softmax(matmul(q, transpose(k, 1, 2)) * scale));
  }
  return maps;
}

}}  // namespace cairn::CAIRN_PRECISION

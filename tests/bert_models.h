#pragma once
// Tiny BERTs for tests.
#include <string>

#include "core/io/json.h"
#include "models/bert/heads.h"
#include "tests/support.h"

namespace cairn::test {

inline BertConfig tiny_config() {
  BertConfig config;
  config.vocab_size = 11;
  config.hidden_size = 8;
  config.num_hidden_layers = 2;
  config.num_attention_heads = 2;
  config.intermediate_size = 12;
  config.max_position_embeddings = 6;
  config.set_num_labels(3);
  config.set_dropout(0);
  return config;
}

inline BertConfig config_of(const std::string& text) {
  return BertConfig::from_json(parse_json(text, "config.json"));
}

// The error that this config.json gives; empty if it is read.
inline std::string config_error(const std::string& text) {
  return error_of([&] { config_of(text); });
}

// Weights large enough that everything matters; biases too.
template <class M>
M tiny_model(const BertConfig& config = tiny_config(), uint64_t seed = 1) {
  Random random(seed);
  M model(config, Init{.std = 0.4, .random = &random});
  for (NamedTensor& p : model.named_parameters()) {
    if (p.tensor.axes() > 1) continue;
    real* values = p.tensor.write();
    for (int64_t i = 0; i < p.tensor.numel(); ++i)
      values[i] += static_cast<real>(0.1 * random.normal());
  }
  return model;
}

// Three sentences of 4, 2 and 5 tokens.
struct TinyBatch {
  Rows rows = Rows::of_lengths({4, 2, 5});
  Ids ids{1, 5, 6, 2, 1, 2, 1, 9, 10, 3, 2};
  Ids types{0, 0, 1, 1, 0, 1, 0, 0, 0, 1, 1};
};

}  // namespace cairn::test

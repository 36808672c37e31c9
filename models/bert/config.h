#pragma once
// BertConfig: the sizes and switches of a BERT, as config.json of a Hugging Face folder holds them.
// A field that the file lacks has the value that Hugging Face's BertConfig gives it.
#include <optional>
#include <string>
#include <vector>

#include "core/io/json.h"
#include "core/real.h"

namespace cairn::inline CAIRN_PRECISION {

struct BertConfig {
  int64_t vocab_size = 30522;
  int64_t hidden_size = 768;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 12;
  int64_t intermediate_size = 3072;
  int64_t max_position_embeddings = 512;
  int64_t type_vocab_size = 2;
  std::string hidden_act = "gelu";  // or relu, gelu_new, gelu_pytorch_tanh, tanh
  double hidden_dropout_prob = 0.1;
  double attention_probs_dropout_prob = 0.1;
  std::optional<double> classifier_dropout;  // none: hidden_dropout_prob
  double initializer_range = 0.02;
  double layer_norm_eps = 1e-12;
  bool is_decoder = false;  // a token sees only those before it
  std::vector<std::string> id2label = {"LABEL_0", "LABEL_1"};
  std::string problem_type;  // "", "regression", "single_label_classification"
  std::string task;          // Cairn's own: the task it was fine-tuned for, "" if none

  Json file = Json::object();  // what was read, so that saving loses no field unknown to Cairn

  int64_t num_labels() const { return static_cast<int64_t>(id2label.size()); }
  void set_num_labels(int64_t count);  // names them LABEL_0, LABEL_1, ... as Hugging Face does

  // All dropouts at once; 0 for parity with another implementation.
  void set_dropout(double p);

  double head_dropout() const { return classifier_dropout.value_or(hidden_dropout_prob); }

  // Error naming the file, its line and the remedy if the text is not a BERT's configuration.
  static BertConfig from_json(const Json& json);
  static BertConfig load(const std::string& folder);  // of folder/config.json

  // The fields over those of `file`, with `architecture`, the model's class, where it is not empty.
  Json to_json(const std::string& architecture = "") const;

  // Error naming `place` if the fields contradict each other; from_json has called it.
  void check(const std::string& place) const;

  // Numbers in the encoder's parameters, to be compared with a file before anything is allocated.
  double encoder_parameters() const;
};

}  // namespace cairn::inline CAIRN_PRECISION

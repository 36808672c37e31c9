#pragma once
// BertConfig: the sizes and switches of a BERT, as config.json of a Hugging Face folder holds them.
// A field that the file lacks has the value that Hugging Face's BertConfig gives it (transformers:
// src/transformers/models/bert/configuration_bert.py).
#include <optional>
#include <string>
#include <vector>

#include "core/io/json.h"
#include "core/real.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// One label per text: softmax; any number of labels: a sigmoid each; numbers as they are.
enum class Problem { single_label, multi_label, regression };
const char* to_string(Problem problem);  // as in config.json: "single_label_classification", ...

struct BertConfig {
  int64_t vocab_size = 30522;
  int64_t hidden_size = 768;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 12;
  int64_t intermediate_size = 3072;
  int64_t max_position_embeddings = 512;
  int64_t type_vocab_size = 2;
  std::string hidden_act = "gelu";  // a name for activation() in nn/activation.h
  double hidden_dropout_prob = 0.1;
  double attention_probs_dropout_prob = 0.1;
  std::optional<double> classifier_dropout;  // none: hidden_dropout_prob
  double initializer_range = 0.02;
  double layer_norm_eps = 1e-12;
  bool is_decoder = false;          // a token sees only those before it
  bool tie_word_embeddings = true;  // heads that predict words require it
  std::vector<std::string> id2label = {"LABEL_0", "LABEL_1"};
  std::string problem_type;  // to_string() of a Problem, or "": see problem()
  std::string task;          // Cairn's own: the task it was fine-tuned for, or ""

  Json file = Json::object();      // as it was read, so that saving keeps fields unknown to Cairn
  std::vector<std::string> notes;  // one sentence for each field of `file` that was ignored

  int64_t num_labels() const { return static_cast<int64_t>(id2label.size()); }

  // What a classifier's outputs mean: problem_type, or if that is empty, a regression if there is
  // one output, else single labels, as Hugging Face decides.
  Problem problem() const;

  // Names them LABEL_0, LABEL_1, ... as Hugging Face does. Error unless 1 <= count <= 100,000.
  void set_num_labels(int64_t count);

  // All dropouts at once; 0 for parity with another implementation.
  void set_dropout(double p);

  double head_dropout() const { return classifier_dropout.value_or(hidden_dropout_prob); }

  // Error naming the file, its line and the remedy if the text is not a BERT's configuration, or
  // asks for something that Cairn does not do. docs/model_folder.md has a table of all fields.
  static BertConfig from_json(const Json& json);
  static BertConfig load(const std::string& folder);  // of folder/config.json

  // The fields over those of `file`, with `architecture`, the model's class, where it is not empty.
  Json to_json(const std::string& architecture = "") const;

  // Error naming `place` and the field if one is out of bounds or two contradict each other.
  // from_json and the constructors of all models call it, before anything is allocated.
  void check(const std::string& place) const;

  // Error if the parameters, at this many bytes each, do not fit into this machine's memory. The
  // constructors of all models check the weights alone; training takes four times that.
  void check_memory(const std::string& place, double bytes_per_parameter) const;

  // Numbers in the encoder's parameters, to be compared with a file before anything is allocated.
  double encoder_parameters() const;
};

// The config itself, after check() and check_memory(): for the constructors of models.
const BertConfig& checked(const BertConfig& config);

}}  // namespace cairn::CAIRN_PRECISION

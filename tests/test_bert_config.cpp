// config.json, field by field: honoured, refused by name, or reported; and BertConfig in code.
#include <doctest/doctest.h>

#include <cmath>

#include "models/bert/config_fields.h"
#include "models/bert/load.h"
#include "models/bert/more/heads.h"
#include "models/bert/more/pretraining.h"
#include "tests/bert_models.h"
#include "tests/folders.h"
#include "tests/limits.h"

using namespace cairn;
using namespace cairn::test;

namespace {

std::string notes(const std::string& text) {
  std::string all;
  for (const std::string& note : config_of(text).notes) all += note + "\n";
  return all;
}

// The error of a model made from tiny_config() after `change`.
template <class M>
std::string refused_in_code(const std::function<void(BertConfig&)>& change) {
  BertConfig config = tiny_config();
  change(config);
  return error_of([&] { M model(config); });
}

}  // namespace

TEST_CASE("config: what asks for something that Cairn can't do is refused by name") {
  const std::vector<std::pair<std::string, std::string>> fields = {
      {"position_embedding_type", "\"relative_key_query\""},
      {"add_cross_attention", "true"},
      {"is_encoder_decoder", "true"},
      {"pruned_heads", "{\"0\": [1]}"},
      {"per_layer_config", "{\"0\": {\"hidden_size\": 4}}"},
      {"quantization_config", "{\"load_in_8bit\": true}"},
      {"auto_map", "{\"AutoModel\": \"modeling.Model\"}"},
      {"model_type", "\"roberta\""},
      {"hidden_act", "\"prelu\""},
      {"problem_type", "\"ranking\""},
      {"hidden_dropout_prob", "1.5"},
      {"tie_word_embeddings", "1"},
      {"label2id", "[0, 1]"},
  };
  for (const auto& [name, value] : fields) {
    const std::string field = name;  // a lambda of CAPTURE cannot read name itself
    CAPTURE(field);
    const std::string error = config_error("{\n\"" + name + "\": " + value + "}");
    CHECK(has(error, "config.json:2"));
    CHECK(has(error, name));
  }
}

TEST_CASE("config: the values that Hugging Face writes itself are neither refused nor reported") {
  CHECK(notes(R"({"add_cross_attention": false, "architectures": ["BertModel"],
    "bos_token_id": null, "classifier_dropout": null, "dtype": "float32", "eos_token_id": null,
    "is_decoder": false, "pad_token_id": 0, "tie_word_embeddings": true, "torch_dtype": "float16",
    "transformers_version": "5.23.0", "use_cache": true, "_name_or_path": "x", "pruned_heads": {},
    "position_embedding_type": "absolute", "gradient_checkpointing": false, "auto_map": null,
    "id2label": {"0": "a", "1": "b"}, "label2id": {"a": 0, "b": 1}, "output_attentions": false,
    "chunk_size_feed_forward": 0, "tokenizer_class": "BertTokenizer", "pooler_fc_size": 768,
    "temperature": 1.0, "top_k": 50, "directionality": "bidi"})") == "");
}

TEST_CASE("config: what has no effect is reported with its line, unless it has its usual value") {
  const std::string text = notes(R"({
    "use_cache": false,
    "chunk_size_feed_forward": 64,
    "finetuning_task": "sst-2",
    "pad_token_id": 3})");
  CHECK(has(text, "config.json:2: \"use_cache\" is false, which has no effect"));
  CHECK(has(text, "config.json:3: \"chunk_size_feed_forward\" is 64"));
  CHECK(has(text, "config.json:4: \"finetuning_task\" is \"sst-2\""));
  CHECK(has(text, "config.json:5: \"pad_token_id\" is 3"));
}

TEST_CASE("config: an unknown field is reported once, with the nearest known one, and kept") {
  const BertConfig c = config_of("{\"hiden_size\": 8,\n\"zorbex\": [1]}");
  REQUIRE(c.notes.size() == 2);
  CHECK(c.notes[0] ==
        "config.json:1: the field \"hiden_size\" is not known to Cairn and was "
        "ignored (nearest: hidden_size)");
  CHECK(c.notes[1] == "config.json:2: the field \"zorbex\" is not known to Cairn and was ignored");
  CHECK(to_text(c.to_json().at("zorbex")) == "[1]");
  std::string many = "{\"model_type\": \"bert\"";
  for (int i = 0; i < 1000; ++i) many += ", \"unknown field " + std::to_string(i) + "\": 0";
  CHECK(config_of(many + "}").notes.size() == 21);
}

TEST_CASE("config: the table in docs/model_folder.md has every field with its rule") {
  const std::string page = read_file(std::string(CAIRN_SOURCE_DIR) + "/docs/model_folder.md");
  for (const ConfigField& field : config_fields()) {
    CAPTURE(field.name);
    using Rule = ConfigField::Rule;
    const size_t row = page.find("| `" + std::string(field.name) + "` |");
    REQUIRE(row != std::string::npos);
    const std::string rule = field.rule == Rule::honoured  ? "honoured"
                             : field.rule == Rule::refused ? "refused"
                                                           : "reported";
    CHECK(has(page.substr(row, page.find('\n', row) - row), "| " + rule));
  }
}

TEST_CASE("config: label names that are no text are the text that Python makes of them") {
  // Hugging Face gives the labels 0 and 1, or True and 0.5; printed: these.
  CHECK(config_of(R"({"id2label": {"0": 0, "1": 1}})").id2label ==
        std::vector<std::string>{"0", "1"});
  CHECK(config_of(R"({"id2label": {"1": 0.5, "0": true}})").id2label ==
        std::vector<std::string>{"True", "0.5"});
  CHECK(has(config_error(R"({"id2label": {"0": ["a"], "1": "b"}})"), "not the name of a label"));
}

TEST_CASE("config: labels are written as they were read, or both tables anew") {
  const std::string text = R"({"id2label":{"1":1,"0":0},"label2id":{"zero":0,"one":1}})";
  BertConfig c = config_of(text);
  CHECK(to_text(c.to_json().at("id2label")) == R"({"1":1,"0":0})");
  CHECK(to_text(c.to_json().at("label2id")) == R"({"zero":0,"one":1})");
  c.id2label = {"no", "yes"};
  CHECK(to_text(c.to_json().at("id2label")) == R"({"0":"no","1":"yes"})");
  CHECK(to_text(c.to_json().at("label2id")) == R"({"no":0,"yes":1})");
  c.id2label = {"same", "same"};
  CHECK(to_text(c.to_json().at("label2id")) == R"({"same":0})");
}

TEST_CASE("config: a label2id that contradicts id2label is reported - id2label counts") {
  const std::string text = R"({"id2label": {"0": "a", "1": "b"}, "label2id": {"a": 1, "b": 0}})";
  CHECK(has(notes(text), "label2id contradicts id2label in \"a\""));
  CHECK(config_of(text).id2label[0] == "a");
  CHECK(has(notes(R"({"label2id": {"LABEL_0": 0, "LABEL_1": 5}})"), "\"LABEL_1\""));
}

TEST_CASE("config: many labels are read and written in linear time") {
  const auto seconds = [](int count) {
    std::string text = "{\"id2label\": {";
    for (int i = count; i-- > 0;)
      text += "\"" + std::to_string(i) + "\": \"label " + std::to_string(i) + (i ? "\", " : "\"}}");
    return test::cpu_seconds([&] {
      BertConfig c = config_of(text);
      CHECK(c.num_labels() == count);
      c.id2label[0] = "another";
      CHECK(c.to_json().at("label2id").size() == static_cast<size_t>(count));
    });
  };
  CHECK(seconds(100'000) < 24 * seconds(12'500) + 0.05);  // quadratic: 64 times
}

TEST_CASE("config: what a classifier's outputs mean is decided as Hugging Face does") {
  CHECK(config_of("{}").problem() == Problem::single_label);
  CHECK(config_of(R"({"num_labels": 1})").problem() == Problem::regression);
  CHECK(config_of(R"({"problem_type": "regression"})").problem() == Problem::regression);
  CHECK(config_of(R"({"problem_type": "multi_label_classification", "num_labels": 1})").problem() ==
        Problem::multi_label);
  CHECK(config_of(R"({"problem_type": "single_label_classification"})").problem() ==
        Problem::single_label);
  CHECK(config_of(R"({"problem_type": null, "num_labels": 3})").problem() == Problem::single_label);
  // transformers 5.23.0: "requires `num_labels > 1`"
  CHECK(has(config_error(R"({"problem_type": "single_label_classification", "num_labels": 1})"),
            "only one label"));
}

TEST_CASE("config: in code it has the bounds of a file, in every class, before any memory") {
  const auto check = [](const char* field, const std::function<void(BertConfig&)>& change) {
    CAPTURE(field);
    CHECK(has(refused_in_code<BertModel>(change), field));
    CHECK(has(refused_in_code<BertForSequenceClassification>(change), field));
    CHECK(has(refused_in_code<BertForPreTraining>(change), field));
    CHECK(has(refused_in_code<BertForQuestionAnswering>(change), field));
    BertConfig config = tiny_config();
    change(config);
    CHECK(has(error_of([&] { BertEmbeddings part(config, Init{}); }), field));
    CHECK(has(error_of([&] { BertEncoder part(config, Init{}); }), field));
    CHECK(has(error_of([&] { BertSelfAttention part(config, Init{}); }), field));
    CHECK(has(error_of([&] { BertIntermediate part(config, Init{}); }), field));
    CHECK(has(error_of([&] { BertOutput part(config, 8, Init{}); }), field));
    CHECK(has(error_of([&] { BertPooler part(config, Init{}); }), field));
    CHECK(has(error_of([&] { BertLMPredictionHead part(config, Init{}, Tensor()); }), field));
  };
  check("num_attention_heads", [](BertConfig& c) { c.num_attention_heads = 0; });
  check("num_attention_heads", [](BertConfig& c) { c.num_attention_heads = -2; });
  check("divisible", [](BertConfig& c) { c.num_attention_heads = 3; });
  check("num_hidden_layers", [](BertConfig& c) { c.num_hidden_layers = -1; });
  check("hidden_size", [](BertConfig& c) { c.hidden_size = 0; });
  check("vocab_size", [](BertConfig& c) { c.vocab_size = INT64_MAX; });
  check("intermediate_size", [](BertConfig& c) { c.intermediate_size = INT64_MIN; });
  check("max_position_embeddings", [](BertConfig& c) { c.max_position_embeddings = 0; });
  check("type_vocab_size", [](BertConfig& c) { c.type_vocab_size = 0; });
  check("dropout", [](BertConfig& c) { c.hidden_dropout_prob = NAN; });
  check("dropout", [](BertConfig& c) { c.attention_probs_dropout_prob = 1; });
  check("dropout", [](BertConfig& c) { c.classifier_dropout = -0.5; });
  check("layer_norm_eps", [](BertConfig& c) { c.layer_norm_eps = NAN; });
  check("initializer_range", [](BertConfig& c) { c.initializer_range = INFINITY; });
  check("hidden_act", [](BertConfig& c) { c.hidden_act = "no such hidden_act"; });
  check("id2label", [](BertConfig& c) { c.id2label.clear(); });
  check("problem_type", [](BertConfig& c) { c.problem_type = "other"; });
  check("memory", [](BertConfig& c) {  // some 4 TB
    c.hidden_size = 1 << 15, c.intermediate_size = 1 << 18, c.num_hidden_layers = 50;
  });
}

TEST_CASE("config: a decoder that is not tied is refused by the heads that predict words only") {
  const auto untie = [](BertConfig& c) { c.tie_word_embeddings = false; };
  CHECK(has(refused_in_code<BertForMaskedLM>(untie), "tie_word_embeddings"));
  CHECK(has(refused_in_code<BertForPreTraining>(untie), "tie_word_embeddings"));
  CHECK(refused_in_code<BertForSequenceClassification>(untie) == "");
  const BertConfig c = config_of(R"({"tie_word_embeddings": false})");
  CHECK_FALSE(c.to_json().at("tie_word_embeddings").as_bool());
}

// config.json, value by value: what is read, written, counted and said.
#include <doctest/doctest.h>

#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "models/bert/config_fields.h"
#include "models/bert/load.h"
#include "tests/bert_models.h"
#include "tests/folders.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Change = std::function<void(BertConfig&)>;

std::string refused(const Change& change) {
  BertConfig config = tiny_config();
  change(config);
  return error_of([&] { config.check("here"); });
}

// An Error's whole text, with which no word can be lost.
std::string error_text(const std::string& place, const std::string& what, const std::string& hint) {
  return "[" + place + "] " + what + "\n  hint: " + hint;
}

const std::string every_field =
    R"({"architectures":["BertModel"],"model_type":"bert","vocab_size":31,"hidden_size":24,)"
    R"("num_hidden_layers":3,"num_attention_heads":4,"intermediate_size":48,)"
    R"("max_position_embeddings":77,"type_vocab_size":5,"hidden_act":"relu",)"
    R"("hidden_dropout_prob":0.25,"attention_probs_dropout_prob":0.375,"classifier_dropout":0.5,)"
    R"("initializer_range":0.125,"layer_norm_eps":0.0625,"is_decoder":true,"pad_token_id":3,)"
    R"("id2label":{"0":"no","1":"yes","2":"both"},"label2id":{"no":0,"yes":1,"both":2},)"
    R"("problem_type":"multi_label_classification","cairn_task":"sst2","dtype":"float32",)"
    R"("tie_word_embeddings":false,"num_labels":3})";

void check_every_field(const BertConfig& c) {
  CHECK(c.vocab_size == 31);
  CHECK(c.hidden_size == 24);
  CHECK(c.num_hidden_layers == 3);
  CHECK(c.num_attention_heads == 4);
  CHECK(c.intermediate_size == 48);
  CHECK(c.max_position_embeddings == 77);
  CHECK(c.type_vocab_size == 5);
  CHECK(c.hidden_act == "relu");
  CHECK(c.hidden_dropout_prob == 0.25);
  CHECK(c.attention_probs_dropout_prob == 0.375);
  CHECK(c.classifier_dropout == 0.5);
  CHECK(c.head_dropout() == 0.5);
  CHECK(c.initializer_range == 0.125);
  CHECK(c.layer_norm_eps == 0.0625);
  CHECK(c.is_decoder);
  CHECK_FALSE(c.tie_word_embeddings);
  CHECK(c.id2label == std::vector<std::string>{"no", "yes", "both"});
  CHECK(c.problem_type == "multi_label_classification");
  CHECK(c.task == "sst2");
}

}  // namespace

TEST_CASE("config: every field is read, and written as it was read") {
  const BertConfig c = config_of(every_field);
  check_every_field(c);
  CHECK(to_text(c.to_json("BertModel")) == every_field);
  check_every_field(BertConfig::from_json(c.to_json()));
  BertConfig tied = c;
  tied.tie_word_embeddings = true;
  CHECK(tied.to_json().at("tie_word_embeddings").as_bool());
}

TEST_CASE("config: every field that is set in code is written, and read again") {
  BertConfig c;
  c.vocab_size = 31, c.hidden_size = 24, c.num_hidden_layers = 3, c.num_attention_heads = 4;
  c.intermediate_size = 48, c.max_position_embeddings = 77, c.type_vocab_size = 5;
  c.hidden_act = "relu", c.hidden_dropout_prob = 0.25, c.attention_probs_dropout_prob = 0.375;
  c.classifier_dropout = 0.5, c.initializer_range = 0.125, c.layer_norm_eps = 0.0625;
  c.is_decoder = true, c.id2label = {"no", "yes", "both"};
  c.problem_type = "multi_label_classification", c.task = "sst2";
  const std::string written = every_field.substr(0, every_field.find(",\"tie_word"));
  std::string expected = written + "}";
  expected.replace(expected.find("\"pad_token_id\":3"), 16, "\"pad_token_id\":0");
  CHECK(to_text(c.to_json("BertModel")) == expected);
  BertConfig again = BertConfig::from_json(c.to_json());
  CHECK(again.tie_word_embeddings);  // its default, unless the file has it
  again.tie_word_embeddings = false;
  check_every_field(again);
}

TEST_CASE("config: written without architecture, labels, problem type or task it has none") {
  CHECK(to_text(BertConfig().to_json()) ==
        R"({"model_type":"bert","vocab_size":30522,"hidden_size":768,"num_hidden_layers":12,)"
        R"("num_attention_heads":12,"intermediate_size":3072,"max_position_embeddings":512,)"
        R"("type_vocab_size":2,"hidden_act":"gelu","hidden_dropout_prob":0.1,)"
        R"("attention_probs_dropout_prob":0.1,"classifier_dropout":null,)"
        R"("initializer_range":0.02,"layer_norm_eps":1e-12,"is_decoder":false,)"
        R"("pad_token_id":0,"id2label":{"0":"LABEL_0","1":"LABEL_1"},)"
        R"("label2id":{"LABEL_0":0,"LABEL_1":1},"dtype":"float32"})");
  BertConfig c = config_of(R"({"torch_dtype": "float16", "num_labels": 4, "dtype": "bfloat16"})");
  c.set_num_labels(3);
  const Json json = c.to_json();
  CHECK(json.at("num_labels").as_int() == 3);
  CHECK(json.at("torch_dtype").as_string() == "float32");
  CHECK(json.at("dtype").as_string() == "float32");
  CHECK(c.id2label == std::vector<std::string>{"LABEL_0", "LABEL_1", "LABEL_2"});
}

TEST_CASE("config: null is as good as absent - a number of another kind is refused with its line") {
  const BertConfig usual;
  for (const char* key : {"vocab_size", "hidden_act", "hidden_dropout_prob", "classifier_dropout",
                          "initializer_range", "layer_norm_eps", "is_decoder", "problem_type",
                          "cairn_task", "id2label", "label2id", "num_labels", "model_type"}) {
    CAPTURE(key);
    const BertConfig c = config_of("{\"" + std::string(key) + "\": null}");
    CHECK(to_text(BertConfig::from_json(c.to_json()).to_json()) != "");
    CHECK(c.vocab_size == usual.vocab_size);
    CHECK(c.hidden_act == usual.hidden_act);
    CHECK(c.id2label == usual.id2label);
    CHECK_FALSE(c.classifier_dropout.has_value());
  }
  CHECK(config_of(R"({"hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0.999})")
            .head_dropout() == 0);
  for (const char* key :
       {"hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"})
    for (const char* p : {"1", "-0.001", "1.5"})
      CHECK(config_error("{\n\"" + std::string(key) + "\": " + p + "}") ==
            error_text("config.json:2",
                       "\"" + std::string(key) + "\" is " + p + ", not a probability of dropping",
                       "0 <= p < 1"));
}

TEST_CASE("config: each size has its bounds, in a file and in code") {
  struct Bounds {
    std::string name;
    int64_t BertConfig::*member;
    int64_t least, most;
  };
  const int64_t rows = 1 << 30, columns = 1 << 20;
  const std::vector<Bounds> table = {
      {"vocab_size", &BertConfig::vocab_size, 1, rows},
      {"num_hidden_layers", &BertConfig::num_hidden_layers, 0, 10'000},
      {"intermediate_size", &BertConfig::intermediate_size, 1, columns},
      {"max_position_embeddings", &BertConfig::max_position_embeddings, 1, rows},
      {"type_vocab_size", &BertConfig::type_vocab_size, 1, rows},
      {"hidden_size", &BertConfig::hidden_size, 1, columns},
      {"num_attention_heads", &BertConfig::num_attention_heads, 1, columns},
  };
  for (const Bounds& bounds : table) {
    const auto& [name, member, least, most] = bounds;
    INFO(bounds.name);
    const auto set = [&, member = member](int64_t value) {
      return [=](BertConfig& c) {
        c.num_attention_heads = 1, c.hidden_size = 1 << 20, c.*member = value;
      };
    };
    const std::string file = R"({"hidden_size": 1048576, "num_attention_heads": 1, ")" + name;
    for (const int64_t value : {least, most}) {
      CHECK(refused(set(value)) == "");
      if (name != "hidden_size" && name != "num_attention_heads")
        CHECK(config_of(file + "\": " + std::to_string(value) + "}").*member == value);
    }
    for (const int64_t value : {least - 1, most + 1})
      CHECK(refused(set(value)) ==
            error_text("here", name + " is " + std::to_string(value),
                       "from " + std::to_string(least) + " to " + std::to_string(most)));
    if (name != "hidden_size" && name != "num_attention_heads")
      for (const int64_t value : {least - 1, most + 1})
        CHECK(has(config_error(file + "\": " + std::to_string(value) + "}"), name));
  }
}

TEST_CASE("config: what else is wrong in code is said in whole sentences, with the remedy") {
  const auto check = [](const Change& change, const std::string& what, const std::string& hint) {
    CHECK(refused(change) == error_text("here", what, hint));
  };
  check([](BertConfig& c) { c.num_attention_heads = 3; },
        "hidden_size 8 is not divisible by 3 heads", "num_attention_heads must divide hidden_size");
  check([](BertConfig& c) { c.hidden_act = "x"; }, "there is no activation \"x\"",
        activation_names());
  for (double BertConfig::*p :
       {&BertConfig::hidden_dropout_prob, &BertConfig::attention_probs_dropout_prob})
    for (const double value : {-0.01, 1.0, std::nan("")})
      check([&](BertConfig& c) { c.*p = value; }, "a dropout is not a probability of dropping",
            "0 <= p < 1");
  check([](BertConfig& c) { c.classifier_dropout = 1; },
        "a dropout is not a probability of dropping", "0 <= p < 1");
  check([](BertConfig& c) { c.layer_norm_eps = 0; }, "layer_norm_eps is 0.000000",
        "BERT's is 1e-12");
  check([](BertConfig& c) { c.layer_norm_eps = INFINITY; }, "layer_norm_eps is inf",
        "BERT's is 1e-12");
  check([](BertConfig& c) { c.initializer_range = 0; }, "initializer_range is 0.000000",
        "BERT's is 0.02");
  check([](BertConfig& c) { c.id2label.clear(); }, "id2label has 0 labels", "from 1 to 100000");
  check([](BertConfig& c) { c.id2label.resize(100'001); }, "id2label has 100001 labels",
        "from 1 to 100000");
  const std::string types = "single_label_classification, multi_label_classification or regression";
  check([](BertConfig& c) { c.problem_type = "x"; }, "problem_type is \"x\"", types);
  check(
      [](BertConfig& c) {
        c.problem_type = "single_label_classification";
        c.set_num_labels(1);
      },
      "problem_type is single_label_classification, but there is only one label",
      "a single output is a regression; to tell two classes apart give two labels");
  for (const Change& fine : {Change([](BertConfig& c) { c.id2label.resize(100'000); }),
                             Change([](BertConfig& c) { c.set_num_labels(1); }),
                             Change([](BertConfig& c) { c.hidden_dropout_prob = 0.999; }),
                             Change([](BertConfig& c) { c.layer_norm_eps = 1e-300; })})
    CHECK(refused(fine) == "");
  CHECK(config_error(R"({"problem_type": "x"})") ==
        error_text("config.json:1", "\"problem_type\" is \"x\", not a problem type", types));
  CHECK(config_error(R"({"hidden_act": "x"})") ==
        error_text("config.json:1", "\"hidden_act\" is \"x\", not an activation that Cairn has",
                   activation_names()));
  CHECK(has(config_error("[1]"), "not an object\n  hint: a configuration is {"));
}

TEST_CASE("config: a head has from 1 to 100,000 labels") {
  BertConfig c = tiny_config();
  for (const int64_t count : {int64_t{0}, int64_t{-1}, int64_t{100'001}})
    CHECK(error_of([&] { c.set_num_labels(count); }) ==
          error_text("BertConfig", "a head of " + std::to_string(count) + " labels",
                     "from 1 to 100000"));
  c.set_num_labels(100'000);
  CHECK(c.num_labels() == 100'000);
  CHECK(c.id2label.back() == "LABEL_99999");
  c.set_num_labels(1);
  CHECK(c.id2label == std::vector<std::string>{"LABEL_0"});
  CHECK(config_error(R"({"id2label": {"0": "a"}, "num_labels": 3})") ==
        error_text("config.json:1", "\"num_labels\" is 3, but id2label names 1 labels",
                   "leave num_labels out"));
  for (const char* keys :
       {R"("0": "a", "2": "b")", R"("1": "a", "2": "b")", R"("0": "a", "00": "b")",
        R"("0": "a", "1x": "b")", R"("0": "a", "x": "b")", R"("0": "a", "": "b")",
        R"("-1": "a", "0": "b")", R"("0": "a", "0x1": "b")"})
    CHECK(has(config_error("{\"id2label\": {" + std::string(keys) + "}}"),
              "the keys of id2label are not 0, 1, 2, ..."));
  CHECK(has(config_error(R"({"id2label": {}})"), "not an object of label names"));
  CHECK(has(config_error(R"({"id2label": ["a"]})"), "not an object of label names"));
}

TEST_CASE("config: set_dropout sets all three") {
  BertConfig c;
  c.classifier_dropout = 0.7;
  c.set_dropout(0.3);
  CHECK(c.hidden_dropout_prob == 0.3);
  CHECK(c.attention_probs_dropout_prob == 0.3);
  CHECK_FALSE(c.classifier_dropout.has_value());
  CHECK(c.head_dropout() == 0.3);
}

TEST_CASE("config: a label2id is compared entry by entry, the first contradiction is told") {
  const auto note = [](const std::string& label2id) {
    const BertConfig c =
        config_of(R"({"id2label": {"0": "a", "1": "b"}, "label2id": )" + label2id + "}");
    return c.notes.empty() ? std::string() : c.notes.size() == 1 ? c.notes[0] : "several";
  };
  const auto told = [](const std::string& name) {
    return "config.json:1: label2id contradicts id2label in \"" + name + "\"; id2label counts";
  };
  CHECK(note(R"({"a": 0, "b": 1})") == "");
  CHECK(note(R"({"a": 0})") == "");
  for (const char* wrong : {"0", "2", "-1", "1.5", "\"1\"", "null"})
    CHECK(note(R"({"a": 0, "b": )" + std::string(wrong) + "}") == told("b"));
  CHECK(note(R"({"a": 1, "b": 0})") == told("a"));
  const std::string x150(150, 'x');
  CHECK(note("{\"" + x150 + "\": 0}") == told(x150.substr(50)));
}

TEST_CASE("config: the encoder has as many parameters as it says") {
  for (const int64_t layers : {0, 1, 3}) {
    BertConfig c = tiny_config();
    c.num_hidden_layers = layers;
    BertModel model(c, {}, BertModel::Pooler::no);
    CHECK(c.encoder_parameters() == static_cast<double>(model.parameter_count()));
  }
}

TEST_CASE("config: a model that does not fit into memory is refused with both sizes") {
  const BertConfig c = tiny_config();  // three labels of 8 numbers each
  const double numbers = c.encoder_parameters() + 24;
  const double there =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  const auto gigabytes = [](double bytes) {
    char text[64];
    std::snprintf(text, sizeof text, "%.3g GB", bytes / 1e9);
    return std::string(text);
  };
  CHECK(error_of([&] { c.check_memory("here", 0.999 * there / numbers); }) == "");
  for (const double times : {1.001, 1000.0})
    CHECK(error_of([&] { c.check_memory("here", times * there / numbers); }) ==
          error_text("here",
                     "describes a model that takes " + gigabytes(times * there) +
                         ", this machine has " + gigabytes(there) + " of memory",
                     "fewer or narrower layers, or a smaller vocabulary"));
}

TEST_CASE(
    "config: notes quote short values and say what long ones are - unknown ones are counted") {
  const auto note = [](const std::string& field) {
    const BertConfig c = config_of("{" + field + "}");
    REQUIRE(c.notes.size() == 1);
    return c.notes[0];
  };
  const auto is = [](const std::string& value) {
    return "config.json:1: \"bad_words_ids\" is " + value +
           ", which has no effect: it is for generating text";
  };
  const std::string x58(58, 'x'), x59 = x58 + "x";  // 60 characters with their quotes
  CHECK(note("\"bad_words_ids\": 3") == is("3"));
  CHECK(note("\"bad_words_ids\": \"" + x58 + "\"") == is("\"" + x58 + "\""));
  CHECK(note("\"bad_words_ids\": \"" + x59 + "\"") == is("a long text"));
  CHECK(note("\"bad_words_ids\": [\"" + x59 + "\"]") == is("an array"));
  CHECK(note("\"bad_words_ids\": {\"a\": \"" + x59 + "\"}") == is("an object"));
  const std::string name150(150, 'q');
  CHECK(note("\"" + name150 + "\": 3") == "config.json:1: the field \"" + name150.substr(50) +
                                              "\" is not known to Cairn and was ignored");
  const auto unknown = [](int count) {
    std::string text = "{\"model_type\": \"bert\"";
    for (int i = 0; i < count; ++i) text += ", \"zz" + std::to_string(i) + "\": 0";
    return config_of(text + "}").notes;
  };
  CHECK(unknown(20).size() == 20);
  CHECK(has(unknown(20).back(), "\"zz19\""));
  CHECK(unknown(21).size() == 21);
  CHECK(unknown(21).back() == "config.json:1: 1 more unknown fields were ignored");
  CHECK(unknown(45).back() == "config.json:1: 25 more unknown fields were ignored");
}

TEST_CASE("config: a value is usual only as a whole") {
  const auto count = [](const std::string& field) {
    return config_of("{" + field + "}").notes.size();
  };
  CHECK(count("\"diversity_penalty\": 0") == 0);
  CHECK(count("\"diversity_penalty\": 0.0") == 0);
  CHECK(count("\"diversity_penalty\": 0.5") == 1);
  CHECK(count("\"top_k\": 50") == 0);
  CHECK(count("\"top_k\": 5") == 1);  // a part of 50
  CHECK(count("\"top_k\": 0") == 1);
  CHECK(count("\"prefix\": \"\"") == 1);
  CHECK(count("\"prefix\": null") == 0);
  CHECK(config_error("{\"quantization\": false}") == "");
  CHECK(config_error("{\"auto_map\": {\"a\": \"b\"}}") ==
        error_text("config.json:1", "\"auto_map\" is an object, which Cairn can't do",
                   "the model brings code of its own, which Cairn does not run; if it is a plain "
                   "BERT, remove the field"));
}

TEST_CASE("config: the fields without effect are those that are reported, silent or unknown") {
  const Json json = parse_json(
      R"({"vocab_size": 3, "use_cache": true, "zorbex": 1, "dtype": "float32", "pruned_heads": {},
          "id2label": {}, "pad_token_id": 0, "architectures": []})",
      "config.json");
  CHECK(fields_without_effect(json) ==
        std::vector<std::string>{"use_cache", "zorbex", "dtype", "pad_token_id", "architectures"});
}

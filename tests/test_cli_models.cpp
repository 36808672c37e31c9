// What the program makes of folders that people bring: kinds of problems, poolings, labels, heads.
#include <doctest/doctest.h>

#include "tests/model_place.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// The numbers under `key` of the first line of JSON.
std::vector<double> numbers(const Ran& ran, const char* key) {
  REQUIRE(ran.code == 0);
  return numbers_of(lines_of(ran).at(0), key);
}

void check_close(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i] - b[i]) < 2e-5);
}

constexpr const char* film = "the film was good\n";

// The numbers in this file are those of transformers 5.23.0 (and Pooling of sentence-transformers
// 6.2.0) for the folder that ModelPlace writes: logits for the text `film`, softmax and sigmoid of
// them.

}  // namespace

TEST_CASE("predict: one label a text is a softmax") {
  const ModelPlace place(2);
  if (!place) return;
  const Ran json = place.run("predict --model model --json", film);
  check_close(numbers(json, "probabilities"), {0.236262, 0.763738});
  check_close(numbers(json, "logits"), {-0.430727, 0.742556});
  CHECK(has(json.out, "{\"label\":\"LABEL_1\""));
  CHECK(has(place.run("predict --model model", film).out, "LABEL_1\t0.7637"));
}

TEST_CASE("predict: multi_label_classification is a sigmoid for each label") {
  const ModelPlace place(2);
  if (!place) return;
  place.set("problem_type", "multi_label_classification");
  const Ran json = place.run("predict --model model --json", film);
  check_close(numbers(json, "probabilities"), {0.393953, 0.677554});
  CHECK(has(json.out, "{\"labels\":[\"LABEL_1\"],"));
  const std::string text = place.run("predict --model model", film).out;
  CHECK(has(text, "LABEL_0\t0.3939"));
  CHECK(has(text, "\tLABEL_1\t0.6775"));
}

TEST_CASE("predict: regression gives the outputs as they are") {
  const ModelPlace place(2);
  if (!place) return;
  place.set("problem_type", "regression");
  const Ran json = place.run("predict --model model --json", film);
  check_close(numbers(json, "values"), {-0.430727, 0.742556});
  CHECK_FALSE(has(json.out, "probabilities"));
  CHECK(has(place.run("predict --model model", film).out, "-0.4307"));
}

TEST_CASE("predict: one output is never a softmax") {
  const ModelPlace place(1);
  if (!place) return;
  check_close(numbers(place.run("predict --model model --json", film), "values"), {-0.499712});
  CHECK(place.run("predict --model model", film).out.starts_with("-0.4997"));
  place.set("problem_type", "multi_label_classification");
  check_close(numbers(place.run("predict --model model --json", film), "probabilities"),
              {0.377608});
  place.set("problem_type", "single_label_classification");
  const Ran refused = place.run("predict --model model", film);
  CHECK(refused.code == 1);
  CHECK(has(refused.err, "only one label"));
}

TEST_CASE("eval: a model whose outputs are no classes is refused by its problem_type") {
  const ModelPlace place(2);
  if (!place) return;
  place.write_data();
  for (const char* type : {"multi_label_classification", "regression"}) {
    place.set("problem_type", type);
    const Ran ran = place.run("eval --model model --task sst2 --data data.tsv");
    CHECK(ran.code == 1);
    CHECK(has(ran.err, std::string("problem_type is ") + type));
  }
}

TEST_CASE("eval: labels are matched by name, else the numbers count and a note says so") {
  const ModelPlace place(2);  // gives each text of the data its label 1
  if (!place) return;
  place.write_data();
  const auto accuracy = [&](const Ran& ran) {
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    return parse_json(ran.out, "eval").at("accuracy").as_double();
  };
  const std::string eval = "eval --model model --task sst2 --data data.tsv --json";
  place.name_labels(R"({"0": "negative", "1": "positive"})");
  const Ran straight = place.run(eval);
  CHECK(accuracy(straight) == doctest::Approx(2.0 / 3));
  CHECK(straight.err == "");
  place.name_labels(R"({"0": "POSITIVE", "1": "NEGATIVE"})");
  CHECK(accuracy(place.run(eval)) == doctest::Approx(1.0 / 3));
  place.name_labels(R"({"0": "bad", "1": "good"})");
  const Ran by_number = place.run(eval);
  CHECK(accuracy(by_number) == doctest::Approx(2.0 / 3));
  CHECK(has(by_number.err, "numbers count: bad is negative, good is positive"));
}

TEST_CASE("finetune: problem_type is what was trained, and swapped labels keep their places") {
  const ModelPlace place(2);
  if (!place) return;
  place.write_data();
  place.set("problem_type", "regression");
  place.name_labels(R"({"0": "positive", "1": "negative"})");
  const Ran ran = place.run(
      "finetune --model model --task sst2 --train data.tsv --dev data.tsv "
      "--epochs 200 --lr 0.01 --warmup 0 --dropout 0 --max-length 6 "
      "--eval-every 0 --out out");
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const BertConfig config = BertConfig::load(place / "out");
  CHECK(config.problem_type == "single_label_classification");
  CHECK(config.id2label == std::vector<std::string>{"positive", "negative"});
  const Ran labels = place.run("predict --model out", "the film was good\nthe film was bad\n");
  CHECK(has(labels.out, "positive\t"));
  CHECK(has(lines_of(labels).at(1), "negative\t"));
}

TEST_CASE("finetune: a head for 3 classes becomes one for 2 with --new-head, as the error says") {
  const ModelPlace place(3);
  if (!place) return;
  place.write_data();
  const std::string command = "finetune --model model --task sst2 --train data.tsv --epochs 1 ";
  const Ran refused = place.run(command + "--out a");
  CHECK(refused.code == 1);
  CHECK(has(refused.err, "for another number of labels"));
  CHECK(has(refused.err, "--new-head"));
  const Ran ran = place.run(command + "--new-head --out b");
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(has(ran.err, "new, with random weights: classifier.weight classifier.bias"));
  CHECK(BertConfig::load(place / "b").id2label == std::vector<std::string>{"negative", "positive"});
  const Ran predicted = place.run("predict --model b --json", film);
  CHECK(numbers(predicted, "probabilities").size() == 2);
}

TEST_CASE("embed: pooling, length and max_seq_length are those of the folder") {
  const ModelPlace place(2);
  if (!place) return;
  const auto embedding = [&](const std::string& text, const std::string& options = "") {
    return numbers(place.run("embed --model model --json" + options, text), "embedding");
  };
  const std::string long_text = "the the the the the the the the\n";
  const std::vector<double> unit_mean{-0.54505, 0.12267,  -0.08786, 0.72934,
                                      -0.25715, -0.13538, -0.14885, 0.204};
  check_close(embedding(film), unit_mean);
  std::filesystem::create_directory(place / "model/1_Pooling");
  place.write("model/1_Pooling/config.json",
              R"({"word_embedding_dimension": 8, "pooling_mode_cls_token": true,
                  "pooling_mode_mean_tokens": false})");
  place.write("model/modules.json",
              R"([{"path": "", "type": "sentence_transformers.models.Transformer"},
                  {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}])");
  check_close(embedding(film),
              {-1.85245, 0.85699, -0.40527, 2.00394, -0.24355, -0.37956, -0.24805, 0.00214});
  place.write("model/sentence_bert_config.json",
              R"({"max_seq_length": 4, "do_lower_case": false})");
  check_close(embedding(long_text),
              {-1.3574, 1.43796, -0.78901, 1.7466, -0.19292, -0.48479, -0.3581, -0.10796});
  CHECK(has(place.run("embed --model model", long_text).err, "cut to 4 tokens"));
  check_close(embedding(long_text, " --max-length 6"),
              {-1.00434, 1.82941, -0.80354, 1.44358, -0.09863, -0.49559, -0.39325, -0.52083});
  CHECK(has(place.run("embed --help").out, "modules.json"));
}

TEST_CASE("embed: do_lower_case with a tokenizer that keeps capitals is refused") {
  const ModelPlace place(2);
  if (!place) return;
  place.write("model/sentence_bert_config.json", R"({"do_lower_case": true})");
  CHECK(place.run("embed --model model", film).code == 0);
  BertTokenizerOptions cased;
  cased.lower_case = false;
  BertTokenizer(BertTokenizer::from_pretrained(place / "model").tokens(), cased)
      .save_pretrained(place / "model");
  const Ran ran = place.run("embed --model model", film);
  CHECK(ran.code == 1);
  CHECK(has(ran.err, "sentence_bert_config.json"));
}

TEST_CASE("cli: a field of config.json that is passed over is told on stderr, and by inspect") {
  const ModelPlace place(2);
  if (!place) return;
  place.set("zorbex", 1);
  place.set("transformers_version", "5.23.0");
  const Ran ran = place.run("predict --model model", film);
  CHECK(has(ran.err, "the field \"zorbex\" is not known to Cairn and was ignored"));
  CHECK_FALSE(has(ran.err, "transformers_version"));
  CHECK(has(place.run("inspect model").out, "transformers_version"));
  place.set("auto_map", parse_json(R"({"AutoModel": "x.Y"})", "test"));
  CHECK(place.run("predict --model model", film).code == 1);
}

TEST_CASE("cli: a field of tokenizer_config.json without effect is told on stderr") {
  const ModelPlace place(2);
  if (!place) return;
  Json settings = read_settings(place / "model/tokenizer_config.json");
  settings.set("zorbex", 1);
  place.write("model/tokenizer_config.json", to_text(settings));
  for (const char* command : {"tokenize", "predict", "embed"}) {
    const Ran ran = place.run(std::string(command) + " --model model", film);
    CHECK(ran.code == 0);
    CHECK(has(ran.err, "cairn: model/tokenizer_config.json: without effect here: \"zorbex\"\n"));
  }
}

TEST_CASE("pretrain: a config that does not fit into memory is refused before anything is made") {
  const ModelPlace place(2);
  if (!place) return;
  place.write("text.txt", "the film was good .\nthe film was bad .\n");
  place.write("big.json", R"({"hidden_size": 65536, "num_attention_heads": 64,
    "num_hidden_layers": 100, "intermediate_size": 262144})");
  const Ran ran = place.run(
      "pretrain --text text.txt --vocab model/vocab.txt --config big.json "
      "--max-steps 1 --out out");
  CHECK(ran.code == 1);
  CHECK(has(ran.err, "big.json"));
  CHECK(has(ran.err, "takes 8.25e+04 GB,"));  // 16 bytes for each of 5,158,375,653,376 parameters
  CHECK(has(ran.err, "of memory"));
  CHECK_FALSE(std::filesystem::exists(place / "out"));
}

TEST_CASE("finetune: an added token is in --out as it was in the model's folder") {
  const ModelPlace place(2);
  if (!place) return;
  place.write_data();
  for (const char* file : {"tokenizer.json", "tokenizer_config.json"})
    std::filesystem::remove(place / (std::string("model/") + file));
  place.write("model/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nfilm\nwas\ngood\nbad\n");
  place.write("model/added_tokens.json", R"({"zorbex": 10})");
  const std::string text = "the zorbex was bad\n";
  const std::string before = place.run("tokenize --model model", text).out;
  CHECK(has(before, "zorbex"));
  const Ran ran = place.run(
      "finetune --model model --task sst2 --train data.tsv --epochs 1 "
      "--max-length 6 --out out");
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(place.run("tokenize --model out", text).out == before);
}

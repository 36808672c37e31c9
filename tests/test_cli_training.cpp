// What finetune and pretrain make of their options, told on stderr and written into files: held
// against the same training by the library, and against what `eval` finds.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "models/bert/more/pretraining.h"
#include "tests/model_place.h"
#include "train/more/pretrain.h"
#include "train/trainer.h"

using namespace cairn;
using namespace cairn::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* train_set =
    "sentence\tlabel\nthe film was good\t1\nbad\t0\ngood film\t1\nthe bad bad film was bad\t0\n"
    "good good\t1\nthe film was bad .\t0\ngood .\t1\n";
constexpr const char* dev_set = "sentence\tlabel\nfilm\t1\nbad film\t0\ngood was good\t1\n";

struct TrainingPlace : ModelPlace {
  TrainingPlace() : ModelPlace(2) {
    write("train.tsv", train_set);
    write("dev.tsv", dev_set);
    write("text.txt",
          "the film was good .\nfilm\nbad .\nthe film .\n\ngood film\nthe bad film\n"
          "was bad\n\nfilm was film .\ngood\nbad film .\n");
    write("small.json", R"({"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
      "intermediate_size": 12, "max_position_embeddings": 20, "initializer_range": 0.3})");
  }
};

// Without what depends on the machine.
std::vector<std::string> log_of(const std::string& path) {
  std::vector<std::string> log;
  for (const std::string& line : split_lines(read_file(path)))
    log.push_back(line.substr(0, line.find(",\"sentences_per_second\"")));
  return log;
}

std::vector<std::string> starting_with(const std::string& begin, const std::string& text) {
  std::vector<std::string> found;
  for (const std::string& line : split_lines(text))
    if (line.starts_with(begin)) found.push_back(line);
  return found;
}

// The number after `before` in the text.
double number_after(const std::string& before, const std::string& text) {
  const size_t at = text.find(before);
  REQUIRE(at != text.npos);
  return std::stod(text.substr(at + before.size()));
}

// As the commands below have it with --lr 0.02 --warmup 0.3 --weight-decay 0.2 --clip 0.7.
RunOptions library_run(const TrainingPlace& place) {
  RunOptions options;
  options.out = place / "b";
  options.log = place / "b.jsonl";
  options.lr = 0.02;
  options.warmup = 0.3;
  options.weight_decay = 0.2;
  options.clip = 0.7;
  return options;
}

}  // namespace

TEST_CASE("cli: finetune does what the library does with the same options") {
  const TrainingPlace place;
  if (!place) return;
  const Ran ran = place.run(
      "finetune --model model --task sst2 --train train.tsv --dev dev.tsv --out a --log a.jsonl "
      "--new-head --epochs 5 --batch-size 2 --lr 0.02 --warmup 0.3 --weight-decay 0.2 --clip 0.7 "
      "--dropout 0.25 --max-length 5 --seed 7 --group-by-length --eval-every 3 --patience 4 "
      "--checkpoint-every 5");
  INFO(ran.err);
  REQUIRE(ran.code == 0);

  BertConfig config = BertConfig::load(place / "model");
  config.task = "sst2";
  config.id2label = {"negative", "positive"};
  config.set_dropout(0.25);
  const auto tokenizer = BertTokenizer::from_pretrained(place / "model");
  const Examples train = read_examples(find_task("sst2"), place / "train.tsv", tokenizer, 5);
  const Examples dev = read_examples(find_task("sst2"), place / "dev.tsv", tokenizer, 5);
  Random random(7);
  auto model = from_pretrained<BertForSequenceClassification>(
      place / "model", config, {.new_head = true, .random = &random});
  FinetuneOptions f;
  f.run = library_run(place);
  f.run.checkpoint_every = 5;
  f.epochs = 5;
  f.batch_size = 2;
  f.eval_every = 3;
  f.patience = 4;
  f.seed = 7;
  f.group_by_length = true;
  const FinetuneResult result = cairn::finetune(model, tokenizer, train, dev, f);
  CHECK(log_of(place / "a.jsonl") == log_of(place / "b.jsonl"));
  for (const char* file : {"model.safetensors", "config.json", "tokenizer.json", "vocab.txt"})
    CHECK(read_file(place / ("a/" + std::string(file))) ==
          read_file(place / ("b/" + std::string(file))));
  CHECK(starting_with("step ", ran.err).size() == result.evaluations.size());
}

TEST_CASE("cli: pretrain does what the library does with the same options") {
  const TrainingPlace place;
  if (!place) return;
  const Ran ran = place.run(
      "pretrain --text text.txt --vocab model/vocab.txt --config small.json --out a --log a.jsonl "
      "--max-steps 7 --batch-size 2 --lr 0.02 --warmup 0.3 --weight-decay 0.2 --clip 0.7 "
      "--dropout 0.25 --max-length 11 --seed 7");
  INFO(ran.err);
  REQUIRE(ran.code == 0);

  BertConfig config = BertConfig::from_json(parse_json(read_file(place / "small.json"), "small"));
  config.vocab_size = 11;
  config.set_dropout(0.25);
  Random random(7);
  BertForPreTraining model(config, {.std = 0.3, .random = &random});
  PretrainOptions p;
  p.run = library_run(place);
  p.run.steps = 7;
  p.batch_size = 2;
  p.max_length = 11;
  p.seed = 7;
  pretrain(model, BertTokenizer::from_vocab(place / "model/vocab.txt"),
           read_documents(place / "text.txt"), p);
  CHECK(log_of(place / "a.jsonl").size() == 7);
  CHECK(log_of(place / "a.jsonl") == log_of(place / "b.jsonl"));
  for (const char* file : {"model.safetensors", "config.json", "vocab.txt"})
    CHECK(read_file(place / ("a/" + std::string(file))) ==
          read_file(place / ("b/" + std::string(file))));
  CHECK(ran.out == "");
  CHECK(starting_with("cairn: ", ran.err) == std::vector<std::string>{"cairn: saved in a"});
  CHECK(has(ran.err, "pretraining 100% 7/7 ["));
}

TEST_CASE("cli: the step and the accuracy that finetune names are those of the model it saved") {
  const TrainingPlace place;
  if (!place) return;
  const Ran ran = place.run(
      "finetune --model model --task sst2 --train train.tsv --dev dev.tsv "
      "--out o --max-length 5 --epochs 4 --batch-size 3 --lr 0.05 --seed 2 "
      "--log log.jsonl");
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const std::vector<std::string> steps = starting_with("step ", ran.err);
  REQUIRE(steps.size() == 4);
  std::string best;
  for (size_t i = 0; i < steps.size(); ++i) {
    CHECK(steps[i].starts_with("step " + std::to_string(3 * (i + 1)) + ": dev accuracy "));
    if (has(steps[i], "(best, saved)")) best = steps[i];
  }
  const std::vector<std::string> notes = starting_with("cairn: ", ran.err);
  REQUIRE(notes.size() == 5);
  CHECK(notes[0] == "cairn: " + std::string("model") +
                        "/config.json: the model's labels have other names than the task's, so "
                        "numbers count: LABEL_0 is negative, LABEL_1 is positive");
  CHECK(notes[1] == "cairn: train.tsv: 7 examples, 3 cut to 5 tokens");
  CHECK(notes[2] == "cairn: dev.tsv: 3 examples");
  const Json eval =
      parse_json(place.run("eval --model o --data dev.tsv --max-length 5 --json").out, "eval");
  const double accuracy = eval.at("accuracy").as_double();
  CHECK(notes[3] == "cairn: saved in o: the model of step " +
                        std::to_string(static_cast<int>(number_after("step ", best))) +
                        ", dev accuracy " + std::to_string(accuracy));
  CHECK(number_after("accuracy ", best) == doctest::Approx(accuracy).epsilon(1e-4));
  CHECK(number_after("loss ", best) == doctest::Approx(eval.at("loss").as_double()).epsilon(1e-3));

  const std::vector<std::string> log = split_lines(read_file(place / "log.jsonl"));
  REQUIRE(log.size() == 12);
  const double peak = parse_json(log.back(), "log").at("peak_memory_mb").as_double();
  const double told = number_after("peak memory ", notes[4]);
  CHECK(notes[4].ends_with(" MB"));
  CHECK(told > peak - 1);
  CHECK(told < peak + 1.5);  // the best weights are read again

  const Ran still = place.run(
      "finetune --model model --task sst2 --train train.tsv --dev dev.tsv "
      "--out p --max-length 5 --epochs 3 --batch-size 3 --lr 0");
  CHECK(has(still.err, "cairn: saved in p: the model of step 3, "));  // no later one is better
}

TEST_CASE("cli: finetune tells which weights are new and which are not used, in 80 columns") {
  const TrainingPlace place;
  if (!place) return;
  const std::string pretrain =
      "pretrain --text text.txt --vocab model/vocab.txt --max-steps 1 "
      "--config small.json --out pre";
  REQUIRE(place.run(pretrain).code == 0);
  const std::string finetune = "finetune --model pre --task sst2 --train train.tsv --epochs 1 ";
  const Ran ran = place.run(finetune + "--out o");
  CHECK(ran.code == 0);
  CHECK(has(ran.err,
            "cairn: new, with random weights: classifier.weight classifier.bias\n"
            "cairn: not used: cls.predictions."));
  CHECK(has(ran.err, "\ncairn: saved in o\n"));
  CHECK_FALSE(has(ran.err, "numbers count"));
  for (const std::string& line : split_lines(ran.err)) {
    if (!has(line, "cls.")) continue;
    CHECK(line.size() <= 80);
    CHECK((line.starts_with("cairn: not used: cls.") || line.starts_with("       cls.")));
  }
  for (const char* name :
       {"cls.predictions.bias", "cls.predictions.transform.dense.weight",
        "cls.predictions.transform.LayerNorm.bias", "cls.seq_relationship.weight"})
    CHECK(has(ran.err, name));
  const Ran second =
      place.run("finetune --model o --task sst2 --train train.tsv --epochs 1 --out p");
  CHECK(second.code == 0);
  CHECK_FALSE(has(second.err, "new, with"));
  CHECK_FALSE(has(second.err, "not used"));
  CHECK_FALSE(has(second.err, "numbers count"));
}

TEST_CASE("cli: a head that is kept keeps its labels' places, a new one has the task's") {
  const TrainingPlace place;
  if (!place) return;
  place.name_labels(R"({"0": "positive", "1": "negative"})");
  const std::string finetune =
      "finetune --model model --task sst2 --train train.tsv --epochs 1 --max-length 5 --out ";
  const auto labels = [&](const std::string& words, const std::string& out) {
    const Ran ran = place.run(finetune + out + words);
    CHECK(ran.code == 0);
    CHECK_FALSE(has(ran.err, "numbers count"));
    const BertConfig config = BertConfig::load(place / out);
    CHECK(config.task == "sst2");
    return config.id2label;
  };
  CHECK(labels("", "o") == std::vector<std::string>{"positive", "negative"});
  CHECK(labels(" --new-head", "p") == std::vector<std::string>{"negative", "positive"});
}

TEST_CASE("cli: a trace shows the first step alone, with the model's and the parameters' names") {
  const TrainingPlace place;
  if (!place) return;
  const Ran ran = place.run(
      "finetune --model ./model/ --task sst2 --train train.tsv --epochs 2 "
      "--max-length 6 --threads 2 --out o --trace t.html");
  REQUIRE(ran.code == 0);
  const std::string page = read_file(place / "t.html");
  CHECK(has(page, "A step of fine-tuning model<"));
  CHECK(has(page, "bert.encoder.layer.1.output.dense.weight"));
  CHECK(has(page, "classifier.bias"));
  size_t losses = 0;
  for (size_t at = 0; (at = page.find("\"cross_entropy\"", at)) != page.npos; ++at) ++losses;
  CHECK(losses >= 1);
  CHECK(losses <= 3);
}

TEST_CASE("cli: finetune refuses options that contradict each other") {
  const TrainingPlace place;
  if (!place) return;
  const auto refused = [&](const std::string& words, const std::string& message) {
    const Ran ran =
        place.run("finetune --model model --task sst2 --train train.tsv --out o " + words);
    CHECK(ran.code == 2);
    CHECK(ran.out == "");
    CHECK(ran.err == message);
    CHECK_FALSE(fs::exists(place / "o"));
  };
  refused("--order x --group-by-length",
          "cairn: --order and --group-by-length contradict each other\n");
  refused("--patience 1", "cairn: --patience needs --dev\n");
}

TEST_CASE("cli: pretrain takes the vocabulary's size, or a larger one that --config names") {
  const TrainingPlace place;
  if (!place) return;
  const std::string pretrain =
      "pretrain --text text.txt --vocab model/vocab.txt --max-steps 1 --config some.json --out ";
  const auto write_size = [&](const std::string& size) {
    std::string text = read_file(place / "small.json");
    place.write("some.json", text.insert(1, "\"zorbex\": 1, \"vocab_size\": " + size + ", "));
  };
  const std::pair<const char*, int64_t> sizes[] = {{"null", 11}, {"11", 11}, {"15", 15}};
  for (const auto& [given, expected] : sizes) {
    write_size(given);
    const Ran ran = place.run(pretrain + "o --overwrite");
    CHECK(ran.code == 0);
    CHECK(has(ran.err, "zorbex"));
    CHECK(BertConfig::load(place / "o").vocab_size == expected);
  }
  write_size("10");
  const Ran refused = place.run(pretrain + "p");
  CHECK(refused.code == 1);
  CHECK(has(refused.err,
            "[some.json] vocab_size is 10, but the vocabulary has 11 tokens\n"
            "  hint: leave vocab_size out\n"));
  CHECK_FALSE(fs::exists(place / "p"));
}

TEST_CASE("cli: Ctrl-C ends pretraining after a step, which it names, and --resume goes on") {
  const TrainingPlace place;
  if (!place) return;
  const std::string pretrain =
      "pretrain --text text.txt --vocab model/vocab.txt --batch-size 2 "
      "--config small.json --out o --log log.jsonl --max-steps ";
  const pid_t child = place.start(pretrain + "100000000");  // so the signal comes before the end
  place.wait_for_steps();
  ::kill(child, SIGINT);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(code_of(status) == 130);
  const size_t steps = split_lines(read_file(place / "log.jsonl")).size();
  CHECK(has(read_file(place / "err.txt"),
            "cairn: interrupted after step " + std::to_string(steps) +
                "; saved in o/checkpoint.safetensors\n  hint: the same command with --resume "
                "continues\n"));
  const Ran other = place.run(pretrain + "50 --resume");  // reads the checkpoint, so refuses it
  CHECK(other.code == 1);
  CHECK(has(other.err, "steps"));
}

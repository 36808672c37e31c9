// The program `cairn`, run as a user runs it: exit codes, messages, files, and the whole way from a
// text to predictions. It lies beside the test program; where it does not, the tests are skipped.
#include <doctest/doctest.h>

#include <filesystem>

#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/program.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;
namespace fs = std::filesystem;

TEST_CASE("cli: every command explains itself in 80 columns") {
  const Place place;
  if (!place) return;
  const Ran all = place.run("--help");
  CHECK(all.code == 0);
  int commands = 0;
  for (const std::string& line : lines_of(all)) {
    CHECK(line.size() <= 80);
    if (!line.starts_with("  ") || line[2] == ' ') continue;
    const std::string command = line.substr(2, line.find(' ', 2) - 2);
    const Ran help = place.run(command + " --help");
    CAPTURE(command);
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    CHECK(help.out.starts_with("usage: cairn " + command));
    CHECK(has(help.out, "--help"));
    for (const std::string& help_line : split_lines(help.out)) CHECK(help_line.size() <= 80);
    ++commands;
  }
  CHECK(commands >= 9);
  const Ran version = place.run("--version");
  CHECK(version.code == 0);
  CHECK(version.out.starts_with("cairn "));
}

TEST_CASE("cli: wrong usage is exit code 2, with the nearest name") {
  const Place place;
  if (!place) return;
  const auto refused = [&](const std::string& words, const std::string& part) {
    const Ran ran = place.run(words);
    CAPTURE(words);
    CAPTURE(ran.err);
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    CHECK(ran.err.starts_with("cairn: "));
    CHECK(has(ran.err, part));
  };
  refused("", "no command was given");
  refused("finetun", "did you mean finetune?");
  refused("zzzzzzzz", "there is no command");
  refused("finetune --modle x", "did you mean --model?");
  refused("finetune", "missing: --model --task --train --out");
  refused("finetune --epochs", "lacks its value");
  refused("finetune --epochs 1.5", "not an integer");
  refused("finetune --epochs 0", "from 1 to");
  refused("finetune --lr nan", "not a number");
  refused("finetune --overwrite=yes", "takes no value");
  refused("finetune --model=", "is empty");
  refused("eval --threads 0", "from 1 to 256");
  refused("eval extra", "what is \"extra\"?");
  refused("inspect", "missing: PATH");
  refused(finetune_pre + "--out o --order a --group-by-length", "contradict");
}

TEST_CASE("cli: from a text to predictions") {
  const Place place;
  if (!place) return;
  prepare(place);
  const Ran tuned = place.run(finetune_pre +
                              "--epochs 12 --batch-size 8 --lr 1e-2 --dropout 0 "
                              "--out tuned --log log.jsonl --threads 2");
  INFO(tuned.err);
  REQUIRE(tuned.code == 0);
  CHECK(tuned.out.empty());
  CHECK(split_lines(read_file(place / "log.jsonl")).size() == 48);
  const Json config = parse_json(read_file(place / "tuned/config.json"), "config.json");
  CHECK(config.at("cairn_task").as_string() == "sst2");
  CHECK(config.at("id2label").at("1").as_string() == "positive");
  CHECK(config.at("architectures")[0].as_string() == "BertForSequenceClassification");

  const Json eval = parse_json(place.run("eval --model tuned --data dev.tsv --json").out, "eval");
  CHECK(eval.at("accuracy").as_double() == 1);
  CHECK(eval.at("n").as_int() == 10);
  CHECK(eval.at("loss").as_double() < 0.7);
  CHECK(eval.at("per_class").at("negative").at("support").as_int() == 5);
  CHECK(has(place.run("eval --model tuned --data dev.tsv").out, "weighted avg"));

  const std::string sentences = "the film was very good .\n\nthe book was not good .\r\nfilm";
  const Ran predicted = place.run("predict --model tuned --json --batch-size 3", sentences);
  REQUIRE(lines_of(predicted).size() == 4);
  const Json first = parse_json(lines_of(predicted)[0], "line");
  CHECK(first.at("label").as_string() == "positive");
  CHECK(first.at("logits").size() == 2);
  CHECK(first.at("probabilities")[1].as_double() > 0.5);
  CHECK(parse_json(lines_of(predicted)[2], "line").at("label").as_string() == "negative");
  CHECK(place.run("predict --model tuned --json --batch-size 1 --threads 1", sentences).out ==
        predicted.out);
  CHECK(place.run("predict --model tuned", "the film was very good .\n")
            .out.starts_with("positive\t"));
  CHECK(place.run("predict --model tuned", "").out.empty());

  const Ran long_one = place.run("predict --model tuned --json --max-length 4", sentences);
  CHECK(lines_of(long_one).size() == 4);
  CHECK(has(long_one.err, "2 texts were cut to 4 tokens"));

  const Ran embedded = place.run("embed --model tuned --json", "the film\nthe film\n");
  CHECK(lines_of(embedded)[0] == lines_of(embedded)[1]);
  double squares = 0;
  const Json vector = parse_json(lines_of(embedded)[0], "line");
  for (const Json& x : vector.at("embedding").items()) squares += x.as_double() * x.as_double();
  CHECK(squares == doctest::Approx(1));

  CHECK(place.run("tokenize --model tuned", "the film\n").out == "[CLS] the film [SEP]\n");
  const Ran json_lines = place.run("tokenize --model tuned --jsonl",
                                   "\"the\\nfilm\"\n{\"text\": \"the\", \"pair\": \"film\"}\n");
  CHECK(has(lines_of(json_lines)[0], R"("tokens":["[CLS]","the","film","[SEP]"])"));
  CHECK(has(lines_of(json_lines)[1], R"("tokens":["[CLS]","the","[SEP]","film","[SEP]"])"));

  const Json inspected = parse_json(place.run("inspect tuned --json").out, "inspect");
  int64_t parameters = 0;
  for (const Json& tensor : inspected.at("tensors").items()) {
    parameters += tensor.at("numel").as_int();
    CHECK(tensor.at("dtype").as_string() == "F32");
    CHECK(tensor.at("crc32").as_int(0) >= 0);
  }
  CHECK(inspected.at("parameters").as_int() == parameters);
  CHECK(has(place.run("inspect tuned").out, "parameters  " + std::to_string(parameters)));
}

TEST_CASE("cli: faults of the data are exit code 1 and name file, place and remedy") {
  const Place place;
  if (!place) return;
  prepare(place);
  const auto refused = [&](const std::string& words, const std::string& part,
                           const std::string& input = "") {
    const Ran ran = place.run(words, input);
    CAPTURE(words);
    CAPTURE(ran.err);
    CHECK(ran.code == 1);
    CHECK(has(ran.err, "cairn: ["));
    CHECK(has(ran.err, part));
  };
  const auto with_train = [&](const std::string& text, const std::string& part) {
    place.write("bad.tsv", text);
    refused("finetune --model pre --task sst2 --train bad.tsv --out bad_out --overwrite", part);
    CHECK_FALSE(fs::exists(place / "bad_out/model.safetensors"));
  };
  with_train("", "bad.tsv");
  with_train("sentence\tlabel\n", "bad.tsv");
  with_train("text\tlabel\na\t1\n", "bad.tsv:1");
  with_train("sentence\tlabel\na\t1\nb\n", "bad.tsv:3");
  with_train("sentence\tlabel\na\t2\n", "bad.tsv:2");
  with_train("sentence\tlabel\na\tx\n", "bad.tsv:2");
  with_train("sentence\tlabel\na\t1\n\xff\t1\n", "bad.tsv:3");
  refused("finetune --model pre --task sst3 --train train.tsv --out o", "known are: sst2");
  refused("finetune --model none --task sst2 --train train.tsv --out o", "none/config.json");
  refused("finetune --model pre --task sst2 --train none.tsv --out o", "none.tsv");
  refused(finetune_pre + "--out pre", "--overwrite");
  refused(finetune_pre + "--out train.tsv/o", "train.tsv/o");
  refused(finetune_pre + "--out o --max-length 25", "24 positions");
  refused(finetune_pre + "--out o --resume", "there is no checkpoint");
  place.write("order.txt", "0\n30\n");
  refused(finetune_pre + "--out o --order order.txt", "order.txt:2");
  refused("predict --model pre", "no trained classifier", "a\n");
  refused("predict --model pre", "train it with cairn finetune", "a\n");
  refused("eval --model pre --data dev.tsv", "does not say for which task");
  refused("tokenize --model pre", "standard input:2", "a\n\xc3\x28\n");
  refused("tokenize --model pre --jsonl", "standard input:2", "\"a\"\n{\"txt\": 1}\n");
  refused("inspect none", "none/config.json");
  refused("vocab --text none --size 60 --out v.txt", "none");
  refused("pretrain --text none --vocab vocab.txt --config config.json --max-steps 1 --out o",
          "none");

  fs::copy(place / "pre", place / "broken");
  const std::string weights = read_file(place / "pre/model.safetensors");
  place.write("broken/model.safetensors", weights.substr(0, weights.size() / 2));
  refused("inspect broken", "broken/model.safetensors");
  fs::remove(place / "broken/model.safetensors");
  refused("embed --model broken", "broken", "a\n");
  place.write("broken/model.safetensors", weights);
  std::string vocab = read_file(place / "pre/vocab.txt");
  fs::remove(place / "broken/tokenizer.json");
  place.write("broken/vocab.txt", vocab + "more\ntokens\nthan\nfit\n");
  refused("embed --model broken", "vocab_size", "a\n");
  vocab.replace(vocab.find("[UNK]"), 5, "[UNX]");
  place.write("broken/vocab.txt", vocab);
  refused("embed --model broken", "[UNK]", "a\n");
}

TEST_CASE("cli: --overwrite keeps what is there until the new model is ready") {
  const Place place;
  if (!place) return;
  prepare(place);
  REQUIRE(place.run(finetune_pre + "--epochs 1 --out o").code == 0);
  const std::string before = read_file(place / "o/model.safetensors");
  CHECK(place.run(finetune_pre + "--epochs 1 --out o").code == 1);
  place.write("bad.tsv", "sentence\tlabel\nx\n");
  CHECK(place.run("finetune --model pre --task sst2 --train bad.tsv --out o --overwrite").code ==
        1);
  CHECK(read_file(place / "o/model.safetensors") == before);
  CHECK(place.run(finetune_pre + "--epochs 1 --seed 5 --out o --overwrite").code == 0);
  CHECK(read_file(place / "o/model.safetensors") != before);
}

TEST_CASE("cli: a full disk and a closed pipe on stdout are exit code 1") {
  const Place place;
  if (!place || !fs::exists("/dev/full")) return;
  prepare(place);
  const Ran full = place.run("tokenize --model pre", "the film\n", "/dev/full");
  CHECK(full.code == 1);
  CHECK(has(full.err, "[standard output] can't be written"));

  place.write("many.txt", std::string(200'000, '\n'));
  const std::string command = "cd " + place.folder.path() + " && { " + place.program +
                              " tokenize --model pre < many.txt 2> err.txt; echo $? > code.txt; }"
                              " | head -n 1 > head.txt";
  CHECK(std::system(command.c_str()) == 0);
  CHECK(read_file(place / "code.txt") == "1\n");
  CHECK(read_file(place / "err.txt").empty());
}

TEST_CASE("cli: Ctrl-C saves, exits with 130 and resumes to the same model") {
  const Place place;
  if (!place) return;
  prepare(place);
  const std::string command =
      finetune_pre + "--epochs 60 --batch-size 2 --lr 1e-2 --log log.jsonl ";
  REQUIRE(place.run(command + "--out whole --threads 1").code == 0);
  const std::string whole_log = read_file(place / "log.jsonl");
  fs::remove(place / "log.jsonl");

  const pid_t child = place.start(command + "--out parts --threads 2");
  place.wait_for_steps();
  kill(child, SIGINT);
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(code_of(status) == 130);
  const size_t steps = split_lines(read_file(place / "log.jsonl")).size();
  CHECK(has(read_file(place / "err.txt"),
            "cairn: interrupted after step " + std::to_string(steps) +
                "; saved in parts/checkpoint.safetensors\n  hint: the same command with --resume "
                "continues from there\n"));
  const Ran resumed = place.run(command + "--out parts --resume --threads 3");
  INFO(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK(read_file(place / "parts/model.safetensors") ==
        read_file(place / "whole/model.safetensors"));
  const std::vector<std::string> a = split_lines(whole_log),
                                 b = split_lines(read_file(place / "log.jsonl"));
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i)
    CHECK(parse_json(a[i], "a").at("loss").as_double() ==
          parse_json(b[i], "b").at("loss").as_double());
}

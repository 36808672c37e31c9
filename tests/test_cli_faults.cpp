// The program `cairn` against what happens to programs: limits, signals, a second run, hostile
// files. Each time: exit code 1 or 130, a message with the remedy, and nothing lost.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include "core/io/safetensors.h"
#include "tests/limits.h"
#include "tests/program.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;
namespace fs = std::filesystem;

namespace {

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return code_of(status);
}

// Runs the program with a limit of the shell's, such as "ulimit -f 8".
Ran run_limited(const Place& place, const std::string& limit, const std::string& words) {
  const std::string command = "cd " + place.folder.path() + " && " + limit + " && exec " +
                              place.program + " " + words + " >out.txt 2>err.txt";
  const int status = std::system(("bash -c '" + command + "'").c_str());
  return {code_of(status), "", read_file(place / "err.txt")};
}

bool has_temporary(const std::string& folder) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".tmp") return true;
  return false;
}

const std::string long_training = finetune_pre + "--epochs 2000 --batch-size 2 --log log.jsonl ";

}  // namespace

TEST_CASE("cli: a limit on file sizes is an error with the remedy, and the old model stays") {
  const Place place;
  if (!place) return;
  prepare(place);
  REQUIRE(place.run(finetune_pre + "--epochs 1 --out o").code == 0);
  const std::string before = read_file(place / "o/model.safetensors");
  const Ran ran = run_limited(place, "ulimit -f 8", finetune_pre + "--seed 3 --out o --overwrite");
  CAPTURE(ran.err);
  CHECK(ran.code == 1);
  CHECK(has(ran.err, "can't be written: File too large"));
  CHECK(has(ran.err, "hint: raise the limit on file sizes (ulimit -f)"));
  CHECK(read_file(place / "o/model.safetensors") == before);
  CHECK_FALSE(has_temporary(place / "o"));
  place.write("lines.txt", std::string(20'000, '\n'));
  const Ran out = run_limited(place, "ulimit -f 8", "tokenize --model pre <lines.txt");
  CHECK(out.code == 1);
  CHECK(has(out.err, "ulimit -f"));
}

TEST_CASE("cli: SIGHUP saves as Ctrl-C does, though it comes twice") {
  const Place place;
  if (!place) return;
  prepare(place);
  const pid_t child = place.start(long_training + "--out o");
  place.wait_for_steps();
  ::kill(child, SIGHUP);
  ::kill(child, SIGHUP);
  CHECK(wait_for(child) == 130);
  CHECK(has(read_file(place / "err.txt"), "--resume"));
  CHECK(fs::exists(place / "o/checkpoint.safetensors"));
}

TEST_CASE("cli: a second run into one folder is refused - a killed one leaves it usable") {
  const Place place;
  if (!place) return;
  prepare(place);
  const pid_t first = place.start(long_training + "--out o");
  place.wait_for_steps();
  for (const std::string& words :
       {finetune_pre + "--out o", finetune_pre + "--out o --overwrite",
        finetune_pre + "--out o/ --resume",
        std::string("pretrain --text text.txt --vocab vocab.txt --config config.json "
                    "--max-steps 3 --out ./o --overwrite")}) {
    const Ran second = place.run(words);
    CAPTURE(words);
    CHECK(second.code == 1);
    CHECK(has(second.err, "another run is writing into this folder"));
    CHECK(has(second.err, "hint:"));
  }
  ::kill(first, SIGKILL);
  CHECK(wait_for(first) == 128 + SIGKILL);
  write_file_atomically(place / "o/.cairn-" + std::to_string(first) + "-9.tmp", "half of a model");
  CHECK(place.run(finetune_pre + "--epochs 1 --out o --overwrite").code == 0);
  CHECK_FALSE(has_temporary(place / "o"));
}

TEST_CASE("cli: a run that was killed at once leaves an empty folder, which needs no --overwrite") {
  const Place place;
  if (!place) return;
  prepare(place);
  fs::create_directory(place / "o");
  const pid_t ended = place.start("--version");
  wait_for(ended);
  write_file_atomically(place / "o/.cairn-" + std::to_string(ended) + "-0.tmp", "half of a model");
  CHECK(place.run(finetune_pre + "--epochs 1 --out o").code == 0);
  CHECK_FALSE(has_temporary(place / "o"));
}

TEST_CASE("cli: a checkpoint with a flipped bit is refused, and stays for who wants to look") {
  const Place place;
  if (!place) return;
  prepare(place);
  const pid_t child = place.start(long_training + "--out o");
  place.wait_for_steps();
  ::kill(child, SIGTERM);
  REQUIRE(wait_for(child) == 130);
  std::string bytes = read_file(place / "o/checkpoint.safetensors");
  bytes[bytes.size() - 1000] = static_cast<char>(bytes[bytes.size() - 1000] ^ 16);
  place.write("o/checkpoint.safetensors", bytes);
  const Ran resumed = place.run(long_training + "--out o --resume");
  CHECK(resumed.code == 1);
  CHECK(has(resumed.err, "[o/checkpoint.safetensors] the checkpoint is damaged"));
  CHECK(has(resumed.err, "hint: start again, without --resume and with --overwrite"));
  CHECK(read_file(place / "o/checkpoint.safetensors") == bytes);
  CHECK(place.run(finetune_pre + "--epochs 1 --out o --overwrite").code == 0);  // as the hint says
}

TEST_CASE("cli: a model whose outputs are not numbers has no accuracy") {
  const Place place;
  if (!place) return;
  prepare(place);
  REQUIRE(place.run(finetune_pre + "--epochs 1 --out o").code == 0);
  {
    const SafeTensors file(place / "o/model.safetensors");
    std::vector<TensorView> tensors = file.tensors();
    const std::vector<float> huge(16, 3e38f);  // finite, but not what it is multiplied with
    for (TensorView& view : tensors)
      if (view.name == "bert.embeddings.LayerNorm.weight")
        view = tensor_view(view.name, view.shape, huge.data());
    write_safetensors(place / "o/model.safetensors", tensors);
  }
  for (const char* form : {"", " --json"}) {
    const Ran ran = place.run(std::string("eval --model o --data dev.tsv") + form);
    CAPTURE(ran.err);
    CHECK(ran.code == 1);
    CHECK(ran.out.empty());
    CHECK(has(ran.err, "[o] the model's outputs are not numbers: the loss is "));
  }
}

TEST_CASE("cli: weights of very many wrong names are refused at once, the first hundred told") {
  const Place place;
  if (!place) return;
  prepare(place);
  fs::copy(place / "pre", place / "wrong");
  std::vector<TensorView> tensors;
  const float one = 1;
  for (int i = 0; i < 20'000; ++i)
    tensors.push_back(tensor_view("bert.encoder." + std::to_string(i) + ".querry", {1}, &one));
  write_safetensors(place / "wrong/model.safetensors", tensors);
  const Ran ran = place.run("embed --model wrong", "a\n");
  CHECK(ran.code == 1);
  CHECK(has(ran.err, "missing: bert.embeddings"));
  CHECK(has(ran.err, " more\n"));
  CHECK(ran.err.size() < 20'000);
}

TEST_CASE("cli: hostile files are refused by name under a limit on memory") {
  const Place place;
  if (!place || !can_limit_memory) return;
  prepare(place);
  fs::copy(place / "pre", place / "hostile");
  std::string ones = "{\"a\":[1";
  while (ones.size() < 19'000'000) ones += ",1";
  const auto refused = [&](const std::string& name, const std::string& text,
                           const std::string& words) {
    place.write(name, text);
    const Ran ran = run_limited(place, "ulimit -v 600000", words + " --threads 1");
    CAPTURE(name);
    CAPTURE(ran.err);
    CHECK(ran.code == 1);
    CHECK(has(ran.err, name));
    CHECK(has(ran.err, "hint:"));
    CHECK_FALSE(has(ran.err, "[memory]"));
  };
  refused("hostile/config.json", ones + "]}", "embed --model hostile");
  std::string rows = "label\tsentence\n";
  while (rows.size() < 24'000'000) rows += "1\t\n";
  refused("hostile.tsv", rows, "finetune --model pre --task sst2 --train hostile.tsv --out o");
}

TEST_CASE("cli: too little memory for one line is an error with the remedy") {
  const Place place;
  if (!place || !can_limit_memory) return;
  prepare(place);
  std::string line;
  while (line.size() < 14'000'000) line += "a ";
  place.write("line.txt", line);
  const Ran ran =
      run_limited(place, "ulimit -v 150000", "tokenize --model pre --threads 1 <line.txt");
  CHECK(ran.code == 1);
  CHECK(ran.err ==
        "cairn: [memory] not enough memory\n"
        "  hint: give a smaller --batch-size or --max-length\n");
}

TEST_CASE("cli: a file that is read is not written over, by whatever name") {
  const Place place;
  if (!place) return;
  prepare(place);
  write_file_atomically(place / "text.txt", "the film was good .\n");
  fs::create_symlink("text.txt", place / "link");
  // clang-format off
  for (const char* words : {"vocab --text text.txt --out text.txt",
                            "vocab --text text.txt --out ./link",
                            "pretrain --text text.txt --vocab v --config c --out o --max-steps 1 "
                            "--log link",
                            "finetune --model pre --task sst2 --train text.txt --out o --trace link",
                            "finetune --model pre --task sst2 --train train.tsv --out o "
                            "--log pre/tokenizer_config.json",
                            "finetune --model pre --task sst2 --train train.tsv --dev text.txt "
                            "--out o --log link",
                            "finetune --model pre --task sst2 --train train.tsv --order text.txt "
                            "--out o --log link",
                            "pretrain --text train.tsv --vocab text.txt --config config.json "
                            "--out o --max-steps 1 --log link",
                            "pretrain --text train.tsv --vocab vocab.txt --config text.txt "
                            "--out o --max-steps 1 --log link"}) {
    // clang-format on
    const Ran ran = place.run(words);
    CAPTURE(ran.err);
    CHECK(ran.code == 2);
    CHECK(has(ran.err, "which is an input and would be overwritten"));
  }
  CHECK(read_file(place / "text.txt") == "the film was good .\n");
}

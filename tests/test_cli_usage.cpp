// The command line itself: how options are given, what each mistake is told and returns, what help
// and version print, and how lines of stdin are read.
#include <doctest/doctest.h>

#include <poll.h>

#include <cstdlib>
#include <filesystem>

#include "core/kernels/kernels.h"
#include "tests/model_place.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// stderr of a run that is wrong usage, without "cairn: ".
std::string usage_error(const Place& place, const std::string& words) {
  const Ran ran = place.run(words);
  CAPTURE(words);
  CHECK(ran.code == 2);
  CHECK(ran.out == "");
  REQUIRE(ran.err.starts_with("cairn: "));
  return ran.err.substr(7);
}

// What arrives on a pipe within so many seconds, up to a newline.
std::string line_from(int pipe, int seconds) {
  std::string line;
  pollfd waiting{pipe, POLLIN, 0};
  for (char c = 0; c != '\n' && ::poll(&waiting, 1, 1000 * seconds) > 0;) {
    if (::read(pipe, &c, 1) != 1) break;
    line += c;
  }
  return line;
}

// A line is written to the program, whose stdin stays open; gives the line that it answers.
std::string answer_at_once(const Place& place, std::vector<const char*> words, int in, int to_in) {
  int out[2];
  REQUIRE(::pipe(out) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(to_in);
    words.insert(words.begin(), place.program.c_str());
    words.push_back(nullptr);
    if (::chdir(place.folder.path().c_str()) == 0 && ::dup2(in, 0) == 0 && ::dup2(out[1], 1) == 1)
      ::execv(place.program.c_str(), const_cast<char* const*>(words.data()));
    ::_exit(127);
  }
  ::close(out[1]);
  const bool written = ::write(to_in, "good\n", 5) == 5;
  const std::string line = line_from(out[0], 30);
  int status = 0;
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  for (const int file : {to_in, in, out[0]}) ::close(file);
  CHECK(written);
  return line;
}

}  // namespace

TEST_CASE("cli: what is wrong with an option is told in one line, with a hint below") {
  const Place place;
  if (!place) return;
  const std::string hint = "\n  hint: cairn vocab --help lists the options\n";
  const auto told = [&](const std::string& words) {
    const std::string text = usage_error(place, "vocab " + words);
    REQUIRE(text.ends_with(hint));
    return text.substr(0, text.size() - hint.size());
  };
  CHECK(told("--txet a") == "there is no option --txet; did you mean --text?");
  CHECK(told("--caesd") == "there is no option --caesd; did you mean --cased?");
  CHECK(told("--zzzzzz=3") == "there is no option --zzzzzz");
  CHECK(told("--text a --out") == "--out lacks its value");
  CHECK(told("--text= --out b") == "the value of --text is empty");
  CHECK(told("--cased=1") == "--cased takes no value");
  CHECK(told("--text a b --out c") == "what is \"b\"? options begin with --");
  CHECK(told("-x") == "what is \"-x\"? options begin with --");
  CHECK(told("") == "missing: --text --out");
  CHECK(told("--out c") == "missing: --text");
  CHECK(told("--size ten") == "--size is \"ten\", not an integer from 6 to 1e+07");
  for (const char* wrong : {"7x", "6.5", "0x10", "1e3", "+7", "99999999999999999999"})
    CHECK(told(std::string("--size ") + wrong).starts_with("--size is \"" + std::string(wrong)));
  CHECK(told("--text a --out b extra") == "what is \"extra\"? options begin with --");

  const std::string refused = usage_error(place, "finetune --lr fast");
  CHECK(has(refused, "--lr is \"fast\", not a number from 0 to 10\n"));
  for (const char* wrong : {"nan", "inf", "1e999", "0.1x"})
    CHECK(has(usage_error(place, std::string("finetune --lr ") + wrong), "not a number"));
  CHECK(usage_error(place, "finetune") ==
        "missing: --model --task --train --out\n  hint: cairn finetune --help lists the options\n");
  CHECK(usage_error(place, "pretrain --text a") ==
        "missing: --vocab --config --out --max-steps\n"
        "  hint: cairn pretrain --help lists the options\n");
  CHECK(usage_error(place, "inspect") ==
        "missing: PATH\n  hint: cairn inspect --help lists the options\n");
  CHECK(has(usage_error(place, "inspect a b"), "what is \"b\"?"));
}

TEST_CASE("cli: an option is given as --name value or --name=value, and the last one counts") {
  const ModelPlace place(2);
  if (!place) return;
  const auto tokens = [&](const std::string& words) {
    const Ran ran = place.run("tokenize " + words, "the film was good\n");
    CHECK(ran.code == 0);
    return ran.out;
  };
  const std::string four = "[CLS] the film [SEP]\n", three = "[CLS] the [SEP]\n";
  CHECK(tokens("--model model --max-length 4") == four);
  CHECK(tokens("--model=model --max-length=4") == four);
  CHECK(tokens("--max-length 3 --model none --max-length=4 --model model") == four);
  CHECK(tokens("--max-length=4 --model model --max-length 3") == three);
  CHECK(tokens("--model model --max-length 3 --threads=256") == three);
  std::filesystem::rename(place / "model", place / "a=b");
  CHECK(tokens("--model=a=b --max-length=3") == three);
}

TEST_CASE("cli: help is asked for in five ways, anywhere on the line, and is no mistake") {
  const Place place;
  if (!place) return;
  const Ran all = place.run("--help");
  CHECK(all.out.starts_with("usage: cairn COMMAND [options]\n\n"));
  CHECK(all.err == "");
  CHECK(has(all.out,
            "\n  vocab       makes a vocabulary from text\n"
            "  pretrain    trains a new model on plain text\n"));
  CHECK(has(all.out, "Exit code: 0 done, 1 bad\ndata, 2 wrong usage, 130 interrupted."));
  for (const char* words : {"-h", "help"}) {
    CHECK(place.run(words).out == all.out);
    CHECK(place.run(words).code == 0);
  }
  const std::string missing = usage_error(place, "");
  CHECK(missing == "no command was given\n\n" + all.out + "\n");
  CHECK(usage_error(place, "finetnue") ==
        "there is no command \"finetnue\"; did you mean finetune?"
        "\n  hint: cairn --help lists the commands\n");
  CHECK(usage_error(place, "evil") ==
        "there is no command \"evil\"; did you mean eval?"
        "\n  hint: cairn --help lists the commands\n");
  CHECK(usage_error(place, "zzzzzzzz") ==
        "there is no command \"zzzzzzzz\"\n  hint: cairn --help lists the commands\n");
  const Ran help = place.run("inspect --help");
  for (const char* words : {"inspect -h", "inspect --nothing --help", "inspect a b -h"}) {
    CHECK(place.run(words).out == help.out);
    CHECK(place.run(words).code == 0);
  }
  CHECK(help.out ==
        "usage: cairn inspect PATH [options]\n\n"
        "Lists the tensors of a model, its parameters, flops and memory.\n\n"
        "  PATH                     a model's folder, or a safetensors file\n"
        "  --json                   print JSON, with type and crc32 of each tensor\n"
        "  --threads N              processor threads to use (default: all)\n"
        "  --help                   print this and stop\n\n"
        "The crc32 is that of the tensor's bytes, as Python's zlib.crc32 gives it.\n");
  const std::string pretrain = place.run("pretrain --help").out;
  CHECK(pretrain.starts_with(
      "usage: cairn pretrain --text FILE --vocab FILE --config FILE --out DIR\n"
      "         --max-steps N [options]\n\nTrains a new BERT on plain text.\n\n"
      "  --text FILE              the text, one sentence per line (required)\n"));
  CHECK(has(pretrain, "\n  --max-steps N            how many steps to train (required)\n"));
  CHECK(has(pretrain,
            "\n  --warmup X               the fraction of all steps in which it rises "
            "from 0\n                           (default: 0.1)\n"));
  CHECK(has(place.run("finetune --help").out,
            "\n  --order FILE             the examples of an epoch in their order: one index\n"
            "                           per line, from 0\n"
            "  --eval-every N           steps between evaluations; 0: never (default: at the\n"
            "                           end of an epoch)\n"));
}

TEST_CASE("cli: --threads is how many there are") {
  const Place place;
  if (!place) return;
  const Ran ran = place.run("doctor --seconds 0.01 --threads 3");
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "threads"));
  CHECK(has(ran.out, ", 3 threads"));
}

TEST_CASE("doctor: each target is ready, or has what it lacks with Debian's packages") {
  const Place place;
  if (!place) return;
  for (const char* tool : {"g++", "cmake", "lldb", "chromium"}) {
    place.write(tool, "");
    std::filesystem::permissions(place / tool, std::filesystem::perms::owner_all);
  }
  place.write("python3", "");  // which is no program
  const std::string path = std::getenv("PATH");
  setenv("PATH", ("/nowhere::" + place.folder.path()).c_str(), 1);
  const Ran ran = place.run("doctor --seconds 0.01");
  setenv("PATH", path.c_str(), 1);
  for (const char* line : {
           "make, make demo               ready\n",
           "make test-clang               missing: clang++-15 (Debian: clang-15)\n",
           "make test-arm64               missing: an arm64 compiler, qemu-aarch64 (Debian:\n"
           "                              g++-aarch64-linux-gnu qemu-user)\n",
           "make test-browser             missing: chromedriver, python3 (Debian:\n"
           "                              chromium-driver python3)\n",
           "make minilm                   missing: python3 (Debian: python3 python3-venv)\n",
           "make format                   missing: clang-format-15 (Debian: clang-format-15)\n",
           "make style                    missing: clang-format-15, clang-tidy-15 (Debian:\n"
           "                              clang-format-15 clang-tidy-15)\n",
           "make debug, and stepping      ready\n",
       }) {
    INFO(std::string(line));
    CHECK(has(ran.out, line));
  }
  CHECK(has(ran.out, "\ninstruction set               " + std::string(kernels().name) +
                         " (this machine has: "));
  for (const char* line : {"\nmultiply-adds, 1 thread       ", " GFLOP/s\n",
                           "\nmemory bandwidth, 1 thread    ", " GB/s\n"})
    CHECK(has(ran.out, line));
  CHECK(usage_error(place, "doctor --seconds 60.5") ==
        "--seconds is \"60.5\", not a number from 0.01 to 60\n"
        "  hint: cairn doctor --help lists the options\n");
  CHECK(usage_error(place, "doctor --seconds 0.009").starts_with("--seconds is \"0.009\", not a"));
}

TEST_CASE("cli: lines of stdin end with a newline, CR and newline, or the end of the text") {
  const ModelPlace place(2);
  if (!place) return;
  const auto tokens = [&](const std::string& input) {
    return place.run("tokenize --model model", input).out;
  };
  CHECK(tokens("") == "");
  CHECK(tokens("\n") == "[CLS] [SEP]\n");
  CHECK(tokens("good") == "[CLS] good [SEP]\n");
  CHECK(tokens("good\n\nbad\r\n\r\nfilm\r") ==
        "[CLS] good [SEP]\n[CLS] [SEP]\n[CLS] bad [SEP]\n[CLS] [SEP]\n[CLS] film [SEP]\n");
  // Lines of 1 to 1,500 words lie in all positions to the blocks of 64 KB that are read.
  std::string input, expected;
  for (int words = 1; words < 1500; words += 37) {
    expected += "[CLS]";
    for (int i = 0; i < words; ++i) {
      input += i ? " film" : "film";
      expected += " film";
    }
    input += "\n";
    expected += " [SEP]\n";
  }
  CHECK(input.size() > 2 * 65536);
  CHECK(tokens(input) == expected);
}

TEST_CASE("cli: a line that is no text, or has no end, is an error with its number") {
  const ModelPlace place(2);
  if (!place) return;
  const Ran bytes = place.run("tokenize --model model", "good\nbad\n\xc3(\nfilm\n");
  CHECK(bytes.code == 1);
  CHECK(bytes.out == "[CLS] good [SEP]\n[CLS] bad [SEP]\n");
  CHECK(has(bytes.err, "cairn: [standard input:3]"));
  const std::string blanks(16 << 20, ' ');
  const Ran endless =
      place.run("tokenize --model model", "a\n" + blanks + std::string(70'000, ' '));
  CHECK(endless.code == 1);
  CHECK(has(endless.err, "cairn: [standard input:2] the line is longer than 16 MB\n  hint: "));
  CHECK(place.run("tokenize --model model", blanks + "\ngood\n").out ==
        "[CLS] [SEP]\n[CLS] good [SEP]\n");
}

TEST_CASE("cli: texts that were cut are counted on stderr, where there are any") {
  const ModelPlace place(2);
  if (!place) return;
  const std::string long_line = "the film was good and bad\n", short_line = "the film was good\n";
  place.write("one.tsv", "sentence\tlabel\nthe film was good .\t1\nbad\t0\n");
  for (const std::string& words : {std::string("predict"), std::string("embed")}) {
    const std::string command = words + " --model model";
    CHECK(place.run(command, short_line).err == "");
    CHECK(place.run(command, short_line + long_line).err == "cairn: 1 text was cut to 6 tokens\n");
    CHECK(place.run(command + " --batch-size 1", long_line + long_line + short_line).err ==
          "cairn: 2 texts were cut to 6 tokens\n");
  }
  CHECK(has(place.run("eval --model model --task sst2 --data one.tsv").err,
            "cairn: 1 text was cut to 6 tokens\n"));
  for (const char* words : {"predict --model model", "embed --model model"}) {
    CHECK(place.run(words + std::string(" --max-length 6"), short_line).code == 0);
    const Ran ran = place.run(words + std::string(" --max-length 7"), short_line);
    CHECK(ran.code == 1);
    CHECK(ran.err ==
          "cairn: [--max-length] 7 is more than the model's 6 positions\n"
          "  hint: give at most 6\n");
  }
}

TEST_CASE("cli: a vocabulary may have as many tokens as the model, and no more") {
  const ModelPlace place(2);
  if (!place) return;
  for (const char* file : {"model/tokenizer.json", "model/tokenizer_config.json"})
    std::filesystem::remove(place / file);
  const auto with = [&](const std::vector<std::string>& tokens) {
    std::string text;
    for (const std::string& token : tokens) text += token + "\n";
    place.write("model/vocab.txt", text);
    return place.run("embed --model model", "the film\n");
  };
  std::vector<std::string> tokens = tiny_vocabulary;
  CHECK(with(tokens).code == 0);
  tokens.push_back("more");
  const Ran ran = with(tokens);
  CHECK(ran.code == 1);
  CHECK(ran.err ==
        "cairn: [model] the vocabulary has 12 tokens, but config.json's vocab_size is 11\n"
        "  hint: the vocabulary belongs to another model\n");
}

TEST_CASE("cli: a full batch is answered at once, and on a terminal each line") {
  const ModelPlace place(2);
  if (!place) return;
  int input[2];
  REQUIRE(::pipe(input) == 0);
  const std::string answer = answer_at_once(
      place, {"predict", "--model", "model", "--batch-size", "1"}, input[0], input[1]);
  CHECK(answer.starts_with("LABEL_1\t0.74"));

  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0) {
    std::cout << "SKIPPED: no pseudo-terminal can be made\n";
    return;
  }
  const int other_end = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY);
  REQUIRE(other_end >= 0);
  CHECK(answer_at_once(place, {"predict", "--model", "model"}, other_end, terminal) == answer);
}

TEST_CASE("cli: a folder as stdin is an error with the remedy") {
  const ModelPlace place(2);
  if (!place) return;
  const std::string command = "cd " + place.folder.path() + " && " + place.program +
                              " tokenize --model model < model > out.txt 2> err.txt";
  CHECK(code_of(std::system(command.c_str())) == 1);
  CHECK(read_file(place / "err.txt") ==
        "cairn: [standard input] can't be read: Is a directory\n"
        "  hint: give a text file with <FILE, or a pipe\n");
}

// Every option of every command: a table of its default, its bounds and what it changes, held
// against the commands' own --help, so that no option comes without a row.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "core/io/crc32.h"
#include "core/io/safetensors.h"
#include "tests/model_place.h"

using namespace cairn;
using namespace cairn::test;
namespace fs = std::filesystem;

namespace {

struct Bounds {
  const char *least = "", *most = "";  // of a number, as the message of a wrong one has them
  bool integer = true;
};

struct How {
  const char* with = "";   // further arguments, with and without the option
  const char* same = "";   // does the same as no option, where the default as stated is no number
  const char* input = "";  // instead of the command's
};

struct Row {
  const char *command, *option;
  const char* standard;  // the default as --help states it; "" if it states none
  const char* other;     // a value that makes a difference; "" for a flag
  const char* shows;     // what is seen with that value only; "": a difference, wherever it is
  Bounds bounds = {};
  How how = {};
};

constexpr const char* tokens_most = "1e+06";

// `doctor` and `demo` have tests of their own.
// clang-format off
const Row rows[] = {
    {"finetune", "model", "", "other", ""},
    {"finetune", "task", "", "sst3", "there is no task \"sst3\""},
    {"finetune", "train", "", "less.tsv", "cairn: less.tsv: 4 examples\n"},
    {"finetune", "dev", "", "less.tsv", "cairn: less.tsv: 4 examples\n"},
    {"finetune", "out", "", "p", "cairn: saved in p: the model of step "},
    {"finetune", "new-head", "", "", "new, with random weights: classifier.weight classifier.bias"},
    {"finetune", "overwrite", "", "", "cairn: saved in full: ", {}, {.with = "--out full"}},
    {"finetune", "resume", "", "", "there is no checkpoint"},
    {"finetune", "epochs", "3", "4", "{\"step\":8,", {"1", "1e+06"}},
    {"finetune", "max-steps", "0", "7", "{\"step\":7,", {"0", "1e+09"}},
    {"finetune", "batch-size", "32", "8", "{\"step\":15,", {"1", "65536"}},
    {"finetune", "lr", "5e-05", "0.25", "\"lr\":0.25,", {"0", "10", false}},
    {"finetune", "warmup", "0.06", "1", "\"lr\":2.5e-05,", {"0", "1", false}},
    {"finetune", "weight-decay", "0.01", "0.5", "", {"0", "10", false}, {.with = "--lr 0.1"}},
    {"finetune", "clip", "1", "0.001", "", {"0", "1e+09", false}},
    {"finetune", "dropout", "config.json's", "0.5", "\"hidden_dropout_prob\": 0.5",
     {"0", "0.99", false}, {.same = "0.1"}},
    {"finetune", "max-length", "128, or the model's positions", "5", "cut to 5 tokens",
     {"0", tokens_most}, {.same = "128"}},
    {"finetune", "seed", "0", "1", "", {"0", "1e+12"}},
    {"finetune", "group-by-length", "", "", "", {}, {.with = "--batch-size 8"}},
    {"finetune", "order", "", "order.txt", ""},
    {"finetune", "eval-every", "at the end of an epoch", "1", "\nstep 1: dev accuracy ",
     {"0", "1e+09"}, {.same = "2"}},
    {"finetune", "patience", "0", "2", "no improvement: stopping", {"0", "1e+06"},
     {.with = "--eval-every 1 --lr 0"}},
    // A training that diverges leaves its last checkpoint.
    {"finetune", "checkpoint-every", "500", "2", "o/checkpoint.safetensors: ", {"0", "1e+09"},
     {.with = "--model spoilt --train less.tsv --order third.txt --batch-size 1 --eval-every 0"}},
    {"finetune", "log", "", "other.jsonl", "other.jsonl: {\"step\":1,"},
    {"finetune", "trace", "", "trace.html", "trace.html: "},
    {"eval", "model", "", "other", ""},
    {"eval", "data", "", "less.tsv", "    4\n"},
    {"eval", "task", "config.json's", "sst2", "weighted avg", {},
     {.with = "--model taskless"}},
    {"eval", "json", "", "", "\"per_class\": {"},
    {"eval", "max-length", "the model's positions", "5", "cut to 5 tokens", {"0", tokens_most},
     {.same = "140"}},
    {"eval", "batch-size", "64", "1", "", {"1", "65536"}, {.with = "--data train.tsv --json"}},
    {"predict", "model", "", "other", ""},
    {"predict", "json", "", "", "{\"label\":"},
    {"predict", "max-length", "the model's positions", "5", "cut to 5 tokens", {"0", tokens_most},
     {.same = "140"}},
    {"predict", "batch-size", "32", "9", "36 lines", {"1", "65536"}, {.input = "40"}},
    {"embed", "model", "", "other", ""},
    {"embed", "json", "", "", "{\"embedding\":["},
    {"embed", "max-length", "max_seq_length, or the model's positions", "5", "cut to 5 tokens",
     {"0", tokens_most}, {.same = "140"}},
    {"embed", "batch-size", "32", "9", "36 lines", {"1", "65536"}, {.input = "40"}},
    {"tokenize", "model", "", "other", "[CLS] the [UNK] was good"},
    {"tokenize", "json", "", "", "{\"ids\":[2,5,6,7,8,"},
    {"tokenize", "jsonl", "", "", "{\"ids\":[2,5,6,3],", {}, {.input = "\"the film\"\n"}},
    {"tokenize", "explain", "", "", "\npunctuation       "},
    {"tokenize", "max-length", "0", "4", "[CLS] the film [SEP]\n", {"0", tokens_most}},
    {"inspect", "json", "", "", "\"crc32\": "},
    {"vocab", "text", "", "less.txt", ""},
    {"vocab", "out", "", "w.txt", "cairn: w.txt: "},
    {"vocab", "size", "30000", "20", "cairn: v.txt: 20 tokens\n", {"6", "1e+07"}},
    {"vocab", "min-frequency", "2", "1000", "", {"1", "1e+09"}},
    {"vocab", "cased", "", "", "\nF\n"},
    {"pretrain", "text", "", "less.txt", ""},
    {"pretrain", "vocab", "", "other.txt", "\nother\n"},
    {"pretrain", "config", "", "wide.json", "\"intermediate_size\": 24"},
    {"pretrain", "out", "", "p", "cairn: saved in p\n"},
    {"pretrain", "max-steps", "", "4", "{\"step\":4,", {"1", "1e+09"}},
    {"pretrain", "overwrite", "", "", "cairn: saved in full\n", {}, {.with = "--out full"}},
    {"pretrain", "resume", "", "", "there is no checkpoint"},
    {"pretrain", "batch-size", "32", "1", "", {"1", "65536"}},
    {"pretrain", "lr", "0.0001", "0.25", "\"lr\":0.25,", {"0", "10", false}},
    {"pretrain", "warmup", "0.1", "1", "\"lr\":3.3333333333333335e-05,", {"0", "1", false}},
    {"pretrain", "weight-decay", "0.01", "0.5", "", {"0", "10", false}, {.with = "--lr 0.1"}},
    {"pretrain", "clip", "1", "0.001", "", {"0", "1e+09", false}},
    {"pretrain", "dropout", "those of --config", "0.5", "\"hidden_dropout_prob\": 0.5",
     {"0", "0.99", false}, {.same = "0.1"}},
    {"pretrain", "max-length", "128, or the model's positions", "12", "", {"0", tokens_most},
     {.same = "128"}},
    {"pretrain", "seed", "0", "1", "", {"0", "1e+12"}},
    {"pretrain", "cased", "", "", "\"do_lower_case\": false"},
    {"pretrain", "checkpoint-every", "500", "3", "o/checkpoint.safetensors: ", {"0", "1e+09"},
     {.with = "--lr 10 --weight-decay 10 --warmup 0 --max-steps 200 --batch-size 1"}},
    {"pretrain", "log", "", "other.jsonl", "other.jsonl: {\"step\":1,"},
};
// clang-format on

const std::map<std::string, std::string> arguments = {
    {"finetune",
     "--model model --task sst2 --train train.tsv --dev dev.tsv --out o "
     "--log log.jsonl"},
    {"eval", "--model model --data dev.tsv"},
    {"predict", "--model model"},
    {"embed", "--model model"},
    {"tokenize", "--model model"},
    {"inspect", "model"},
    {"vocab", "--text text.txt --out v.txt"},
    {"pretrain",
     "--text text.txt --vocab model/vocab.txt --config small.json --max-steps 3 "
     "--out o --log log.jsonl"},
};

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

const std::string long_text = repeated("the film was bad . ", 30);  // 150 tokens

// A log without what depends on the machine.
std::string timeless_log(const std::string& text) {
  std::string log;
  for (const std::string& line : split_lines(text)) {
    const Json json = parse_json(line, "log");
    Json kept = Json::object();
    for (const char* key : {"step", "loss", "lr", "grad_norm"}) kept.set(key, json.at(key));
    log += to_text(kept) + "\n";
  }
  return log;
}

// The messages without progress and memory.
std::string timeless_messages(const std::string& text) {
  std::string messages;
  for (const std::string& line : split_lines(text))
    if (!has(line, "/s, ") && !has(line, "peak memory")) messages += line + "\n";
  return messages;
}

// All that the commands of `arguments` read.
struct OptionsPlace : Place {
  OptionsPlace() {
    if (!*this) return;
    save_model("model", 1, tiny_vocabulary);
    std::vector<std::string> words = tiny_vocabulary;
    words[6] = "other";
    save_model("other", 2, words);
    write("other.txt", read_file(folder / "other/vocab.txt"));
    fs::copy(folder / "model", folder / "taskless");
    Json config = read_settings(folder / "model/config.json");
    config.set("cairn_task", Json());
    write("taskless/config.json", to_text(config));
    spoil_model();

    const std::string one = "the film was good\t1\nbad film .\t0\n", two = "good\t1\nbad .\t0\n";
    write("train.tsv", "sentence\tlabel\n" + long_text + "\t0\n" + "the film\t1\n" +
                           repeated(one, 10) + repeated(two, 9));
    write("dev.tsv", "sentence\tlabel\n" + one + two + long_text + "\t0\n" + "was\t1\n");
    write("less.tsv", "sentence\tlabel\n" + one + two);
    write("order.txt", "1\n0\n5\n");
    write("third.txt", "2\n2\n1\n2\n");  // row 1 has a ".", so step 3 diverges

    write("text.txt", "The Film was good .\nthe film was bad .\nbad film .\n\n" +
                          repeated("good\nbad\nwas\n", 90) + "\n" + repeated("the film .\n", 90));
    write("less.txt", "the film was good .\nthe film was bad .\n\nthe bad film .\ngood film .\n");
    write("small.json", sizes(12));
    write("wide.json", sizes(24));
    fs::create_directory(folder / "full");
    write("full/notes.txt", "of somebody\n");
  }

  static std::string sizes(int inner) {
    return R"({"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
               "max_position_embeddings": 140, "intermediate_size": )" +
           std::to_string(inner) + "}";
  }

  void save_model(const char* name, uint64_t seed, const std::vector<std::string>& words) const {
    BertConfig config = tiny_config();
    config.max_position_embeddings = 140;
    config.id2label = {"negative", "positive"};
    config.task = "sst2";
    config.set_dropout(0.1);
    auto model = tiny_model<BertForSequenceClassification>(config, seed);
    save_pretrained(model, config, folder / name);
    BertTokenizer(words).save_pretrained(folder / name);
  }

  // The folder `spoilt`: a "." as the fourth token or later is read as infinite numbers.
  void spoil_model() const {
    fs::copy(folder / "model", folder / "spoilt");
    const SafeTensors file(folder / "model/model.safetensors");
    std::vector<TensorView> tensors = file.tensors();
    const auto spoil = [&](const std::string& part, size_t row, std::vector<float>& numbers) {
      for (TensorView& view : tensors) {
        if (view.name != "bert.embeddings." + part + "_embeddings.weight") continue;
        const float* old = reinterpret_cast<const float*>(view.bytes);
        numbers.assign(old, old + view.numel());
        std::fill(numbers.begin() + static_cast<int64_t>(8 * row), numbers.end(), 3e38f);
        view = tensor_view(view.name, view.shape, numbers.data());
      }
    };
    std::vector<float> words, positions;
    spoil("word", tiny_vocabulary.size() - 1, words);
    spoil("position", 3, positions);
    write_safetensors(folder / "spoilt/model.safetensors", tensors);
  }

  std::set<std::string> files() const {
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
      found.insert(entry.path().string());
    return found;
  }

  // All that a run leaves behind and that does not depend on the machine: exit code, what it
  // printed, the files it wrote. These are removed.
  std::string observe(const std::string& words, const std::string& input) const {
    const std::set<std::string> before = files();
    const Ran ran = run(words, input);
    std::string seen = "exit code " + std::to_string(ran.code) + "\n" + ran.out +
                       std::to_string(split_lines(ran.out).size()) + " lines\n" +
                       timeless_messages(ran.err);
    for (const std::string& path : files()) {
      const std::string name = path.substr(folder.path().size() + 1);
      if (before.count(path) || name == "in.txt" || name == "out.txt" || name == "err.txt")
        continue;
      seen += name + ": " + shown(path) + "\n";
    }
    for (const std::string& path : files())
      if (!before.count(path)) fs::remove_all(path);
    return seen;
  }

  static std::string shown(const std::string& path) {
    if (fs::is_directory(path) || path.ends_with(".html")) return "";
    const std::string text = read_file(path);
    if (path.ends_with(".jsonl")) return timeless_log(text);
    if (path.ends_with(".safetensors")) return std::to_string(crc32(text.data(), text.size()));
    return text;
  }
};

std::string input_of(const Row& row) {
  const std::string input = row.how.input;
  // Whole batches are printed before the fault in line 41 is met.
  if (input == "40") return repeated("the film\n", 40) + "\xff\n";
  if (!input.empty()) return input;
  return "the film was good .\n" + long_text + "\n\nbad bad\n";
}

// An option as --help shows it.
struct Shown {
  std::string name, standard;
  bool takes_value;
};

// The options below "usage:" in the help; lines that go on are indented.
std::vector<Shown> options_of(const std::string& help) {
  std::vector<std::string> entries;
  for (const std::string& line : split_lines(help)) {
    if (line.starts_with("  --")) entries.push_back(line.substr(4));
    else if (!entries.empty() && line.starts_with("      ")) entries.back() += " " + line;
    else if (!entries.empty()) break;
  }
  std::vector<Shown> options;
  for (const std::string& entry : entries) {
    std::string text;
    for (const std::string& word : split(entry, ' '))
      if (!word.empty()) text += (text.empty() ? "" : " ") + word;
    const size_t end = text.find(' '), begin = text.find("(default: ");
    Shown option{text.substr(0, end), "", entry[end + 1] != ' '};
    if (begin != text.npos) option.standard = text.substr(begin + 10, text.rfind(')') - begin - 10);
    options.push_back(option);
  }
  return options;
}

}  // namespace

TEST_CASE("cli: each option of each command has a row in the table of tests, with its default") {
  const Place place;
  if (!place) return;
  std::vector<std::string> commands;
  for (const std::string& line : lines_of(place.run("--help")))
    if (line.starts_with("  ") && line[2] != ' ')
      commands.push_back(line.substr(2, line.find(' ', 2) - 2));
  CHECK(commands == std::vector<std::string>{"demo", "finetune", "eval", "predict", "embed",
                                             "tokenize", "inspect", "vocab", "pretrain", "doctor"});
  for (const std::string& command : commands) {
    if (command == "demo" || command == "doctor") continue;
    CAPTURE(command);
    std::vector<const Row*> expected;
    for (const Row& row : rows)
      if (row.command == command) expected.push_back(&row);
    const std::vector<Shown> options = options_of(place.run(command + " --help").out);
    REQUIRE(options.size() == expected.size() + 2);
    for (size_t i = 0; i < expected.size(); ++i) {
      CHECK(options[i].name == expected[i]->option);
      CHECK(options[i].standard == expected[i]->standard);
      CHECK(options[i].takes_value == (*expected[i]->other != 0));
    }
    CHECK(options[expected.size()].name == "threads");
    CHECK(options[expected.size()].standard == "all");
    CHECK(options.back().name == "help");
  }
}

TEST_CASE("cli: each option makes its difference, and its default makes none") {
  const OptionsPlace place;
  if (!place) return;
  std::map<std::string, std::string> cache;
  for (const Row& row : rows) {
    const std::string words =
        row.command + (" " + arguments.at(row.command)) + " " + row.how.with + " ";
    std::string& without = cache[words + row.how.input];
    if (without.empty()) without = place.observe(words, input_of(row));
    const auto with = [&](const char* value) {
      return place.observe(words + "--" + row.option + " " + value, input_of(row));
    };
    const std::string other = with(row.other);
    CAPTURE(words);
    CAPTURE(row.option);
    CAPTURE(row.shows);
    CAPTURE(without);
    CAPTURE(other);
    CHECK(without != other);
    CHECK(has(other, row.shows));
    if (*row.shows) CHECK_FALSE(has(without, row.shows));
    const std::string same = *row.bounds.least && !*row.how.same ? row.standard : row.how.same;
    if (!same.empty()) CHECK(with(same.c_str()) == without);
  }
}

TEST_CASE("cli: numbers are taken up to their bounds and refused beyond, which the message names") {
  const Place place;
  if (!place) return;
  for (const Row& row : rows) {
    if (!*row.bounds.least) continue;
    const auto [lowest, highest, integer] = row.bounds;
    const double least = std::stod(lowest), most = std::stod(highest), step = integer ? 1 : 1e-3;
    const auto number = [integer = integer](double value) {
      return integer ? std::to_string(std::llround(value)) : std::to_string(value);
    };
    const std::string command = row.command, option = std::string(" --") + row.option + " ";
    CAPTURE(command);
    CAPTURE(option);
    // The last of several counts, but each is read; then it is missed what else is required.
    const Ran taken = place.run(command + option + number(least) + option + number(most));
    CHECK(taken.code == 2);
    CHECK(has(taken.err, "cairn: missing: --"));
    for (const double value : {least - step, most + step}) {
      const Ran refused = place.run(command + option + number(value));
      CHECK(refused.code == 2);
      CHECK(refused.out == "");
      CHECK(refused.err == "cairn:" + option.substr(0, option.size() - 1) + " is \"" +
                               number(value) + "\", not " + (integer ? "an integer" : "a number") +
                               " from " + lowest + " to " + highest + "\n  hint: cairn " + command +
                               " --help lists the options\n");
    }
  }
}

// What may stand in the place of a folder's file: a link that leads nowhere, a pipe, a flood.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/io/file_kind.h"
#include "core/io/model_files.h"
#include "models/bert/config.h"
#include "models/bert/more/sentence.h"
#include "tests/folders.h"
#include "tests/limits.h"
#include "tests/support.h"
#include "text/bert_tokenizer.h"

using namespace cairn;
using cairn::test::can_limit_memory;
using cairn::test::cpu_seconds;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::TempFolder;
using cairn::test::within_memory;
namespace fs = std::filesystem;

namespace {

const std::string words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nsoup\n";
const char* const tokenizer_files[] = {"vocab.txt", "tokenizer.json", "tokenizer_config.json",
                                       "special_tokens_map.json", "added_tokens.json"};

// What reading the folder says in which `name` is what `put` makes of it.
std::string said_of(const std::string& name, const std::function<void(const std::string&)>& put) {
  const TempFolder folder;
  write_file_atomically(folder / "vocab.txt", words);
  fs::remove(folder / name);
  put(folder / name);
  return error_of([&] {
    if (name == "config.json") BertConfig::load(folder.path());
    else if (name == "modules.json") SentenceOptions::load(folder.path());
    else if (name.starts_with("model")) ModelFiles{folder.path()};
    else BertTokenizer::from_pretrained(folder.path());
  });
}

std::vector<std::string> all_files() {
  std::vector<std::string> names(std::begin(tokenizer_files), std::end(tokenizer_files));
  names.insert(names.end(), {"config.json", "modules.json", "model.safetensors",
                             "model.safetensors.index.json"});
  return names;
}

}  // namespace

TEST_CASE("folder: a link that leads nowhere, or to itself, is told and not passed over") {
  for (const std::string& name : all_files()) {
    INFO(name);
    for (const char* target : {"nowhere", name.c_str()}) {
      const std::string said =
          said_of(name, [&](const std::string& path) { fs::create_symlink(target, path); });
      CHECK(has(said, "/" + name + "]"));
      CHECK(has(said, "can't be opened"));
    }
  }
}

TEST_CASE("folder: a pipe or device in the place of a file is refused, not waited for") {
  for (const std::string& name : all_files()) {
    INFO(name);
    CHECK(has(said_of(name, [](const std::string& path) { ::mkfifo(path.c_str(), 0600); }),
              "is not a regular file"));
    CHECK(has(said_of(name, [](const std::string& path) { fs::create_symlink("/dev/zero", path); }),
              "is not a regular file"));
  }
}

TEST_CASE("tokenizer: eight times the settings take about eight times as long") {
  const auto seconds = [](int count) {
    const TempFolder folder;
    write_file_atomically(folder / "vocab.txt", words);
    for (const char* name : {"tokenizer_config.json", "special_tokens_map.json"}) {
      std::string text = "{";
      for (int i = 0; i < count; ++i)
        text += (i ? ",\"" : "\"") + std::to_string(i) + (name[0] == 's' ? "s" : "") + "\":1";
      write_file_atomically(folder / name, text + "}");
    }
    return cpu_seconds([&] { CHECK(BertTokenizer::from_pretrained(folder.path()).size() == 6); });
  };
  CHECK(seconds(60'000) < 24 * seconds(7'500) + 0.05);  // quadratic: 64 times
}

TEST_CASE("tokenizer: what special_tokens_map.json says counts before tokenizer_config.json") {
  const TempFolder folder;
  write_file_atomically(folder / "vocab.txt", words + "[X]\n[Y]\n");
  write_file_atomically(folder / "tokenizer_config.json",
                        R"({"pad_token": "[X]", "do_lower_case": false, "sep_token": "[Y]"})");
  write_file_atomically(folder / "special_tokens_map.json",
                        R"({"cls_token": "[X]", "pad_token": "[PAD]"})");
  const BertTokenizer t = BertTokenizer::from_pretrained(folder.path());
  CHECK(t.pad() == 0);
  CHECK(t.cls() == 6);
  CHECK(t.sep() == 7);
  CHECK_FALSE(t.options().lower_case);
}

TEST_CASE("tokenizer: a vocabulary too large for its bound is refused before it is built") {
  if (!can_limit_memory) return;
  std::string blank = words, one = words + std::string(10'000'000, 'a'), many = words;
  blank.append(3'000'000, '\n');
  for (int i = 0; i < 2'000'000; ++i) many += std::to_string(i * 7919LL % 10'000'019) + "\n";
  const TempFolder folder;
  BertTokenizer({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}).encode("a");  // makes the tables
  for (const std::string* text : {&blank, &one, &many}) {
    write_file_atomically(folder / "vocab.txt", *text);
    const auto size = static_cast<int64_t>(text->size());
    CHECK(has(within_memory(3 * size + (64 << 20),
                            [&] { BertTokenizer::from_pretrained(folder.path()); }),
              "MiB of memory"));
  }
}

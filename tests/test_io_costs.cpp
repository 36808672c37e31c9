// What files cost: a file, whatever it holds, takes at most 3 times its size and 64 MiB to read, or
// is refused; and the time grows with the size, not faster.
#include <doctest/doctest.h>

#include <ctime>
#include <filesystem>
#include <fstream>

#include "core/io/json.h"
#include "core/io/model_files.h"
#include "core/io/safetensors.h"
#include "core/named_tensor.h"
#include "tests/folders.h"
#include "tests/limits.h"
#include "tests/support.h"
#include "text/more/masked_lm.h"
#include "text/tsv.h"

using namespace cairn;
using cairn::test::cpu_seconds;
using cairn::test::has;
using cairn::test::TempFolder;
using cairn::test::within_memory;

namespace {

constexpr int64_t mebibyte = 1 << 20;

std::string repeated(const std::string& part, size_t count) {
  std::string text;
  text.reserve(part.size() * count);
  for (size_t i = 0; i < count; ++i) text += part;
  return text;
}

// {"model": {"vocab": {"token0": 0, ...}}}, as compact as can be.
std::string vocabulary(int tokens) {
  std::string text = "{\"model\":{\"vocab\":{";
  for (int i = 0; i < tokens; ++i)
    text += (i ? ",\"token" : "\"token") + std::to_string(i) + "\":" + std::to_string(i);
  return text + "}}}";
}

// Reads a file of this text within the bound: "done", or what kept it from being read.
std::string read_within_bound(const std::string& text, void (*read)(const std::string& path)) {
  const TempFolder folder;
  const std::string path = folder / "file";
  write_file_atomically(path, text);
  return within_memory(3 * static_cast<int64_t>(text.size()) + 64 * mebibyte, [&] { read(path); });
}

std::string parse_within_bound(const std::string& text) {
  return read_within_bound(text, [](const std::string& path) {
    const Json json = parse_json(read_file(path), path);
    (void)json;
  });
}

}  // namespace

TEST_CASE("json: real files are read within 3 times their size and 64 MiB") {
  if (!test::can_limit_memory) return;
  CHECK(parse_within_bound(vocabulary(600'000)) == "done");
  CHECK(parse_within_bound("[" + repeated("[\"\xE2\x96\x81piece\",\n    -12.345678],\n", 250'000) +
                           "0]") == "done");
  CHECK(parse_within_bound("[" + repeated("\"\\u00e9\\u20ac\\ud83d\\ude00 merge\",", 300'000) +
                           "0]") == "done");
  const std::string text = repeated("a line of a long text\\n", 1'500'000);
  CHECK(parse_within_bound("\"" + text + "\"") == "done");
  CHECK(parse_within_bound(std::string(40 << 20, ' ') + "1") == "done");
  CHECK(parse_within_bound("1" + std::string(30 << 20, '0')) == "done");
}

TEST_CASE("json: more values than the bound allows are refused by name before they are built") {
  if (!test::can_limit_memory) return;
  for (const char* value : {"1,", "[],", "{},", "[[1]],", "{\"\":{}},", "\"\","}) {
    CAPTURE(value);
    const std::string text = "[" + repeated(value, 19'000'000 / std::string(value).size()) + "1]";
    const std::string outcome = parse_within_bound(text);
    CHECK(has(outcome, "/file] has too many values for a file of "));
    CHECK(has(outcome, "hint:"));
  }
  const std::string keys = "{" + repeated("\"\":1,", 3'800'000) + "\"\":1}";
  CHECK(has(parse_within_bound(keys), "has too many values"));
  CHECK(has(parse_within_bound(repeated("[", 19'000'000)), "levels deep"));
  CHECK(has(parse_within_bound(repeated("[", 900) + repeated("[],", 6'000'000)),
            "has too many values"));
}

TEST_CASE("json: a file of settings is at most 1 MiB, and has fewer values than that allows") {
  const TempFolder folder;
  const auto outcome = [&](const std::string& text) {
    write_file_atomically(folder / "config.json", text);
    return test::error_of([&] { read_settings(folder / "config.json"); });
  };
  CHECK(outcome("{\"names\": [" + repeated("\"a name of twenty le\",", 40'000) + "0]}").empty());
  CHECK(has(outcome("{\"n\":1}" + std::string(mebibyte, ' ')),
            "config.json] is larger than 1048576 bytes"));
  CHECK(has(outcome("[" + repeated("1,", 500'000) + "1]"), "config.json] has too many values"));
}

TEST_CASE("safetensors: a header costs no more than the bound, or is refused by name") {
  if (!test::can_limit_memory) return;
  const auto open = [](const std::string& path) { SafeTensors{path}; };
  const auto file_of = [](std::string header) {
    header.append(8 - header.size() % 8, ' ');
    std::string length(8, '\0');
    for (size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(header.size() >> (8 * i) & 0xFF);
    return length + header;
  };
  std::string real = "{\"t\":{\"dtype\":\"F32\",\"shape\":[0,2],\"data_offsets\":[0,0]}";
  for (int i = 0; i < 20'000; ++i)
    real += ",\"encoder.layer." + std::to_string(i) +
            ".weight\":{\"dtype\":\"F32\",\"shape\":[0,2],\"data_offsets\":[0,0]}";
  CHECK(read_within_bound(file_of(real + "}"), open) == "done");
  const std::string ones = "{\"t\":[" + repeated("1,", 15'000'000) + "1]}";
  CHECK(has(read_within_bound(file_of(ones), open), "/file (header)] has too many values"));
  const std::string empty = "{\"t\":[" + repeated("{},", 10'000'000) + "{}]}";
  CHECK(has(read_within_bound(file_of(empty), open), "/file (header)] has too many values"));
}

TEST_CASE("json: values that are no longer needed are freed") {
  if (!test::can_limit_memory) return;
  const std::string text = "[[" + repeated("1,", 20'000) + "1],{\"a\":[" + repeated("1,", 20'000) +
                           "1]}]";  // 1.5 MiB of values
  CHECK(within_memory(24 * mebibyte, [&] {
          Json kept;
          for (int i = 0; i < 30; ++i) {
            const Json json = parse_json(text, "f.json");
            kept = json;
            Json other = Json::object();
            other.set("a", kept).set("a", json);
          }
        }) == "done");
}

TEST_CASE("files: what is too large to be read or mapped is told, not tried") {
  const TempFolder folder;
  const std::string path = folder / "model.safetensors.index.json";
  const auto sized = [&](uintmax_t size) {
    std::ofstream(path).close();
    std::filesystem::resize_file(path, size);  // with a hole, which takes no place
  };
  sized((uintmax_t{1} << 30) + 1);
  CHECK(has(test::error_of([&] { read_file(path); }), "is larger than 1073741824 bytes"));
  sized(100'000'001);
  CHECK(has(test::error_of([&] { ModelFiles{folder.path()}; }), "is larger than 100000000 bytes"));
  sized(100'000'000);
  CHECK(has(test::error_of([&] { ModelFiles{folder.path()}; }), "begins with nothing but zeros"));
  if (!test::can_limit_memory) return;
  sized(uintmax_t{1} << 30);
  CHECK(has(within_memory(64 * mebibyte, [&] { MappedFile{path}; }),
            "/model.safetensors.index.json] can't be mapped into memory: "));
}

TEST_CASE("json: time grows with the size, not faster") {
  const auto parsing = [](int tokens) {
    const std::string text = vocabulary(tokens);
    return cpu_seconds([&] { parse_json(text, "f.json"); });
  };
  CHECK(parsing(200'000) < 16 * parsing(25'000) + 0.05);  // quadratic: 64 times
  const auto building = [](int members) {
    return cpu_seconds([&] {
      Json json = Json::object();
      for (int i = 0; i < members; ++i) json.add(std::to_string(i), i);
    });
  };
  CHECK(building(200'000) < 16 * building(25'000) + 0.05);
}

TEST_CASE("tsv: only the asked columns are kept, within 3 times the file and 64 MiB") {
  if (!test::can_limit_memory) return;
  const auto read = [](const std::string& path) { read_tsv(path, 2); };
  const std::string header = "id\tsentence\tnotes\tlabel\n";
  const std::string row = "17\ta sentence of a usual length, about a film\tnone at all\t1\n";
  CHECK(read_within_bound(header + repeated(row, 300'000), read) == "done");
  CHECK(read_within_bound(header + repeated("\ta sentence in it\t\t0\n", 400'000), read) == "done");
  const std::string wide = repeated("\t", 30'000);  // columns that nobody asked for
  CHECK(read_within_bound("sentence\tlabel" + wide + "\n" + repeated("a\t1" + wide + "\n", 600),
                          read) == "done");
  const std::string tiny =
      read_within_bound("label\tsentence\n" + repeated("1\t\n", 6'000'000), read);
  CHECK(has(tiny, "/file] has too many rows for a file of 18000015 bytes"));
  CHECK(has(tiny, "hint:"));
  const std::string tabs = read_within_bound(repeated("\t", 19'000'000), read);
  CHECK(has(tabs, "/file:1] the header has no column"));
  const std::string long_row = "sentence\tlabel\n" + std::string(17 << 20, 'a') + "\t1\n";
  CHECK(has(read_within_bound(long_row, read), "/file:2] the row is longer than 16 MiB"));
}

TEST_CASE("names: of very many wrong ones the first hundred are told, at once") {
  NamedTensors to, from;
  const Tensor one = Tensor::ones({1});
  for (int i = 0; i < 20'000; ++i) {
    to.push_back({"encoder.layer." + std::to_string(i) + ".attention.query.weight", one});
    from.push_back({"encoder.layer." + std::to_string(i) + ".attention.querry.weight", one});
  }
  std::string message;
  const double seconds = cpu_seconds(
      [&] { message = test::error_of([&] { copy_by_name(to, from, true, "model", "", {}); }); });
  CHECK(seconds < 5);  // of all pairs: an hour
  CHECK(has(message, "missing: encoder.layer.0.attention.query.weight (nearest: encoder.layer.0."));
  CHECK(has(message, "... and 19900 more"));
  CHECK(message.size() < 50'000);
}

TEST_CASE("documents: more lines than memory allows are refused by name") {
  if (!test::can_limit_memory) return;
  const auto read = [](const std::string& path) { read_documents(path); };
  const std::string outcome = read_within_bound(repeated("a\n", 6'000'000), read);
  CHECK(has(outcome, "/file] has too many lines"));
}

TEST_CASE("tsv: time grows with the size, not faster") {
  const TempFolder folder;
  const auto reading = [&](size_t rows) {
    write_file_atomically(folder / "f.tsv",
                          "sentence\tlabel\n" + repeated("a good film of the year\t1\n", rows));
    return cpu_seconds([&] { read_tsv(folder / "f.tsv", 2); });
  };
  CHECK(reading(400'000) < 16 * reading(50'000) + 0.05);
}

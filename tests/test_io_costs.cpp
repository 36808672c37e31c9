// What files cost: a file, whatever it holds, takes at most 3 times its size and 64 MiB to read, or is
// refused; and the time grows with the size, not faster.
#include <doctest/doctest.h>

#include <ctime>

#include "core/io/json.h"
#include "tests/folders.h"
#include "tests/limits.h"
#include "tests/support.h"

using namespace cairn;
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

double cpu_seconds(const std::function<void()>& f) {
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const std::clock_t start = std::clock();
    f();
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

}  // namespace

TEST_CASE("json: real files are read within 3 times their size and 64 MiB") {
  if (!test::can_limit_memory) return;
  CHECK(parse_within_bound(vocabulary(600'000)) == "done");
  CHECK(parse_within_bound("[" + repeated("[\"\xE2\x96\x81piece\",\n    -12.345678],\n", 250'000) +
                           "0]") == "done");
  CHECK(parse_within_bound("[" + repeated("\"\\u00e9\\u20ac\\ud83d\\ude00 merge\",", 300'000) +
                           "0]") == "done");
  CHECK(parse_within_bound("\"" + repeated("a line of a long text\\n", 1'500'000) + "\"") == "done");
  CHECK(parse_within_bound(std::string(40 << 20, ' ') + "1") == "done");
  CHECK(parse_within_bound("1" + std::string(30 << 20, '0')) == "done");
}

TEST_CASE("json: more values than the bound allows are refused by name before they are built") {
  if (!test::can_limit_memory) return;
  for (const char* value : {"1,", "[],", "{},", "[[1]],", "{\"\":{}},", "\"\","}) {
    CAPTURE(value);
    const std::string text = "[" + repeated(value, 19'000'000 / std::string(value).size()) + "1]";
    const std::string outcome = parse_within_bound(text);
    CHECK(has(outcome, "/file] has too many values for a text of "));
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
  CHECK(has(outcome("{\"n\":1}" + std::string(mebibyte, ' ')), "config.json] is larger than 1048576"));
  CHECK(has(outcome("[" + repeated("1,", 500'000) + "1]"), "config.json] has too many values"));
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

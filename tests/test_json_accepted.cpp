// What is JSON and what is not, where the first error of a text is, and what its numbers, escapes and
// keys become.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "core/error.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/folders.h"
#include "tests/json_texts.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("json: the shared good and bad files") {
  const std::string folder = test::shared_or_skip("fixtures/files");
  if (folder.empty()) return;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const std::string path = entry.path().string();
    CAPTURE(path);
    const bool good = entry.path().filename().string().starts_with("ok_");
    if (good) CHECK_NOTHROW(parse_json(read_file(path), path));
    else CHECK_THROWS_AS(parse_json(read_file(path), path), Error);
  }
}

TEST_CASE("json: good texts") {
  for (const char* text :
       {"0", "-0", "1.5", "1E+5", "1e-5", "-1.0e10", "true", "false", "\t\r\n null \n", "\"\"",
        R"("\/\b\f\n\r\t\"\\")", "[[],{}]", R"({"":0})", "\"\x7f\"", "\"\xF4\x8F\xBF\xBF\""}) {
    CAPTURE(text);
    CHECK_NOTHROW(parse(text));
  }
}

TEST_CASE("json: bad texts") {
  for (const std::string& text : std::vector<std::string>{"",
                                                          " ",
                                                          "-",
                                                          "--1",
                                                          "00",
                                                          "-01",
                                                          "1.",
                                                          "1.e5",
                                                          "1e",
                                                          "1e+",
                                                          ".5",
                                                          "+1",
                                                          "1 2",
                                                          "nul",
                                                          "nulll",
                                                          "True",
                                                          "NaN",
                                                          "-Infinity",
                                                          "[",
                                                          "]",
                                                          "[,]",
                                                          "[1,,2]",
                                                          "{",
                                                          "{]",
                                                          "{\"a\"}",
                                                          "{\"a\":}",
                                                          "{\"a\":1,}",
                                                          "{a:1}",
                                                          "{\"a\" 1}",
                                                          "{,}",
                                                          "\"",
                                                          "\"\\\"",
                                                          "\"\\u12\"",
                                                          "\"\\u12G4\"",
                                                          "\"\\u+123\"",
                                                          "\"\\x\"",
                                                          "\"\\'\"",
                                                          "\"a\nb\"",
                                                          "'a'",
                                                          "\xEF\xBB\xBF[]",
                                                          "\"\xED\xA0\x80\"",
                                                          "\"\xF4\x90\x80\x80\"",
                                                          "\"\xC1\xBF\"",
                                                          "\"\xE2\x82\"",
                                                          "/**/[]",
                                                          std::string("[]\0", 3),
                                                          std::string("\"\0\"", 3),
                                                          std::string(100'000, '[')}) {
    CAPTURE(text);
    CHECK(parse_error(text) != "");
  }
}

TEST_CASE("json: control characters inside a string must be escaped") {
  for (char c = 0; c < 0x20; c++) CHECK(parse_error(std::string{'"', c, '"'}) != "");
}

TEST_CASE("json: an error names file, line and column") {
  CHECK(has(parse_error("{\n  \"a\": 1,\n  \"\xC3\xA9\": tru\n}"), "[f.json:3:8]"));
  CHECK(has(parse_error("[1,\n\xFF]"), "[f.json:2:1]"));
  JsonOptions line_12;
  line_12.first_line = 12;
  CHECK(has(error_of([&] { parse_json("{", "f.jsonl", line_12); }), "[f.jsonl:12:2]"));
  CHECK(has(parse_error(R"(["\u00e9\n\ud83d\ude00", x)"), "[f.json:1:26]"));
  CHECK(has(parse_error("[\"\\n\\n\",\n\"\\t\",x"), "[f.json:2:6]"));
  CHECK(has(parse_error(R"(["\n\q"])"), "[f.json:1:6]"));
  CHECK(has(parse_error(R"(["\n\n)"), "[f.json:1:2] not JSON: this string has no end"));
}

TEST_CASE("json: nesting is limited, at any length") {
  const auto nested = [](size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  CHECK_NOTHROW(parse(nested(1000)));
  CHECK(has(parse_error(nested(1002)), "levels deep"));
  CHECK(has(parse_error(nested(1'000'000)), "levels deep"));
}

TEST_CASE("json: numbers keep their integers and their bits") {
  CHECK(parse("9223372036854775807").as_int() == std::numeric_limits<int64_t>::max());
  CHECK(parse("-9223372036854775808").as_int() == std::numeric_limits<int64_t>::min());
  CHECK_FALSE(parse("9223372036854775808").is_int());
  CHECK(parse("9223372036854775808").as_double() == 0x1p63);
  CHECK_FALSE(parse("2.0").is_int());
  for (const char* zero : {"-0", "-0.0", "-0e0"}) {
    CHECK_FALSE(parse(zero).is_int());
    CHECK(parse(zero).as_double() == 0);
    CHECK(std::signbit(parse(zero).as_double()));
    CHECK(to_text(parse(zero)) == "-0.0");
  }
  CHECK(parse("1e-12").as_double() == 1e-12);
  CHECK(parse("5e-324").as_double() == 5e-324);
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(parse("1e400").as_double() == infinity);
  CHECK(parse("-1e400").as_double() == -infinity);
  CHECK(parse("1e99999999999999999999").as_double() == infinity);
  CHECK(parse("0.0001e400").as_double() == infinity);
  CHECK(parse("1e-400").as_double() == 0);
  CHECK(parse("1e-99999999999999999999").as_double() == 0);
  CHECK(parse("1" + std::string(400, '0')).as_double() == infinity);
  CHECK(parse("1" + std::string(400, '0') + "e-400").as_double() == 1);
  CHECK(parse("0." + std::string(400, '0') + "1").as_double() == 0);
}

TEST_CASE("json: escapes become UTF-8 - half a surrogate pair becomes U+FFFD unless strict") {
  CHECK(parse(R"("\u00e9\u20ac\ud83d\ude00")").as_string() == "\u00e9\u20ac\U0001F600");
  CHECK(parse(R"("\ud83d")").as_string() == "\uFFFD");
  CHECK(parse(R"("\ude00x")").as_string() == "\uFFFDx");
  CHECK(parse(R"("\ud83dA")").as_string() == "\uFFFDA");
  CHECK(parse(R"("\ud83d\u0041")").as_string() == "\uFFFDA");
  CHECK(parse(R"("\ud83d\ud83d\ude00")").as_string() == "\uFFFD\U0001F600");
  CHECK(parse(R"("\u0000")").as_string() == std::string(1, '\0'));
  CHECK_THROWS_AS(parse_json(R"("\ud83d")", "f", strict), Error);
  CHECK_NOTHROW(parse_json(R"("\ud83d\ude00")", "f", strict));
}

TEST_CASE("json: of duplicate keys the last value counts, in the first one's place") {
  const Json json = parse(R"({"a":1,"b":2,"a":3,"c":4,"a":5,"c":6})");
  CHECK(to_text(json) == R"({"a":5,"b":2,"c":6})");
  CHECK(has(error_of([&] { parse_json("{\"a\":1,\n\"a\":2}", "f", strict); }), "[f:2]"));
}

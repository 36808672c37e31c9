// How JSON is read and written, exactly: what each escape and number stands for, where an error is,
// and which bound is the last one accepted. test_json_accepted.cpp has what is accepted at all,
// test_json_values.cpp what a value says of itself.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/folders.h"
#include "tests/json_texts.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("json: each escape stands for its character") {
  // clang-format off
  const std::pair<const char*, const char*> table[] = {
      {R"(\")", "\""}, {R"(\\)", "\\"}, {R"(\/)", "/"}, {R"(\b)", "\b"}, {R"(\f)", "\f"},
      {R"(\n)", "\n"}, {R"(\r)", "\r"}, {R"(\t)", "\t"},
      {R"(\u0041)", "A"}, {R"(\u007f)", "\x7F"}, {R"(\u0080)", "\xC2\x80"},
      {R"(\u07ff)", "\xDF\xBF"}, {R"(\u0800)", "\xE0\xA0\x80"}, {R"(\u09aF)", "\xE0\xA6\xAF"},
      {R"(\ud7ff)", "\xED\x9F\xBF"}, {R"(\ue000)", "\xEE\x80\x80"}, {R"(\uFFFF)", "\xEF\xBF\xBF"},
      {R"(\ud800\udc00)", "\xF0\x90\x80\x80"},  // the first pair, U+10000
      {R"(\uD83D\uDE00)", "\xF0\x9F\x98\x80"},
      {R"(\ud800\udfff)", "\xF0\x90\x8F\xBF"}, {R"(\udbff\udc00)", "\xF4\x8F\xB0\x80"},
      {R"(\udbff\udfff)", "\xF4\x8F\xBF\xBF"},  // the last pair, U+10FFFF
  };
  // clang-format on
  for (const auto& row : table) {
    const auto& text = row.first;
    const auto& meaning = row.second;
    CAPTURE(text);
    CHECK(parse(quoted(text), strict).as_string() == meaning);
    const std::string in_the_middle = std::string("a ") + meaning + " z";
    CHECK(parse(quoted(std::string("a ") + text + " z")).as_string() == in_the_middle);
    CHECK(parse("{" + quoted(text) + ":1}").at(meaning).as_int() == 1);
  }
  CHECK(parse(quoted(R"(\n\u0000\t)")).as_string() == std::string("\n\0\t", 3));
}

TEST_CASE(
    "json: half of a surrogate pair is U+FFFD and takes nothing with it - strictly, an error") {
  const std::string r = "\uFFFD";
  const std::pair<const char*, std::string> table[] = {
      {R"(\ud800)", r},           {R"(\udbffx)", r + "x"},
      {R"(\udc00)", r},           {R"(\udfff\ud800)", r + r},
      {R"(\ud800\udbff)", r + r}, {R"(\ud800\ue000)", r + "\uE000"},
      {R"(\ud83d\n)", r + "\n"},  {R"(\ud800\ud800\udc00)", r + "\U00010000"},
      {R"(\udc00\udc00)", r + r},
  };
  for (const auto& row : table) {
    const auto& text = row.first;
    const auto& meaning = row.second;
    CAPTURE(text);
    CHECK(parse(quoted(text)).as_string() == meaning);
    CHECK(has(parse_error(quoted(text), strict), "half of a surrogate pair is not a character"));
  }
  CHECK(has(parse_error(R"("a\ud800")", strict), "[f.json:1:4]"));
  CHECK(has(parse_error(R"("\ud800\ud800\udc00")", strict), "[f.json:1:3]"));
}

TEST_CASE("json: an escape that is cut or wrong is told at its place") {
  const std::pair<const char*, const char*> table[] = {
      {R"("\u12")", "[f.json:1:3] not JSON: expected four hexadecimal digits"},
      {R"("\u123)", "[f.json:1:3] not JSON: expected four hexadecimal digits"},
      {R"("ab\u123g")", "[f.json:1:5] not JSON: expected four hexadecimal digits"},
      {R"("\ud800\u12")", "[f.json:1:9] not JSON: expected four hexadecimal digits"},
      {R"("\u-123")", "[f.json:1:3] not JSON: expected four hexadecimal digits"},
      {R"("ab\q")", "[f.json:1:5] not JSON: no such escape"},
      {R"("ab\)", "[f.json:1:5] not JSON: no such escape"},
      {R"(["", "ab)", "[f.json:1:6] not JSON: this string has no end"},
      {"\"a\tb\"", "[f.json:1:3] not JSON: a control character inside a string"},
  };
  for (const auto& row : table) {
    const auto& text = row.first;
    const auto& message = row.second;
    CAPTURE(text);
    CHECK(has(parse_error(text), message));
  }
}

TEST_CASE(
    "json: in a string all is written as it is but quotes, backslashes and control characters") {
  for (int c = 0; c < 128; ++c) {
    CAPTURE(c);
    const std::string text = {'a', static_cast<char>(c), 'b'};
    std::string expected{static_cast<char>(c)};
    if (c == '\n') expected = "\\n";
    else if (c == '\r') expected = "\\r";
    else if (c == '\t') expected = "\\t";
    else if (c == '"' || c == '\\') expected.insert(0, "\\");
    else if (c < 16) expected = std::string("\\u000") + "0123456789abcdef"[c];
    else if (c < 32) expected = std::string("\\u001") + "0123456789abcdef"[c - 16];
    CHECK(to_text(Json(text)) == "\"a" + expected + "b\"");
    CHECK(json_string(text) == "\"a" + expected + "b\"");
    CHECK(parse(to_text(Json(text))).as_string() == text);
    CHECK(parse_error(quoted(text)).empty() == (c >= 32 && c != '"'));  // \b is an escape
  }
  CHECK(json_string("\xFF\xC3\xA9\xE2\x82y\x80") == "\"\uFFFDé\uFFFD\uFFFDy\uFFFD\"");
}

TEST_CASE("json: whatever does not fit is told at its line and column") {
  // Each beginning of these tokens, with blanks and lines between them, and then a wrong character.
  const std::vector<std::string> tokens = {
      "{", "\"é\\n\"", ":", "[",    "1", ",",        "\"\\ud83d\\ude00\"",
      ",", "null",     ",", "true", ",", "\"日本\"", "]",
      ",", "\"k\"",    ":", "{",    "}", ",",        "\"l\"",
      ":", "-2.5e3",   "}"};
  std::mt19937 random(4);
  for (int round = 0; round < 20; ++round) {
    std::string text;
    int line = 1, column = 1;
    const auto add = [&](const std::string& part) {
      text += part;
      for (const char c : part) {
        if (c == '\n') ++line, column = 1;
        else if ((c & 0xC0) != 0x80) ++column;
      }
    };
    for (size_t k = 0; k <= tokens.size(); ++k) {
      for (uint32_t n = random() % 4; n > 0; --n) add({" \n\t\r"[random() % 4]});
      CAPTURE(text);
      CHECK(has(parse_error(text + "@"),
                "[f.json:" + std::to_string(line) + ":" + std::to_string(column) + "] not JSON: "));
      if (k < tokens.size()) add(tokens[k]);
    }
    CHECK(parse_error(text).empty());
  }
}

TEST_CASE("json: an error says what was expected") {
  // clang-format off
  const std::pair<const char*, const char*> table[] = {
      {"", "the text ends"}, {"[", "the text ends"}, {"[1,", "the text ends"}, {"-", "the text ends"},
      {"@", "expected a value"}, {"-x", "expected a value"}, {"[1,]", "expected a value"},
      {"[1 2]", "expected ',' or ']'"}, {"[1", "expected ',' or ']'"}, {"[1}", "expected ',' or ']'"},
      {"{\"a\":1 2}", "expected ',' or '}'"}, {"{\"a\":1", "expected ',' or '}'"},
      {"{\"a\":1]", "expected ',' or '}'"}, {"{1:2}", "expected a key in double quotes"},
      {"{\"a\":1,}", "expected a key in double quotes"},
      {"{\"a\" 1}", "expected ':' after the key \"a\""}, {"tru", "expected true"},
      {"fals!", "expected false"}, {"nul1", "expected null"}, {"01", "must not start with 0"},
      {"-00", "must not start with 0"}, {"1.x", "a digit after the point"},
      {"1e+x", "a digit in the exponent"}, {"1ex", "a digit in the exponent"},
      {"1 2", "the value ends here, but more text follows"},
      {"\xEF\xBB\xBF[]", "starts with a byte order mark"}, {"\"\x80\"", "not valid UTF-8"},
  };
  // clang-format on
  for (const auto& row : table) {
    const auto& text = row.first;
    const auto& message = row.second;
    CAPTURE(text);
    CHECK(has(parse_error(text), message));
  }
  const std::string key(150, 'k');
  CHECK(has(parse_error("{\"" + key + "\" 1}"), "\"" + key.substr(0, 100) + "\""));
}

TEST_CASE("json: a number is the nearest double - an integer that fits int64 is exact") {
  const double infinity = std::numeric_limits<double>::infinity();
  // clang-format off
  const std::pair<const char*, double> reals[] = {
      {"0.1", 0.1}, {"-12.5e-1", -1.25}, {"1E2", 100}, {"1e+2", 100}, {"10.25", 10.25},
      {"1.0", 1}, {"0.0", 0}, {"0e5", 0}, {"2e0", 2}, {"1.7976931348623157e308", 0x1.fffffffffffffp1023},
      {"1.7976931348623159e308", infinity}, {"-1.8e308", -infinity}, {"4.9e-324", 0x1p-1074},
      {"2e-324", 0}, {"-123e-400", -0.0}, {"123.4e400", infinity}, {"0.0001e-400", 0},
      {"1e+400", infinity}, {"1E-400", 0}, {"9223372036854775808", 0x1p63},
      {"-9223372036854775809", -0x1p63}, {"100000000000000000000", 1e20},
      {"9007199254740993.0", 9007199254740992.0},
  };
  // clang-format on
  for (const auto& row : reals) {
    const auto& text = row.first;
    const auto& value = row.second;
    CAPTURE(text);
    CHECK_FALSE(parse(text).is_int());
    CHECK(parse(text).as_double() == value);
    CHECK(std::signbit(parse(text).as_double()) == std::signbit(value));
    CHECK(has(error_of([&] { parse(text).as_int(); }), "not an integer"));
  }
  const std::string zeros(400, '0');  // which the exponent does not outweigh
  CHECK(parse("0." + zeros + "1e10").as_double() == 0);
  CHECK(parse("0." + zeros + "1e+10").as_double() == 0);
  CHECK(parse("1" + zeros + "e-10").as_double() == infinity);
  CHECK(parse("-1" + zeros + ".5E-20").as_double() == -infinity);
  CHECK(parse("0." + zeros + "1e800").as_double() == infinity);
  for (const int64_t value :
       {int64_t{0}, int64_t{7}, int64_t{-10}, int64_t{9007199254740993},
        std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()}) {
    const std::string text = std::to_string(value);
    CHECK(parse(text).is_int());
    CHECK(parse("[" + text + "]")[0].as_int() == value);
    CHECK(parse(text).as_double() == static_cast<double>(value));
    CHECK(to_text(parse(text)) == text);
  }
}

TEST_CASE("json: a double is written with the fewest digits, and never as an integer") {
  const std::pair<double, const char*> table[] = {
      {0.1, "0.1"},
      {2, "2.0"},
      {-0.0, "-0.0"},
      {1e-7, "1e-07"},
      {5e-05, "5e-05"},
      {1e22, "1e+22"},
      {123456.75, "123456.75"},
      {0x1p63, "9223372036854775808.0"},
      {1.5e300, "1.5e+300"},
      {5e-324, "5e-324"},
  };
  for (const auto& [value, text] : table) CHECK(to_text(Json(value)) == text);
  CHECK(to_text(Json(~uint64_t{0})) == "18446744073709551616.0");  // beyond int64: a double
  CHECK(to_text(Json(uint64_t{1} << 63 | 1)) == "9223372036854775808.0");
  CHECK(Json(uint64_t{7}).is_int());
  CHECK(has(error_of([] { to_text(Json::array({std::nan("")})); }), "JSON has no NaN"));
}

TEST_CASE("json: exactly so many levels, values and bytes are accepted, and not one more") {
  const auto nested = [](size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  const auto filled = [](size_t n) { return std::string(n, '[') + "1" + std::string(n, ']'); };
  CHECK(parse_error(nested(1000)).empty());
  CHECK(parse_error(filled(1000)).empty());
  CHECK(has(parse_error(nested(1001)), "[f.json:1:1001] not JSON: nested more than 1000 levels"));
  CHECK(has(parse_error(filled(1001)), "nested more than 1000 levels deep"));
  CHECK(parse_error("{\"a\":[{}]}", {.max_depth = 3}).empty());
  CHECK(has(parse_error("{\"a\":[{}]}", {.max_depth = 2}), "[f.json:1:7]"));
  CHECK(parse_error("[[[]],[[]],[\"[[[\"],{\"{{{\\\"[[[\":1}]", {.max_depth = 3}).empty());

  // A value takes sizeof(Json) + 4 bytes, and an array or object 56 more.
  const auto needs = [](const std::string& text, size_t values, size_t containers) {
    const size_t bytes = values * (sizeof(Json) + 4) + containers * 56;
    CAPTURE(text);
    CHECK(parse_error(text, {.max_memory = bytes}).empty());
    CHECK(has(parse_error(text, {.max_memory = bytes - 1}), "has too many values"));
  };
  needs("1", 1, 0);
  needs("[1]", 2, 1);
  needs("[1,2,3]", 4, 1);
  needs("{\"a,b\":1,\"c\\\",\":2}", 3, 1);  // commas in strings separate nothing
  needs("[[1,2],[3,4]]", 7, 3);

  const test::TempFolder folder;
  const std::string path = folder / "config.json";
  write_file_atomically(path, "{}" + std::string((1 << 20) - 2, ' '));
  CHECK(read_settings(path).size() == 0);
  write_file_atomically(path, "{}" + std::string((1 << 20) - 1, ' '));
  CHECK(has(error_of([&] { read_settings(path); }), "is larger than 1048576 bytes"));
}

// JSON, UTF-8, CRC-32 and files: what is accepted, what is refused and how, and that a failed write
// leaves everything as it was.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstring>
#include <limits>
#include <random>

#include "core/error.h"
#include "core/io/crc32.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "core/io/utf8.h"
#include "tests/folders.h"
#include "tests/support.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::TempFolder;

namespace {

Json parse(std::string text) { return parse_json(std::move(text), "f.json"); }

std::string parse_error(const std::string& text) {
  return error_of([&] { parse(text); });
}

// A random value, nested at most `depth` deep.
Json random_json(std::mt19937& random, int depth) {
  const uint32_t kind = random() % (depth > 0 ? 7 : 5);
  if (kind == 0) return Json();
  if (kind == 1) return Json(random() % 2 == 0);
  if (kind == 2) return Json(static_cast<int64_t>(random()) << (random() % 33));
  if (kind == 3) {
    const uint64_t bits = static_cast<uint64_t>(random()) << 32 | random();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return Json(std::isfinite(value) ? value : 0.1);
  }
  std::string text;
  for (uint32_t n = random() % 6; n > 0; n--) append_utf8(text, random() % 0xD800);
  if (kind == 4) return Json(text);
  Json json = kind == 5 ? Json::array() : Json::object();
  for (uint32_t n = random() % 4; n > 0; n--) {
    Json child = random_json(random, depth - 1);
    if (kind == 5) json.push(child);
    else json.set(text + std::to_string(n), child);
  }
  return json;
}

}  // namespace

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
  JsonOptions strict;
  strict.strict = true;
  CHECK_THROWS_AS(parse_json(R"("\ud83d")", "f", strict), Error);
  CHECK_NOTHROW(parse_json(R"("\ud83d\ude00")", "f", strict));
}

TEST_CASE("json: of duplicate keys the last value counts, in the first one's place") {
  const Json json = parse(R"({"a":1,"b":2,"a":3,"c":4,"a":5,"c":6})");
  CHECK(to_text(json) == R"({"a":5,"b":2,"c":6})");
  JsonOptions strict;
  strict.strict = true;
  CHECK(has(error_of([&] { parse_json("{\"a\":1,\n\"a\":2}", "f", strict); }), "[f:2]"));
}

TEST_CASE("json: a getter that fails names file, line and key") {
  const Json json = parse("{\n\"hidden_size\": \"abc\",\n\"n\": -3, \"x\": 2.5,\"l\":[1,true]}");
  const auto message = [&](auto call) { return error_of([&] { call(json); }); };
  const std::string text = message([](const Json& j) { j.at("hidden_size").as_int(); });
  CHECK(has(text, "[f.json:2] \"hidden_size\" is \"abc\", not an integer"));
  CHECK(has(message([](const Json& j) { j.at("n").as_int(1); }), "\"n\" is -3, less than 1"));
  CHECK(has(message([](const Json& j) { j.at("n").as_int(-9, -5); }), "more than -5"));
  CHECK(has(message([](const Json& j) { j.at("x").as_int(); }), "\"x\" is 2.5, not an integer"));
  CHECK(has(message([](const Json& j) { j.at("l").at("a"); }), "\"l\" is an array"));
  CHECK(has(message([](const Json& j) { j.at("l")[2]; }), "element 2"));
  CHECK(has(message([](const Json& j) { j.at("l")[1].as_string(); }), "a value is true"));
  CHECK(has(message([](const Json& j) { j.at("none"); }), "[f.json:1] \"none\" is missing"));
  CHECK(has(message([](const Json& j) { j.get("n", "text"); }), "not a string"));
}

TEST_CASE("json: a value keeps its text and place wherever it is copied or moved to") {
  Json copy, built = Json::object();
  {
    const Json json = parse("{\n\"a\": \"x\\ty\", \"b\": [1, {\"c\": \"z\"}]}");
    copy = json.at("b");
    built.set("first", json.at("a")).set("second", json.at("b")[1]);
    built.set("first", json.at("a"));
  }
  CHECK(to_text(copy) == R"([1,{"c":"z"}])");
  CHECK(copy.key() == "b");
  CHECK(copy.place() == "f.json:2");
  CHECK(to_text(built) == R"({"first":"x\ty","second":{"c":"z"}})");
  CHECK(built.at("second").at("c").place() == "f.json:2");
  CHECK(built.at("first").place() == "f.json:2");
  copy = copy[1].at("c");  // a part of itself
  CHECK(copy.as_string() == "z");
  const Json moved = std::move(built);
  CHECK(moved.at("first").as_string() == "x\ty");
}

TEST_CASE("json: get gives the default for what is absent or null") {
  const Json json = parse(R"({"i":7,"d":0.5,"b":true,"s":"x","null":null})");
  CHECK(json.get("i", 1) == 7);
  CHECK(json.get("i", 1.0) == 7.0);
  CHECK(json.get("d", 1.0) == 0.5);
  CHECK(json.get("b", false) == true);
  CHECK(json.get("s", "y") == "x");
  CHECK(json.get("none", 1) == 1);
  CHECK(json.get("null", 2) == 2);
  CHECK(json.get("none", "y") == "y");
  CHECK(json.find("none") == nullptr);
}

TEST_CASE("json: text is as Python's json.dumps writes it") {
  Json json = Json::object();
  json.set("a", Json::array({1, 2.0, 1e-12, "\u00e9\"\n\x01"})).set("b", Json::object());
  json.set("c", true).set("d", Json()).set("e", Json::array());
  CHECK(to_text(json) == R"({"a":[1,2.0,1e-12,"é\"\n\u0001"],"b":{},"c":true,"d":null,"e":[]})");
  CHECK(to_text(json, 2) ==
        "{\n  \"a\": [\n    1,\n    2.0,\n    1e-12,\n    \"é\\\"\\n\\u0001\"\n  ],\n"
        "  \"b\": {},\n  \"c\": true,\n  \"d\": null,\n  \"e\": []\n}");
  CHECK_THROWS_AS(to_text(Json(std::nan(""))), Error);
  CHECK_THROWS_AS(to_text(parse("[1e400]")), Error);
  CHECK_THROWS_AS(to_text(Json("\xFF")), Error);
  CHECK(json_string("a\xFF\"") == "\"a\uFFFD\\\"\"");
}

TEST_CASE("json: what is written reads back the same") {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; i++) {
    const Json json = random_json(random, 5);
    const std::string text = to_text(json);
    CAPTURE(text);
    CHECK(to_text(parse(text)) == text);
    CHECK(to_text(parse(to_text(json, 3))) == text);
  }
}

TEST_CASE("utf8: the first invalid byte is found") {
  CHECK(utf8_error("") == -1);
  CHECK(utf8_error("plain ASCII of more than eight bytes") == -1);
  CHECK(utf8_error("0123456\xC3\xA9 89") == -1);
  CHECK(utf8_error("0123456789\x80") == 10);
  CHECK(utf8_error("a\xC0\x80") == 1);
  CHECK(utf8_error("\xE0\x9F\xBF") == 0);
  CHECK(utf8_error("\xED\x9F\xBF") == -1);
  CHECK(utf8_error("\xED\xA0\x80") == 0);
  CHECK(utf8_error("\xF0\x8F\xBF\xBF") == 0);
  CHECK(utf8_error("\xF4\x8F\xBF\xBF") == -1);
  CHECK(utf8_error("\xF4\x90\x80\x80") == 0);
  CHECK(utf8_error("\xF5\x80\x80\x80") == 0);
  CHECK(utf8_error("ab\xE2\x82") == 2);
}

TEST_CASE("utf8: every code point is written as valid bytes, every surrogate as invalid ones") {
  int64_t wrong = 0;
  for (char32_t point = 0; point <= 0x10FFFF; point++) {
    std::string text;
    append_utf8(text, point);
    const bool surrogate = 0xD800 <= point && point <= 0xDFFF;
    wrong += (utf8_error(text) == -1) == surrogate;
    if (text.size() > 1) wrong += utf8_error(text.substr(0, text.size() - 1)) != 0;
  }
  CHECK(wrong == 0);
}

TEST_CASE("crc32: equals zlib's, whole or in parts") {
  CHECK(crc32("", 0) == 0);
  CHECK(crc32("123456789", 9) == 0xCBF43926u);  // the check value that specifications quote
  CHECK(crc32("The quick brown fox jumps over the lazy dog", 43) == 0x414FA339u);
  std::string bytes(1000, '\0');
  std::mt19937 random(2);
  for (char& c : bytes) c = static_cast<char>(random());
  const uint32_t whole = crc32(bytes.data(), bytes.size());
  for (size_t cut = 0; cut <= bytes.size(); cut += 37)
    CHECK(crc32(bytes.data() + cut, bytes.size() - cut, crc32(bytes.data(), cut)) == whole);
}

TEST_CASE("files: reading what is not there, a folder, or too much is an error") {
  const TempFolder folder;
  CHECK(has(error_of([&] { read_file(folder / "none"); }), "hint: check the path"));
  CHECK(has(error_of([&] { read_file(folder.path()); }), "is a folder"));
  CHECK(has(error_of([&] { MappedFile{folder.path()}; }), "is a folder"));
  CHECK(has(error_of([&] { MappedFile{folder / "none"}; }), folder / "none"));
  CHECK(has(error_of([&] { read_file("/dev/zero", 1000); }), "larger than 1000 bytes"));
  CHECK(has(error_of([&] { MappedFile{"/dev/zero"}; }), "not a regular file"));
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(has(error_of([&] { MappedFile{folder / "pipe"}; }), "not a regular file"));
  write_file_atomically(folder / "four", "1234");
  CHECK(read_file(folder / "four", 4) == "1234");
  CHECK_THROWS_AS(read_file(folder / "four", 3), Error);
}

TEST_CASE("files: what is written is read, by both ways, empty or large") {
  const TempFolder folder;
  const std::string path = folder / "file";
  for (const size_t size : {size_t{0}, size_t{1}, size_t{3'000'000}}) {
    std::string bytes(size, 'x');
    if (size) bytes[size / 2] = '\0';
    write_file_atomically(path, bytes);
    CHECK(read_file(path) == bytes);
    const MappedFile mapped(path);
    CHECK(mapped.size() == size);
    CHECK(std::string(reinterpret_cast<const char*>(mapped.data()), mapped.size()) == bytes);
  }
  CHECK(folder.count() == 1);
}

TEST_CASE("files: lines and fields") {
  using Texts = std::vector<std::string>;
  CHECK(split_lines("") == Texts{});
  CHECK(split_lines("\n") == Texts{""});
  CHECK(split_lines("a\r\n\nb") == Texts{"a", "", "b"});
  CHECK(split_lines("a\nb\n") == Texts{"a", "b"});
  CHECK(split("a\t\tb\t", '\t') == Texts{"a", "", "b", ""});
  CHECK(split("", '\t') == Texts{""});
}

TEST_CASE("files: an exception while writing leaves the old file and no other") {
  const TempFolder folder;
  const std::string path = folder / "file";
  write_file_atomically(path, "old");
  CHECK_THROWS_AS(
      {
        AtomicFile file(path);
        file.write("half of the ne");
        throw Error("something else failed");
      },
      Error);
  CHECK(read_file(path) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("files: a disk that is full leaves the old file and no other") {
  const TempFolder folder;
  const std::string path = folder / "file";
  write_file_atomically(path, "old");
  // A limit on file sizes acts as a full disk does: a write stores less than it was given.
  struct rlimit before, limit;
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  limit = before;
  limit.rlim_cur = 100'000;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  const std::string message =
      error_of([&] { write_file_atomically(path, std::string(200'000, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(has(message, path));
  CHECK(has(message, "hint:"));
  CHECK(read_file(path) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("files: writing where no file can be is an error that names the place") {
  const TempFolder folder;
  write_file_atomically(folder / "file", "old");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);  // as would be /dev/null
  for (const std::string& path : {folder / "none/file", folder / "file/below", folder / "pipe",
                                  folder.path(), folder.path() + "/", std::string()}) {
    CAPTURE(path);
    CHECK(has(error_of([&] { write_file_atomically(path, "new"); }), "[" + path));
  }
  CHECK(read_file(folder / "file") == "old");
  CHECK(folder.count() == 2);
  CHECK(std::filesystem::is_fifo(folder / "pipe"));
}

TEST_CASE("files: a symbolic link and the permissions survive a replacement") {
  const TempFolder folder;
  write_file_atomically(folder / "file", "old");
  REQUIRE(::chmod((folder / "file").c_str(), 0640) == 0);
  std::filesystem::create_symlink(folder / "file", folder / "link");
  const MappedFile mapped(folder / "file");
  write_file_atomically(folder / "link", "new");
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(read_file(folder / "file") == "new");
  CHECK(std::memcmp(mapped.data(), "old", 3) == 0);
  struct stat status;
  REQUIRE(::stat((folder / "file").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
  std::filesystem::create_symlink(folder / "none", folder / "broken");
  CHECK(has(error_of([&] { write_file_atomically(folder / "broken", ""); }), "symbolic link"));
}

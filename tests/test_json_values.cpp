// What a JSON value says of itself: its kind, its members, its place in the file in an error; and the
// text that it becomes.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <random>

#include "core/error.h"
#include "core/io/json.h"
#include "core/io/utf8.h"
#include "tests/json_texts.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

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

TEST_CASE("json: an array takes the memory that its values need") {
  std::string ones = "[1", members = "{\"0\":1";
  for (int i = 1; i < 1000; ++i) ones += ",1", members += ",\"" + std::to_string(i) + "\":1";
  const Json both = parse("[" + ones + "],[1],[]," + members + "}]");
  CHECK(both.items().capacity() == 4);
  CHECK(both[0].items().capacity() == 1000);
  CHECK(both[1].items().capacity() == 1);
  CHECK(both[2].items().capacity() == 0);
  CHECK(both[3].items().capacity() == 1000);
}

TEST_CASE("json: of any members with equal keys the first's place and the last's value remain") {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::string text = "{";
    std::vector<std::string> order;
    std::map<std::string, int> last;
    const uint32_t count = random() % 30;
    for (uint32_t i = 0; i < count; ++i) {
      const std::string key(random() % 3, static_cast<char>('a' + random() % 4));
      text += (i ? ",\"" : "\"") + key + "\":" + std::to_string(i);
      if (!last.count(key)) order.push_back(key);
      last[key] = static_cast<int>(i);
    }
    const bool duplicates = order.size() < count;
    std::string expected = "{";
    for (const std::string& key : order)
      expected += (expected.size() > 1 ? ",\"" : "\"") + key + "\":" + std::to_string(last[key]);
    CAPTURE(text);
    CHECK(to_text(parse(text + "}")) == expected + "}");
    CHECK(parse_error(text + "}", strict).empty() == !duplicates);
  }
  CHECK(has(parse_error("{\"a\":1,\n\"b\":{\"a\":2,\n\"c\":3,\n\"c\":4}}", strict),
            "[f.json:4] the key \"c\" appears twice in one object"));
}

TEST_CASE("json: each kind of value is that kind alone") {
  const Json::Kind kinds[] = {Json::Kind::null,   Json::Kind::boolean, Json::Kind::number,
                              Json::Kind::string, Json::Kind::array,   Json::Kind::object};
  const char* const texts[] = {"null", "true", "1", "\"s\"", "[1]", "{\"k\":1}"};
  const char* const said[] = {"null", "true", "1", "\"s\"", "an array", "an object"};
  for (size_t i = 0; i < 6; ++i) {
    const Json json = parse(std::string("{\"k\":") + texts[i] + "}").at("k");
    CAPTURE(texts[i]);
    CHECK(json.kind() == kinds[i]);
    CHECK(json.is_null() == (i == 0));
    CHECK(json.is_bool() == (i == 1));
    CHECK(json.is_number() == (i == 2));
    CHECK(json.is_int() == (i == 2));
    CHECK(json.is_string() == (i == 3));
    CHECK(json.is_array() == (i == 4));
    CHECK(json.is_object() == (i == 5));
    const auto refused = [&](const char* what, const std::function<void()>& call) {
      return error_of(call) == std::string("[f.json:1] \"k\" is ") + said[i] + ", " + what;
    };
    CHECK(refused("not true or false", [&] { json.as_bool(); }) == (i != 1));
    CHECK(refused("not an integer", [&] { json.as_int(); }) == (i != 2));
    CHECK(refused("not a number", [&] { json.as_double(); }) == (i != 2));
    CHECK(refused("not a string", [&] { json.as_string(); }) == (i != 3));
    CHECK(refused("not an array or object", [&] { json.items(); }) == (i < 4));
    CHECK(refused("not an array", [&] { json[0]; }) == (i != 4));
    CHECK(refused("not an object", [&] { json.find("x"); }) == (i != 5));
    CHECK(refused("not an object", [&] { json.at("k"); }) == (i != 5));
    CHECK(refused("not an object", [&] { Json(json).add("x", 1); }) == (i != 5));
    CHECK(refused("not an object", [&] { Json(json).set("x", 1); }) == (i != 5));
    CHECK(refused("not an array", [&] { Json(json).push(1); }) == (i != 4));
  }
  CHECK(parse("[false,true]")[0].as_bool() == false);
  CHECK(parse("[false,true]")[1].as_bool() == true);
}

TEST_CASE("json: an error shows a short value as it is, and says where, what, and which key") {
  const auto said = [](const std::string& value) {
    return error_of([&] { parse("{\"k\":\n" + value + "}").at("k").items(); });
  };
  const std::string end = ", not an array or object";
  CHECK(said("false") == "[f.json:2] \"k\" is false" + end);
  CHECK(said("2.50") == "[f.json:2] \"k\" is 2.5" + end);
  CHECK(said("-1e999") == "[f.json:2] \"k\" is infinite" + end);
  CHECK(said(quoted(std::string(60, 'x'))) ==
        "[f.json:2] \"k\" is \"" + std::string(60, 'x') + "\"" + end);
  CHECK(said(quoted(std::string(61, 'x'))) == "[f.json:2] \"k\" is a long string" + end);
  const Json list = parse("[0,[5,\n6]]", {.first_line = 40});
  CHECK(error_of([&] { list[2]; }) ==
        "[f.json:40] a value is an array, with 2 elements; element 2 (counted from 0) is missing");
  CHECK(list[1][1].as_int(6, 6) == 6);
  CHECK(error_of([&] { list[1][1].as_int(7); }) == "[f.json:41] a value is 6, less than 7");
  CHECK(error_of([&] { list[1][1].as_int(0, 5); }) == "[f.json:41] a value is 6, more than 5");
  CHECK(error_of([&] { list[1][0].fail_here("so", "do that"); }) ==
        "[f.json:40] a value is 5, so\n  hint: do that");
  CHECK(error_of([&] { Json(7).as_bool(); }) == "[json] a value is 7, not true or false");
  const std::string key(150, 'k');
  const Json deep = parse("{\"" + key + "\":{}}");
  const std::string name = "\"" + key.substr(0, 100) + "\"";
  CHECK(error_of([&] { deep.at(key).at("x"); }) == "[f.json:1] \"x\" is missing in " + name);
  CHECK(error_of([&] { deep.at(key).as_int(); }) ==
        "[f.json:1] " + name + " is an object, not an integer");
  CHECK(error_of([&] { deep.at("x"); }) == "[f.json:1] \"x\" is missing");
}

TEST_CASE("json: get reads each type, gives the default for absent and null, and refuses others") {
  const Json json = parse(R"({"int":7,"real":0.5,"yes":true,"text":"x","null":null})");
  for (const char* key : {"none", "null"}) {
    CHECK(json.get(key, true) == true);
    CHECK(json.get(key, int64_t{3}) == 3);
    CHECK(json.get(key, 0.25) == 0.25);
    CHECK(json.get(key, std::string("y")) == "y");
    CHECK(json.get(key, "z") == "z");
  }
  CHECK(json.get("yes", false) == true);
  CHECK(json.get("int", int64_t{3}) == 7);
  CHECK(json.get("real", 0.25) == 0.5);
  CHECK(json.get("text", std::string("y")) == "x");
  for (const char* key : {"int", "real", "yes", "text"}) {
    CAPTURE(key);
    const std::string k = key;
    CHECK(error_of([&] { json.get(key, true); }).empty() == (k == "yes"));
    CHECK(error_of([&] { json.get(key, 1); }).empty() == (k == "int"));
    CHECK(error_of([&] { json.get(key, 1.0); }).empty() == (k == "int" || k == "real"));
    CHECK(error_of([&] { json.get(key, "y"); }).empty() == (k == "text"));
  }
}

TEST_CASE("json: what is built is what was put in, in order") {
  Json list = Json::array({1, "two"});
  list.push(parse("{\"k\":\"from a member\"}").at("k")).push(Json::array());
  CHECK(list[2].key().empty());  // no longer a member
  CHECK(to_text(list) == R"([1,"two","from a member",[]])");
  Json object = Json::object();
  object.set("a", 1).set("b", "x").add("c", list).set("a", "new").set("b", Json::object());
  CHECK(to_text(object) == R"({"a":"new","b":{},"c":[1,"two","from a member",[]]})");
  CHECK(object.size() == 3);
  CHECK(object.at("b").key() == "b");
  CHECK(object.find("a")->as_string() == "new");
  Json copy = object;
  copy.set("a", 2).set("d", 3);
  CHECK(object.at("a").as_string() == "new");
  CHECK(object.find("d") == nullptr);
  CHECK(copy.at("a").as_int() == 2);
  CHECK(to_text(parse("[[1,{\"a\":[]}],{}]"), 3) ==
        "[\n   [\n      1,\n      {\n         \"a\": []\n      }\n   ],\n   {}\n]");
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

// Shapes, axes, indices and broadcasting: the table of what each function gives, and of what it
// refuses in which words.
#include <doctest/doctest.h>

#include <sstream>

#include "core/check.h"
#include "core/nearest_name.h"
#include "core/ops/axes.h"
#include "core/ops/more/lanes.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

constexpr int64_t largest = int64_t{1} << 60;

struct Refused {
  std::function<void()> call;
  std::string says;
};

// Each call is an Error with just this first line, or beginning of it.
void check_refused(const std::vector<Refused>& calls) {
  for (const auto& [call, says] : calls) {
    const std::string text = error_of(call);
    CHECK_MESSAGE(text.starts_with(says), text);
  }
}

}  // namespace

TEST_CASE("shape: axes come and go where they are told") {
  Shape s{2, 3, 4};
  s.insert(0, 7);
  CHECK(s == Shape{7, 2, 3, 4});
  s.insert(2, 8);
  CHECK(s == Shape{7, 2, 8, 3, 4});
  s.insert(5, 9);
  CHECK(s == Shape{7, 2, 8, 3, 4, 9});
  s.erase(5);
  s.erase(0);
  s.erase(1);
  CHECK(s == Shape{2, 3, 4});
  s.push_back(5);
  CHECK(s == Shape{2, 3, 4, 5});
  CHECK(s.back() == 5);
  CHECK(s[0] == 2);
  s[3] = 6;
  CHECK(std::vector<int64_t>(s.begin(), s.end()) == std::vector<int64_t>{2, 3, 4, 6});
  CHECK(s.size() == 4);
  CHECK_FALSE(s.empty());
  CHECK(Shape().empty());
  CHECK(Shape(std::vector<int64_t>{2, 3}) == Shape{2, 3});
  Shape eight{1, 2, 3, 4, 5, 6, 7};
  eight.insert(3, 0);
  CHECK(eight == Shape{1, 2, 3, 0, 4, 5, 6, 7});
  std::ostringstream out;
  out << eight;
  CHECK(out.str() == "(1, 2, 3, 0, 4, 5, 6, 7)");
  check_refused({{[&] { s[4]; }, "[shape] axis 4 of (2, 3, 4, 6)"},
                 {[&] { s[-1]; }, "[shape] axis -1 of (2, 3, 4, 6)"},
                 {[] { Shape().back(); }, "[shape] axis -1 of ()"},
                 {[&] { s.erase(4); }, "[shape] axis 4 of (2, 3, 4, 6)"},
                 {[&] { s.insert(5, 1); }, "[shape] axis 5 of (2, 3, 4, 6)"},
                 {[&] { s.insert(-1, 1); }, "[shape] axis -1 of (2, 3, 4, 6)"},
                 {[&] { eight.push_back(1); }, "[shape] 9 axes asked for"},
                 {[] { Shape(std::vector<int64_t>(9, 1)); }, "[shape] 9 axes asked for"}});
}

TEST_CASE("shape: equal are those of the same sizes in the same order, and as many") {
  const Shape shapes[] = {{}, {1}, {2}, {1, 2}, {2, 1}, {2, 1, 1}, {0}};
  for (const Shape& a : shapes)
    for (const Shape& b : shapes) CHECK((a == b) == (&a == &b));
}

TEST_CASE("shape: at most 2^60 numbers, and no axis of more") {
  CHECK(numel({largest, 1}) == largest);
  CHECK(numel({int64_t{1} << 32, int64_t{1} << 31}) == INT64_MAX);  // not negative
  check_shape({largest}, "test");
  check_shape({int64_t{1} << 30, int64_t{1} << 30}, "test");
  check_shape({largest, 0}, "test");
  // clang-format off
  check_refused({{[] { check_shape({largest + 1}, "test"); },
                  "[memory] the shape (1152921504606846977,) counts more than 2^60 numbers"},
                 {[] { check_shape({largest + 1, 0}, "test"); }, "[memory]"},
                 {[] { check_shape({int64_t{1} << 30, int64_t{1} << 31}, "test"); }, "[memory]"},
                 {[] { check_shape({3, -1}, "test"); },
                  "[test] the shape (3, -1) has a negative size"},
                 {[] { check_shape({0, -1}, "test"); }, "[test]"}});
  // clang-format on
  CHECK(contiguous_strides({3, 0, 2}) == Shape{2, 2, 1});
  CHECK(contiguous_strides({5, largest, largest, 0}) == Shape{largest, largest, 1, 1});
  CHECK(contiguous_strides({}) == Shape{});
}

TEST_CASE("shape: axes and indices count from the end if negative") {
  for (int axis = -3; axis < 3; ++axis) CHECK(normal_axis(axis, 3, "op") == (axis + 3) % 3);
  for (int64_t i = -4; i < 4; ++i) CHECK(normal_index(i, {5, 4}, 1, "op") == (i + 4) % 4);
  check_refused({{[] { normal_axis(3, 3, "op"); }, "[op] axis 3 of a tensor with 3 axes"},
                 {[] { normal_axis(-4, 3, "op"); }, "[op] axis -4 of a tensor with 3 axes"},
                 {[] { normal_axis(0, 0, "op"); }, "[op] axis 0 of a tensor with 0 axes"},
                 {[] {
                    normal_index(4, {5, 4}, 1, "op");
                  },
                  "[op] index 4 on axis 1 of (5, 4)"},
                 {[] {
                    normal_index(-5, {5, 4}, 1, "op");
                  },
                  "[op] index -5 on axis 1 of (5, 4)"},
                 {[] { normal_index(0, {0}, 0, "op"); }, "[op] index 0 on axis 0 of (0,)"}});
  const std::pair<int64_t, int64_t> bounds[] = {
      {0, 0},  {3, 3},         {5, 5}, {6, 5},  {-1, 4},           {-5, 0},
      {-6, 0}, {INT64_MAX, 5}, {1, 1}, {-2, 3}, {INT64_MIN + 5, 0}};
  for (const auto& [bound, clamped] : bounds) CHECK(slice_bound(bound, 5) == clamped);
}

TEST_CASE("shape: of a reshape one size may be left open") {
  const Shape from{2, 3, 4};
  const std::pair<Shape, Shape> shapes[] = {{{24}, {24}},        {{-1}, {24}},
                                            {{-1, 6}, {4, 6}},   {{2, -1, 2}, {2, 6, 2}},
                                            {{24, -1}, {24, 1}}, {{1, 24, 1}, {1, 24, 1}}};
  for (const auto& [wanted, shape] : shapes) CHECK(resolved(wanted, from, "op") == shape);
  CHECK(resolved({0, 7}, {3, 0}, "op") == Shape{0, 7});
  CHECK(resolved({7, -1}, {3, 0}, "op") == Shape{7, 0});
  CHECK(resolved({-1}, {}, "op") == Shape{1});
  for (const Shape& bad : {Shape{-1, 5}, {-1, -1}, {5}, {-2, -12}, {-1, 0}, {}, {48}, {-1, 48}})
    check_refused({{[&] { resolved(bad, from, "op"); },
                    "[op] cannot reshape (2, 3, 4) to " + to_string(bad)}});
  check_refused({{[] { resolved({-1, 0}, {3, 0}, "op"); }, "[op] cannot reshape (3, 0)"}});
}

TEST_CASE("shape: broadcasting gives one shape whichever comes first, or names both") {
  struct Row {
    Shape a, b, both;
  };
  const Row rows[] = {
      {{}, {}, {}},          {{1}, {}, {1}},           {{3}, {3}, {3}},
      {{1}, {3}, {3}},       {{2, 3}, {3}, {2, 3}},    {{2, 3}, {1}, {2, 3}},
      {{2, 1}, {3}, {2, 3}}, {{2, 1}, {1, 3}, {2, 3}}, {{1, 1}, {1}, {1, 1}},
      {{0}, {1}, {0}},       {{4, 0}, {1, 1}, {4, 0}}, {{5, 1, 3}, {4, 1}, {5, 4, 3}}};
  for (const auto& [a, b, both] : rows) {
    CHECK(broadcast(a, b, "op") == both);
    CHECK(broadcast(b, a, "op") == both);
  }
  check_refused(
      {{[] {
          broadcast({2, 3}, {2}, "op");
        },
        "[op] shapes do not broadcast: a is (2, 3), b is (2,)"},
       {[] {
          broadcast({2}, {4, 3}, "op");
        },
        "[op] shapes do not broadcast: a is (2,), b is (4, 3)"},
       {[] {
          broadcast({2, 3}, {4, 3}, "op");
        },
        "[op] shapes do not broadcast"},
       {[] { broadcast({2}, {0}, "op"); }, "[op] shapes do not broadcast: a is (2,), b is (0,)"}});
  struct Strides {
    Shape shape, strides, wider, expected;
  };
  const Strides strides[] = {
      {{}, {}, {2, 3}, {0, 0}},
      {{3}, {5}, {2, 3}, {0, 5}},
      {{2, 3}, {3, 1}, {2, 3}, {3, 1}},
      {{2, 1}, {7, 9}, {2, 4}, {7, 0}},
      {{2, 1}, {7, 9}, {2, 1}, {7, 9}},  // nothing is repeated
      {{1, 1, 4}, {4, 4, 2}, {6, 5, 1, 4}, {0, 0, 4, 2}},
      {{1}, {1}, {0}, {0}},
  };
  for (const Strides& row : strides)
    CHECK(broadcast_strides(row.shape, row.strides, row.wider) == row.expected);
}

TEST_CASE("axes: offset_of counts in row-major order, whatever the strides") {
  const Shape shape{2, 3}, transposed{1, 2}, repeated{0, 5};
  const int64_t expected[][3] = {{0, 0, 0}, {1, 2, 5}, {2, 4, 10},
                                 {3, 1, 0}, {4, 3, 5}, {5, 5, 10}};
  for (const auto& [i, in_transposed, in_repeated] : expected) {
    CHECK(offset_of(i, shape, contiguous_strides(shape)) == i);
    CHECK(offset_of(i, shape, transposed) == in_transposed);
    CHECK(offset_of(i, shape, repeated) == in_repeated);
  }
  CHECK(offset_of(0, {}, {}) == 0);
  CHECK(leading({2, 3, 4}) == Shape{2});
  CHECK(leading({3, 4}) == Shape{});
  CHECK(leading({4}) == Shape{});
}

TEST_CASE("axes: which stay, which go, and how numbers lie along one") {
  const auto kept = [](const Shape& shape, const Axes& axes) {
    return keepdim_shape(shape, axes, "op", {});
  };
  CHECK(kept({2, 3, 4}, {}) == Shape{1, 1, 1});
  CHECK(kept({2, 3, 4}, {1}) == Shape{2, 1, 4});
  CHECK(kept({2, 3, 4}, {-1, 0}) == Shape{1, 3, 1});
  CHECK(without({1, 1, 1}, {}) == Shape{});
  CHECK(without({2, 1, 4}, {1}) == Shape{2, 4});
  CHECK(without({1, 3, 1}, {-1, 0}) == Shape{3});
  CHECK(without({1, 3, 1}, {-3}) == Shape{3, 1});
  CHECK(reduced_last({2, 3, 4}, {2, 1, 4}) == Axes{0, 2, 1});
  CHECK(reduced_last({2, 3, 4}, {1, 3, 1}) == Axes{1, 0, 2});
  CHECK(reduced_last({2, 1, 4}, {1, 1, 4}) == Axes{1, 2, 0});
  check_refused({{[&] {
                    kept({2, 3}, {1, -1});
                  },
                  "[op] axis 1 is named twice"},
                 {[&] {
                    kept({2, 3}, {2});
                  },
                  "[op] axis 2 of a tensor with 2 axes"},
                 {[] { check_countable(int64_t{1} << 31, "op", {}); },
                  "[op] 2147483648 numbers are more than an index can count"}});
  check_countable(INT32_MAX, "op", {});
  const Shape shape{2, 3, 4};
  const int64_t outer[] = {1, 2, 6}, step[] = {12, 4, 1};
  for (int axis = 0; axis < 3; ++axis) {
    const Lanes lanes(shape, axis);
    CHECK(lanes.size == shape[axis]);
    CHECK(lanes.outer == outer[axis]);
    CHECK(lanes.step == step[axis]);
  }
}

TEST_CASE("check: each bound lets its limits pass, and names place, option, value and bounds") {
  const double huge = 1e308, tiny = 5e-324, nan = NAN;
  for (int64_t value : {int64_t{1}, (int64_t{1} << 31) - 1})
    CHECK(check_size("place", "n", value) == value);
  for (int64_t value : {int64_t{0}, int64_t{7}})
    CHECK(check_count("place", "n", value, 7) == value);
  CHECK(check_count("place", "n", INT64_MAX) == INT64_MAX);
  for (double value : {0.0, 0.5, 0.9999999}) CHECK(check_fraction("place", "p", value) == value);
  for (double value : {-huge, 0.0, huge}) CHECK(check_finite("place", "x", value) == value);
  for (double value : {0.0, tiny, huge}) CHECK(check_not_negative("place", "x", value) == value);
  for (double value : {tiny, huge}) CHECK(check_positive("place", "x", value) == value);

  const std::string size = "it must be at least 1, and below 2^31";
  struct Refusal {
    std::function<void()> call;
    std::string value, bounds;
  };
  std::vector<Refusal> refusals{
      {[] { check_size("place", "x", 0); }, "0", size},
      {[] { check_size("place", "x", int64_t{1} << 31); }, "2147483648", size},
      {[] { check_count("place", "x", -1); }, "-1", "it must be 0 or more"},
      {[] { check_count("place", "x", -1, 7); }, "-1", "it must be in [0, 7]"},
      {[] { check_count("place", "x", 8, 7); }, "8", "it must be in [0, 7]"},
      {[] { check_fraction("place", "x", 1); }, "1", "it must be in [0, 1)"},
      {[=] { check_fraction("place", "x", -tiny); }, "-4.94066e-324", "it must be in [0, 1)"},
      {[=] { check_fraction("place", "x", nan); }, "nan", "it must be in [0, 1)"},
      {[] { check_finite("place", "x", INFINITY); }, "inf", "it must be a finite number"},
      {[=] { check_finite("place", "x", nan); }, "nan", "it must be a finite number"},
      {[] { check_not_negative("place", "x", -0.5); }, "-0.5", "finite and not negative"},
      {[] { check_not_negative("place", "x", INFINITY); }, "inf", "finite and not negative"},
      {[=] { check_not_negative("place", "x", nan); }, "nan", "finite and not negative"},
      {[] { check_positive("place", "x", 0); }, "0", "it must be finite and larger than 0"},
      {[] { check_positive("place", "x", INFINITY); }, "inf", "finite and larger than 0"},
      {[=] { check_positive("place", "x", nan); }, "nan", "finite and larger than 0"}};
  for (const Refusal& refusal : refusals) {
    const std::string text = error_of(refusal.call);
    CHECK_MESSAGE(text.starts_with("[place] x is " + refusal.value + "\n"), text);
    CHECK_MESSAGE(has(text, refusal.bounds), text);
  }
  const std::string text = error_of([] { check_positive("place", "x", 0, Where::current()); });
  CHECK(has(text, "test_shape.cpp:" + std::to_string(__LINE__ - 1)));
  CHECK(is_null_function(std::function<void()>()));
  CHECK(is_null_function(static_cast<void (*)()>(nullptr)));
  CHECK_FALSE(is_null_function(std::function<void()>([] {})));
  CHECK_FALSE(is_null_function([] {}));
}

TEST_CASE("nearest name: by edit distance, the first of equals, of like length, among the first") {
  struct Row {
    std::string name;
    std::vector<std::string> candidates;
    size_t most;
    std::string nearest;
  };
  const std::string long_name(200, 'a'), longer(201, 'a');
  std::vector<std::string> many(1000, "zzzzzz");
  many.back() = "kitten";
  std::vector<std::string> more(1001, "zzzzzz");
  more.back() = "kitten";
  const Row rows[] = {
      {"kitten", {"sitting"}, 3, "sitting"},  // Levenshtein's own distance of 3
      {"kitten", {"sitting"}, 2, ""},
      {"sitting", {"kitten"}, 3, "kitten"},
      {"abc", {"abc"}, 0, "abc"},
      {"abc", {"abd"}, 0, ""},
      {"abc", {"abcd"}, 1, "abcd"},  // one more,
      {"abcd", {"abc"}, 1, "abc"},   // one less,
      {"abcd", {"bcd"}, 1, "bcd"},   // at the beginning too,
      {"abc", {"axc"}, 1, "axc"},    // one other
      {"abcd", {"acbd"}, 1, ""},     // a swap is two
      {"abcd", {"acbd"}, 2, "acbd"},
      {"weight", {"height", "weights", "weight_"}, 2, "height"},  // the first of equals
      {"weight", {"heights", "weights"}, 2, "weights"},
      {"", {"ab", "a"}, 1, "a"},
      {"a", {""}, 1, ""},
      {"x", {}, 5, ""},
      {long_name, {long_name}, 1, long_name},
      {longer, {longer}, 1, ""},
      {long_name, {longer}, 1, ""},
      {"sitten", many, 1, "kitten"},
      {"sitten", more, 1, ""},
  };
  for (const Row& row : rows)
    CHECK_MESSAGE(nearest_name(row.name, row.candidates, row.most) == row.nearest, row.name);
  CHECK(nearest_name("abcd", {"abce"}) == "abce");  // within a quarter of the length
  CHECK(nearest_name("abc", {"abd"}) == "");
  CHECK(nearest_name("abcdefgh", {"abcdefxy"}) == "abcdefxy");
  CHECK(nearest_name("abcdefg", {"abcdexy"}) == "");
  CHECK(nearest_hint("abcd", {"abce"}) == " (nearest: abce)");
  CHECK(nearest_hint("abcd", {"wxyz"}) == "");
}

TEST_CASE("lists in errors: a line each, a hundred at most, the rest counted") {
  CHECK(indented_lines({}) == "");
  CHECK(indented_lines({"a", "b"}) == "\n  a\n  b");
  std::vector<std::string> lines(100, "x");
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\n  x";
  CHECK(indented_lines(lines) == text);
  lines.push_back("y");
  CHECK(indented_lines(lines) == text + "\n  ... and 1 more");
  lines.push_back("y");
  CHECK(indented_lines(lines) == text + "\n  ... and 2 more");
}

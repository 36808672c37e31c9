// Every pair of small shapes in both orders against the rule, and what an error says.
#include <algorithm>
#include <string>

#include "core/error.h"
#include "tutorials/05_tensors/exercises/broadcast_shapes/broadcast_shapes.h"

namespace {

using cairn::to_string;

// The size on axis i of `axes`, counted from the right; 1 where there is none.
int64_t size_at(const Shape& shape, int from_the_right) {
  return from_the_right < shape.size() ? shape[shape.size() - 1 - from_the_right] : 1;
}

bool fit(const Shape& a, const Shape& b) {
  for (int i = 0; i < std::max(a.size(), b.size()); ++i) {
    const int64_t x = size_at(a, i), y = size_at(b, i);
    if (x != y && x != 1 && y != 1) return false;
  }
  return true;
}

Shape expected_of(const Shape& a, const Shape& b) {
  Shape out;
  for (int i = 0; i < std::max(a.size(), b.size()); ++i)
    out.insert(0, size_at(a, i) == 1 ? size_at(b, i) : size_at(a, i));
  return out;
}

struct Outcome {
  bool threw = false, error = false;
  std::string text;
  Shape shape;
};

Outcome outcome_of(Broadcast* broadcast, const Shape& a, const Shape& b, const char* op,
                   Where where = {}) {
  Outcome outcome;
  try {
    outcome.shape = broadcast(a, b, op, where);
  } catch (const cairn::Error& error) {
    outcome.threw = outcome.error = true, outcome.text = error.what();
  } catch (const std::exception& other) {
    outcome.threw = true, outcome.text = other.what();
  }
  return outcome;
}

void check_pair(Broadcast* broadcast, check::Judge& judge, const Shape& a, const Shape& b) {
  const std::string what = to_string(a) + " and " + to_string(b);
  const Outcome got = outcome_of(broadcast, a, b, "add");
  if (fit(a, b)) {
    judge.that(!got.threw, what, "they fit, but there was an exception", got.text);
    if (!got.threw)
      judge.that(got.shape == expected_of(a, b), what,
                 "expected " + to_string(expected_of(a, b)) + ", got " + to_string(got.shape));
  } else {
    judge.that(got.threw, what, "they do not fit, but there is a result", to_string(got.shape));
  }
}

// The error names the op and both shapes, a first, and the line that it was given.
void check_error(Broadcast* broadcast, check::Judge& judge, const char* op, const Shape& a,
                 const Shape& b) {
  const std::string what =
      std::string("the error of ") + op + ", " + to_string(a) + " and " + to_string(b);
  const Where where = {"model.cpp", 12};
  const Outcome got = outcome_of(broadcast, a, b, op, where);
  judge.that(got.error, what, "expected one thrown by cairn::fail", got.text);
  if (!got.error) return;
  const size_t first = got.text.find(to_string(a)), second = got.text.rfind(to_string(b));
  const bool both = first != std::string::npos && second != std::string::npos;
  judge.that(got.text.starts_with(std::string("[") + op + "]"), what, "it does not name the op",
             got.text);
  judge.that(both, what, "it does not name both shapes", got.text);
  judge.that(!both || first < second, what, "the shapes are not in the order they were given in",
             got.text);
  judge.that(got.text.find(cairn::to_string(where)) != std::string::npos, what,
             "it does not name the line in `where`", got.text);
}

void check_broadcast(Broadcast* broadcast, check::Judge& judge) {
  const auto pair = [&](const Shape& a, const Shape& b) {
    check_pair(broadcast, judge, a, b);
    check_pair(broadcast, judge, b, a);
  };
  pair({3, 4}, {3, 4});
  pair({3, 4}, {4});
  pair({3, 4}, {3, 1});
  pair({3, 1}, {4});
  pair({2, 1, 4}, {3, 1});
  pair({5, 1, 1}, {1, 2, 3});
  pair({3, 4}, {});
  pair({}, {});
  pair({1}, {5});
  pair({1, 1}, {1});
  pair({0}, {1});
  pair({0}, {});
  pair({0, 3}, {1, 3});
  pair({1, 0}, {4, 1});
  pair({0}, {0});
  pair({1, 2, 1, 2, 1, 2, 1, 2}, {3, 1, 3, 1, 3, 1, 3, 1});
  pair({3, 4}, {3});
  pair({2, 3}, {3, 2});
  pair({4}, {2});
  pair({2, 1, 4}, {3, 5});
  pair({2, 3}, {3, 3});
  pair({0}, {3});
  pair({2, 0}, {2, 5});
  pair({2, 3, 4}, {2, 1, 1, 4});
  pair({2, 3, 4}, {5, 2, 2, 4});
  check_error(broadcast, judge, "add", {2, 3}, {3, 2});
  check_error(broadcast, judge, "copy_", {5}, {7, 4});
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Broadcast>({.name = "broadcast_shapes",
                                .check = check_broadcast,
                                .mine = cairn::broadcast,
                                .mistaken = mistakes::broadcast,
                                .mistakes = mistakes::list,
                                .alternatives = alternatives::list},
                               argc, argv);
}

#pragma once
// Tables of what is refused: the bounds of options, and errors with their hints.
#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tests/support.h"

namespace cairn::test {

// One of core/check.h's: what it says, some numbers out of bounds, and some that are just in them.
struct Bounds {
  const char* text;
  std::vector<double> bad, good;
};

inline const Bounds size{"at least 1, and below 2^31", {0, -1, 2147483648.0}, {1, 2}};
inline const Bounds fraction{"in [0, 1)", {-1e-9, 1, NAN, INFINITY}, {0, 0.5, 0.999}};
inline const Bounds a_number{"a finite number", {NAN, INFINITY, -INFINITY}, {-2, 0, 2}};
inline const Bounds not_negative{
    "finite and not negative", {-1e-9, NAN, INFINITY, -INFINITY}, {0, 1e-9, 2}};
inline const Bounds positive{
    "finite and larger than 0", {0, -1, NAN, INFINITY, -INFINITY}, {1e-9, 2}};

struct Bounded {
  std::string option;  // "[Adam] beta1"
  Bounds bounds;
  std::function<void(double)> f;
};

// Every number out of bounds is an Error that begins with the option and says the bounds.
inline void check_bounds(const std::vector<Bounded>& table) {
  for (const Bounded& row : table) {
    INFO(row.option);
    for (const double x : row.bounds.bad) {
      const std::string text = error_of([&] { row.f(x); });
      CHECK_MESSAGE(text.starts_with(row.option + " is "), x << ": " << text);
      CHECK_MESSAGE(has(text, std::string("hint: it must be ") + row.bounds.text), text);
    }
    for (const double x : row.bounds.good) CHECK(error_of([&] { row.f(x); }) == "");
  }
}

struct Refused {
  std::string what, hint;  // a part of the first line, and the hint; "" twice: not refused
  std::function<void()> f;
};

inline void check_errors(const std::vector<Refused>& table) {
  for (const Refused& row : table) {
    const std::string text = error_of(row.f);
    INFO(row.what << "\n  is not: " << text);
    if (row.what.empty()) {
      CHECK(text == "");
      continue;
    }
    CHECK(has(text.substr(0, text.find('\n')), row.what));
    const size_t hint = text.find("\n  hint: ");
    CHECK((hint == std::string::npos) == row.hint.empty());
    if (hint != std::string::npos) CHECK(has(text.substr(hint), row.hint));
  }
}

}  // namespace cairn::test

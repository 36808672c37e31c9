// The checks, and the text of their errors.
#include "core/check.h"

#include <cmath>
#include <cstdio>
#include <string>

#include "core/error.h"

namespace cairn {
namespace {

[[noreturn]] void fail_bounds(const char* place, const char* option, const std::string& value,
                              const std::string& bounds, Where where = {}) {
  fail(place, std::string(option) + " is " + value, "it must be " + bounds, where);
}

std::string text_of(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

}  // namespace

int64_t check_size(const char* place, const char* option, int64_t value) {
  if (value < 1 || value >= int64_t{1} << 31)
    fail_bounds(place, option, std::to_string(value), "at least 1, and below 2^31");
  return value;
}

int64_t check_count(const char* place, const char* option, int64_t value, int64_t max) {
  const bool bounded = max < std::numeric_limits<int64_t>::max();
  if (value < 0 || value > max)
    fail_bounds(place, option, std::to_string(value),
                bounded ? "in [0, " + std::to_string(max) + "]" : "0 or more");
  return value;
}

double check_fraction(const char* place, const char* option, double value) {
  if (!(value >= 0 && value < 1)) fail_bounds(place, option, text_of(value), "in [0, 1)");
  return value;
}

double check_finite(const char* place, const char* option, double value) {
  if (!std::isfinite(value)) fail_bounds(place, option, text_of(value), "a finite number");
  return value;
}

double check_not_negative(const char* place, const char* option, double value, Where where) {
  if (!(value >= 0 && value < INFINITY))
    fail_bounds(place, option, text_of(value), "finite and not negative", where);
  return value;
}

double check_positive(const char* place, const char* option, double value, Where where) {
  if (!(value > 0 && value < INFINITY))
    fail_bounds(place, option, text_of(value), "finite and larger than 0", where);
  return value;
}

}  // namespace cairn

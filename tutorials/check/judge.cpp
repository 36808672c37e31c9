// How a check compares, and what it calls a failure.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>
#include <limits>

#include "core/random.h"
#include "tutorials/check/check.h"

namespace check {

int mistake = 0;

namespace {

std::string text(double value, int digits) {
  if (std::isnan(value)) return "nan";  // and not "-nan"
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.*g", digits, value);
  return buffer;
}

// With as many digits as show that they differ, and one more.
std::string expected_and_got(double expected, double got) {
  int digits = 10;
  while (digits < 17 && text(expected, digits) == text(got, digits)) ++digits;
  if (digits > 10 && digits < 17) ++digits;
  return "expected " + text(expected, digits) + ", got " + text(got, digits);
}

std::string text(const Shape& shape) {
  std::string result = "(";
  for (int axis = 0; axis < shape.size(); ++axis)
    result += (axis ? ", " : "") + std::to_string(shape[axis]);
  return result + ")";
}

// The index of element `i` of the shape: "(0, 1)".
std::string index_text(size_t i, const Shape& shape) {
  Shape index = shape;
  for (int axis = shape.size() - 1; axis >= 0; --axis) {
    index[axis] = static_cast<int64_t>(i) % shape[axis];
    i /= static_cast<size_t>(shape[axis]);
  }
  return text(index);
}

// How far apart, relative to max(1, |expected|); 0 for the same infinity or NaN.
double error_of(double got, double expected) {
  if (got == expected || (std::isnan(got) && std::isnan(expected))) return 0;
  const double error = std::fabs(got - expected) / std::fmax(1, std::fabs(expected));
  return std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
}

std::vector<real> shape_and_numbers(const Tensor& x) {
  std::vector<real> all(x.shape().begin(), x.shape().end());
  const std::vector<real> numbers = x.to_vector();
  all.insert(all.end(), numbers.begin(), numbers.end());
  return all;
}

}  // namespace

void Judge::equal(const std::string& what, const std::vector<real>& got,
                  const std::vector<real>& expected, const Shape& shape, double tolerance) {
  if (got.size() != expected.size()) {
    failures_.push_back({what,
                         "expected " + std::to_string(expected.size()) + " numbers, got " +
                             std::to_string(got.size()),
                         got, ""});
    return;
  }
  for (size_t i = 0; i < got.size(); ++i) {
    const double error = error_of(got[i], expected[i]);
    if (error > tolerance) {
      failures_.push_back(
          {what, "at " + index_text(i, shape) + ": " + expected_and_got(expected[i], got[i]), got,
           ""});
      return;
    }
    largest_error_ = std::fmax(largest_error_, error);
  }
}

void Judge::equal(const std::string& what, const Tensor& got, const Tensor& expected,
                  double tolerance) {
  if (!got.defined()) {
    failures_.push_back({what, "the result is an undefined tensor", {}, ""});
  } else if (got.shape() != expected.shape()) {
    failures_.push_back(
        {what, "expected the shape " + text(expected.shape()) + ", got " + text(got.shape()),
         shape_and_numbers(got), ""});
  } else {
    equal(what, got.to_vector(), expected.to_vector(), expected.shape(), tolerance);
  }
}

void Judge::equal(const std::string& what, const std::string& got, const std::string& expected) {
  that(got == expected, what, "expected \"" + expected + "\", got \"" + got + "\"");
}

void Judge::equal(const std::string& what, int64_t got, int64_t expected) {
  that(got == expected, what,
       "expected " + std::to_string(expected) + ", got " + std::to_string(got));
}

void Judge::unchanged(const std::string& what, const std::vector<real>& now,
                      const std::vector<real>& before) {
  const auto same_bits = [](real a, real b) { return std::memcmp(&a, &b, sizeof a) == 0; };
  if (!std::equal(now.begin(), now.end(), before.begin(), before.end(), same_bits))
    failures_.push_back({what, "the input was changed", now, ""});
}

void Judge::answer(const std::string& question, const std::string& given, bool right) {
  that(right, question, given.empty() ? "you say nothing yet" : "you say " + given);
}

void Judge::that(bool holds, const std::string& what, const std::string& detail,
                 const std::string& aside) {
  if (!holds) failures_.push_back({what, detail, {}, aside});
}

void Judge::throws(const std::string& what, const std::function<void()>& call) {
  try {
    call();
  } catch (const std::exception&) {
    return;
  }
  failures_.push_back({what, "expected an exception, but there was none", {}, ""});
}

std::vector<real> normal(int64_t count, uint64_t seed, double deviation) {
  cairn::Random random(seed);
  std::vector<real> numbers(static_cast<size_t>(count));
  for (real& number : numbers) number = static_cast<real>(deviation * random.normal());
  return numbers;
}

std::vector<real> garbage(int64_t count) {
  std::vector<real> numbers(static_cast<size_t>(count), std::numeric_limits<real>::quiet_NaN());
  for (size_t i = 0; i < numbers.size(); i += 2) numbers[i] = static_cast<real>(1e30);
  return numbers;
}

void leave_garbage(const Shape& shape) {
  Tensor::of(shape, garbage(cairn::numel(shape)));  // its memory is the next to be handed out
}

Tensor normal(const Shape& shape, uint64_t seed, double deviation) {
  return Tensor::of(shape, normal(cairn::numel(shape), seed, deviation));
}

}  // namespace check

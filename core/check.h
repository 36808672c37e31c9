#pragma once
// Checks of the numbers that constructors and ops are given. Each throws an Error that names the
// layer or op, the option, its value and its bounds; NaN is never in bounds. They return the value,
// so that a constructor can check what it initialises its members with.
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/where.h"

namespace cairn {

int64_t check_size(const char* place, const char* option, int64_t value);  // 1 <= value < 2^31
// 0 <= value <= max
int64_t check_count(const char* place, const char* option, int64_t value,
                    int64_t max = std::numeric_limits<int64_t>::max());
double check_fraction(const char* place, const char* option, double value);  // 0 <= value < 1
double check_finite(const char* place, const char* option, double value);    // no NaN, no infinity
// 0 <= value, or 0 < value; both finite.
double check_not_negative(const char* place, const char* option, double value, Where where = {});
double check_positive(const char* place, const char* option, double value, Where where = {});

// Is f a function pointer or a std::function that holds nothing? A lambda never is.
template <class F>
bool is_null_function(const F& f) {
  if constexpr (std::constructible_from<F, std::nullptr_t>) return f == nullptr;
  else return false;
}

}  // namespace cairn

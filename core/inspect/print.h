#pragma once
// Tensors and Ids as text, in NumPy's form: columns aligned, large ones summarised with "...".
#include <string>

#include "core/operators.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct PrintOptions {
  int precision = 4;         // the most digits after the point
  int64_t threshold = 1000;  // a tensor of more numbers is summarised:
  int64_t edge = 3;          // only so many are shown at either end of an axis
  int width = 75;            // columns, after which a line is broken
};

// What print(a) of NumPy 2.4 shows with these settings, digit for digit. All numbers get exponents
// if two of them differ by a factor of more than 1000, or one is below 1e-4 or from 1e6 on (in
// double 1e8). An empty tensor gives "[] of shape (0, 3)", an undefined one says so.
std::string to_string(const Tensor& x, const PrintOptions& options = {});
std::string to_string(const Ids& ids, const PrintOptions& options = {});

// The same to stdout, with a newline.
void print(const Tensor& x, const PrintOptions& options = {});
void print(const Ids& ids, const PrintOptions& options = {});

}}  // namespace cairn::CAIRN_PRECISION

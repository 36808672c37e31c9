#pragma once
// Small tools of chapter 5: where a number lies, what is new, loops that know nothing of overlaps.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/autograd/observer.h"
#include "core/ops.h"

using cairn::real;
using cairn::Shape;
using cairn::Tensor;

// [place]
// Where in the storage the number of this index lies: one multiplication and one addition per axis.
inline int64_t place(const Tensor& x, const std::vector<int64_t>& index) {
  int64_t at = x.impl().offset;
  for (int axis = 0; axis < x.axes(); ++axis)
    at += index[static_cast<size_t>(axis)] * x.strides()[axis];
  return at;
}
// [/place]

// Counts the numbers of all storages that are made while it lives.
struct NewNumbers : cairn::Observer {
  int64_t count = 0;
  void born(const cairn::Storage& storage) override { count += storage.size; }
};

real second(real a, real b);  // b
real added(real a, real b);   // a + b

// y[i][j] = f(y[i][j], x[i][j]), number by number. Nobody asks whether y and x share memory.
void number_by_number(Tensor y, const Tensor& x, real f(real, real));

// 0, 1, 2, ... in rows: each number is its own place.
Tensor numbered(int64_t rows, int64_t columns);
// Rows of 0, of 1, of 2, ...
Tensor striped(int64_t rows, int64_t columns);

// "0 1 2 | 3 4 5", the first axis cut by bars.
std::string numbers_of(const Tensor& x);
std::string padded(const std::string& text, size_t width);

// The first line of the error that the call throws, or "no error".
std::string refusal(const std::function<void()>& call);

void draw_figures(const std::string& folder);

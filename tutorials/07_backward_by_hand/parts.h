#pragma once
// What the program and its figures share: gradients by differences, and how far gradients are apart.
#include <cstdint>
#include <functional>
#include <vector>

#include "tutorials/07_backward_by_hand/backward.h"

using cairn::Random;
using Inputs = std::vector<Tensor>;
using Function = std::function<Tensor(const Inputs& inputs)>;

// The root of the sum of squares.
double length_of(const Tensor& x);
// |a - b| / |b|: 0 if they are equal, 2 if a is -b. NaN if one of the numbers is.
double off(const Tensor& a, const Tensor& b);
double largest_difference(const Tensor& a, const Tensor& b);

// The gradient of sum(dy y) by input `which`, where y = f(inputs), by differences.
Tensor by_differences(const Function& f, Inputs inputs, size_t which, const Tensor& dy);
// The gradients of the same by each input, by the library's backward passes.
Inputs by_library(const Function& f, Inputs inputs, const Tensor& dy);

// The slope of GELU at x.
double gelu_slope(double x);

// 0 where key j is at the place of query i or before it, else -infinity: (T, T).
Tensor causal_mask(int64_t T);

// The figure and the table of attention show the same numbers: q, k, v and dy are drawn from it.
constexpr uint64_t attention_seed = 4;

// What attention's backward pass has on its way, all (T, T).
struct AttentionParts {
  Tensor p, dp, ds;
  real scale;
};
AttentionParts parts_of_attention(const Tensor& dy, const Tensor& q, const Tensor& k,
                                  const Tensor& v, const Tensor& mask);

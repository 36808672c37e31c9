#pragma once
// The record that ends each op's file: what the op is, and the calls that check and time it. One
// list (core/ops/records/records.h) drives gradcheck, benchmarks, mutants and the op reference in the docs.
#include <functional>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

using OpFunction = std::function<Tensor(const std::vector<Tensor>& x)>;

// One call: `shapes` of its differentiable inputs, and the call itself.
struct OpCase {
  std::string text;                    // "softmax(x, 0)"
  std::vector<Shape> shapes;
  OpFunction call;
  OpFunction composed = {};            // a fused op's plain definition
  bool second_order = true;            // else grad(.., {.create_graph = true}) says that it has none
};

struct OpInfo {
  const char* name;
  const char* formula;
  const char* derivative;              // "" : not differentiable
  const char* saved;                   // what is kept for backward
  const char* pytorch;
  const char* file;
  const char* chapter;                 // of the tutorials, where it first appears; "" : in none
  std::vector<OpCase> cases;           // contiguous here; the checks also try them strided
  std::vector<OpCase> timed = {};      // shapes worth timing
  double low = -2, high = 2;           // the inputs are drawn from here
  double atol = 1e-7, rtol = 1e-6;     // of gradcheck, in double
  const char* tolerance_reason = "";   // why, if they are wider
};

// The shapes on which all ops of a family are checked, sizes 0 and 1 among them.
std::vector<OpCase> unary_cases(const std::string& text, const OpFunction& call);
std::vector<OpCase> binary_cases(const std::string& text, const OpFunction& call);  // broadcasting
// f(x, axes, keepdim) over sets of axes, of which none of size 0 is reduced.
std::vector<OpCase> reduction_cases(
    const std::string& name, const std::function<Tensor(const Tensor&, const Axes&, bool)>& f);
// f(x, axis) along one axis, sometimes negative.
std::vector<OpCase> axis_cases(const std::string& name,
                               const std::function<Tensor(const Tensor&, int)>& f);
// Ones and zeros by turns, beginning with a one: a mask.
Tensor by_turns(const Shape& shape);

}}  // namespace cairn::CAIRN_PRECISION

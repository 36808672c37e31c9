#pragma once
// The record that ends each op's file: what the op is, and the calls that check and time it. One
// list (core/ops/records/records.h) drives gradcheck, benchmarks, mutants and the op reference in
// the docs.
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

using OpFunction = std::function<Tensor(const std::vector<Tensor>& x)>;

// The shapes of a call's inputs: {{3, 4}, {4}} are two, {{}} is one single number.
struct InputShapes : std::vector<Shape> {
  InputShapes(std::initializer_list<std::initializer_list<int64_t>> shapes);
  explicit InputShapes(std::vector<Shape> shapes) : std::vector<Shape>(std::move(shapes)) {}
};

// One call, on differentiable inputs of each of these shapes.
struct OpCase {
  std::string text;  // "softmax(x[0], 0)"
  std::vector<InputShapes> inputs;
  OpFunction call;
  OpFunction composed = {};  // a fused op's definition in plain ops, called likewise
  bool second_order = true;  // else grad(.., {.create_graph = true}) says that it has none
};

// CASE(softmax(x[0], 0), {{3, 5}}, {{2, 1}}) calls softmax on a (3, 5), then on a (2, 1). It is a
// macro because only the preprocessor can turn a call into its own text: the two never differ.
// FUSED_CASE(gelu(x[0]), composed_gelu(x[0]), {{4}}) also compares the call with a definition.
// clang-format off
#define CASE(call, ...) \
  OpCase { #call, {__VA_ARGS__}, INPUT_FUNCTION(call) }
#define FUSED_CASE(call, composed, ...) \
  OpCase { #call, {__VA_ARGS__}, INPUT_FUNCTION(call), INPUT_FUNCTION(composed) }
#define INPUT_FUNCTION(call) \
  [=](const std::vector<Tensor>& x) -> Tensor { return call; }
// clang-format on

std::string torch_name(const std::string& name);  // "torch.softmax", "torch.nn.functional.gelu"
std::string below_root(const std::string& path);  // "core/ops/softmax.cpp", of the compiler's path

struct OpInfo {
  const char* name;
  const char* formula;
  const char* derivative;  // "": not differentiable
  const char* saved = "";  // what is kept for backward; "": what the nodes' visit() names
  std::string pytorch = torch_name(name);
  std::string file = below_root(__builtin_FILE());  // the file that the record stands in
  std::vector<OpCase> cases = {};     // contiguous here; the checks also try them strided
  std::vector<OpCase> timed = {};     // on shapes worth timing
  double low = -2, high = 2;          // the inputs are drawn from here
  double atol = 1e-7, rtol = 1e-6;    // of gradcheck, in double
  const char* tolerance_reason = "";  // why, if they are wider
};

// The shapes on which all ops of a family are checked, sizes 0 and 1 among them.
extern const std::vector<InputShapes> unary_shapes, binary_shapes;  // the second broadcast
// f(x, axes, keepdim) over sets of axes, of which none of size 0 is reduced.
std::vector<OpCase> reduction_cases(
    const std::string& name, const std::function<Tensor(const Tensor&, const Axes&, bool)>& f);
// f(x, axis) along one axis, sometimes negative.
std::vector<OpCase> axis_cases(const std::string& name,
                               const std::function<Tensor(const Tensor&, int)>& f);
// A family's cases, and some of the op's own.
std::vector<OpCase> joined(std::vector<OpCase> family, const std::vector<OpCase>& own);
// A mask of alternating ones and zeros, beginning with a one.
Tensor alternating_mask(const Shape& shape);

}}  // namespace cairn::CAIRN_PRECISION

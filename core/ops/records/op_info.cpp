// The shapes and cases that families of ops share.
#include "core/ops/records/op_info.h"

#include <set>

namespace cairn { inline namespace CAIRN_PRECISION {

std::string torch_name(const std::string& name) {
  static const std::set<std::string> functional = {"binary_cross_entropy_with_logits",
                                                   "cosine_similarity",
                                                   "cross_entropy",
                                                   "dropout",
                                                   "elu",
                                                   "embedding",
                                                   "gelu",
                                                   "kl_div",
                                                   "layer_norm",
                                                   "leaky_relu",
                                                   "linear",
                                                   "nll_loss",
                                                   "normalize",
                                                   "pad",
                                                   "rms_norm",
                                                   "silu",
                                                   "softplus"};
  return (functional.contains(name) ? "torch.nn.functional." : "torch.") + name;
}
std::string below_root(const std::string& path) { return path.substr(path.rfind("core/ops/")); }

InputShapes::InputShapes(std::initializer_list<std::initializer_list<int64_t>> shapes)
    : std::vector<Shape>(shapes.begin(), shapes.end()) {}

const std::vector<InputShapes> unary_shapes = {
    {{3, 4}}, {{2, 3, 5}}, {{}}, {{1, 1}}, {{0, 2}}, {{2, 0}}, {{7}}, {{2, 1, 3}}, {{1}}};

const std::vector<InputShapes> binary_shapes = {
    {{3, 4}, {3, 4}}, {{2, 3, 4}, {4}}, {{5, 1}, {1, 6}}, {{2, 1, 3, 1}, {4, 1, 2}},
    {{}, {2, 3}},     {{0, 3}, {1, 3}}, {{2, 3}, {}},     {{1, 1}, {1, 1}}};

std::vector<OpCase> reduction_cases(
    const std::string& name, const std::function<Tensor(const Tensor&, const Axes&, bool)>& f) {
  struct Reduced {
    const char* text;
    Shape shape;
    Axes axes;
    bool keepdim;
  };
  const Reduced list[] = {{"x", {3, 4}, {}, false},
                          {"x, {0}", {3, 4}, {0}, false},
                          {"x, {-1}, keepdim", {2, 3, 4}, {-1}, true},
                          {"x, {0, 2}", {2, 3, 4}, {0, 2}, false},
                          {"x, {-2, -1}", {2, 3, 2}, {-2, -1}, false},
                          {"x, {1}", {2, 1, 4}, {1}, false},
                          {"x, {0}", {2, 0, 4}, {0}, false},
                          {"x", {}, {}, false},
                          {"x, {}, keepdim", {1, 1}, {}, true}};
  std::vector<OpCase> cases;
  for (const Reduced& r : list)
    cases.push_back({name + "(" + r.text + ")",
                     {InputShapes(std::vector{r.shape})},
                     [f, r](auto& x) { return f(x[0], r.axes, r.keepdim); }});
  return cases;
}

std::vector<OpCase> axis_cases(const std::string& name,
                               const std::function<Tensor(const Tensor&, int)>& f) {
  const std::pair<Shape, int> list[] = {{{3, 4}, 0},    {{3, 4}, -1}, {{2, 3, 4}, -2},
                                        {{2, 3, 4}, 0}, {{5}, 0},     {{2, 1, 3}, 1},
                                        {{0, 3}, 1},    {{1, 1}, -1}};
  std::vector<OpCase> cases;
  for (const auto& [shape, axis] : list)
    cases.push_back({name + "(x, " + std::to_string(axis) + ")",
                     {InputShapes(std::vector{shape})},
                     [f, at = axis](const std::vector<Tensor>& x) { return f(x[0], at); }});
  return cases;
}

std::vector<OpCase> joined(std::vector<OpCase> family, const std::vector<OpCase>& own) {
  family.insert(family.end(), own.begin(), own.end());
  return family;
}

Tensor alternating_mask(const Shape& shape) {
  std::vector<real> values(static_cast<size_t>(numel(shape)));
  for (size_t i = 0; i < values.size(); ++i) values[i] = i % 2 == 0;
  return Tensor::of(shape, values);
}

}}  // namespace cairn::CAIRN_PRECISION

#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

std::vector<OpCase> unary_cases(const std::string& text, const OpFunction& call) {
  const Shape shapes[] = {{3, 4}, {2, 3, 5}, {}, {1, 1}, {0, 2}, {2, 0}, {7}, {2, 1, 3}, {1}};
  std::vector<OpCase> cases;
  for (const Shape& shape : shapes) cases.push_back({text, {shape}, call});
  return cases;
}

std::vector<OpCase> binary_cases(const std::string& text, const OpFunction& call) {
  return {{text, {{3, 4}, {3, 4}}, call}, {text, {{2, 3, 4}, {4}}, call},
          {text, {{5, 1}, {1, 6}}, call}, {text, {{2, 1, 3, 1}, {4, 1, 2}}, call},
          {text, {{}, {2, 3}}, call},     {text, {{0, 3}, {1, 3}}, call},
          {text, {{2, 3}, {}}, call},     {text, {{1, 1}, {1, 1}}, call}};
}

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
    cases.push_back({name + "(" + r.text + ")", {r.shape}, [f, r](const std::vector<Tensor>& x) {
                       return f(x[0], r.axes, r.keepdim);
                     }});
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
                     {shape},
                     [f, at = axis](const std::vector<Tensor>& x) { return f(x[0], at); }});
  return cases;
}

Tensor by_turns(const Shape& shape) {
  std::vector<real> values(static_cast<size_t>(numel(shape)));
  for (size_t i = 0; i < values.size(); ++i) values[i] = i % 2 == 0;
  return Tensor::of(shape, values);
}

}}  // namespace cairn::CAIRN_PRECISION

// The checks of an op, case by case: gradients against differences, inputs laid out in many ways.
#include "core/ops/records/records_check.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/autograd/autograd.h"
#include "core/autograd/more/gradcheck.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// A way to hold the numbers of a tensor of some shape: a leaf of another shape, and the view of it.
struct Layout {
  const char* name;
  int min_axes;
  Shape (*leaf)(Shape shape);
  Tensor (*view)(const Tensor& leaf, const Shape& shape);
};

const Layout layouts[] = {
    {"contiguous", 0, [](Shape shape) { return shape; },
     [](const Tensor& leaf, const Shape&) { return leaf; }},
    {"transposed", 2,
     [](Shape shape) {
       std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
       return shape;
     },
     [](const Tensor& leaf, const Shape&) { return transpose(leaf, -1, -2); }},
    {"first axis moved to the end", 3,
     [](Shape shape) {
       const int64_t first = shape[0];
       shape.erase(0);
       shape.push_back(first);
       return shape;
     },
     [](const Tensor& leaf, const Shape&) {
       Axes axes{leaf.axes() - 1};
       for (int i = 0; i + 1 < leaf.axes(); ++i) axes.push_back(i);
       return permute(leaf, axes);
     }},
    {"every other column", 1,
     [](Shape shape) {
       shape[shape.size() - 1] = 2 * shape.back() + 1;
       return shape;
     },
     [](const Tensor& leaf, const Shape& shape) {
       return slice(leaf, -1, 1, 2 * shape.back() + 1, 2);
     }},
    {"rows from the middle", 1,
     [](Shape shape) {
       shape[0] += 3;
       return shape;
     },
     [](const Tensor& leaf, const Shape& shape) { return slice(leaf, 0, 2, 2 + shape[0]); }},
    {"a column of a wider tensor", 0,
     [](Shape shape) {
       shape.push_back(3);
       return shape;
     },
     [](const Tensor& leaf, const Shape&) { return select(leaf, -1, 1); }},
};

Tensor random_leaf(const Shape& shape, const OpInfo& op, Random& random) {
  std::vector<real> values(static_cast<size_t>(numel(shape)));
  for (real& x : values) x = static_cast<real>(op.low + (op.high - op.low) * random.uniform());
  return Tensor::of(shape, values).set_requires_grad();
}

std::vector<Tensor> random_leaves(const std::vector<Shape>& shapes, const OpInfo& op) {
  Random random(11);
  std::vector<Tensor> leaves;
  for (const Shape& shape : shapes) leaves.push_back(random_leaf(shape, op, random));
  return leaves;
}

// A case on one of its input shapes.
struct Trial {
  const OpInfo& op;
  const OpCase& c;
  const InputShapes& shapes;

  std::vector<Tensor> leaves() const { return random_leaves(shapes, op); }
  // The report, if there is one, with the names of all that it is about.
  std::string named(const std::string& how, const std::string& report) const {
    if (report.empty()) return "";
    std::string text = std::string(op.name) + ": " + c.text;
    for (const Shape& shape : shapes) text += " " + to_string(shape);
    return text + ", " + how + ": " + report;
  }
};

using Views = std::vector<std::function<Tensor(const Tensor& leaf)>>;

// gradcheck of the case on these views of leaves of these shapes.
std::string check(const Trial& t, const std::vector<Shape>& shapes, const Views& views,
                  const std::string& layout, double atol) {
  const auto f = [&](const std::vector<Tensor>& leaves) {
    std::vector<Tensor> x;
    for (size_t i = 0; i < leaves.size(); ++i) x.push_back(views[i](leaves[i]));
    return t.c.call(x);
  };
  return t.named(layout, gradcheck(f, random_leaves(shapes, t.op), 1e-6, atol, t.op.rtol));
}

std::string check_layout(const Trial& t, const Layout& layout) {
  std::vector<Shape> shapes;
  Views views;
  for (const Shape& shape : t.shapes) {
    const bool applies = shape.size() >= layout.min_axes && shape.size() < Shape::max_axes;
    const Layout& used = applies ? layout : layouts[0];
    shapes.push_back(used.leaf(shape));
    views.push_back([&used, shape](const Tensor& leaf) { return used.view(leaf, shape); });
  }
  return check(t, shapes, views, layout.name, t.op.atol);
}

// Of a row of equal numbers a normalisation sees rounding alone, magnified by 1 / sqrt(eps): hence
// 10 atol.
std::string check_expanded(const Trial& t, size_t i, int axis) {
  std::vector<Shape> shapes = t.shapes;
  if (axis < shapes[i].size()) shapes[i][axis] = 1;
  else shapes[i] = {};
  Views views(shapes.size(), [](const Tensor& leaf) { return leaf; });
  views[i] = [shape = t.shapes[i]](const Tensor& leaf) { return expand(leaf, shape); };
  const std::string text = "input " + std::to_string(i) + " expanded from ";
  return check(t, shapes, views, text + to_string(shapes[i]), 10 * t.op.atol);
}

// The value of the call and the gradients of its inputs.
std::vector<Tensor> value_and_gradients(const OpFunction& call, const std::vector<Tensor>& leaves,
                                        bool create_graph = false) {
  const Tensor y = call(leaves);
  Random random(3);
  std::vector<real> dy(static_cast<size_t>(y.numel()));
  for (real& d : dy) d = static_cast<real>(random.normal());
  std::vector<Tensor> results =
      grad({y}, leaves, {.douts = {Tensor::of(y.shape(), dy)}, .create_graph = create_graph});
  results.insert(results.begin(), y);
  return results;
}

bool close(const Tensor& a, const Tensor& b) {
  if (!(a.shape() == b.shape())) return false;
  const std::vector<real> x = a.to_vector(), y = b.to_vector();
  for (size_t i = 0; i < x.size(); ++i)
    if (!(std::abs(x[i] - y[i]) <= 1e-12 * std::max<real>(1, std::abs(y[i])))) return false;
  return true;
}

// Which of two lists of a value and gradients differ: "gradient 0 differs", or nothing.
std::string difference(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  for (size_t i = 0; i < a.size(); ++i)
    if (!close(a[i], b[i]))
      return (i == 0 ? "the value" : "gradient " + std::to_string(i - 1)) + " differs";
  return "";
}

// The first report of the op's cases that is not empty.
std::string first(const OpInfo& op, const std::function<std::string(const Trial&)>& report_of) {
  for (const OpCase& c : op.cases)
    for (const InputShapes& shapes : c.inputs)
      if (const std::string report = report_of({op, c, shapes}); !report.empty()) return report;
  return "";
}

}  // namespace

std::string check_gradients(const OpInfo& op) {
  return first(op, [&](const Trial& t) {
    std::string report;
    for (const Layout& layout : layouts)
      if (report.empty()) report = check_layout(t, layout);
    return report;
  });
}

std::string check_expanded_inputs(const OpInfo& op) {
  return first(op, [&](const Trial& t) {
    std::string report;
    for (size_t i = 0; i < t.shapes.size(); ++i)
      for (int axis = 0; axis <= t.shapes[i].size(); ++axis)
        if (report.empty()) report = check_expanded(t, i, axis);
    return report;
  });
}

std::string check_shared_input(const OpInfo& op) {
  return first(op, [&](const Trial& t) -> std::string {
    const auto is_first = [&](const Shape& shape) { return shape == t.shapes[0]; };
    if (t.shapes.size() < 2 || !std::all_of(t.shapes.begin(), t.shapes.end(), is_first)) return "";
    const auto f = [&](const std::vector<Tensor>& leaves) {
      return t.c.call(std::vector<Tensor>(t.shapes.size(), leaves[0]));
    };
    return t.named("one tensor as all inputs",
                   gradcheck(f, random_leaves({t.shapes[0]}, op), 1e-6, op.atol, op.rtol));
  });
}

std::string check_accumulation(const OpInfo& op) {
  return first(op, [&](const Trial& t) {
    const auto f = [&](const std::vector<Tensor>& x) { return t.c.call(x) * 2 - t.c.call(x) * 3; };
    return t.named("twice on the same inputs",
                   gradcheck(f, t.leaves(), 1e-6, 3 * op.atol, op.rtol));
  });
}

std::string check_second_derivatives(const OpInfo& op) {
  return first(op, [&](const Trial& t) {
    const auto f = [&](const std::vector<Tensor>& leaves) { return t.c.call(leaves); };
    std::string report;
    try {
      report = gradgradcheck(f, t.leaves(), 1e-6, 10 * op.atol, 10 * op.rtol);
      if (!t.c.second_order) report = "the record says that there is none";
    } catch (const Error& error) {
      const std::string text = error.what();
      if (t.c.second_order || text.find("no second derivative") == std::string::npos) report = text;
    }
    return t.named("second derivatives", report);
  });
}

std::string check_backward_in_ops(const OpInfo& op) {
  return first(op, [&](const Trial& t) -> std::string {
    if (!t.c.second_order) return "";
    const std::vector<Tensor> leaves = t.leaves();
    const auto plain = value_and_gradients(t.c.call, leaves);
    const auto recorded = value_and_gradients(t.c.call, leaves, true);
    return t.named("with create_graph", difference(recorded, plain));
  });
}

std::string check_definition(const OpInfo& op) {
  return first(op, [&](const Trial& t) -> std::string {
    if (!t.c.composed) return "";
    const std::vector<Tensor> leaves = t.leaves();
    const auto fused = value_and_gradients(t.c.call, leaves);
    const auto plain = value_and_gradients(t.c.composed, leaves);
    return t.named("against its definition in ops", difference(fused, plain));
  });
}

std::string check_op(const OpInfo& op) {
  std::string report;
  for (const auto& check :
       {check_gradients, check_expanded_inputs, check_shared_input, check_accumulation,
        check_backward_in_ops, check_second_derivatives, check_definition})
    if (report.empty()) report = check(op);
  return report;
}

}}  // namespace cairn::CAIRN_PRECISION

// Every op of core/ops/records.h, on every case of its record: the gradients that backward() gives
// against central differences, in double, with the inputs laid out in several ways; and a fused op
// against its definition in plain ops.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "core/autograd.h"
#include "core/ops.h"
#include "core/ops/records.h"

using namespace cairn;

namespace {

// A way to hold the numbers of a tensor of some shape: a leaf of another shape, and the view of it.
struct Layout {
  const char* name;
  int least_axes;
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
  for (real& x : values) x = op.low + (op.high - op.low) * random.uniform();
  return Tensor::of(shape, values).set_requires_grad();
}

std::vector<Tensor> random_leaves(const std::vector<Shape>& shapes, const OpInfo& op) {
  Random random(11);
  std::vector<Tensor> leaves;
  for (const Shape& shape : shapes) leaves.push_back(random_leaf(shape, op, random));
  return leaves;
}

using Views = std::vector<std::function<Tensor(const Tensor& leaf)>>;

// gradcheck of the case on these views of leaves of these shapes.
void check(const OpInfo& op, const OpCase& c, const std::vector<Shape>& shapes, const Views& views,
           const std::string& layout, double atol) {
  const auto f = [&](const std::vector<Tensor>& leaves) {
    std::vector<Tensor> x;
    for (size_t i = 0; i < leaves.size(); ++i) x.push_back(views[i](leaves[i]));
    return c.call(x);
  };
  const std::string report = gradcheck(f, random_leaves(shapes, op), 1e-6, atol, op.rtol);
  INFO(std::string(op.name), ": ", c.text, ", ", layout);
  CHECK(report == "");
}

void check_layout(const OpInfo& op, const OpCase& c, const Layout& layout) {
  std::vector<Shape> shapes;
  Views views;
  for (const Shape& shape : c.shapes) {
    const bool applies = shape.size() >= layout.least_axes && shape.size() < Shape::max_axes;
    const Layout& used = applies ? layout : layouts[0];
    shapes.push_back(used.leaf(shape));
    views.push_back([&used, shape](const Tensor& leaf) { return used.view(leaf, shape); });
  }
  check(op, c, shapes, views, layout.name, op.atol);
}

// One input at a time is a leaf with one axis of size 1, or a single number, expanded. Of a row of
// equal numbers a normalisation sees rounding alone, magnified by 1 / sqrt(eps): hence 10 atol.
void check_expanded(const OpInfo& op, const OpCase& c) {
  const Views as_they_are(c.shapes.size(), [](const Tensor& leaf) { return leaf; });
  for (size_t i = 0; i < c.shapes.size(); ++i)
    for (int axis = 0; axis <= c.shapes[i].size(); ++axis) {
      std::vector<Shape> shapes = c.shapes;
      if (axis < shapes[i].size()) shapes[i][axis] = 1;
      else shapes[i] = {};
      Views views = as_they_are;
      views[i] = [shape = c.shapes[i]](const Tensor& leaf) { return expand(leaf, shape); };
      const std::string text = "input " + std::to_string(i) + " expanded from ";
      check(op, c, shapes, views, text + to_string(shapes[i]), 10 * op.atol);
    }
}

double difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  const std::vector<real> x = a.to_vector(), y = b.to_vector();
  double most = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double d = std::abs(x[i] - y[i]) / std::max(1.0, std::abs(y[i]));
    if (!(d <= most)) most = d;
  }
  return most;
}

// The value of the call and the gradients of its inputs.
std::vector<Tensor> value_and_gradients(Tensor (*call)(const std::vector<Tensor>&),
                                        const std::vector<Tensor>& leaves) {
  const Tensor y = call(leaves);
  Random random(3);
  std::vector<real> dy(static_cast<size_t>(y.numel()));
  for (real& d : dy) d = random.normal();
  std::vector<Tensor> results = grad({y}, leaves, {.douts = {Tensor::of(y.shape(), dy)}});
  results.insert(results.begin(), y);
  return results;
}

}  // namespace

TEST_CASE("gradcheck: every op, every case, every layout of its inputs") {
  for (const OpInfo& op : all_ops())
    for (const OpCase& c : op.cases)
      for (const Layout& layout : layouts) check_layout(op, c, layout);
}

TEST_CASE("gradcheck: every op, its inputs expanded from size 1") {
  for (const OpInfo& op : all_ops())
    for (const OpCase& c : op.cases) check_expanded(op, c);
}

TEST_CASE("gradcheck: every op, one tensor as all inputs of its shape") {
  for (const OpInfo& op : all_ops())
    for (const OpCase& c : op.cases) {
      const auto is_first = [&](const Shape& shape) { return shape == c.shapes[0]; };
      if (c.shapes.size() < 2 || !std::all_of(c.shapes.begin(), c.shapes.end(), is_first)) continue;
      const auto f = [&](const std::vector<Tensor>& leaves) {
        return c.call(std::vector<Tensor>(c.shapes.size(), leaves[0]));
      };
      INFO(std::string(op.name), ": ", c.text);
      CHECK(gradcheck(f, random_leaves({c.shapes[0]}, op), 1e-6, op.atol, op.rtol) == "");
    }
}

TEST_CASE("gradgradcheck: every op, every case, but those that say they have no second derivative") {
  for (const OpInfo& op : all_ops())
    for (const OpCase& c : op.cases) {
      INFO(std::string(op.name), ": ", c.text);
      const auto f = [&](const std::vector<Tensor>& leaves) { return c.call(leaves); };
      const auto check = [&] {
        return gradgradcheck(f, random_leaves(c.shapes, op), 1e-6, 10 * op.atol, 10 * op.rtol);
      };
      if (c.second_order) CHECK(check() == "");
      else CHECK_THROWS_WITH_AS(check(), doctest::Contains("no second derivative"), Error);
    }
}

TEST_CASE("fused ops: value and gradients equal their definition in plain ops") {
  int checked = 0;
  for (const OpInfo& op : all_ops())
    for (const OpCase& c : op.cases) {
      if (!c.composed) continue;
      const std::vector<Tensor> leaves = random_leaves(c.shapes, op);
      const std::vector<Tensor> fused = value_and_gradients(c.call, leaves);
      const std::vector<Tensor> plain = value_and_gradients(c.composed, leaves);
      for (size_t i = 0; i < fused.size(); ++i) {
        INFO(std::string(op.name), ": ", c.text, ", value and gradients, number ", i);
        CHECK(difference(fused[i], plain[i]) <= 1e-12);
      }
      ++checked;
    }
  CHECK(checked > 10);
}

TEST_CASE("records: ops without derivative say so, all others have cases and reasons") {
  for (const OpInfo& op : all_ops()) {
    INFO(std::string(op.name));
    const bool differentiable = std::string(op.derivative) != "";
    CHECK(differentiable == !op.cases.empty());
    const bool strict = op.atol <= 1e-7 && op.rtol <= 1e-6;
    CHECK((strict || std::string(op.tolerance_reason) != ""));
  }
}

TEST_CASE("records: every record in core/ops is in the list, once, and names its file") {
  const std::filesystem::path root = CAIRN_SOURCE_DIR;
  std::map<std::string, std::string> file_of;
  for (const auto& entry : std::filesystem::directory_iterator(root / "core/ops")) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream lines(entry.path());
    const std::string before = "OpInfo ", after = "_info() {";
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with(before) && line.ends_with(after)) {
        const size_t length = line.size() - before.size() - after.size();
        const std::string file = entry.path().filename().string();
        file_of[line.substr(before.size(), length)] = "core/ops/" + file;
      }
  }
  std::set<std::string> listed;
  for (const OpInfo& op : all_ops()) {
    INFO(std::string(op.name));
    CHECK(listed.insert(op.name).second);
    CHECK(file_of[op.name] == op.file);
  }
  for (const auto& found : file_of) {
    INFO(found.first, " in ", found.second);
    CHECK(listed.count(found.first) == 1);
  }
}

TEST_CASE("gradcheck: finds a wrong gradient, and says where") {
  const auto wrong = [](const std::vector<Tensor>& x) { return x[0] * x[0].detach(); };
  const std::string report = gradcheck(wrong, {Tensor::of({2}, {0.5, 3}).set_requires_grad()});
  CHECK(report.find("input 0, element 1") != std::string::npos);
  const auto undefined = [](const std::vector<Tensor>& x) { return sqrt(x[0] - 1); };
  CHECK(gradcheck(undefined, {Tensor::of({1}, {0.5}).set_requires_grad()}) != "");
  const Tensor strided = transpose(Tensor::ones({2, 3}), 0, 1);
  CHECK_THROWS_AS(gradcheck(wrong, {strided}), Error);
}

// The figures of the chapter.
#include "tutorials/06_autograd/figures.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "tutorials/06_autograd/parts.h"
#include "tutorials/figure.h"

namespace {

using namespace figure;

// A value: its name and number, below them its grad.
void draw_value(Figure& f, double x, double y, const std::string& name, const Scalar& value) {
  f.box(x - 40, y, 80, 38, blue, value->edges.empty() ? 0.25 : 0.08);
  f.text(x, y + 15, name + " " + number(value->number, 3), ink, "middle");
  f.text(x, y + 32, number(value->grad, 3), orange, "middle", "bold");
}

// An edge: from the input down to the value, with its slope.
void draw_edge(Figure& f, double x1, double y1, double x2, double y2, const Edge& edge) {
  f.line(x1, y1 + 38, x2, y2, faint, 1.5);
  f.text((x1 + x2) / 2 + (x1 < x2 ? -10 : 10), (y1 + 38 + y2) / 2 + 4, number(edge.slope, 2), green,
         x1 < x2 ? "end" : "start");
}

// loss_of(w, b), drawn from the values that it was made of.
void draw_graph(const std::string& folder) {
  const Scalar w = scalar(0.5), b = scalar(-0.4), loss = loss_of(w, b);
  backward(loss);
  const Scalar off = loss->edges[0].input, y = off->edges[0].input, minus = off->edges[1].input,
               sum = y->edges[0].input, product = sum->edges[0].input, x = product->edges[1].input;
  Figure f(484, "The neuron: numbers down, gradients up");
  const double top = 36, step = 74;
  const auto row = [&](int i) { return top + step * i; };
  draw_edge(f, 60, row(0), 110, row(1), product->edges[0]);
  draw_edge(f, 160, row(0), 110, row(1), product->edges[1]);
  draw_edge(f, 110, row(1), 170, row(2), sum->edges[0]);
  draw_edge(f, 250, row(1), 170, row(2), sum->edges[1]);
  draw_edge(f, 170, row(2), 170, row(3), y->edges[0]);
  draw_edge(f, 170, row(3), 220, row(4), off->edges[0]);
  draw_edge(f, 300, row(3), 220, row(4), off->edges[1]);
  draw_value(f, 60, row(0), "w", w), draw_value(f, 160, row(0), "x", x);
  draw_value(f, 110, row(1), "w x", product), draw_value(f, 250, row(1), "b", b);
  draw_value(f, 170, row(2), "u", sum);
  draw_value(f, 170, row(3), "tanh", y), draw_value(f, 300, row(3), "", minus);
  draw_value(f, 220, row(4), "off", off);
  f.line(205, row(4) + 38, 205, row(5), faint, 1.5),
      f.line(235, row(4) + 38, 235, row(5), faint, 1.5);
  f.text(197, row(5) - 14, number(loss->edges[0].slope, 2), green, "end");
  f.text(243, row(5) - 14, number(loss->edges[1].slope, 2), green);
  draw_value(f, 220, row(5), "loss", loss);
  f.write(folder, "graph");
}

// Base-10 logarithms, with what is exactly right at the lower edge.
std::vector<std::pair<double, double>> curve_of(double (*error)(double), double from) {
  std::vector<std::pair<double, double>> points;
  for (double exponent = from; exponent <= 0.01; exponent += 0.25)
    points.emplace_back(exponent, std::log10(std::max(1e-14, error(std::pow(10, exponent)))));
  return points;
}

void draw_steps(const std::string& folder) {
  Figure f(290, "Difference quotients of x^3");
  f.axes({"step", -13, 0, {{-12, "1e-12"}, {-9, "1e-9"}, {-6, "1e-6"}, {-3, "1e-3"}, {0, "1"}}},
         {"error", -14, 1, {{-12, "1e-12"}, {-8, "1e-8"}, {-4, "1e-4"}, {0, "1"}}});
  f.curve(curve_of(error_of_central<double>, -12), blue, "double");
  f.curve(curve_of(error_of_forward<double>, -12), green, "forward");
  f.curve(curve_of(error_of_central<float>, -6), orange, "float");
  f.write(folder, "steps");
}

}  // namespace

void draw_figures(const std::string& folder) {
  draw_graph(folder);
  draw_steps(folder);
}

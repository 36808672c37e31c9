// Tensors and histories as text: print, print_graph, to_dot, explain. What print should give was
// written by NumPy 2.4 with np.set_printoptions(precision=4).
#include <doctest/doctest.h>

#include <cstdlib>
#include <sstream>

#include "core/inspect/explain.h"
#include "core/inspect/graph.h"
#include "core/inspect/print.h"
#include "core/io/files.h"
#include "nn/layers.h"
#include "tests/folders.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// How often `part` occurs in `text`.
int times(const std::string& text, const std::string& part) {
  int n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

size_t columns(const std::string& line) {
  size_t n = 0;
  for (char c : line) n += (c & 0xC0) != 0x80;
  return n;
}

Tensor residual_network(Tensor x, int blocks) {
  for (int i = 0; i < blocks; ++i) x = x + tanh(x * 2);
  return sum(x);
}

}  // namespace

TEST_CASE("print: columns are aligned at the point, as in NumPy") {
  CHECK(to_string(Tensor::of({2, 3}, {0.5, -12.25, 1, 0, 1. / 3, NAN})) ==
        "[[  0.5    -12.25     1.    ]\n"
        " [  0.       0.3333      nan]]");
  CHECK(to_string(Tensor::of({3}, {1, 2, 3})) == "[1. 2. 3.]");
  CHECK(to_string(Tensor::of({3}, {-INFINITY, 2, NAN})) == "[-inf   2.  nan]");
  CHECK(to_string(Tensor::of({2}, {NAN, INFINITY})) == "[nan inf]");
  CHECK(to_string(Tensor::scalar(0.25)) == "0.25");
  CHECK(to_string(counting({2, 2, 2})) == "[[[0. 1.]\n  [2. 3.]]\n\n [[4. 5.]\n  [6. 7.]]]");
}

TEST_CASE("print: exponents where the sizes differ much, as in NumPy") {
  CHECK(to_string(Tensor::of({3}, {1e-5, 1, 2.5})) == "[1.0e-05 1.0e+00 2.5e+00]");
  CHECK(to_string(Tensor::of({2}, {-1e10, NAN})) == "[-1.e+10     nan]");
  CHECK(to_string(Tensor::of({2}, {0, 123456})) == "[     0. 123456.]");
}

TEST_CASE("print: a large tensor is summarised, long lines are broken") {
  CHECK(to_string(Tensor::zeros({1001})) == "[0. 0. 0. ... 0. 0. 0.]");
  CHECK(to_string(counting({2, 600})) ==
        "[[0.000e+00 1.000e+00 2.000e+00 ... 5.970e+02 5.980e+02 5.990e+02]\n"
        " [6.000e+02 6.010e+02 6.020e+02 ... 1.197e+03 1.198e+03 1.199e+03]]");
  CHECK(to_string(Tensor::ones({26})) ==
        "[1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1. 1.\n 1. 1.]");
  CHECK(to_string(counting({5, 5}), {.threshold = 10, .edge = 1}) ==
        "[[ 0. ...  4.]\n ...\n [20. ... 24.]]");
  const std::string text = to_string(Tensor::zeros({1000, 1000}));
  CHECK(times(text, "\n") == 6);
  CHECK(times(text, "...") == 7);
}

TEST_CASE("print: Ids, views, streams, empty and undefined tensors - bad options are an error") {
  CHECK(to_string(Ids(Shape{2, 2}, {1, -20, 300, 4})) == "[[  1 -20]\n [300   4]]");
  CHECK(to_string(transpose(counting({2, 2}), 0, 1)) == "[[0. 2.]\n [1. 3.]]");
  std::ostringstream out;
  out << counting({2}) << Ids{7};
  CHECK(out.str() == "[0. 1.][7]");
  CHECK(to_string(Tensor::zeros({0, 3})) == "[] of shape (0, 3)");
  CHECK(to_string(Tensor()) == "undefined");
  CHECK(to_string(Tensor::of({1}, {1. / 3}), {.precision = 2}) == "[0.33]");
  CHECK(has(error_of([] { to_string(Tensor::ones({1}), {.precision = -1}); }), "[print]"));
}

TEST_CASE("graph: every op once, in 80 columns, with its shape, its inputs and its line") {
  const Tensor x = random_leaf({2, 3}, 1), w = random_leaf({3, 4}, 2);
  const Tensor h = tanh(x);
  const Tensor a = matmul(h, w), b = matmul(h, w);
  const Tensor y = sum(a * b);
  const int line = __LINE__ - 1;
  const std::string text = graph_text(y, {.names = {{"the_weight", w}}});
  CHECK(times(text, "\n") == 5);
  CHECK(times(text, "#1 tanh (2, 3) of leaf (2, 3)") == 1);
  CHECK(times(text, "of #1, the_weight (3, 4)") == 2);
  CHECK(has(text, "#4 mul (2, 4) of #2, #3 "));
  CHECK(has(text, "#5 sum () of #4 "));
  CHECK(has(text, "test_explain.cpp:" + std::to_string(line)));
  for (const std::string& l : split_lines(text)) CHECK(columns(l) <= 80);
}

TEST_CASE("graph: a shared op stands below the last one that all ways to it lead through") {
  const std::string text = graph_text(residual_network(random_leaf({2}, 1) * 1, 3));
  const std::vector<std::string> lines = split_lines(text);
  REQUIRE(lines.size() == 11);
  CHECK(lines[1].starts_with("#10 add (2,) of #7, #9"));
  CHECK(lines[2].starts_with("├─ #9 tanh (2,) of #8"));
  CHECK(lines[3].starts_with("│  #8 affine (2,) of #7"));
  CHECK(lines[4].starts_with("#7 add (2,) of #4, #6"));
  CHECK(lines[10].starts_with("#1 affine (2,) of leaf (2,)"));
}

TEST_CASE("graph: a large one is summarised, a leaf alone is said to have no history") {
  const Tensor x = random_leaf({2}, 1);
  const std::string flat = graph_text(residual_network(x, 20), {.lines = 50});
  CHECK(times(flat, "tanh (2,), 2 ops in all: 1 affine, 1 tanh") == 19);
  CHECK(times(flat, "\n") <= 50);
  const std::string cut = graph_text(residual_network(x, 2000), {.lines = 21});
  CHECK(times(cut, "\n") == 21);
  CHECK(has(cut, "more lines"));
  CHECK(graph_text(x, {.names = {{"x", x}}}) == "x (2,), without history\n");
}

TEST_CASE("graph: dot draws what to_dot gives") {
  TempFolder folder;
  const Tensor x = random_leaf({2}, 1);
  const Tensor y = residual_network(x, 2);
  const std::string dot = to_dot(y, {.names = {{"a \"name\"", x}}});
  CHECK(times(dot, "shape=ellipse") == 1);
  CHECK(times(dot, "[label=") == 7);
  CHECK(times(dot, " -> ") == 9);
  write_dot(folder / "y.dot", y);
  if (std::system("command -v dot > /dev/null") != 0) {
    MESSAGE("SKIPPED: dot is not installed");
    return;
  }
  const std::string command = "dot -Tsvg " + folder / "y.dot" + " > " + folder / "y.svg";
  CHECK(std::system(command.c_str()) == 0);
  CHECK(times(read_file(folder / "y.svg"), "class=\"node\"") == 8);
}

TEST_CASE("explain: where a tensor is from, how it lies, who shares its storage, what is saved") {
  const Tensor x = random_leaf({2, 4}, 1), w = random_leaf({3, 4}, 2);
  const Tensor h = linear(x, w, Tensor());
  const int made = __LINE__ - 1;
  const std::string text = explanation(h, {{"x", x}, {"w", w}});
  CHECK(has(text, "tensor (2, 3), 6 numbers\n"));
  CHECK(has(text, "linear at test_explain.cpp:" + std::to_string(made)));
  CHECK(has(text, "x (2, 4), w (3, 4), a constant"));
  CHECK(has(text, "strides (3, 1), contiguous, offset 0"));
  CHECK(has(text, "shared by  nobody"));
  CHECK(has(text, "x (2, 4), weight (3, 4): keeps 80 bytes"));  // 20 floats

  CHECK(has(explanation(x * x), "a (2, 4), b (2, 4), the same storage: keeps 32 bytes"));

  const Tensor s = softmax(h);
  const Tensor view = transpose(slice(s, 1, 1, 3), 0, 1);
  const std::string views = explanation(view, {{"s", s}});
  CHECK(has(views, "strides (1, 3), not contiguous, offset 1"));
  CHECK(has(views, "a view of 4 of them"));
  CHECK(has(views, "shared by  2 tensors: s, 1 more"));  // what softmax saved
  CHECK(has(explanation(s), "y that softmax saved"));
}

TEST_CASE("explain: leaves, gradients, what is not differentiable, what backward freed") {
  const Tensor x = random_leaf({3}, 1);
  CHECK(has(explanation(x, {{"x", x}}), "called x\n"));
  CHECK(has(explanation(x), "nobody: a leaf"));
  CHECK(has(explanation(x), "none yet"));
  const Tensor e = exp(x);
  sum(e).backward();
  CHECK(has(explanation(x), "gradient   (3,), 12 bytes"));
  CHECK(has(explanation(e), "a backward has freed it"));
  CHECK(has(explanation(less(x, x)), "[less] is not differentiable"));
  CHECK(has(explanation(e.detach()), "exp, without history"));
  CHECK(explanation(Tensor()) == "an undefined tensor\n");
}

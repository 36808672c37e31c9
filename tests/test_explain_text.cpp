// Every word of explain's text, and every line and number of the graph's, written out by hand.
#include <doctest/doctest.h>

#include <iostream>
#include <sstream>

#include "core/inspect/explain.h"
#include "core/inspect/graph.h"
#include "core/io/files.h"
#include "tests/folders.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

Tensor leaf(const Shape& shape = {2, 3}) { return counting(shape).set_requires_grad(); }

size_t columns_of(const std::string& line) {
  return static_cast<size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (c & 0xC0) != 0x80;  // of UTF-8
  }));
}

// A line of the graph: the op on the left, the user's line on the right of 80 columns.
std::string row(const std::string& op, int line) {
  const std::string where = at(line);
  return op + std::string(80 - columns_of(op) - where.size(), ' ') + where + "\n";
}

Tensor chain(const Tensor& x, int links) {
  Tensor y = x;
  for (int i = 0; i < links; ++i) y = y + 1;
  return y;
}

}  // namespace

TEST_CASE("explain: of a leaf, all that there is to know") {
  const Tensor x = leaf(), one = Tensor::scalar(2);
  const std::string of_x =
      "tensor (2, 3), 6 numbers, called x, called also x\n"
      "  made by    nobody: a leaf\n"
      "  layout     strides (3, 1), contiguous, offset 0\n"
      "  storage    6 numbers, 24 bytes, written 0 times\n"
      "  shared by  nobody\n"
      "  gradient   none yet\n";
  const NamedTensors names{{"other", one}, {"none", Tensor()}, {"x", x}, {"also x", x}};
  CHECK(explanation(x, names) == of_x);
  CHECK(written_by([&] { explain(x, names); }) == of_x);
  CHECK(explanation(one) ==
        "tensor (), 1 number\n"
        "  made by    nobody: a leaf\n"
        "  layout     strides (), contiguous, offset 0\n"
        "  storage    1 number, 4 bytes, written 0 times\n"
        "  shared by  nobody\n"
        "  gradient   not wanted\n");
  sum(x * 2).backward();
  CHECK(has(explanation(x), "  gradient   (2, 3), 24 bytes\n"));
}

TEST_CASE("explain: of an op's result, from what, written when, what is kept, and till when") {
  const Tensor x = leaf();
  const Tensor e = exp(x);
  const int made = __LINE__ - 1;
  const std::string written = "written 1 time, last at " + at(made) + "\n";
  const std::string before = "tensor (2, 3), 6 numbers\n  made by    exp at " + at(made) +
                             "\n  from       a leaf (2, 3)\n"
                             "  layout     strides (3, 1), contiguous, offset 0\n"
                             "  storage    6 numbers, 24 bytes, " +
                             written;
  const std::string last = "  gradient   passed on by backward, not kept\n";
  CHECK(explanation(e) == before +
                              "  shared by  1 tensor: y that exp saved\n"
                              "  saved      y (2, 3): keeps 24 bytes\n" +
                              last);
  const Tensor square = e * e;
  const std::string from_e = "exp (2, 3) at " + at(made), of_square = explanation(square);
  CHECK(has(of_square, "  from       " + from_e + ", " + from_e + "\n"));
  CHECK(has(of_square, "  saved      a (2, 3), b (2, 3), the same storage: keeps 24 bytes\n"));
  CHECK(has(explanation(x * Tensor::ones({3})), "  from       a leaf (2, 3), a constant\n"));
  CHECK(has(explanation(x * Tensor::ones({3})), "  saved      a (2, 3), b (3,): keeps 36 bytes\n"));
  CHECK(has(explanation(e + x, {{"the x", x}}), ", the x (2, 3)\n"));
  CHECK(has(explanation(e + x), "  saved      nothing\n"));
  sum(square).backward();
  CHECK(has(explanation(square), "  saved      nothing any more: a backward has freed it\n"));
  CHECK(explanation(e) == before +
                              "  shared by  nobody\n"
                              "  saved      nothing any more: a backward has freed it\n" +
                              last);
  CHECK(has(explanation(square.detach()), "  made by    mul, without history\n"));
  const Tensor mask = less(x, x);
  const int compared = __LINE__ - 1;
  CHECK(has(explanation(mask * 2),
            "  made by    affine, without history: [less] is not differentiable; it was used at " +
                at(compared) + "\n"));
}

TEST_CASE("explain: of a view, how it lies and who else looks at the storage") {
  const Tensor x = leaf();
  const Tensor rows = slice(x, 0, 1, 2);
  CHECK(has(explanation(rows), "  layout     strides (3, 1), contiguous, offset 3\n"));
  CHECK(has(explanation(rows), "written 0 times; this is a view of 3 of them\n"));
  CHECK(has(explanation(rows), "  shared by  1 tensor: a leaf, an input\n"));
  CHECK(has(explanation(rows, {{"x", x}}), "  shared by  1 tensor: x\n"));
  const Tensor turned = transpose(rows, 0, 1);
  CHECK(has(explanation(turned), "  shared by  2 tensors\n"));
  CHECK(has(explanation(turned, {{"x", x}}), "  shared by  2 tensors: x, 1 more\n"));
  CHECK(has(explanation(turned, {{"x", x}, {"rows", rows}}), "  shared by  2 tensors: x, rows\n"));
  const Tensor wide = expand(Tensor::of({1, 2}, {1, 2}), {4, 2});
  CHECK(has(explanation(wide),
            "  layout     strides (0, 1), not contiguous, offset 0\n"
            "  storage    2 numbers, 8 bytes, written 0 times; "
            "this is a view that repeats them\n"));
  const Tensor e = exp(x), flat = reshape(e, {6});
  CHECK(has(explanation(flat), "  shared by  2 tensors: y that exp saved, 1 more\n"));
  CHECK(has(explanation(flat, {{"e", e}}), "  shared by  2 tensors: e, y that exp saved\n"));
}

TEST_CASE("graph: the whole text, line by line") {
  const Tensor x = leaf(), w = counting({3, 4}).set_requires_grad();
  const int first = __LINE__ + 1;
  const Tensor h = tanh(x);
  const Tensor a = matmul(h, w);
  const Tensor b = a * Tensor::ones({4});
  const Tensor y = sum(a + b);
  const std::string text = graph_text(y, {.names = {{"none", Tensor()}, {"w", w}}});
  CHECK(text == row("#5 sum () of #4", first + 3) +                       //
                    row("#4 add (2, 4) of #2, #3", first + 3) +           //
                    row("├─ #3 mul (2, 4) of #2, constant", first + 2) +  //
                    row("#2 matmul (2, 4) of #1, w (3, 4)", first + 1) +  //
                    row("#1 tanh (2, 3) of leaf (2, 3)", first));
  CHECK(written_by([&] { print_graph(y, {.names = {{"w", w}}}); }) == text);
  CHECK(graph_text(x) == "leaf (2, 3), without history\n");
  CHECK(graph_text(x, {.names = {{"x", x}}}) == "x (2, 3), without history\n");
}

TEST_CASE("graph: a line has 80 columns, of names in any script - what does not fit ends in …") {
  const Tensor x = leaf();
  const Tensor y = exp(x);
  const int line = __LINE__ - 1;
  for (size_t length = 0; length < 100; ++length) {
    std::string name;
    for (size_t i = 0; i < length; ++i) name += i % 3 == 2 ? "ö" : "a";
    const std::string text = graph_text(y, {.names = {{name, x}}});
    const std::string whole = "#1 exp (2, 3) of " + name + " (2, 3)";
    const size_t room = 80 - at(line).size() - 2;
    CHECK(columns_of(text) == 81);  // and the line's end
    CHECK(text.ends_with("  " + at(line) + "\n"));
    if (columns_of(whole) <= room) {
      CHECK(text == row(whole, line));
    } else {
      const size_t cut = text.find("…");
      REQUIRE(cut != std::string::npos);
      CHECK(columns_of(text.substr(0, cut)) == room - 1);
      CHECK(whole.starts_with(text.substr(0, cut)));
    }
  }
}

TEST_CASE("graph: no deeper and no longer than told") {
  const Tensor x = leaf({2}) * 1;
  const int first = __LINE__ - 1;
  const Tensor twice = tanh(exp(x));
  const int second = __LINE__ - 1;
  const Tensor y = x + twice * exp(twice);
  const int last = __LINE__ - 1;
  const std::string head = row("#6 add (2,) of #1, #5", last);
  const std::string tail = row("#1 affine (2,) of leaf (2,)", first);
  const std::string whole =
      head + row("├─ #5 mul (2,) of #3, #4", last) + row("│  ├─ #4 exp (2,) of #3", last) +
      row("│  #3 tanh (2,) of #2", second) + row("│  #2 exp (2,) of #1", second) + tail;
  for (int depth : {8, 2, 1}) CHECK(graph_text(y, {.depth = depth}) == whole);
  const std::string flat = head + "├─ #5 mul (2,), 4 ops in all: 2 exp, 1 mul, 1 tanh\n" + tail;
  for (int depth : {0, -1}) CHECK(graph_text(y, {.depth = depth}) == flat);
  CHECK(graph_text(y, {.lines = 6}) == whole);
  CHECK(graph_text(y, {.lines = 5}) == flat);
  CHECK(graph_text(y, {.lines = 0}) == flat);  // three lines are the fewest

  const Tensor z = chain(leaf({2}), 20);
  for (const auto& [lines, above, below] : {std::tuple{7, 3, 3}, {8, 4, 3}, {3, 1, 1}, {1, 1, 1}}) {
    const std::vector<std::string> shown = split_lines(graph_text(z, {.lines = lines}));
    REQUIRE(shown.size() == static_cast<size_t>(above + below + 1));
    for (int i = 0; i < above; ++i)
      CHECK(shown[size_t(i)].starts_with("#" + std::to_string(20 - i) + " affine (2,) of #"));
    CHECK(shown[size_t(above)] == "... " + std::to_string(20 - above - below) + " more lines ...");
    for (int i = 0; i < below; ++i)
      CHECK(shown[size_t(above + 1 + i)].starts_with("#" + std::to_string(below - i) + " affine"));
  }
  CHECK(split_lines(graph_text(z, {.lines = 20})).size() == 20);
}

TEST_CASE("graph: Graphviz' text, whole") {
  const Tensor x = leaf({2}), w = leaf({2});
  const int first = __LINE__ + 1;
  const Tensor a = x * w;
  const Tensor y = a * x + Tensor::ones({2});
  const std::string boxes = "digraph history {\n  node [shape=box, fontname=sans, fontsize=10];\n";
  const auto op = [&](int id, const std::string& name, int line) {
    return "  op" + std::to_string(id) + " [label=\"" + name + "\\n(2,)\\n" + at(line) + "\"];\n";
  };
  const std::string expected =
      boxes + op(3, "add", first + 1) + "  op2 -> op3;\n" + op(2, "mul", first + 1) +
      "  op1 -> op2;\n" + "  leaf0 [shape=ellipse, label=\"the x (2,)\"];\n" + "  leaf0 -> op2;\n" +
      op(1, "mul", first) + "  leaf0 -> op1;\n" +
      "  leaf1 [shape=ellipse, label=\"leaf (2,)\"];\n" + "  leaf1 -> op1;\n}\n";
  const GraphOptions options{.names = {{"the x", x}}};
  CHECK(to_dot(y, options) == expected);
  TempFolder folder;
  write_dot(folder / "y.dot", y, options);
  CHECK(read_file(folder / "y.dot") == expected);
  CHECK(to_dot(x) == boxes + "  leaf0 [shape=ellipse, label=\"leaf (2,)\"];\n}\n");
}

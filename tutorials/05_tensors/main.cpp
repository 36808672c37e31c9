// Chapter 5: tensors. Where the numbers of a tensor lie, and who else sees them: strides, views and
// copies, broadcasting, writes through views, overlaps, versions, and the memory beneath. README.md
// beside this file tells the story and shows the parts between the markers.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <set>
#include <string>

#include "core/error.h"
#include "tutorials/05_tensors/parts.h"
#include "tutorials/figure.h"

namespace {

int whole(int64_t number) { return static_cast<int>(number); }

// [three_lines]
void three_lines() {
  const Tensor x = Tensor::zeros({3, 4});
  reshape(transpose(x, 0, 1), {12}).fill_(1);
  std::printf("%g\n", sum(x).item());
}
// [/three_lines]

// ---- Views.

void row(const char* what, const Tensor& y) {
  std::printf("  %-38s %-8s %-8s %5d   %s\n", what, to_string(y.shape()).c_str(),
              to_string(y.strides()).c_str(), whole(y.impl().offset), numbers_of(y).c_str());
}

// [views]
// x is numbered, so that each number is its own place in the storage.
void views() {
  const Tensor x = numbered(3, 4);
  const Tensor t = transpose(x, 0, 1);
  std::printf("  %-38s shape    strides  offset  its numbers\n", "");
  row("x", x);
  row("transpose(x, 0, 1)", t);
  row("x[1]", x[1]);
  row("slice(x, 1, 1, 4, 2)", slice(x, 1, 1, 4, 2));
  row("reshape(x, {2, 6})", reshape(x, {2, 6}));
  row("slice(transpose(x, 0, 1), 0, 1, 4, 2)", slice(t, 0, 1, 4, 2));
}
// [/views]

// ---- Broadcasting.

void expanded() {
  const Tensor row_of_four = Tensor::arange(4),
               column_of_three = reshape(Tensor::arange(3), {3, 1});
  row("arange(4)", row_of_four);
  row("expand(arange(4), {3, 4})", expand(row_of_four, {3, 4}));
  row("expand(column, {3, 4})", expand(column_of_three, {3, 4}));
}

// What two shapes broadcast to, or why they do not.
void pairs() {
  const auto pair = [](const Shape& a, const Shape& b) {
    const std::string shapes = to_string(a) + " and " + to_string(b);
    try {
      std::printf("  %-22s %s\n", shapes.c_str(), to_string(broadcast(a, b, "add")).c_str());
    } catch (const cairn::Error&) {
      std::printf("  %-22s refused\n", shapes.c_str());
    }
  };
  pair({3, 4}, {4});
  pair({3, 4}, {3, 1});
  pair({3, 1}, {4});
  pair({2, 1, 4}, {3, 1});
  pair({3, 4}, {});
  pair({3, 4}, {3});
  pair({2, 3}, {3, 2});
  pair({0}, {1});
}

// [loss]
// Four predictions, all of them right: a model gives them as a column, and the file has a row.
void loss_of_the_right_answers() {
  const Tensor targets = Tensor::of({1, 2, 3, 4});
  const Tensor predictions = Tensor::of({4, 1}, {1, 2, 3, 4});
  const auto show = [](const char* name, const Tensor& off) {
    std::printf("  %-32s shape %-7s mean square %.3f\n", name, to_string(off.shape()).c_str(),
                mean(off * off).item());
  };
  show("predictions - targets", predictions - targets);
  show("squeeze(predictions) - targets", squeeze(predictions, 1) - targets);
}
// [/loss]

// ---- Copies.

// How many numbers does the tensor show, and how many have been made for it?
template <class Op>
void new_numbers(const char* what, const Op& op) {
  NewNumbers made;
  const Tensor y = op();
  std::printf("  %-42s %8d %8d %8d\n", what, whole(y.numel()), whole(made.count),
              whole(made.count * static_cast<int64_t>(sizeof(real))));
}

void copies() {
  const Tensor x = numbered(1024, 1024), t = transpose(x, 0, 1);
  std::printf("  %-42s    shown     made    bytes\n", "");
  new_numbers("transpose(x, 0, 1)", [&] { return transpose(x, 0, 1); });
  new_numbers("slice(x, 1, 0, 512)", [&] { return slice(x, 1, 0, 512); });
  new_numbers("expand(x, {16, 1024, 1024})", [&] { return expand(x, {16, 1024, 1024}); });
  new_numbers("reshape(x, {512, 2048})", [&] { return reshape(x, {512, 2048}); });
  new_numbers("reshape(transpose(x, 0, 1), {512, 2048})", [&] { return reshape(t, {512, 2048}); });
  new_numbers("contiguous(x)", [&] { return contiguous(x); });
  new_numbers("contiguous(transpose(x, 0, 1))", [&] { return contiguous(t); });
  new_numbers("x + x[0]", [&] { return x + x[0]; });
  new_numbers("x + transpose(x, 0, 1)", [&] { return x + t; });
  new_numbers("matmul(x, transpose(x, 0, 1))", [&] { return matmul(x, t); });
}

// Memory comes in lines of 64 bytes. How many of them hold a number of this row?
int lines_of(const Tensor& numbers) {
  std::set<int64_t> lines;
  for (int64_t i = 0; i < numbers.numel(); ++i)
    lines.insert(place(numbers, {i}) * static_cast<int64_t>(sizeof(real)) / 64);
  return static_cast<int>(lines.size());
}

void lines() {
  const Tensor x = numbered(1024, 1024);
  std::printf("  a row of x:    1024 numbers in %4d lines\n", lines_of(x[0]));
  std::printf("  a column of x: 1024 numbers in %4d lines\n", lines_of(transpose(x, 0, 1)[0]));
}

void times() {
  const Tensor x = numbered(2048, 2048);
  const auto time = [](const char* what, const Tensor& from) {
    double best = 1e9;
    for (int run = 0; run < 5; ++run) {
      const auto start = std::chrono::steady_clock::now();
      copy(from);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
      best = std::min(best, took.count());
    }
    std::printf("  %-26s %6.2f ms\n", what, 1e3 * best);
  };
  time("copy(x)", x);
  time("copy(transpose(x, 0, 1))", transpose(x, 0, 1));
}

// ---- Writes.

// y is made of x, and filled with ones. How many of x's twelve zeros have become ones?
template <class Make>
void seen(const char* what, const Make& make) {
  const Tensor x = Tensor::zeros({3, 4});
  Tensor y = make(x);
  y.fill_(1);
  std::printf("  %-40s %2d\n", what, whole(static_cast<int64_t>(sum(x).item())));
}

// [writes]
void writes() {
  std::printf("  Tensor y = ...;  y.fill_(1);             changed in x\n");
  seen("x", [](const Tensor& x) { return x; });
  seen("x[1]", [](const Tensor& x) { return x[1]; });
  seen("transpose(x, 0, 1)", [](const Tensor& x) { return transpose(x, 0, 1); });
  seen("slice(x, 1, 0, 4, 2)", [](const Tensor& x) { return slice(x, 1, 0, 4, 2); });
  seen("x.detach()", [](const Tensor& x) { return x.detach(); });
  seen("copy(x)", [](const Tensor& x) { return copy(x); });
  seen("x + 0", [](const Tensor& x) { return x + 0; });
  seen("reshape(x, {12})", [](const Tensor& x) { return reshape(x, {12}); });
  seen("reshape(transpose(x, 0, 1), {12})",
       [](const Tensor& x) { return reshape(transpose(x, 0, 1), {12}); });
}
// [/writes]

// [overlap]
// Each row is to move down by one: row i becomes what row i - 1 was.
void overlap() {
  Tensor loops = striped(4, 3), ours = striped(4, 3);
  std::printf("  before            %s\n", numbers_of(loops).c_str());
  number_by_number(slice(loops, 0, 1, 4), slice(loops, 0, 0, 3), second);
  std::printf("  number by number  %s\n", numbers_of(loops).c_str());
  slice(ours, 0, 1, 4).copy_(slice(ours, 0, 0, 3));
  std::printf("  copy_             %s\n", numbers_of(ours).c_str());
}

// x + xᵀ, which is symmetric, in x's own place.
void symmetric() {
  Tensor loops = Tensor::of({{1, 2}, {3, 4}}), ours = Tensor::of({{1, 2}, {3, 4}});
  std::printf("  before            %s\n", numbers_of(loops).c_str());
  number_by_number(loops, transpose(loops, 0, 1), added);
  std::printf("  number by number  %s\n", numbers_of(loops).c_str());
  ours.add_(transpose(ours, 0, 1));
  std::printf("  add_              %s\n", numbers_of(ours).c_str());
}
// [/overlap]

void refusals() {
  Tensor x = Tensor::zeros({3, 4}), w = Tensor::ones({3, 4}).set_requires_grad();
  const auto show = [](const char* what, const std::function<void()>& call) {
    std::printf("%s\n    %s\n", what, refusal(call).c_str());
  };
  show("expand(x[0], {3, 4}).fill_(1)", [&] { expand(x[0], {3, 4}).fill_(1); });
  show("x[0].add_(x)", [&] { x[0].add_(x); });
  show("transpose(x, 0, 1).data()", [&] { transpose(x, 0, 1).data(); });
  show("w.add_(1)", [&] { w.add_(1); });
  show("x.add_(w)", [&] { x.add_(w); });
}

// ---- Versions.

// [versions]
void versions() {
  Tensor x = Tensor::zeros({3, 4});
  const cairn::Storage& storage = *x.impl().storage;
  const auto show = [&](const char* what) {
    std::printf("  %-36s %d\n", what, whole(storage.version));
  };
  show("Tensor x = Tensor::zeros({3, 4})");
  x.fill_(1), show("x.fill_(1)");
  x[2].fill_(2), show("x[2].fill_(2)");
  transpose(x, 0, 1).mul_(3), show("transpose(x, 0, 1).mul_(3)");
  copy(x).fill_(4), show("copy(x).fill_(4)");
  x.write(), show("x.write(), and nothing is written");
  const_cast<real*>(x.data())[0] = 5, show("const_cast<real*>(x.data())[0] = 5");
}
// [/versions]

// [changed]
// loss = sum(x w), whose gradient with respect to x is w, 3. What if w changes before backward?
template <class Change>
void gradient_after(const char* what, const Change& change) {
  const Tensor x = Tensor::of({1, 2}).set_requires_grad();
  Tensor both = Tensor::full({2, 2}, 3), w = both[0], other = both[1];
  const Tensor loss = sum(x * w);
  change(w, other);
  const std::string error = refusal([&] { loss.backward(); });
  std::printf("%s\n    %s\n", what,
              error == "no error" ? numbers_of(x.grad()).c_str() : error.c_str());
}

void changed() {
  gradient_after("nothing", [](Tensor&, Tensor&) {});
  gradient_after("w.fill_(100)", [](Tensor& w, Tensor&) { w.fill_(100); });
  gradient_after("the row beside w", [](Tensor&, Tensor& other) { other.fill_(100); });
  gradient_after("w = w + 97", [](Tensor& w, Tensor&) { w = w + 97; });
  gradient_after("behind the counter's back", [](Tensor& w, Tensor&) {
    for (int i = 0; i < 2; ++i) const_cast<real*>(w.data())[i] = 100;
  });
}
// [/changed]

// ---- Memory.

void blocks() {
  std::printf("  numbers    bytes   block\n");
  for (int64_t numbers : {1, 16, 17, 1000, 1025, 100000}) {
    const Tensor x = Tensor::empty(numbers);
    std::printf("  %7d  %7d %7d\n", whole(numbers), whole(numbers * 4),
                whole(x.impl().storage->block));
  }
}

void kept() {
  const int64_t before = cairn::pool_statistics().in_use;
  const auto show = [&](const char* what) {
    std::printf("  %-28s %8d bytes\n", what, whole(cairn::pool_statistics().in_use - before));
  };
  Tensor big = Tensor::zeros({1024, 1024}), first = big[0];
  show("big and its first row");
  big = Tensor();
  show("big is gone");
  first = copy(first);
  show("first = copy(first)");
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
  std::printf("[three_lines]\n"), three_lines();
  std::printf("[views]\n"), views();
  std::printf("[expand]\n"), expanded();
  std::printf("[pairs]\n"), pairs();
  std::printf("[loss]\n"), loss_of_the_right_answers();
  std::printf("[copies]\n"), copies();
  std::printf("[lines]\n"), lines();
  std::printf("[time]\n"), times();
  std::printf("[writes]\n"), writes();
  std::printf("[overlap]\n"), overlap();
  std::printf("[symmetric]\n"), symmetric();
  std::printf("[refusals]\n"), refusals();
  std::printf("[versions]\n"), versions();
  std::printf("[changed]\n"), changed();
  std::printf("[blocks]\n"), blocks();
  std::printf("[kept]\n"), kept();
}

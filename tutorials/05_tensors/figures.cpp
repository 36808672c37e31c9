// The figures of the chapter. Each cell is drawn from the place that the tensor says it has.
#include <algorithm>
#include <cmath>

#include "tutorials/05_tensors/parts.h"
#include "tutorials/figure.h"

namespace {

using figure::Figure;
using figure::Matrix;

// A tensor of one or two axes, in each cell its place in the storage; strong where `marked` has it.
Matrix places_of(const Tensor& x, const std::string& title, const std::vector<int64_t>& marked,
                 figure::Colour colour = figure::blue) {
  const int64_t rows = x.axes() == 2 ? x.size(0) : 1, columns = x.size(-1);
  Matrix m{static_cast<size_t>(rows), static_cast<size_t>(columns), {}, {}, {}, {}, title, colour};
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      const int64_t at = x.axes() == 2 ? place(x, {i, j}) : place(x, {j});
      m.values.push_back(std::count(marked.begin(), marked.end(), at) ? 1 : 0);
      m.cells.push_back(std::to_string(at));
    }
  return m;
}

void draw_strides(const std::string& folder) {
  const Tensor x = numbered(3, 4), part = slice(x, 1, 1, 4, 2);
  std::vector<int64_t> marked;
  for (int64_t i = 0; i < 3; ++i)
    for (int64_t j = 0; j < 2; ++j) marked.push_back(place(part, {i, j}));
  Figure f(342, "One storage, four tensors");
  f.matrix(12, 60, places_of(reshape(x, {12}), "the storage: 12 numbers in a line", marked), 28);
  f.matrix(12, 130, places_of(x, "x (3, 4), strides (4, 1)", marked), 36);
  f.matrix(212, 130, places_of(transpose(x, 0, 1), "transpose (4, 3), (1, 4)", marked), 36);
  f.matrix(12, 250, places_of(part, "slice (3, 2), (4, 2), offset 1", marked), 36);
  f.matrix(212, 270, places_of(x[1], "x[1] (4,), (1,), offset 4", marked), 36);
  f.write(folder, "strides");
}

void draw_broadcast(const std::string& folder) {
  const Tensor column = reshape(Tensor::arange(3), {3, 1}), row = Tensor::arange(4);
  Figure f(300, "(3, 1) + (4,): strides of 0 repeat");
  f.matrix(12, 64, places_of(column, "a (3, 1)", {0, 1, 2}), 32);
  f.matrix(150, 64, places_of(expand(column, {3, 4}), "read as (3, 4), strides (1, 0)", {0, 1, 2}),
           32);
  f.matrix(12, 196, places_of(row, "b (4,)", {0, 1, 2, 3}, figure::orange), 32);
  f.matrix(150, 196,
           places_of(expand(row, {3, 4}), "read as (3, 4), strides (0, 1)", {0, 1, 2, 3},
                     figure::orange),
           32);
  f.text(12, 290, "in each cell: its place in its own storage");
  f.write(folder, "broadcast");
}

Matrix numbers(const Tensor& x, const std::string& title) {
  Matrix m{static_cast<size_t>(x.size(0)), static_cast<size_t>(x.size(1)), {}, {}, {}, {}, title};
  for (real number : x.to_vector()) m.values.push_back(number);
  m.digits = 0;
  return m;
}

// Row after row is moved down: each step reads what the step before has written.
void draw_overlap(const std::string& folder) {
  Figure f(330, "Moving rows down by one, in place");
  Tensor x = striped(4, 3);
  f.matrix(12, 68, numbers(x, "before"), 26);
  for (int64_t i = 0; i < 3; ++i) {
    x[i + 1].copy_(x[i]);
    f.matrix(116 + 80 * static_cast<double>(i), 68,
             numbers(x, std::to_string(i) + " to " + std::to_string(i + 1)), 22);
  }
  Tensor right = striped(4, 3);
  slice(right, 0, 1, 4).copy_(slice(right, 0, 0, 3));
  f.matrix(12, 214, numbers(right, "copy_: all is read before anything is written"), 26);
  f.write(folder, "overlap");
}

}  // namespace

void draw_figures(const std::string& folder) {
  draw_strides(folder);
  draw_broadcast(folder);
  draw_overlap(folder);
}

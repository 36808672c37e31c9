#include "tutorials/02_heads_and_masks/figures.h"

#include <string>
#include <utility>
#include <vector>

#include "tutorials/02_heads_and_masks/parts.h"
#include "tutorials/figure.h"

namespace {

// The cells of [T, d] from (left, top) on, shaded by the token that they are of.
void draw_cells(figure::Figure& f, double left, double top, const Tensor& x,
                const std::string& title) {
  f.text(left, top - 8, title);
  for (int64_t t = 0; t < x.size(0); ++t)
    for (int64_t c = 0; c < x.size(1); ++c) {
      const double at_x = left + 34 * static_cast<double>(c),
                   at_y = top + 24 * static_cast<double>(t);
      const int cell = static_cast<int>(x[t][c].item()), token = cell / 10;
      f.box(at_x, at_y, 34, 24, figure::blue, 0.05 + 0.25 * token);
      f.text(at_x + 17, at_y + 16.5, std::to_string(token) + std::to_string(cell % 10), figure::ink,
             "middle");
    }
}

}  // namespace

void draw_figures(const std::string& folder) {
  using namespace figure;
  const Tensor x = numbered_cells(3, 4);
  const Tensor right = split_heads(x, 2), wrong = split_without_transpose(x, 2);
  Figure split(310, "The same shape, other cells");
  draw_cells(split, 112, 62, x, "x [3, 4]");
  split.text(90, 166, "cut and transposed", ink, "middle", "bold");
  split.text(270, 166, "reshaped", ink, "middle", "bold");
  for (int64_t h = 0; h < 2; ++h) {
    const double left = static_cast<double>(h) * 80;
    const std::string title = "head " + std::to_string(h);
    draw_cells(split, 14 + left, 206, right[h], title);
    draw_cells(split, 194 + left, 206, wrong[h], title);
  }
  split.text(10, 302, "The first digit of a cell, and its shade, is its token.");
  split.write(folder, "split");

  Random random(3);
  const Tensor p = softmax(Tensor::randn({6, 6}, random) + causal_mask(6));
  Matrix weights{6, 6, {}, {}, {}, {"0", "1", "2", "3", "4", "5"}};
  for (int64_t i = 0; i < 6; ++i) {
    weights.row_names.push_back("token " + std::to_string(i));
    for (int64_t j = 0; j < 6; ++j) {
      weights.values.push_back(p[i][j].item());
      weights.cells.push_back(j <= i ? number(weights.values.back(), 2) : "");
    }
  }
  Figure causal(240, "Who takes how much from whom, causally");
  causal.matrix(66, 60, weights, 47, 28);
  causal.write(folder, "causal");

  // One hidden key among three others of score 0: its weight, as its score grows.
  const Tensor keep = Tensor::of({1, 1, 1, 0});
  std::vector<std::pair<double, double>> ten, infinite;
  for (int score = 0; score <= 20; ++score) {
    const Tensor scores = Tensor::of({0, 0, 0, static_cast<real>(score)});
    ten.emplace_back(score, five_ways[2].weights(scores, keep)[3].item());
    infinite.emplace_back(score, five_ways[4].weights(scores, keep)[3].item());
  }
  Figure leak(230, "What one hidden key of four still gets");
  leak.axes({"its score, where the others have 0", 0, 20, {{0, "0"}, {10, "10"}, {20, "20"}}},
            {"weight", 0, 1, {{0, "0"}, {0.5, "0.5"}, {1, "1"}}});
  leak.curve(ten, orange, "minus 10");
  leak.curve(infinite, blue, "minus infinity");
  leak.write(folder, "leak");
}

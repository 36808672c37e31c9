// The figures of the chapter.
#include "tutorials/03_encoder_block/figures.h"

#include <algorithm>
#include <utility>

#include "tutorials/03_encoder_block/parts.h"
#include "tutorials/figure.h"

namespace {

using Points = std::vector<std::pair<double, double>>;

void draw_positions(const std::string& folder) {
  using namespace figure;
  std::vector<double> strength;
  for (real number : sinusoidal_positions(12, 12).to_vector()) strength.push_back((1 + number) / 2);
  std::vector<std::string> places, columns;
  for (int t = 0; t < 12; ++t) places.push_back(std::to_string(t));
  for (int c = 0; c < 12; ++c) columns.push_back(std::to_string(c));
  Figure positions(326, "Sinusoidal positions, C = 12");
  positions.text(10, 40, "a row for each position; strong: 1, faint: -1");
  positions.matrix(46, 72,
                   {12, 12, strength, std::vector<std::string>(144), places, columns, "", blue, 2},
                   24, 20);
  positions.write(folder, "positions");

  const Tensor p = sinusoidal_positions(512, 64);
  Points near, far;
  for (int64_t apart = -60; apart <= 60; ++apart) {
    near.emplace_back(apart, sum(p[100] * p[100 + apart]).item());
    far.emplace_back(apart, sum(p[400] * p[400 + apart]).item());
  }
  Figure distance(230, "Positions know their distance, C = 64");
  distance.axes({"apart", -60, 60, {{-60, "-60"}, {-30, "-30"}, {0, "0"}, {30, "30"}, {60, "60"}}},
                {"dot product", 0, 34, {{0, "0"}, {16, "16"}, {32, "32"}}});
  distance.curve(near, blue, "from 100");
  distance.curve(far, orange, "from 400");
  distance.write(folder, "distance");
}

void draw_gelu(const std::string& folder) {
  using namespace figure;
  Points gelu, relu, gap;
  for (double x = -5; x <= 5.01; x += 0.1) {
    if (x > -3.3 && x < 3.3)
      gelu.emplace_back(x, gelu_erf(x)), relu.emplace_back(x, std::fmax(0, x));
    gap.emplace_back(x, 1e4 * (gelu_tanh_of(x) - gelu_erf(x)));
  }
  Figure shape(230, "GELU beside ReLU");
  shape.axes({"x", -3.3, 3.3, {{-3, "-3"}, {-1, "-1"}, {0, "0"}, {1, "1"}, {3, "3"}}},
             {"y", -0.3, 3.3, {{0, "0"}, {1, "1"}, {2, "2"}, {3, "3"}}});
  shape.curve(relu, orange, "ReLU");
  shape.curve(gelu, blue, "GELU");
  shape.write(folder, "gelu");

  Figure gaps(230, "The tanh form minus the erf form");
  gaps.axes({"x", -5, 5, {{-5, "-5"}, {-2.7, "-2.7"}, {0, "0"}, {2.7, "2.7"}, {5, "5"}}},
            {"in ten-thousandths", -6, 6, {{-5, "-5"}, {0, "0"}, {5, "5"}}});
  gaps.curve(gap, blue, "difference");
  gaps.write(folder, "gelu_gap");
}

void draw_sizes(const std::string& folder) {
  using namespace figure;
  Random random(1);
  Points post, pre;
  Tensor x = sentence(), y = sentence();
  for (const EncoderBlock& block : random_blocks(24, random)) {
    const double layer = static_cast<double>(post.size() + 1);
    x = post_norm(block, x), y = pre_norm(block, y);
    post.emplace_back(layer, size_of(x)), pre.emplace_back(layer, size_of(y));
  }
  Figure sizes(230, "The size of a token's numbers");
  sizes.axes({"blocks", 0, 25, {{1, "1"}, {12, "12"}, {24, "24"}}},
             {"size", 0, 4.6, {{0, "0"}, {1, "1"}, {2, "2"}, {4, "4"}}});
  sizes.curve(post, blue, "post-norm");
  sizes.curve(pre, orange, "pre-norm");
  sizes.write(folder, "sizes");
}

}  // namespace

void draw_figures(const std::string& folder) {
  draw_positions(folder);
  draw_gelu(folder);
  draw_sizes(folder);
}

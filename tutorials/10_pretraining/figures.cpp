// The figures of the chapter.
#include "tutorials/10_pretraining/figures.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tutorials/10_pretraining/masking.h"
#include "tutorials/10_pretraining/parts.h"
#include "tutorials/figure.h"

namespace {

using Points = std::vector<std::pair<double, double>>;

// How many chosen tokens it takes until a mistake shows.
void draw_chi(const std::string& folder) {
  using namespace figure;
  Points good, bad, line;
  for (int64_t n = 10; n <= 250; n += 20) {
    const auto x = static_cast<double>(n);
    good.emplace_back(x, chi_square(fates(right, n)));
    bad.emplace_back(x, std::min(80.0, chi_square(fates(not_added, n))));
  }
  line = {{0, limit}, {250, limit}};
  Figure f(230, "The test needs some tokens");
  f.axes({"chosen tokens", 0, 250, {{0, "0"}, {50, "50"}, {100, "100"}, {200, "200"}}},
         {"chi-square", 0, 80, {{limit, "13.8"}, {40, "40"}, {80, "80"}}});
  f.curve(line, green, "1 in 1000");
  f.curve(bad, orange, "v < 0.1");
  f.curve(good, blue, "right");
  f.write(folder, "chi");
}

// Six texts as a rectangle, and as rows.
void draw_rows(const std::string& folder) {
  using namespace figure;
  const std::vector<int32_t> lengths = {6, 5, 9, 6, 14, 7};
  const Rows rows = Rows::of_lengths(lengths);
  constexpr double cell = 14, left = 10, top = 52, below = 172;
  Figure f(262, "Six texts, 47 tokens");
  f.text(left, 40, "as a rectangle: 84 rows, 37 of them padding");
  for (size_t b = 0; b < lengths.size(); ++b)
    for (int32_t t = 0; t < rows.longest(); ++t)
      f.box(left + cell * t, top + cell * static_cast<double>(b), cell, cell, b % 2 ? orange : blue,
            t < lengths[b] ? 0.6 : 0);
  f.text(left, below - 10, "as Rows: one after the other (here in two lines)");
  constexpr int64_t wide = 24;
  for (int64_t b = 0; b < rows.sequences(); ++b)
    for (int64_t i = rows.starts()[b]; i < rows.starts()[b + 1]; ++i)
      f.box(left + cell * static_cast<double>(i % wide),
            below + cell * static_cast<double>(i / wide), cell, cell, b % 2 ? orange : blue, 0.6);
  std::string starts = "starts:";
  for (const int32_t start : rows.starts().values()) starts += " " + std::to_string(start);
  f.text(left, below + 48, starts);
  f.text(left, below + 68, "strong: a token; empty: padding");
  f.write(folder, "rows");
}

// The loss of the hidden words, step by step.
void draw_loss(const std::string& folder) {
  using namespace figure;
  Random random(0);
  BertForPreTraining model(small_bert(), {.random = &random});
  const std::vector<double> losses = train(model, {}, 0).words;
  Points curve;
  for (size_t i = 20; i <= losses.size(); i += 20) {
    double sum = 0;
    for (size_t k = i - 20; k < i; ++k) sum += losses[k] / 20;
    curve.emplace_back(static_cast<double>(i), sum);
  }
  const auto steps = static_cast<double>(losses.size());
  Figure f(250, "The loss of a hidden word");
  f.axes({"steps", 0, 1.04 * steps, {{0, "0"}, {500, "500"}, {1000, "1000"}}},
         {"loss", 0, 8, {{0, "0"}, {2, "2"}, {4.18, "4.2"}, {6.8, "6.8"}}});
  f.curve({{0, 4.18}, {steps, 4.18}}, orange, "frequencies");
  f.curve({{0, 6.8}, {steps, 6.8}}, green, "ln V");
  f.curve(curve, blue, "BERT");
  f.write(folder, "loss");
}

}  // namespace

void draw_figures(const std::string& folder) {
  draw_chi(folder);
  draw_rows(folder);
  draw_loss(folder);
}

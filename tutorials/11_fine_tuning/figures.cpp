// The longer run, whose output is full.txt, and the figures, drawn from the numbers of that file.
#include "tutorials/11_fine_tuning/figures.h"

#include <cmath>
#include <cstdio>
#include <sstream>
#include <utility>
#include <vector>

#include "core/io/files.h"
#include "tutorials/11_fine_tuning/loop.h"
#include "tutorials/figure.h"

namespace {

using Points = std::vector<std::pair<double, double>>;
using Table = std::vector<std::vector<double>>;

// The lines of numbers below [NAME] and its line of headings.
Table table(const std::string& name) {
  std::istringstream lines(cairn::read_file("tutorials/11_fine_tuning/full.txt"));
  std::string line;
  while (line != "[" + name + "]" && std::getline(lines, line)) continue;
  std::getline(lines, line);
  Table rows;
  while (std::getline(lines, line) && line[0] != '[') {
    std::istringstream numbers(line);
    rows.emplace_back();
    for (double number; numbers >> number;) rows.back().push_back(number);
  }
  return rows;
}

// rate, seed, loss, dev, seen, unseen
void draw_rates(const std::string& folder) {
  using namespace figure;
  Points of_seed[3];
  for (const std::vector<double>& row : table("rates"))
    of_seed[static_cast<size_t>(row[1])].emplace_back(std::log10(row[0]), row[4]);
  Figure rates(240, "Right on seen, for eight learning rates");
  rates.axes(
      {"learning rate", -5.2, -1.4, {{-5, "1e-5"}, {-4, "1e-4"}, {-3, "1e-3"}, {-2, "1e-2"}}},
      {"right", 0.45, 1.02, {{0.5, "0.5"}, {0.75, "0.75"}, {1, "1"}}});
  const Colour colours[] = {blue, orange, green};
  const char* names[] = {"seed 0", "seed 1", "seed 2"};
  for (size_t seed = 0; seed < 3; ++seed) rates.curve(of_seed[seed], colours[seed], names[seed]);
  rates.write(folder, "rates");
}

// step, and the loss at three rates
void draw_losses(const std::string& folder) {
  using namespace figure;
  Points small, right, large;
  for (const std::vector<double>& row : table("losses")) {
    small.emplace_back(row[0], row[1]), right.emplace_back(row[0], row[2]);
    large.emplace_back(row[0], std::fmin(row[3], 1.2));
  }
  Figure losses(240, "The training loss, three learning rates");
  losses.axes({"steps", 0, 268, {{0, "0"}, {88, "88"}, {176, "176"}, {264, "264"}}},
              {"loss", 0, 1.25, {{0, "0"}, {0.693, "ln 2"}, {1.2, "1.2"}}});
  losses.curve(small, orange, "1e-5"), losses.curve(right, blue, "1e-3");
  losses.curve(large, green, "3e-2");
  losses.write(folder, "losses");
}

}  // namespace

// The longer run, recorded in full.txt, from which the figures are drawn.
void full_run(const Data& d) {
  std::printf(
      "# build/tutorials/11_fine_tuning --full\n[rates]\n   rate  seed   loss    dev   seen  "
      "unseen\n");
  std::vector<std::vector<double>> losses;
  for (const double lr : {1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2})
    for (const uint64_t seed : {0, 1, 2}) {
      Bert model = pretrained(seed);
      std::vector<double>& curve = losses.emplace_back(33);
      fine_tune(model, d.train,
                {.lr = lr, .seed = seed, .after_step = [&](int64_t step, double loss) {
                   curve[static_cast<size_t>(step - 1) / 8] += loss / 8;
                 }});
      std::printf("%7g  %4d  %.3f  %.3f  %.3f   %.3f\n", lr, static_cast<int>(seed), curve.back(),
                  score(model, d.dev), score(model, d.seen), score(model, d.unseen));
      std::fflush(stdout);
    }
  std::printf("[losses]\n step  1e-05  0.001   0.03\n");
  for (size_t i = 0; i < 33; ++i)
    std::printf("%5d  %.3f  %.3f  %.3f\n", static_cast<int>(8 * i + 8), losses[0][i], losses[12][i],
                losses[21][i]);
}

void draw_figures(const std::string& folder) {
  draw_rates(folder);
  draw_losses(folder);
}

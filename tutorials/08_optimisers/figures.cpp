// The figures of the chapter.
#include "tutorials/08_optimisers/figures.h"

#include <utility>

#include "optim/linear_schedule.h"
#include "tutorials/08_optimisers/parts.h"
#include "tutorials/figure.h"

namespace {

using Points = std::vector<std::pair<double, double>>;

Points points_of(const std::vector<Point>& path) {
  Points points;
  for (const Point& p : path) points.emplace_back(p[0], p[1]);
  return points;
}

// Lines of equal height, ellipses with this half of their length along the floor; of each the part with
// x > from.
void level_lines(figure::Figure& f, const Valley& valley, double from,
                 const std::vector<double>& lengths) {
  const double c = std::cos(valley.angle), s = std::sin(valley.angle);
  for (const double length : lengths) {
    Points line;
    for (double turn = -3.15; turn < 3.15; turn += 0.05) {
      const double along = length * std::cos(turn);
      const double across = length / std::sqrt(valley.steep) * std::sin(turn);
      if (const double x = c * along - s * across; x > from)
        line.emplace_back(x, s * along + c * across);
    }
    f.curve(line, figure::faint, "");
  }
}

void draw_valley(const std::string& folder) {
  using namespace figure;
  const Valley valley{100};
  Figure f(250, "50 steps down a valley, steep = 100");
  f.axes({"x, along the floor", -4, 11, {{0, "0"}, {5, "5"}, {10, "10"}}},
         {"y, across", -1.4, 1.4, {{-1, "-1"}, {0, "0"}, {1, "1"}}});
  level_lines(f, valley, -4, {2, 6, 10});
  f.curve(points_of(descend(valley, sgd, 0.019, 50)), blue, "SGD");
  f.curve(points_of(descend(valley, momentum, 0.019, 50)), orange, "momentum");
  f.write(folder, "valley");
}

void draw_turned(const std::string& folder) {
  using namespace figure;
  const double quarter = std::acos(-1.0) / 4;
  Figure f(330, "Adam, 60 steps of 0.3, steep = 1000");
  f.axes({"x", -4, 11, {{0, "0"}, {5, "5"}, {10, "10"}}},
         {"y", -4, 11, {{0, "0"}, {5, "5"}, {10, "10"}}});
  for (const double angle : {0.0, quarter}) {
    const Valley valley{1000, angle};
    level_lines(f, valley, -4, {4, 10});
    f.curve(points_of(descend(valley, adam, 0.3, 60)), angle == 0 ? blue : orange,
            angle == 0 ? "along x" : "turned");
  }
  f.write(folder, "turned");
}

void draw_first_steps(const std::string& folder) {
  using namespace figure;
  Points corrected, uncorrected;
  Memory memory[2];
  for (int t = 1; t <= 10000; ++t) {
    const double with = adam(memory[0], 1, t), without = adam_uncorrected(memory[1], 1, t);
    const double at = std::log10(t);
    if (!corrected.empty() && t < 10000 && at < corrected.back().first + 0.02) continue;
    corrected.emplace_back(at, with), uncorrected.emplace_back(at, without);
  }
  Figure f(230, "Adam's steps, all gradients alike");
  f.axes({"step", 0, 4.25, {{0, "1"}, {1, "10"}, {2, "100"}, {3, "1000"}, {4, "10000"}}},
         {"in learning rates", 0, 7.2, {{0, "0"}, {1, "1"}, {3.16, "3.2"}, {6.57, "6.6"}}});
  f.curve(corrected, blue, "corrected");
  f.curve(uncorrected, orange, "not");
  f.write(folder, "first_steps");
}

void draw_schedule(const std::string& folder) {
  using namespace figure;
  Points rate;
  for (int step = 0; step <= 110; step += 5)
    rate.emplace_back(step, cairn::linear_with_warmup(step, 10, 100));
  Figure f(200, "100 steps, 10 of them warm-up");
  f.axes({"step", 0, 110, {{0, "0"}, {10, "10"}, {55, "55"}, {100, "100"}}},
         {"factor", 0, 1.1, {{0, "0"}, {0.5, "0.5"}, {1, "1"}}});
  f.curve(rate, blue, "of the learning rate");
  f.write(folder, "schedule");
}

}  // namespace

void draw_figures(const std::string& folder) {
  draw_valley(folder);
  draw_turned(folder);
  draw_first_steps(folder);
  draw_schedule(folder);
}

#pragma once
// What the program and its figures share: valleys in two dimensions, what each optimiser does with one
// number, and the way down.
#include <array>
#include <cmath>
#include <vector>

using Point = std::array<double, 2>;  // x and y

// A valley whose lowest point is (0, 0): 1 is how steep it is along its floor, `steep` across.
struct Valley {
  double steep, angle = 0;  // by which its floor is turned away from the x axis

  // d/dp of (along^2 + steep across^2) / 2, where the floor runs at `angle` to the x axis.
  Point gradient(const Point& p) const {
    const double c = std::cos(angle), s = std::sin(angle);
    const double along = c * p[0] + s * p[1], across = c * p[1] - s * p[0];
    return {c * along - s * steep * across, s * along + c * steep * across};
  }

  Point start() const {  // 10 along the floor, 1 beside it
    const double c = std::cos(angle), s = std::sin(angle);
    return {10 * c - s, 10 * s + c};
  }
};

// What an optimiser remembers of one number.
struct Memory {
  double b = 0, m = 0, v = 0;
};

// What to take off a number, in units of the learning rate, given its gradient g at step t = 1, 2, ...
using Rule = double(Memory& memory, double g, int t);

// [sgd]
inline double sgd(Memory&, double g, int) { return g; }
// [/sgd]
// [momentum]
inline double momentum(Memory& memory, double g, int) { return memory.b = 0.9 * memory.b + g; }
// [/momentum]
// [rms]
inline double rms(Memory& memory, double g, int) {
  memory.v = 0.99 * memory.v + 0.01 * g * g;
  return g / (std::sqrt(memory.v) + 1e-8);
}
// [/rms]
// [adam]
inline double adam(Memory& memory, double g, int t) {
  memory.m = 0.9 * memory.m + 0.1 * g;
  memory.v = 0.999 * memory.v + 0.001 * g * g;
  const double mean = memory.m / (1 - std::pow(0.9, t));
  const double mean_square = memory.v / (1 - std::pow(0.999, t));
  return mean / (std::sqrt(mean_square) + 1e-8);
}
// [/adam]
inline double adam_uncorrected(Memory& memory, double g, int) {
  memory.m = 0.9 * memory.m + 0.1 * g;
  memory.v = 0.999 * memory.v + 0.001 * g * g;
  return memory.m / (std::sqrt(memory.v) + 1e-8);
}

// [descend]
// The points on the way down, each number by itself.
inline std::vector<Point> descend(const Valley& valley, Rule* rule, double lr, int steps) {
  std::vector<Point> path{valley.start()};
  Memory memory[2];
  for (int t = 1; t <= steps; ++t) {
    Point p = path.back();
    const Point g = valley.gradient(p);
    for (size_t i = 0; i < 2; ++i) p[i] -= lr * rule(memory[i], g[i], t);
    path.push_back(p);
  }
  return path;
}
// [/descend]

inline double distance(const Point& p) { return std::hypot(p[0], p[1]); }

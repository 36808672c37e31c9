// Right gradients and wrong ones, of functions whose slopes are known.
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "tutorials/06_autograd/exercises/gradcheck/gradcheck.h"

namespace {

using Vector = std::vector<double>;

struct Function {
  std::string what;
  Vector x;
  double (*f)(const Vector& x);
  Vector dx;  // the right one
};

double sum_of(const Vector& x, double (*part)(double)) {
  double sum = 0;
  for (double number : x) sum += part(number);
  return sum;
}
Vector each(const Vector& x, double (*slope)(double)) {
  Vector all;
  for (double number : x) all.push_back(slope(number));
  return all;
}

// The functions: the sum of part(x_i), whose slopes are slope(x_i).
template <double (*part)(double), double (*slope)(double)>
Function sums(const std::string& what, const Vector& x) {
  return {what, x, [](const Vector& at) { return sum_of(at, part); }, each(x, slope)};
}
double square(double x) { return x * x; }
double twice(double x) { return 2 * x; }
double steep(double x) { return std::sin(100 * x); }
double steep_slope(double x) { return 100 * std::cos(100 * x); }
double steeper(double x) { return std::sin(1000 * x); }
double steeper_slope(double x) { return 1000 * std::cos(1000 * x); }
double tall(double x) { return 1e10 * std::sin(x); }
double tall_slope(double x) { return 1e10 * std::cos(x); }
double line(double x) { return 1e8 * x; }
double line_slope(double) { return 1e8; }
double flat(double) { return 3; }
double flat_slope(double) { return 0; }
double valley(double x) { return (x - 0.1) * (x - 0.1); }
double valley_slope(double x) { return 2 * (x - 0.1); }
double inverse(double x) { return 1 / x; }
double sine(double x) { return std::sin(x); }
double cosine(double x) { return std::cos(x); }
double exponential(double x) { return std::exp(x); }
double logarithm(double x) { return std::log(x); }

std::vector<Function> functions() {
  const Vector twenty = check::normal(20, 1);
  Vector steep_at;
  for (int i = 0; i < 20; ++i) steep_at.push_back(0.05 * i);
  return {
      sums<square, twice>("squares", twenty),
      sums<sine, cosine>("sines, some at 0 and -0", {0, -0.0, 1, -2, 0.1}),
      sums<square, twice>("a square at 0", {0}),
      sums<valley, valley_slope>("a valley at its bottom", {0.1, 0.1}),
      sums<flat, flat_slope>("a constant", {0, 1, -5}),
      sums<exponential, exponential>("exponentials", {0, 1, 5}),
      sums<exponential, exponential>("a flat exponential beside a steep one", {-30, 5}),
      sums<tall, tall_slope>("a wave 1e10 high", {0, 0.3}),
      sums<steep, steep_slope>("steep waves", steep_at),
      sums<steeper, steeper_slope>("steeper waves", {0, 0.001}),
      sums<line, line_slope>("slopes of 1e8", {1, 2, 3}),
      sums<square, twice>("squares at 1e9 and -1e7", {1e9, -1e7}),
      sums<logarithm, inverse>("logarithms at 1e9 and 3e5", {1e9, 3e5}),
      {"a product",
       {3, -4, 0.7},
       [](const Vector& x) { return x[0] * x[1] * x[2]; },
       {-2.8, 2.1, -12}},
      {"slopes of 1000 and of 1",
       {2, 5},
       [](const Vector& x) { return 1000 * x[0] + x[1]; },
       {1000, 1}},
      {"no numbers", {}, [](const Vector&) { return 7.0; }, {}},
  };
}

// Asks whether dx is the gradient, and looks on.
bool says_right(Gradcheck* gradcheck, check::Judge& judge, const std::string& what,
                const Function& function, const Vector& dx) {
  judge.input(what);
  Vector x = function.x;
  const Vector before = x;
  bool one_at_a_time = true;
  const auto f = [&] {
    int changed = 0;
    for (size_t i = 0; i < x.size(); ++i) changed += x[i] != before[i];
    one_at_a_time = one_at_a_time && changed <= 1;
    return function.f(x);
  };
  const bool right = gradcheck(f, x, dx);
  judge.unchanged(what + ": x afterwards", x, before);
  judge.that(one_at_a_time, what + ": what f sees", "several numbers of x are changed at once");
  return right;
}

void check_gradcheck(Gradcheck* gradcheck, check::Judge& judge) {
  const std::vector<Function> all = functions();
  for (const Function& function : all)
    judge.that(says_right(gradcheck, judge, function.what, function, function.dx),
               "the right gradient of: " + function.what, "you say that it is wrong");

  const auto wrong = [&](const Function& function, const std::string& how, const Vector& dx) {
    judge.that(!says_right(gradcheck, judge, function.what + ", " + how, function, dx),
               "a wrong gradient of: " + function.what + "; " + how, "you say that it is right");
  };
  const auto with = [](Vector dx, size_t i, double value) { return dx[i] = value, dx; };
  const auto times = [](Vector dx, double factor) {
    for (double& number : dx) number *= factor;
    return dx;
  };
  for (const Function& function : all) {
    if (function.dx.empty() || function.what == "a constant") continue;
    if (function.what.starts_with("log")) continue;  // slopes so small that 0 is right
    if (function.dx[0] != 0 && function.what != "a valley at its bottom")
      for (const double factor : {-1., 0., 0.5, 2., 1.02})
        wrong(function, "times " + std::to_string(factor).substr(0, 5), times(function.dx, factor));
    for (const size_t i : {size_t{0}, function.dx.size() / 2, function.dx.size() - 1}) {
      const double off = 0.01 * std::fmax(1, std::fabs(function.dx[i]));
      const std::string at = "number " + std::to_string(i);
      wrong(function, at + " a hundredth too large", with(function.dx, i, function.dx[i] + off));
    }
  }
  const Function &squares = all[0], &two = all[14];
  Vector dx = squares.dx;
  dx[3] += 0.5, dx[4] -= 0.5;
  wrong(squares, "two mistakes that cancel", dx);
  for (double& number : dx = squares.dx) number = std::fabs(number);
  wrong(squares, "without the signs", dx);
  wrong(two, "1.005 for the small one", {1000, 1.005});
  wrong(squares, "NaN", with(squares.dx, 7, std::numeric_limits<double>::quiet_NaN()));
  wrong(squares, "infinite", with(squares.dx, 7, HUGE_VAL));
  wrong(all[4], "0.01 for 0", {0, 0.01, 0});
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Gradcheck>({.name = "gradcheck",
                                .check = check_gradcheck,
                                .mine = mine::gradcheck,
                                .mistaken = mistakes::gradcheck,
                                .mistakes = mistakes::list,
                                .alternatives = alternatives::list},
                               argc, argv);
}

// Other ways to write them, as good.
#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "core/ops.h"
#include "tutorials/08_optimisers/exercises/clip_gradients/clip_gradients.h"

namespace alternatives {
namespace {

double factor(double norm, double max_norm) {
  if (std::isnan(max_norm) || max_norm < 0) throw std::invalid_argument("max_norm");
  return norm + 1e-6 <= max_norm ? 1 : max_norm / (norm + 1e-6);
}

// All numbers in one vector first.
Clipped in_one_vector(const NamedTensors& parameters, double p, double max_norm) {
  if (std::isnan(p) || p <= 0) throw std::invalid_argument("p");
  std::vector<long double> all;
  std::set<const void*> seen;
  for (const NamedTensor& parameter : parameters) {
    if (!seen.insert(&parameter.tensor.impl()).second || !parameter.tensor.grad().defined())
      continue;
    for (const real g : parameter.tensor.grad().to_vector()) all.push_back(std::fabs(g));
  }
  long double norm = 0;
  for (const long double g : all)
    norm = std::isnan(norm) || std::isnan(g) ? norm + g
           : std::isinf(p)                   ? std::max(norm, g)
                                             : norm + std::pow(g, static_cast<long double>(p));
  if (!std::isinf(p)) norm = std::pow(norm, 1 / static_cast<long double>(p));
  return {static_cast<double>(norm), factor(static_cast<double>(norm), max_norm)};
}

// The norm of the norms, from the last tensor to the first: |(a, b)| is |(|a|, |b|)|.
Clipped norm_of_norms(const NamedTensors& parameters, double p, double max_norm) {
  if (!(p > 0)) throw std::invalid_argument("p");
  const auto norm_of = [p](const std::vector<double>& x) {
    double sum = 0, largest = 0;
    for (const double number : x) {
      sum += p == 2 ? number * number : std::pow(std::fabs(number), p);
      if (!(std::fabs(number) <= largest)) largest = std::fabs(number) + 0 * largest;
    }
    if (std::isnan(sum)) return sum;
    return std::isinf(p) ? largest : p == 2 ? std::sqrt(sum) : std::exp(std::log(sum) / p);
  };
  std::vector<double> norms;
  const NamedTensors once = each_once(parameters);
  for (auto parameter = once.rbegin(); parameter != once.rend(); ++parameter) {
    const Tensor g = parameter->tensor.grad();
    if (!g.defined()) continue;
    const std::vector<real> numbers = g.to_vector();
    norms.push_back(norm_of({numbers.begin(), numbers.end()}));
  }
  const double norm = norm_of(norms);
  return {norm, factor(norm, max_norm)};
}

// As the library has it: the sizes divided by the largest, so that no power is too large.
Clipped scaled(const NamedTensors& parameters, double p, double max_norm) {
  if (std::isnan(p) || p <= 0) throw std::invalid_argument("p");
  double largest = 0, sum = 0;
  const auto each = [&](auto f) {
    for (const NamedTensor& parameter : each_once(parameters))
      if (const Tensor g = parameter.tensor.grad(); g.defined())
        for (const real number : g.to_vector()) f(std::fabs(number));
  };
  each([&](double size) { largest = std::isnan(largest) || size <= largest ? largest : size; });
  if (largest > 0 && std::isfinite(largest) && std::isfinite(p)) {
    each([&](double size) { sum += std::pow(size / largest, p); });
    largest *= std::pow(sum, 1 / p);
  }
  return {largest, factor(largest, max_norm)};
}

}  // namespace

const std::vector<check::Alternative<Clip>> list = {
    {"all numbers in one vector", in_one_vector},
    {"the norm of the norms", norm_of_norms},
    {"scaled by the largest", scaled},
};

}  // namespace alternatives

// Initial values by fan, and the plain distributions.
#include "nn/more/init.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// 1 instead of 0, of a weight without numbers.
double fan_of(const Tensor& weight, Fan fan) {
  if (weight.axes() < 2)
    fail("init", "a weight of shape " + to_string(weight.shape()) + " has no fan",
         "two axes or more: (out, in, ...)");
  const int64_t behind =
      weight.size(0) * weight.size(1) == 0 ? 1 : weight.numel() / (weight.size(0) * weight.size(1));
  return static_cast<double>(std::max<int64_t>(1, weight.size(fan == Fan::in ? 1 : 0) * behind));
}

double xavier_deviation(const Tensor& weight, double gain) {
  const double fans = fan_of(weight, Fan::in) + fan_of(weight, Fan::out);
  return check_not_negative("init", "gain", gain) * std::sqrt(2 / fans);
}

double kaiming_deviation(const Tensor& weight, double gain, Fan fan) {
  return check_not_negative("init", "gain", gain) / std::sqrt(fan_of(weight, fan));
}

// The uniform distribution of this deviation.
void uniform_of_deviation(Tensor& weight, double std, Random& random) {
  uniform_(weight, -std::sqrt(3.0) * std, std::sqrt(3.0) * std, random);
}

}  // namespace

void uniform_(Tensor& weight, double low, double high, Random& random) {
  if (!(low <= high && std::isfinite(high - low)))
    fail("uniform_", "the bounds are " + std::to_string(low) + " and " + std::to_string(high),
         "finite, the lower one first");
  // Rounded to real, a number just below `high` may be `high`, which is not in [low, high).
  real last = static_cast<real>(high);
  if (low < high && last >= high) last = std::nextafter(last, static_cast<real>(low));
  fill_each(weight, [&] {
    return std::min(static_cast<real>(low + (high - low) * random.uniform()), last);
  });
}

void normal_(Tensor& weight, double mean, double std, Random& random) {
  check_finite("normal_", "mean", mean);
  check_not_negative("normal_", "std", std);
  fill_each(weight, [&] { return mean + std * random.normal(); });
}

void truncated_normal_(Tensor& weight, double mean, double std, double low, double high,
                       Random& random) {
  check_finite("truncated_normal_", "mean", mean);
  check_positive("truncated_normal_", "std", std);
  const auto below = [&](double x) { return std::erf((x - mean) / (std * std::sqrt(2.0))) / 2; };
  if (!(below(high) - below(low) >= 0.01))
    fail("init",
         "[" + std::to_string(low) + ", " + std::to_string(high) +
             "] holds next to nothing of this normal distribution",
         "low < high, and near the mean");
  fill_each(weight, [&] {
    double x = mean + std * random.normal();
    while (x < low || x > high) x = mean + std * random.normal();
    return x;
  });
}

void xavier_uniform_(Tensor& weight, double gain, Random& random) {
  uniform_of_deviation(weight, xavier_deviation(weight, gain), random);
}

void xavier_normal_(Tensor& weight, double gain, Random& random) {
  normal_(weight, 0, xavier_deviation(weight, gain), random);
}

void kaiming_uniform_(Tensor& weight, double gain, Fan fan, Random& random) {
  uniform_of_deviation(weight, kaiming_deviation(weight, gain, fan), random);
}

void kaiming_normal_(Tensor& weight, double gain, Fan fan, Random& random) {
  normal_(weight, 0, kaiming_deviation(weight, gain, fan), random);
}

double gain_of(const std::string& function, double slope) {
  if (function == "linear" || function == "sigmoid") return 1;
  if (function == "tanh") return 5.0 / 3;
  if (function == "relu") return std::sqrt(2.0);
  if (function == "leaky_relu") return std::sqrt(2 / (1 + slope * slope));
  if (function == "selu") return 0.75;
  fail("init", "there is no gain for \"" + function + "\"",
       "linear, sigmoid, tanh, relu, leaky_relu or selu");
}

}}  // namespace cairn::CAIRN_PRECISION

// Adafactor: the factored second moment, the clipped update, the relative rate.
#include "optim/more/adafactor.h"

#include <algorithm>
#include <cmath>

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// NaN of no numbers, which then scales none.
template <class Number>
double root_mean_square(const Number* x, int64_t n) {
  double squares = 0;
  for (int64_t i = 0; i < n; ++i) squares += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return std::sqrt(squares / static_cast<double>(n));
}

void average(real& mean, double sum, int64_t count, double b) {
  mean = static_cast<real>(b * mean + (1 - b) * sum / static_cast<double>(count));
}

// Of a matrix (R, C): moves the means of rows r and columns c towards those of u^2 + eps, then
// divides u by the root of what they stand for, r c / mean(r).
void divide_factored(double* u, real* r, real* c, int64_t R, int64_t C, double b, double eps) {
  std::vector<double> columns(static_cast<size_t>(C));
  for (int64_t i = 0; i < R; ++i) {
    double row = 0;
    for (int64_t j = 0; j < C; ++j) {
      const double square = u[i * C + j] * u[i * C + j] + eps;
      row += square;
      columns[static_cast<size_t>(j)] += square;
    }
    average(r[i], row, C, b);
  }
  for (int64_t j = 0; j < C; ++j) average(c[j], columns[static_cast<size_t>(j)], R, b);

  double mean = 0;
  for (int64_t i = 0; i < R; ++i) mean += r[i] / static_cast<double>(R);
  for (int64_t i = 0; i < R; ++i)
    for (int64_t j = 0; j < C; ++j)
      u[i * C + j] /= std::sqrt(r[i] / mean) * std::sqrt(static_cast<double>(c[j]));
}

// The same with a mean of its own for each number.
void divide(double* u, real* v, int64_t n, double b, double eps) {
  for (int64_t i = 0; i < n; ++i) {
    average(v[i], u[i] * u[i] + eps, 1, b);
    u[i] /= std::sqrt(static_cast<double>(v[i]));
  }
}

}  // namespace

Adafactor::Adafactor(ParameterGroups groups, const AdafactorOptions& options)
    : Optimizer(std::move(groups), options.lr, options.weight_decay), options_(options) {
  check_fraction("Adafactor", "beta1", options.beta1);
  check_not_negative("Adafactor", "eps1", options.eps1);
  check_not_negative("Adafactor", "eps2", options.eps2);
  if (!(options.clip_threshold > 0 && options.decay_rate < 0))
    fail("Adafactor",
         "clip_threshold is " + std::to_string(options.clip_threshold) + ", decay_rate " +
             std::to_string(options.decay_rate),
         "above 0, below 0");
  if (options.warmup_init && !options.relative_step)
    fail("Adafactor", "warmup_init is a part of relative_step, which is off",
         "use a schedule with warm-up");
}

NamedTensors Adafactor::initial_state(const Tensor& p) const {
  NamedTensors moments;
  if (p.axes() >= 2) {
    const std::vector<int64_t> sizes(p.shape().begin(), p.shape().end());
    std::vector<int64_t> rows(sizes.begin(), sizes.end() - 1), columns = rows;
    columns.back() = sizes.back();
    moments = {{"exp_avg_sq_row", Tensor::zeros(Shape(rows))},
               {"exp_avg_sq_col", Tensor::zeros(Shape(columns))}};
  } else {
    moments = {{"exp_avg_sq", Tensor::zeros(p.shape())}};
  }
  if (options_.beta1 > 0) moments.push_back({"exp_avg", Tensor::zeros(p.shape())});
  return moments;
}

double Adafactor::rate(const Slot& slot, const real* p, int64_t n, double lr) const {
  const double t = static_cast<double>(slot.steps);
  if (options_.relative_step)
    lr *= std::min(options_.warmup_init ? 1e-6 * t : 1e-2, 1 / std::sqrt(t));
  if (options_.scale_parameter) lr *= std::max(options_.eps2, root_mean_square(p, n));
  return lr;
}

void Adafactor::update(Slot& slot, real* p, const real* gradient, int64_t n, double lr,
                       double grad_scale) {
  const double b = 1 - std::pow(static_cast<double>(slot.steps), options_.decay_rate);
  const double a = rate(slot, p, n, lr);
  std::vector<double> update(static_cast<size_t>(n));
  double* u = update.data();
  for (int64_t i = 0; i < n; ++i) u[i] = gradient[i] * grad_scale;

  if (slot.parameter.axes() >= 2) {
    const int64_t R = slot.parameter.size(-2), C = slot.parameter.size(-1);
    real *r = slot.moment(0), *c = slot.moment(1);
    for (int64_t k = 0; k < n; k += R * C, r += R, c += C)
      divide_factored(u + k, r, c, R, C, b, options_.eps1);
  } else {
    divide(u, slot.moment(0), n, b, options_.eps1);
  }

  const double factor = a / std::max(1.0, root_mean_square(u, n) / options_.clip_threshold);
  real* m = options_.beta1 > 0 ? slot.moment(slot.moments.size() - 1) : nullptr;
  for (int64_t i = 0; i < n; ++i) {
    double step = factor * u[i];
    if (m) step = m[i] = static_cast<real>(options_.beta1 * m[i] + (1 - options_.beta1) * step);
    p[i] = static_cast<real>(p[i] - slot.weight_decay * a * p[i] - step);
  }
}

}}  // namespace cairn::CAIRN_PRECISION

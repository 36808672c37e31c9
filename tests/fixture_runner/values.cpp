// Reading and comparing the fixtures' tensors.
#include "tests/fixture_runner/values.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/error.h"

namespace cairn {

bool has(const SafeTensors& file, const std::string& name) { return file.find(name) != nullptr; }

const TensorView& view_of(const SafeTensors& file, const std::string& name) {
  const TensorView* view = file.find(name);
  if (!view) fail(file.path(), "there is no tensor " + name);
  return *view;
}

std::vector<double> numbers(const TensorView& view) {
  std::vector<double> values(static_cast<size_t>(view.numel()));
  to_double(view, values.data());
  return values;
}

std::vector<int32_t> integers(const TensorView& view) {
  std::vector<int64_t> wide(static_cast<size_t>(view.numel()));
  to_int64(view, wide.data());
  return std::vector<int32_t>(wide.begin(), wide.end());
}

Tensor tensor(const TensorView& view) {
  const std::vector<double> values = numbers(view);
  return Tensor::of(Shape(view.shape), std::vector<real>(values.begin(), values.end()));
}

Tensor as_tensor(const Ids& ids) {
  return Tensor::of(ids.shape(), std::vector<real>(ids.values().begin(), ids.values().end()));
}

void Comparison::relative(const std::string& name, const std::vector<real>& a,
                          const std::vector<double>& b, double bound) {
  double largest = 1;
  for (double x : b)
    if (std::isfinite(x)) largest = std::max(largest, std::abs(x));
  compare(name, a, b, bound, largest);
}

void Comparison::absolute(const std::string& name, const std::vector<real>& a,
                          const std::vector<double>& b, double bound) {
  compare(name, a, b, bound, 1);
}

void Comparison::all_of(const SafeTensors& file, const std::string& prefix, size_t compared) {
  size_t stored = 0;
  for (const TensorView& view : file.tensors()) stored += view.name.starts_with(prefix);
  if (compared != stored)
    failures.push_back(std::to_string(compared) + " of the " + std::to_string(stored) +
                       " tensors " + prefix + "* were compared");
}

void Comparison::compare(const std::string& name, const std::vector<real>& a,
                         const std::vector<double>& b, double bound, double scale) {
  if (a.size() != b.size()) {
    failures.push_back(name + " has " + std::to_string(a.size()) + " numbers, not " +
                       std::to_string(b.size()));
    return;
  }
  double worst = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double x = static_cast<double>(a[i]);
    const bool alike = x == b[i] || (std::isnan(x) && std::isnan(b[i]));
    const double difference = alike ? 0 : std::abs(x - b[i]);
    // not <: a NaN is worse than anything
    if (!(difference <= worst)) worst = difference;
    if (std::isnan(worst)) break;
  }
  if (worst <= bound * scale) return;
  char text[80];
  std::snprintf(text, sizeof text, " differs by %.2g, the bound is %.2g", worst / scale, bound);
  failures.push_back(name + text);
}

}  // namespace cairn

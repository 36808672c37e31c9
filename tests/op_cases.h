#pragma once
// Golden values of single ops, layers, optimisers and schedules, from the fixtures' ops/ folder.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "core/io/json.h"
#include "core/io/safetensors.h"
#include "core/tensor.h"
#include "tests/folders.h"
#include "tests/support.h"

namespace cairn::test {

struct GoldenCase {
  std::string id;
  Json attrs;
  std::map<std::string, Tensor> in, grad;  // by name; inputs without views only
  std::vector<Tensor> out, gout;
  double out_bound, grad_bound;  // of max|a - b| / max(1, max|b|)
};

inline Tensor read_tensor(const TensorView& view) {
  std::vector<double> values(static_cast<size_t>(view.numel()));
  to_double(view, values.data());
  return Tensor::of(Shape(view.shape), std::vector<real>(values.begin(), values.end()));
}

// The cases in cases/FILE.safetensors; none, and a line that says so, if the fixtures are absent.
inline std::vector<GoldenCase> op_cases(const std::string& file) {
  const std::string folder = shared_or_skip("fixtures/ops");
  if (folder.empty()) return {};
  const SafeTensors stored(folder + "/cases/" + file + ".safetensors");
  std::vector<GoldenCase> cases;
  for (const std::string& line : split_lines(read_file(folder + "/index.tsv"))) {
    const std::vector<std::string> f = split(line, '\t');
    if (!f.at(0).starts_with(file + "/")) continue;
    GoldenCase c{.id = f[0],
             .attrs = parse_json(f.at(3), f[0]),
             .in = {},
             .grad = {},
             .out = {},
             .gout = {},
             .out_bound = std::max(1e-6, 4 * std::stod(f.at(7))),
             .grad_bound = std::max(1e-6, 4 * std::stod(f.at(8)))};
    const std::string number = f[0].substr(f[0].find('/') + 1);
    const auto find = [&](const std::string& name) { return stored.find(number + name); };
    const Json inputs = parse_json(f.at(4), f[0]);
    for (const Json& input : inputs.items()) {
      const std::string name = input.at("name").as_string();
      c.in[name] = read_tensor(*find(".in." + name));
      if (find(".grad." + name)) c.grad[name] = read_tensor(*find(".grad." + name));
    }
    for (int i = 0; find(".out." + std::to_string(i)); ++i) {
      c.out.push_back(read_tensor(*find(".out." + std::to_string(i))));
      if (find(".gout." + std::to_string(i)))
        c.gout.push_back(read_tensor(*find(".gout." + std::to_string(i))));
    }
    cases.push_back(std::move(c));
  }
  return cases;
}

// max|a - b| / max(1, max|b|)
inline double relative_difference(const Tensor& a, const Tensor& b) {
  double largest = 1;
  for (real x : b.to_vector()) largest = std::max(largest, std::abs(static_cast<double>(x)));
  return difference(a, b) / largest;
}

}  // namespace cairn::test

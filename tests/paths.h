#pragma once
// For tests of optimisers: numbers and states against those that PyTorch printed.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/named_tensor.h"
#include "tests/support.h"

namespace cairn::test {

inline Tensor tensor_of(const std::vector<double>& values) {
  const std::vector<real> numbers(values.begin(), values.end());
  return Tensor::of({static_cast<int64_t>(numbers.size())}, numbers);
}

inline void check_close(const Tensor& x, const std::vector<double>& expected) {
  const std::vector<real> values = x.to_vector();
  REQUIRE(values.size() == expected.size());
  for (size_t i = 0; i < values.size(); ++i)
    CHECK_MESSAGE(std::abs(static_cast<double>(values[i]) - expected[i]) <=
                      2e-6 * (1 + std::abs(expected[i])),
                  "number " << i << " is " << values[i] << ", not " << expected[i]);
}

// What an optimiser keeps, by the names "MOMENT.PARAMETER", or "MOMENT" of the parameter p.
using State = std::map<std::string, std::vector<double>>;

// `state` is "step.NAME" for each parameter, with so many steps, and what `moments` lists.
inline void check_state(const NamedTensors& state, const std::map<std::string, size_t>& steps,
                        const State& moments) {
  State expected;
  for (const auto& [name, numbers] : moments)
    expected[has(name, ".") ? name : name + ".p"] = numbers;
  for (const auto& [name, count] : steps) expected["step." + name] = {static_cast<double>(count)};
  CHECK(state.size() == expected.size());
  for (const NamedTensor& entry : state) {
    INFO(entry.name);
    REQUIRE(expected.contains(entry.name));
    check_close(entry.tensor, expected[entry.name]);
  }
}

}  // namespace cairn::test

#pragma once
// Reading and comparing the fixtures' tensors.
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/io/safetensors.h"
#include "core/tensor.h"

namespace cairn {

// Thrown by a case that asks for what Cairn does not have; its text is the reason.
struct Unsupported {
  std::string reason;
};

// A tensor of an open file. Error naming the file if it is not there.
const TensorView& view_of(const SafeTensors& file, const std::string& name);
bool has(const SafeTensors& file, const std::string& name);

std::vector<double> numbers(const TensorView& view);  // of any numeric type
std::vector<int32_t> integers(const TensorView& view);
Tensor tensor(const TensorView& view);
Tensor as_tensor(const Ids& ids);  // indices, to compare them as numbers

// Collects what differs in a case; `failures` has a line for each tensor out of bounds.
class Comparison {
 public:
  // max|a - b| / max(1, max|b|) must be at most `bound`, and NaN and infinities be alike.
  void relative(const std::string& name, const std::vector<real>& a, const std::vector<double>& b,
                double bound);
  // max|a - b| must be at most `bound`.
  void absolute(const std::string& name, const std::vector<real>& a, const std::vector<double>& b,
                double bound);

  // `compared` tensors whose names begin with `prefix` were compared: those must be all.
  void all_of(const SafeTensors& file, const std::string& prefix, size_t compared);

  std::vector<std::string> failures;

 private:
  void compare(const std::string& name, const std::vector<real>& a, const std::vector<double>& b,
               double bound, double scale);
};

// The fair bound for a float32 implementation, given the reference's own float32 error.
inline double fair_bound(double err32) { return 4 * err32 > 1e-6 ? 4 * err32 : 1e-6; }

}  // namespace cairn

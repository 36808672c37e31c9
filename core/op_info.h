#pragma once
// The record that ends each op's file: what the op is, and the calls that check and time it. One
// list (core/ops/records.h) drives gradcheck, benchmarks, mutants and the op reference in the docs.
#include <string>
#include <vector>

#include "core/tensor.h"

namespace cairn::inline CAIRN_PRECISION {

// One call: `shapes` of its differentiable inputs, and the call itself.
struct OpCase {
  std::string text;                    // "softmax(x, 0)"
  std::vector<Shape> shapes;
  Tensor (*call)(const std::vector<Tensor>& x);
  Tensor (*composed)(const std::vector<Tensor>& x) = nullptr;  // a fused op's plain definition
  bool second_order = true;            // else grad(.., {.create_graph = true}) says that it has none
};

struct OpInfo {
  const char* name;
  const char* formula;
  const char* derivative;              // "" : not differentiable
  const char* saved;                   // what is kept for backward
  const char* pytorch;
  const char* file;
  std::vector<OpCase> cases;           // contiguous here; the checks also try them strided
  std::vector<OpCase> timed = {};      // shapes worth timing
  double low = -2, high = 2;           // the inputs are drawn from here
  double atol = 1e-7, rtol = 1e-6;     // of gradcheck, in double
  const char* tolerance_reason = "";   // why, if they are wider
};

}  // namespace cairn::inline CAIRN_PRECISION

// The float half of test_programs.cpp.
#undef CAIRN_DOUBLE
#include "core/kernels/choose_kernels.h"
#include "tests/double/programs.h"

namespace cairn::test {

Outcome run_in_float(uint64_t seed, int steps) { return f32::Program(seed, steps, 0).run(); }

std::vector<std::string> float_kernels() {
  std::vector<std::string> names;
  for (const Kernels* k : available_kernels()) names.push_back(k->name);
  return names;
}

}  // namespace cairn::test

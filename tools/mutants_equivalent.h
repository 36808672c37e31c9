#pragma once
// Mutants that compute the same as the original, each with the reason; one that matches none is an
// error. Keep this short: a mutant that survives mostly shows that a check is missing.
#include <string>
#include <vector>

struct Equivalent {
  std::string file, line, before, by, reason;
  int matched = 0;
};
inline const std::string pow_none =
    "const Tensor none = equal(base, zero) * greater_equal(exponent, zero);";
inline std::vector<Equivalent> equivalents_of_ops = {
    {"core/ops/pow.cpp", pow_none, "equal(base, zero) * greater_equal(exponent, zero)",
     "-(equal(base, zero) * greater_equal(exponent, zero))",
     "a mask: only whether it is 0 is read"},
    {"core/ops/pow.cpp", pow_none, " * greater_equal(exponent, zero)", "",
     "0 to a negative power is infinite: there is no difference quotient to compare with"},
};
inline std::vector<Equivalent> equivalents_of_all = {};

#pragma once
// Mutants: copies of a source file with one mistake in a backward pass, of the five kinds that
// people make.
#include <string>
#include <vector>

#include "tests/mutants/source.h"

struct Mutant {
  std::string kind;      // sign, factor, unbroadcast, axis, saved
  std::string function;  // where it is
  Range at;              // what is replaced ...
  std::string by;        // ... by what
};

extern const std::vector<std::string> mutant_kinds;

// All mutants of a file, in its order:
//   sign         -(dx), a - b for a + b
//   factor       one operand of a product or quotient left out, or 1 in place of what is saved, of
//                dout, of beta
//   unbroadcast  sum_to, sum, expand left out; one row for all in a kernel that sums
//   axis         another axis; transpose, permute, reshape left out; rows and columns of a kernel
//                exchanged; a matrix transposed or not
//   saved        one saved tensor for another; input for output
std::vector<Mutant> mutants_of(const Source& source);

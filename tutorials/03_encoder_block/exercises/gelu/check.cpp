// Each number against the formula in long double.
#include <cmath>

#include "core/kernels/kernels.h"
#include "tutorials/03_encoder_block/exercises/gelu/gelu.h"

namespace {

real expected_of(long double x) {
  return static_cast<real>(x * (1 + std::erf(x / std::sqrt(2.0L))) / 2);
}

void check_form(Gelu* gelu, check::Judge& judge) { check_gelu(gelu, expected_of, judge); }

}  // namespace

int main(int argc, char** argv) {
  return check::run<Gelu>({.name = "gelu",
                           .check = check_form,
                           .mine = mine::gelu,
                           .mistaken = mistakes::gelu,
                           .mistakes = mistakes::list,
                           .alternatives = alternatives::list,
                           .library = cairn::kernels().gelu,
                           .work = work_of_gelu},
                          argc, argv);
}

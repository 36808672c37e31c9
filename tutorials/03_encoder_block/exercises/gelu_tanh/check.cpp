// Each number against the formula in long double.
#include <cmath>
#include <numbers>

#include "core/kernels/kernels.h"
#include "tutorials/03_encoder_block/exercises/gelu_tanh/gelu_tanh.h"

namespace {

real expected_of(long double x) {
  return static_cast<real>(x *
                           (1 + std::tanh(std::sqrt(2 / std::numbers::pi_v<long double>) *
                                          (x + 0.044715L * x * x * x))) /
                           2);
}

void check_form(Gelu* gelu, check::Judge& judge) { check_gelu(gelu, expected_of, judge); }

}  // namespace

int main(int argc, char** argv) {
  return check::run<Gelu>({.name = "gelu_tanh",
                           .check = check_form,
                           .mine = mine::gelu_tanh,
                           .mistaken = mistakes::gelu_tanh,
                           .mistakes = mistakes::list,
                           .alternatives = alternatives::list,
                           .library = cairn::kernels().gelu_tanh,
                           .work = work_of_gelu},
                          argc, argv);
}

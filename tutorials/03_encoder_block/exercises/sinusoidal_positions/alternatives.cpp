// Other ways to write it, as good.
#include <cmath>
#include <complex>

#include "core/error.h"
#include "core/ops.h"
#include "tutorials/03_encoder_block/exercises/sinusoidal_positions/sinusoidal_positions.h"

namespace alternatives {
namespace {

void check_base(double base) {
  if (!(base > 0)) cairn::fail("positions", "base is not positive");
}

// Column by column, with the exponential of a logarithm, as PyTorch's tutorial does it.
Tensor by_columns(int64_t T, int64_t C, double base) {
  check_base(base);
  Tensor table = Tensor::zeros({T, C});
  if (table.numel() == 0) return table;
  real* numbers = table.write();
  for (int64_t c = 0; c < C; c += 2) {
    const double w = std::exp(-std::log(base) * static_cast<double>(c) / static_cast<double>(C));
    for (int64_t t = T; t-- > 0;) {
      numbers[t * C + c] = std::sin(static_cast<double>(t) * w);
      if (c + 1 < C) numbers[t * C + c + 1] = std::cos(static_cast<double>(t) * w);
    }
  }
  return table;
}

// The hands of the clocks are complex numbers, each of which is turned on from place to place.
Tensor by_turning(int64_t T, int64_t C, double base) {
  check_base(base);
  using Hand = std::complex<long double>;
  std::vector<real> table(static_cast<size_t>(T * C));
  for (int64_t c = 0; c < C; ++c) {
    const long double exponent = static_cast<long double>(c / 2 * 2) / static_cast<long double>(C);
    const Hand turn = std::polar<long double>(1, std::pow<long double>(base, -exponent));
    Hand hand = 1;
    for (int64_t t = 0; t < T; ++t, hand *= turn)
      table[static_cast<size_t>(t * C + c)] =
          static_cast<real>(c % 2 == 0 ? hand.imag() : hand.real());
  }
  return Tensor::of({T, C}, table);
}

// All angles at once: a cosine is a sine, a quarter turn on.
Tensor with_tensors(int64_t T, int64_t C, double base) {
  check_base(base);
  std::vector<real> frequency, shift;
  for (int64_t c = 0; c < C; ++c) {
    frequency.push_back(std::pow(base, -static_cast<double>(c - c % 2) / static_cast<double>(C)));
    shift.push_back(c % 2 == 0 ? 0 : std::acos(0.0));
  }
  Tensor table = reshape(Tensor::arange(static_cast<double>(T)), {T, 1}) * Tensor::of(frequency) +
                 Tensor::of(shift);
  std::vector<real> sines = table.to_vector();
  for (real& number : sines) number = std::sin(number);
  return Tensor::of({T, C}, sines);
}

}  // namespace

const std::vector<check::Alternative<Positions>> list = {
    {"by columns, with a logarithm", by_columns},
    {"by turning", by_turning},
    {"with tensors", with_tensors},
};

}  // namespace alternatives

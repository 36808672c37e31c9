#include "tutorials/05_tensors/parts.h"

#include <cstdio>

#include "core/error.h"

Tensor numbered(int64_t rows, int64_t columns) {
  return reshape(Tensor::arange(static_cast<double>(rows * columns)), {rows, columns});
}

Tensor striped(int64_t rows, int64_t columns) {
  Tensor x = Tensor::empty({rows, columns});
  for (int64_t i = 0; i < rows; ++i) x[i].fill_(static_cast<real>(i));
  return x;
}

real second(real, real b) { return b; }
real added(real a, real b) { return a + b; }

// [naive]
// y[i][j] = f(y[i][j], x[i][j]), number by number. Nobody asks whether y and x share memory.
void number_by_number(Tensor y, const Tensor& x, real f(real, real)) {
  real* const to = y.strided_write();
  const real* const from = x.strided_data();
  for (int64_t i = 0; i < y.size(0); ++i)
    for (int64_t j = 0; j < y.size(1); ++j) {
      real& number = to[i * y.strides()[0] + j * y.strides()[1]];
      number = f(number, from[i * x.strides()[0] + j * x.strides()[1]]);
    }
}
// [/naive]

std::string numbers_of(const Tensor& x) {
  const std::vector<real> numbers = x.to_vector();
  const size_t row = x.axes() < 2 ? numbers.size() : static_cast<size_t>(x.size(-1));
  std::string text;
  for (size_t i = 0; i < numbers.size(); ++i) {
    char number[32];
    std::snprintf(number, sizeof number, "%g", static_cast<double>(numbers[i]));
    text += std::string(i == 0 ? "" : i % row == 0 ? " | " : " ") + number;
  }
  return text;
}

std::string padded(const std::string& text, size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 0, ' ');
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const cairn::Error& error) {
    const std::string text = error.what();
    return text.substr(0, text.find('\n'));
  }
  return "no error";
}

// Other ways to write the answers, as good.
#include <exception>

#include "core/autograd/autograd.h"
#include "core/ops/ops.h"
#include "tutorials/06_autograd/exercises/gradient_or_error/gradient_or_error.h"

using cairn::Tensor;

namespace alternatives {
namespace {

void run(char program, const Tensor& x) {
  Tensor w = Tensor::scalar(2);
  const Tensor square = x * x;
  switch (program) {
    case 'a': return (square + x).backward();
    case 'b': return (x * 2).backward(), (x * 5).backward();
    case 'c': return square.backward(), square.backward();
    case 'd': return backward(square, true), square.backward();
    case 'e': return ((x * 2).detach() * x).backward();
    case 'f': return (Tensor::scalar(square.item()) * 2).backward();
    case 'g': return sum(x + Tensor::zeros({4})).backward();
  }
  const Tensor y = x * w;
  w.mul_(10);
  y.backward();
}

std::string by_running(char program) {
  const Tensor x = Tensor::scalar(3).set_requires_grad();
  try {
    run(program, x);
  } catch (const std::exception&) {
    return "error";
  }
  return std::to_string(x.grad().item());
}

std::string with_spaces(char program) {
  const std::string right[] = {" 7", "7 ", "Error", "12.0", "6.", "ERROR", "4.00", " error "};
  return right[program - 'a'];
}

}  // namespace

const std::vector<check::Alternative<GradientOrError>> list = {
    {"by running the programs", by_running},
    {"with spaces, capitals and zeros", with_spaces},
};

}  // namespace alternatives

// Each number of x is added, one at a time, to that of the result which it was a copy of.
#include <string>

#include "core/autograd/autograd.h"
#include "core/ops/ops.h"
#include "tutorials/06_autograd/exercises/unbroadcast/unbroadcast.h"

namespace {

Tensor expected_of(const Tensor& x, const Shape& shape) {
  std::vector<real> sums(static_cast<size_t>(cairn::numel(shape)));
  const std::vector<real> numbers = x.to_vector();
  const int missing = x.axes() - shape.size();
  for (size_t i = 0; i < numbers.size(); ++i) {
    int64_t rest = static_cast<int64_t>(i), at = 0, stride = 1;
    for (int axis = x.axes() - 1; axis >= missing; --axis) {
      if (shape[axis - missing] != 1) at += rest % x.shape()[axis] * stride;
      stride *= shape[axis - missing];
      rest /= x.shape()[axis];
    }
    sums[static_cast<size_t>(at)] += numbers[i];
  }
  return Tensor::of(shape, sums);
}

void check_unbroadcast(Unbroadcast* unbroadcast, check::Judge& judge) {
  const auto run = [&](const std::string& what, const Tensor& x, const Shape& shape) {
    judge.input(what);
    const std::vector<real> before = x.to_vector();
    const Tensor expected = expected_of(x, shape);
    check::leave_garbage(shape);
    judge.equal(what, unbroadcast(x, shape), expected);
    judge.unchanged(what + ": x", x.to_vector(), before);
  };
  const auto normal = [](const Shape& shape) { return check::normal(shape, 1); };
  run("(3, 2) to (2)", normal({3, 2}), {2});
  run("(3, 2) to (2), once more", normal({3, 2}), {2});
  run("(3, 2) to (3, 1)", normal({3, 2}), {3, 1});
  run("(3, 2) to (1, 2)", normal({3, 2}), {1, 2});
  run("(3, 2) to (1, 1)", normal({3, 2}), {1, 1});
  run("(3, 2) to (1)", normal({3, 2}), {1});
  run("(3, 2) to ()", normal({3, 2}), {});
  run("(3, 2) to (3, 2)", normal({3, 2}), {3, 2});
  run("(3, 3) to (3)", normal({3, 3}), {3});
  run("(5, 4, 3, 2) to (4, 1, 2)", normal({5, 4, 3, 2}), {4, 1, 2});
  run("(2, 3, 4) to (2, 1, 4)", normal({2, 3, 4}), {2, 1, 4});
  run("(2, 3, 4) to (1, 3, 1)", normal({2, 3, 4}), {1, 3, 1});
  run("(2, 3, 4) to (3, 1)", normal({2, 3, 4}), {3, 1});
  run("(2, 2, 2) to (2, 1)", normal({2, 2, 2}), {2, 1});
  run("(1, 3) to (3)", normal({1, 3}), {3});
  run("(3, 1) to (1)", normal({3, 1}), {1});
  run("(3, 1, 2) to (1, 2)", normal({3, 1, 2}), {1, 2});
  run("() to ()", normal({}), {});
  run("(0, 3) to (3)", Tensor::zeros({0, 3}), {3});
  run("(0, 3) to (1, 1)", Tensor::zeros({0, 3}), {1, 1});
  run("(2, 0) to (0)", Tensor::zeros({2, 0}), {0});
  run("a transpose, (2, 3) to (3)", transpose(normal({3, 2}), 0, 1), {3});
  run("a transpose, (2, 3) to (2, 1)", transpose(normal({3, 2}), 0, 1), {2, 1});
  run("an expanded one, (4, 3) to (3)", expand(normal({3}), {4, 3}), {3});
  run("every second row, (3, 2) to (2)", slice(normal({6, 2}), 0, 0, 6, 2), {2});
  run("a long one, (10000, 3) to (3)", normal({10000, 3}), {3});
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Unbroadcast>({.name = "unbroadcast",
                                  .check = check_unbroadcast,
                                  .mine = cairn::unbroadcast,
                                  .mistaken = mistakes::unbroadcast,
                                  .mistakes = mistakes::list,
                                  .alternatives = alternatives::list},
                                 argc, argv);
}

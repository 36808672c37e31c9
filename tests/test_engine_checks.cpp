// The checks of gradients, checked: anomalies, gradcheck with steps and factors that a float holds
// exactly, and Jacobians by hand.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/autograd/more/anomaly.h"
#include "core/autograd/more/gradcheck.h"
#include "core/autograd/more/hook.h"
#include "core/autograd/more/jacobian.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Reals = std::vector<real>;

// y = x, whose gradient is `slope` times as large as it should be.
Tensor with_slope(const Tensor& x, const Tensor& slope) {
  const Tensor s = slope.detach();
  return x * s + x.detach() * (1 - s);
}

// The only weight that gradcheck gives one number.
double first_weight() { return Random(1).uniform() + 0.5; }

}  // namespace

TEST_CASE("anomaly: finite, infinite, NaN: what is new is told, what was there is not") {
  const Tensor fine = Tensor::of({2}, {1, 2}), infinite = Tensor::of({2}, {1, INFINITY});
  const Tensor no_number = Tensor::of({2}, {NAN, 1});
  using Infinities = AnomalyMode::Infinities;
  for (const Infinities mode : {Infinities::reported, Infinities::ignored}) {
    const AnomalyMode anomaly(mode);
    const bool strict = mode == Infinities::reported;
    const auto text = [](const Tensor& x, real factor, real shift) {
      return error_of([&] { affine(x, factor, shift); });
    };
    CHECK(text(fine, 2, 1) == "");
    CHECK(has(text(fine, INFINITY, 0), "[affine] made an infinity from finite numbers") == strict);
    CHECK(has(text(fine, NAN, 0), "[affine] made a NaN from finite numbers"));
    CHECK(text(infinite, 2, 1) == "");
    CHECK(has(text(infinite, 0, 0), "[affine] made a NaN from infinities"));
    CHECK(text(no_number, 2, 1) == "");
    CHECK(text(no_number, INFINITY, 0) == "");
    CHECK(error_of([&] { infinite + no_number; }) == "");
    CHECK(error_of([&] { no_number + infinite; }) == "");
  }
}

TEST_CASE("anomaly: in backward it names the input, and what was infinite already is not new") {
  const Tensor x = Tensor::of({2}, {1, 2}).set_requires_grad();
  const Tensor w = Tensor::of({2}, {1, 2}).set_requires_grad();
  const auto with = [&](real slope) {
    return x + hook(w * 1, [=](const Tensor& dy) { return dy * slope; });
  };
  const AnomalyMode anomaly;
  const Tensor dy = Tensor::ones({2});
  for (const real slope : {real{INFINITY}, real{NAN}}) {
    const Tensor y = with(slope);
    CHECK(has(error_of([&] { backward(y, dy); }), slope == slope ? "infinity" : "NaN"));
  }
  const Tensor y = with(2);
  CHECK(error_of([&] { backward(y, dy * 1); }) == "");
}

TEST_CASE("gradcheck: lets pass what is within atol + rtol of the difference, and no more") {
  const double w = first_weight(), eps = 0.0625;
  const auto report = [&](double excess, double atol, double rtol) {  // of a slope w (1 + excess)
    const Tensor x = Tensor::of({1}, {0.5}).set_requires_grad();
    const Tensor slope = Tensor::of({1}, {static_cast<real>(1 + excess)});
    const auto f = [&](const std::vector<Tensor>& in) { return with_slope(in[0], slope); };
    return gradcheck(f, {x}, eps, atol, rtol);
  };
  for (const double sign : {-1, 1}) {
    CHECK(report(sign * 0.098, 0, 0.1) == "");
    CHECK(report(sign * 0.102, 0, 0.1) != "");
    CHECK(report(sign * 0.098 / w, 0.1, 0) == "");
    CHECK(report(sign * 0.102 / w, 0.1, 0) != "");
    CHECK(report(sign * (0.098 / w + 0.1), 0.1, 0.1) == "");
    CHECK(report(sign * (0.102 / w + 0.1), 0.1, 0.1) != "");
  }
  CHECK(report(NAN, 1, 1) != "");
}

TEST_CASE("gradcheck: reports the worst element of all inputs, and asks only those that want it") {
  Tensor x = Tensor::of({2}, {0.5, -1}).set_requires_grad(), y = Tensor::of({3}, {1, 2, 3});
  y.set_requires_grad();
  x.set_grad(Tensor::ones({2}));  // which does not count
  const auto f = [&](const Tensor& x_slope, const Tensor& y_slope) {
    return [=](const std::vector<Tensor>& in) {
      return cat({with_slope(in[0], x_slope), with_slope(in[1], y_slope)}, 0);
    };
  };
  const Tensor right = Tensor::ones({1});
  CHECK(gradcheck(f(right, right), {x, y}, 0.0625, 0.01, 0) == "");
  CHECK(has(gradcheck(f(right, Tensor::of({3}, {1, 5, 2})), {x, y}, 0.0625, 0.01, 0),
            "input 1, element 1: backward gives "));
  CHECK(has(gradcheck(f(Tensor::of({2}, {9, 2}), Tensor::of({3}, {1, 5, 2})), {x, y}, 0.0625),
            "input 0, element 0: backward gives "));
  CHECK(x.to_vector() == Reals{0.5, -1});  // as they were
  CHECK(y.to_vector() == Reals{1, 2, 3});
  y.set_requires_grad(false);
  CHECK(gradcheck(f(right, Tensor::of({3}, {1, 5, 2})), {x, y}, 0.0625, 0.01, 0) == "");
  const auto first = [](const std::vector<Tensor>& in) { return in[0] * 2; };
  y.set_requires_grad();
  CHECK(gradcheck(first, {x, y}, 0.0625, 0.01, 0) == "");  // y has no gradient, and no slope
  const auto lost = [](const std::vector<Tensor>& in) { return in[0] + sum(in[1].detach()); };
  CHECK(has(gradcheck(lost, {x, y}, 0.0625, 0.01, 0), "input 1, element 0: backward gives 0, "));
  CHECK(has(error_of([&] {
              gradcheck(first, {transpose(Tensor::ones({2, 3}), 0, 1)});
            }),
            "[gradcheck] an input of shape (3, 2) is not a contiguous leaf"));
  CHECK(has(error_of([&] { gradcheck(first, {x * 2}); }), "(2,) is not a contiguous leaf"));
  CHECK(has(error_of([&] { gradcheck(first, {x}, 0); }), "[gradcheck] eps is 0"));
}

TEST_CASE("gradgradcheck: notices a second derivative that is wrong, by the inputs and by dout") {
  const Tensor x = Tensor::of({2}, {0.5, -1}).set_requires_grad();
  const auto square = [](const std::vector<Tensor>& in) { return in[0] * in[0]; };
  CHECK(gradgradcheck(square, {x}, 0.0625, 1e-3, 1e-3) == "");
  const auto loses = [](const std::vector<Tensor>& in) {  // where dx depends on dout
    return hook(in[0] * in[0], [](const Tensor& dy) { return dy.detach(); });
  };
  CHECK(has(gradgradcheck(loses, {x}, 0.0625, 1e-3, 1e-3), "input 1, element"));
  const auto constant_slope = [](const std::vector<Tensor>& in) {
    return in[0] * in[0].detach() * 2 - (in[0] * in[0]).detach();
  };
  CHECK(has(gradgradcheck(constant_slope, {x}, 0.0625, 1e-3, 1e-3), "input 0, element"));
}

TEST_CASE("jacobian, vjp, jvp: of a function from (2, 3) to (3), by hand") {
  const Tensor x = Tensor::of({2, 3}, {1, 2, 3, 4, 5, 6});
  const auto f = [](const Tensor& v) { return v[0] * v[1]; };  // y_j = x_0j x_1j
  const Tensor J = jacobian(f, x);
  CHECK(same(J, Tensor::of({3, 2, 3}, {4, 0, 0, 1, 0, 0,  //
                                       0, 5, 0, 0, 2, 0,  //
                                       0, 0, 6, 0, 0, 3})));
  CHECK(
      same(vjp(f, x, Tensor::of({3}, {1, 10, 100})), Tensor::of({2, 3}, {4, 50, 600, 1, 20, 300})));
  CHECK(same(jvp(f, x, Tensor::of({2, 3}, {1, 0, 2, 10, 0, 20})), Tensor::of({3}, {14, 0, 72})));
  CHECK_FALSE(J.requires_grad());
  const Tensor constant = Tensor::of({3}, {7, 8, 9});
  CHECK(same(jvp([&](auto& v) { return v[0].detach() * 0 + v[0] * 0 + constant; }, x, x),
             Tensor::zeros({3})));
  for (const char* name : {"jacobian", "vjp", "jvp"}) {
    const std::string text = error_of([&] {
      name[0] == 'v'   ? vjp(nullptr, x, x)
      : name[1] == 'v' ? jvp(nullptr, x, x)
                       : jacobian(nullptr, x);
    });
    CHECK(has(text, "[" + std::string(name) + "] the function is null"));
  }
}

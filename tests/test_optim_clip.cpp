// Clipping: norms and factors by their formulas, also where squares overflow or vanish.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/kernels/kernels.h"
#include "optim/clip.h"
#include "optim/more/clip_in_place.h"
#include "tests/paths.h"

using namespace cairn;
using namespace cairn::test;

namespace {

Tensor with_gradient(const std::vector<double>& g) {
  Tensor p = Tensor::zeros({static_cast<int64_t>(g.size())}).set_requires_grad();
  p.set_grad(tensor_of(g));
  return p;
}

}  // namespace

TEST_CASE("gradient_norm: any p over several parameters is (sum |g|^p)^(1/p) of all of them") {
  const std::vector<double> a{3, -4, 0, 0.5}, b{-1.5, 2, 0.25};
  const NamedTensors parameters{{"a", with_gradient(a)},
                                {"none", Tensor::ones({3}).set_requires_grad()},
                                {"b", with_gradient(b)}};
  for (const double p : {0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 7.0}) {
    double sum = 0;
    for (const auto& part : {a, b})
      for (const double x : part) sum += std::pow(std::abs(x), p);
    CHECK(gradient_norm(parameters, p) == doctest::Approx(std::pow(sum, 1 / p)).epsilon(1e-12));
  }
  CHECK(gradient_norm(parameters) == gradient_norm(parameters, 2));
  CHECK(gradient_norm(parameters, INFINITY) == 4);
  for (const double p : {1.0, 2.0, 3.0, static_cast<double>(INFINITY)}) {
    CHECK(gradient_norm({{"a", with_gradient({0, 0})}}, p) == 0);
    CHECK(gradient_norm({}, p) == 0);
    CHECK(gradient_norm({{"a", with_gradient({0.25})}}, p) == 0.25);
  }
}

TEST_CASE("gradient_norm: of ordinary numbers it is the root of the kernel's sum of squares") {
  const Tensor g = random_tensor({3000}, 1), h = random_tensor({70}, 2);
  Tensor p = Tensor::zeros({3000}).set_requires_grad(), q = Tensor::zeros({70}).set_requires_grad();
  p.set_grad(g), q.set_grad(h);
  const double squares =
      kernels().sum_of_squares(g.data(), 3000) + kernels().sum_of_squares(h.data(), 70);
  CHECK(gradient_norm({{"p", p}, {"q", q}}) == std::sqrt(squares));
}

TEST_CASE("gradient_norm: gradients so large or small that squares overflow or vanish") {
  for (const double p : {1.0, 2.0, 3.0}) {
    const double expected = std::pow(std::pow(3, p) + std::pow(4, p), 1 / p);
    for (const double size : {1e-37, 1e-30, 1e-20, 1e-15, 1e-13, 1.0, 1e15, 1e19, 1e30, 5e37}) {
      INFO("p " << p << ", size " << size);
      const NamedTensors two{{"a", with_gradient({3 * size})}, {"b", with_gradient({-4 * size})}};
      CHECK(gradient_norm(two, p) / size == doctest::Approx(expected).epsilon(1e-6));
    }
  }
}

TEST_CASE("gradient_norm: NaN if one is, wherever it stands, and else infinite if one is") {
  for (const double p : {1.0, 2.0, 3.0, static_cast<double>(INFINITY)}) {
    for (const std::vector<double>& g : std::vector<std::vector<double>>{
             {NAN, 1, 2}, {1, NAN, 2}, {1, 2, NAN}, {INFINITY, NAN, 1}, {NAN, INFINITY, 1}})
      CHECK(std::isnan(gradient_norm({{"p", with_gradient(g)}}, p)));
    CHECK(gradient_norm({{"p", with_gradient({1, -INFINITY, 2})}}, p) == INFINITY);
  }
}

TEST_CASE("clip_scale: max_norm / (norm + 1e-6), at most 1") {
  struct Row {
    double norm, max_norm, scale;
  };
  for (const Row& row : std::vector<Row>{{0.5, 1, 1},
                                         {0, 1, 1},
                                         {1, 1, 1 / 1.000001},
                                         {1, 1.000001, 1},
                                         {4, 1, 1 / 4.000001},
                                         {1e-6, 1e-6, 0.5},
                                         {3e-6, 1e-6, 0.25},
                                         {0, 1e-7, 0.1},
                                         {2, 0, 0},
                                         {2, INFINITY, 1},
                                         {INFINITY, 1, 0}})
    CHECK_MESSAGE(clip_scale(row.norm, row.max_norm) == doctest::Approx(row.scale).epsilon(1e-14),
                  row.norm << ", " << row.max_norm);
}

TEST_CASE("clip_grad_norm: multiplies by clip_scale's factor, and writes nothing if that is 1") {
  for (const double p : {1.0, 2.0, 3.0, static_cast<double>(INFINITY)}) {
    for (const double max_norm : {0.0, 0.5, 3.0, 100.0}) {
      const NamedTensors parameters{{"a", with_gradient({3, -1})}, {"b", with_gradient({0.5})}};
      const double norm = gradient_norm(parameters, p), scale = clip_scale(norm, max_norm);
      const Tensor a = parameters[0].tensor.grad(), b = parameters[1].tensor.grad();
      const int64_t version = a.impl().storage->version;
      CHECK(clip_grad_norm(parameters, max_norm, p) == norm);
      check_close(a, {3 * scale, -scale});
      check_close(b, {0.5 * scale});
      CHECK((a.impl().storage->version == version) == (scale == 1));
    }
  }
  const NamedTensors parameters{{"a", with_gradient({3, -4})}};
  CHECK(clip_grad_norm(parameters, 1) == 5);  // the default is the Euclidean norm
  check_close(parameters[0].tensor.grad(), {0.6, -0.8});
}

TEST_CASE("clip_grad_value: numbers end at the limit, a limit of 0 is zeros, NaN stays") {
  const auto clipped = [](double limit) {
    const Tensor p = with_gradient({-3, -1, 0.5, 2});
    clip_grad_value({{"p", p}}, limit);
    return p.grad();
  };
  check_close(clipped(1.5), {-1.5, -1, 0.5, 1.5});
  check_close(clipped(0), {0, 0, 0, 0});
  check_close(clipped(INFINITY), {-3, -1, 0.5, 2});
  const Tensor p = with_gradient({NAN, 7});
  clip_grad_value({{"p", p}}, 1);
  CHECK(std::isnan(p.grad().to_vector()[0]));
  CHECK(p.grad().to_vector()[1] == 1);
}

// Norms and factors of lists of gradients, and what is to be refused.
#include <cmath>
#include <exception>
#include <limits>
#include <string>

#include "core/ops.h"
#include "tutorials/08_optimisers/exercises/clip_gradients/clip_gradients.h"

namespace {

const double infinity = std::numeric_limits<double>::infinity();
const double nan = std::numeric_limits<double>::quiet_NaN();

Clipped mine(const NamedTensors& parameters, double p, double max_norm) {
  const double norm = cairn::gradient_norm(parameters, p);
  return {norm, cairn::clip_scale(norm, max_norm)};
}

// A parameter whose numbers are not its gradient's.
NamedTensor parameter(const std::string& name, const std::vector<real>& gradient) {
  const auto n = static_cast<int64_t>(gradient.size());
  Tensor p = Tensor::full({n}, 100).set_requires_grad();
  p.set_grad(Tensor::of({n}, gradient));
  return {name, p};
}

// Relative to its size.
double tolerance_of(double value) { return 1e-12 * std::fmin(1, std::fabs(value)); }

void check_clip(Clip* clip, check::Judge& judge) {
  const auto check = [&](const std::string& what, const NamedTensors& parameters, double p,
                         double norm, double max_norm = 1) {
    const std::string input = what + ", p = " +
                              (std::isinf(p) ? "infinity"
                               : p < 1       ? "1/2"
                                             : std::to_string(static_cast<int>(p)));
    judge.input(input);
    std::vector<std::vector<real>> before;
    for (const NamedTensor& one : parameters)
      before.push_back(one.tensor.grad().defined() ? one.tensor.grad().to_vector()
                                                   : std::vector<real>());
    Clipped got;
    try {
      got = clip(parameters, p, max_norm);
    } catch (const std::exception& error) {
      if (max_norm > 0) throw;
      return judge.that(false, input + ", max_norm = 0", "it was refused", error.what());
    }
    const auto number = [&](const char* name, double found, double expected) {
      const bool usual = std::isfinite(expected) && expected != 0;
      judge.equal(input + ": " + name, std::vector<real>{static_cast<real>(found)},
                  {static_cast<real>(expected)}, {1}, usual ? tolerance_of(expected) : 1e-300);
    };
    number("the norm", got.norm, norm);
    if (!std::isnan(norm)) number("the factor", got.scale, std::fmin(1, max_norm / (norm + 1e-6)));
    for (size_t i = 0; i < parameters.size(); ++i) {
      const Tensor g = parameters[i].tensor.grad();
      if (g.defined()) judge.unchanged(input + ": a gradient", g.to_vector(), before[i]);
    }
  };
  check("(3, -4)", {parameter("a", {3, -4})}, 2, 5);
  check("(3, -4), short enough", {parameter("a", {3, -4})}, 2, 5, 6);
  check("(3, -4), as long as allowed", {parameter("a", {3, -4})}, 2, 5, 5);
  check("(3, -4), nothing allowed", {parameter("a", {3, -4})}, 2, 5, 0);
  const NamedTensors two = {parameter("a", {2, -6}), parameter("b", {3})};
  check("(2, -6) and (3)", two, 2, 7, 2);
  check("(2, -6) and (3)", two, 1, 11, 2);
  check("(2, -6) and (3)", two, infinity, 6, 2);
  check("(3, -4, 5)", {parameter("a", {3, -4, 5})}, 3, 6);
  check("(1, 4) and (9)", {parameter("a", {1, 4}), parameter("b", {9})}, 0.5, 36);
  check("small ones", {parameter("a", {3e-7, 4e-7})}, 2, 5e-7, 1e-8);

  Tensor none = Tensor::ones({3}).set_requires_grad();
  check("one without a gradient", {{"none", none}, parameter("a", {6, 8})}, 2, 10);
  check("none with a gradient", {{"none", none}}, 2, 0);
  check("no parameters", {}, 2, 0);
  check("no numbers", {parameter("a", {})}, 2, 0);
  check("gradients of 0", {parameter("a", {0, 0})}, 2, 0);
  check("gradients of 0", {parameter("a", {0, 0})}, infinity, 0);
  const NamedTensor shared = parameter("a", {3, 4});
  check("one under two names", {shared, {"b", shared.tensor}, parameter("c", {12})}, 2, 13);
  Tensor turned = Tensor::ones({2, 3}).set_requires_grad();
  turned.impl().grad =
      transpose(Tensor::of({3, 2}, std::vector<real>{1, 2, 3, 4, 5, 6}), 0, 1).handle();
  check("a strided gradient", {{"turned", turned}}, 2, std::sqrt(91));

  for (const double p : {2., 1., infinity}) {
    check("NaN at the front", {parameter("a", {nan, 5}), parameter("b", {1, 2})}, p, nan);
    check("NaN at the end", {parameter("a", {5, 1}), parameter("b", {1, nan})}, p, nan);
    check("NaN before an infinity", {parameter("a", {nan, 1}), parameter("b", {infinity})}, p, nan);
    check("an infinity before NaN", {parameter("a", {infinity}), parameter("b", {nan})}, p, nan);
    check("an infinity", {parameter("a", {1, -infinity}), parameter("b", {1, 2})}, p, infinity);
  }
  const NamedTensors some = {parameter("a", {3, 4})};
  judge.throws("p = 0", [&] { clip(some, 0, 1); });
  judge.throws("p = -2", [&] { clip(some, -2, 1); });
  judge.throws("p = NaN", [&] { clip(some, nan, 1); });
  judge.throws("max_norm = -1", [&] { clip(some, 2, -1); });
  judge.throws("max_norm = NaN", [&] { clip(some, 2, nan); });
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Clip>({.name = "clip_gradients",
                           .check = check_clip,
                           .mine = mine,
                           .mistaken = mistakes::clip_gradients,
                           .mistakes = mistakes::list,
                           .alternatives = alternatives::list},
                          argc, argv);
}

// Steps from the state of the one before, against the formulas in long double.
#include <cmath>
#include <string>

#include "tutorials/08_optimisers/exercises/adamw/adamw.h"

namespace {

constexpr real behind = 7;  // what stands behind the n numbers

// What the optimiser computes for step t.
AdamWScalars scalars_of(double t, double lr, double beta1, double beta2, double eps, double decay,
                        double grad_scale = 1) {
  return {.grad_scale = grad_scale,
          .step_size = lr / (1 - std::pow(beta1, t)),
          .beta1 = beta1,
          .beta2 = beta2,
          .eps = eps,
          .v_scale = 1 / (1 - std::pow(beta2, t)),
          .decay = 1 - lr * decay};
}

struct State {
  std::vector<real> p, m, v;
};

State expected_of(State state, const std::vector<real>& g, const AdamWScalars& s) {
  for (size_t i = 0; i < g.size(); ++i) {
    const long double gi = static_cast<long double>(g[i]) * s.grad_scale;
    const long double m = s.beta1 * static_cast<long double>(state.m[i]) + (1 - s.beta1) * gi;
    const long double v = s.beta2 * static_cast<long double>(state.v[i]) + (1 - s.beta2) * gi * gi;
    const long double step = s.step_size * m / (std::sqrt(v * s.v_scale) + s.eps);
    state.m[i] = static_cast<real>(m), state.v[i] = static_cast<real>(v);
    state.p[i] = static_cast<real>(s.decay * static_cast<long double>(state.p[i]) - step);
  }
  return state;
}

// One step; `state` is then what it should be.
void check_step(AdamWStep* adamw, check::Judge& judge, const std::string& what, State& state,
                const std::vector<real>& gradients, const AdamWScalars& scalars) {
  const auto n = static_cast<int64_t>(gradients.size());
  State got = state;
  std::vector<real> g = gradients;
  for (std::vector<real>* x : {&got.p, &got.m, &got.v}) x->push_back(behind);
  adamw(got.p.data(), got.m.data(), got.v.data(), g.data(), scalars, n);
  bool kept = true;
  for (std::vector<real>* x : {&got.p, &got.m, &got.v}) kept &= x->back() == behind, x->pop_back();
  state = expected_of(state, gradients, scalars);
  judge.equal(what + ": m", got.m, state.m, {n});
  judge.equal(what + ": v", got.v, state.v, {n});
  judge.equal(what + ": p", got.p, state.p, {n});
  judge.unchanged(what + ": g", g, gradients);
  judge.that(kept, what + ": the number behind the last", "it was written");
}

State new_state(int64_t n) {
  const auto count = static_cast<size_t>(n);
  return {check::normal(n, 1), std::vector<real>(count), std::vector<real>(count)};
}

void check_adamw(AdamWStep* adamw, check::Judge& judge) {
  const auto check = [&](const std::string& what, State& state, const std::vector<real>& g,
                         const AdamWScalars& s) { check_step(adamw, judge, what, state, g, s); };
  State state = new_state(6);
  for (int t = 1; t <= 3; ++t)
    check("step " + std::to_string(t), state, check::normal(6, static_cast<uint64_t>(10 + t)),
          scalars_of(t, 0.1, 0.9, 0.999, 1e-8, 0));
  state = new_state(6);
  for (int t = 1; t <= 3; ++t)
    check("with decay, step " + std::to_string(t), state,
          check::normal(6, static_cast<uint64_t>(20 + t), 3),
          scalars_of(t, 0.1, 0.8, 0.95, 1e-8, 0.5));
  state = new_state(5);
  for (int t = 1; t <= 2; ++t)
    check("clipped to a quarter, step " + std::to_string(t), state,
          check::normal(5, static_cast<uint64_t>(30 + t)),
          scalars_of(t, 0.1, 0.9, 0.999, 1e-8, 0.1, 0.25));
  state = new_state(5);
  check("a large eps", state, check::normal(5, 40), scalars_of(1, 0.1, 0.9, 0.99, 2, 0));
  state = new_state(4);
  check("gradients of 0", state, {0, 0, 0, 0}, scalars_of(1, 0.1, 0.9, 0.99, 1e-8, 0.1));
  state = new_state(4);
  check("eps 0, small gradients", state, {1e-9, -2e-9, 3e-9, -4e-9},
        scalars_of(1, 0.1, 0.9, 0.99, 0, 0.1));
  state = new_state(4);
  check("betas of 0", state, check::normal(4, 50), scalars_of(1, 0.1, 0, 0, 1e-8, 0));
  state = new_state(1);
  check("one number", state, {5}, scalars_of(1, 0.1, 0.9, 0.999, 1e-8, 0.1));
  state = new_state(0);
  check("no numbers", state, {}, scalars_of(1, 0.1, 0.9, 0.999, 1e-8, 0.1));
}

void work(AdamWStep* adamw) {
  static const std::vector<real> g = check::normal(100000, 60);
  static std::vector<real> p = g, m(g.size()), v(g.size());
  adamw(p.data(), m.data(), v.data(), g.data(), scalars_of(1, 1e-5, 0.9, 0.999, 1e-8, 0.01),
        static_cast<int64_t>(g.size()));
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<AdamWStep>({.name = "adamw",
                                .check = check_adamw,
                                .mine = mine::adamw,
                                .mistaken = mistakes::adamw,
                                .mistakes = mistakes::list,
                                .alternatives = alternatives::list,
                                .library = cairn::kernels().adamw,
                                .work = work},
                               argc, argv);
}

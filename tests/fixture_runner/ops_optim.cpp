// Optimisers, clipping and learning-rate schedules, by the fixtures' names.
#include "optim/adamw.h"
#include "optim/more/adadelta.h"
#include "optim/more/adafactor.h"
#include "optim/more/adagrad.h"
#include "optim/more/adam.h"
#include "optim/more/adamax.h"
#include "optim/more/clip_in_place.h"
#include "optim/more/nadam.h"
#include "optim/more/plateau.h"
#include "optim/more/radam.h"
#include "optim/more/rmsprop.h"
#include "optim/more/schedules.h"
#include "optim/more/sgd.h"
#include "tests/fixture_runner/ops.h"
#include "tests/fixture_runner/values.h"

namespace cairn {
namespace {

using C = const OpCall&;

Tensor parameter(const Tensor& start) { return copy(start).set_requires_grad(); }

// One group of both parameters, or the groups that the case lists.
std::vector<ParameterGroup> groups_of(C c, const Tensor& w, const Tensor& b, double weight_decay) {
  const Json* groups = c.attrs.find("groups");
  if (!groups) return {{{{"w", w}, {"b", b}}, weight_decay, 1}};
  std::vector<ParameterGroup> result;
  for (const Json& group : groups->items()) {
    ParameterGroup g{{}, group.get("weight_decay", weight_decay), 1};
    g.lr_scale = group.get("lr", c.attrs.at("lr").as_double()) / c.attrs.at("lr").as_double();
    for (const Json& name : group.at("params").items())
      g.parameters.push_back({name.as_string(), name.as_string() == "w" ? w : b});
    result.push_back(g);
  }
  return result;
}

// w and b after each step of this optimiser. A case without a rate leaves it to the optimiser.
template <class Optimizer, class Options>
Outputs trajectory(C c, const Options& options, double usual_decay = 0) {
  Tensor w = parameter(c["w0"]), b = parameter(c["b0"]);
  Optimizer optimizer(groups_of(c, w, b, c.attrs.get("weight_decay", usual_decay)), options);
  std::vector<Tensor> ws, bs;
  for (int64_t step = 0; step < c["gw"].size(0); ++step) {
    w.set_grad(copy(select(c["gw"], 0, step)));
    b.set_grad(copy(select(c["gb"], 0, step)));
    optimizer.step(c.has_attr("lr") ? c.attrs.at("lr").as_double() : 1,
                   c.has_attr("maximize") ? -1 : 1);
    ws.push_back(unsqueeze(copy(w.detach()), 0));
    bs.push_back(unsqueeze(copy(b.detach()), 0));
  }
  return {cat(ws, 0), cat(bs, 0)};
}

double beta(C c, size_t i) { return c.attrs.at("betas")[i].as_double(); }
double eps(C c) { return c.attrs.at("eps").as_double(); }

Outputs sgd(C c) {
  return trajectory<SGD>(c, SGDOptions{.momentum = c.attrs.get("momentum", 0.0),
                                       .dampening = c.attrs.get("dampening", 0.0),
                                       .nesterov = c.has_attr("nesterov")});
}

Outputs adam(C c) {
  return trajectory<Adam>(c, AdamOptions{.beta1 = beta(c, 0),
                                         .beta2 = beta(c, 1),
                                         .eps = eps(c),
                                         .amsgrad = c.has_attr("amsgrad")});
}

Outputs adamw(C c) {
  if (c.has_attr("amsgrad")) throw Unsupported{"AdamW has no amsgrad, Adam has"};
  const AdamWOptions options{.beta1 = beta(c, 0), .beta2 = beta(c, 1), .eps = eps(c)};
  return trajectory<AdamW>(c, options, 0.01);
}

Outputs adagrad(C c) {
  return trajectory<Adagrad>(
      c, AdagradOptions{.lr_decay = c.attrs.get("lr_decay", 0.0),
                        .initial_accumulator_value = c.attrs.get("initial_accumulator_value", 0.0),
                        .eps = eps(c)});
}

Outputs rmsprop(C c) {
  return trajectory<RMSprop>(c, RMSpropOptions{.alpha = c.attrs.at("alpha").as_double(),
                                               .eps = eps(c),
                                               .momentum = c.attrs.get("momentum", 0.0),
                                               .centered = c.has_attr("centered")});
}

Outputs adamax(C c) {
  return trajectory<Adamax>(c,
                            AdamaxOptions{.beta1 = beta(c, 0), .beta2 = beta(c, 1), .eps = eps(c)});
}

Outputs nadam(C c) {
  return trajectory<NAdam>(
      c, NAdamOptions{.beta1 = beta(c, 0),
                      .beta2 = beta(c, 1),
                      .eps = eps(c),
                      .momentum_decay = c.attrs.at("momentum_decay").as_double()});
}

Outputs radam(C c) {
  return trajectory<RAdam>(c,
                           RAdamOptions{.beta1 = beta(c, 0), .beta2 = beta(c, 1), .eps = eps(c)});
}

Outputs adadelta(C c) {
  return trajectory<Adadelta>(c,
                              AdadeltaOptions{.rho = c.attrs.at("rho").as_double(), .eps = eps(c)});
}

Outputs adafactor(C c) {
  const Json& eps = c.attrs.at("eps");
  return trajectory<Adafactor>(
      c, AdafactorOptions{.eps1 = eps[0].as_double(),
                          .eps2 = eps[1].as_double(),
                          .clip_threshold = c.attrs.at("clip_threshold").as_double(),
                          .decay_rate = c.attrs.at("decay_rate").as_double(),
                          .beta1 = c.attrs.get("beta1", 0.0),
                          .scale_parameter = c.has_attr("scale_parameter"),
                          .relative_step = c.has_attr("relative_step"),
                          .warmup_init = c.has_attr("warmup_init")});
}

// Parameters whose gradients are the case's inputs of these names.
NamedTensors with_gradients(C c, std::initializer_list<const char*> names) {
  NamedTensors parameters;
  for (const char* name : names) {
    Tensor p = Tensor::zeros(c[name].shape()).set_requires_grad();
    p.set_grad(copy(c[name]));
    parameters.push_back({name, p});
  }
  return parameters;
}

Outputs clip_norm(C c) {
  const NamedTensors p = with_gradients(c, {"g0", "g1"});
  const double norm = clip_grad_norm(p, c.attrs.at("max_norm").as_double(), c.number("norm_type"));
  return {Tensor::scalar(static_cast<real>(norm)), p[0].tensor.grad(), p[1].tensor.grad()};
}

Outputs clip_value(C c) {
  const NamedTensors p = with_gradients(c, {"g0"});
  clip_grad_value(p, c.attrs.at("clip_value").as_double());
  return {p[0].tensor.grad()};
}

// The rate at each of the case's steps.
template <class Factor>
Outputs schedule(C c, const Factor& factor, const char* base = "base_lr") {
  std::vector<real> rates;
  for (int64_t step = 0; step < c["steps"].numel(); ++step)
    rates.push_back(static_cast<real>(c.attrs.at(base).as_double() * factor(step)));
  return {Tensor::of({static_cast<int64_t>(rates.size())}, rates)};
}

// An end that the case gives as a rate.
double end(C c, const char* name) {
  return c.attrs.get(name, 0.0) / c.attrs.at("base_lr").as_double();
}

Outputs multi_step(C c) {
  std::vector<int64_t> milestones;
  for (const Json& milestone : c.attrs.at("milestones").items())
    milestones.push_back(milestone.as_int());
  const double gamma = c.attrs.at("gamma").as_double();
  return schedule(c, [&](int64_t s) { return multi_step_schedule(s, milestones, gamma); });
}

Outputs one_cycle(C c) {
  const OneCycle cycle{.pct_start = c.attrs.at("pct_start").as_double(),
                       .cosine = c.text("anneal") == "cos",
                       .three_phase = c.has_attr("three_phase"),
                       .div_factor = c.attrs.at("div_factor").as_double(),
                       .final_div_factor = c.attrs.at("final_div_factor").as_double()};
  const int total = c.integer("total_steps");
  return schedule(
      c, [&](int64_t s) { return one_cycle_schedule(s, total, cycle); }, "max_lr");
}

// The rate at a step is the one before the step's metric is seen.
Outputs plateau(C c) {
  ReduceOnPlateau plateau({.maximise = c.text("mode") == "max",
                           .factor = c.attrs.at("factor").as_double(),
                           .patience = c.integer("patience"),
                           .threshold = c.attrs.at("threshold").as_double()});
  std::vector<real> rates;
  for (real metric : c["metric"].to_vector()) {
    rates.push_back(static_cast<real>(c.attrs.at("base_lr").as_double() * plateau.factor()));
    plateau.step(metric);
  }
  return {Tensor::of({static_cast<int64_t>(rates.size())}, rates)};
}

double number(C c, const char* name) { return c.attrs.at(name).as_double(); }

constexpr OpEntry entries[] = {
    {"sgd", sgd},
    {"adam", adam},
    {"adamw", adamw},
    {"adagrad", adagrad},
    {"rmsprop", rmsprop},
    {"adamax", adamax},
    {"nadam", nadam},
    {"radam", radam},
    {"adadelta", adadelta},
    {"adafactor_hf", adafactor},
    {"clip_grad_norm", clip_norm},
    {"clip_grad_value", clip_value},
    {"sched_multistep", multi_step},
    {"sched_one_cycle", one_cycle},
    {"sched_plateau", plateau},
    {"sched_step",
     [](C c) {
       return schedule(c, [&](int64_t s) {
         return step_schedule(s, c.integer("step_size"), number(c, "gamma"));
       });
     }},
    {"sched_exponential",
     [](C c) {
       return schedule(c, [&](int64_t s) { return exponential_schedule(s, number(c, "gamma")); });
     }},
    {"sched_cosine",
     [](C c) {
       return schedule(
           c, [&](int64_t s) { return cosine_schedule(s, c.integer("T_max"), end(c, "eta_min")); });
     }},
    {"sched_cosine_restarts",
     [](C c) {
       return schedule(c, [&](int64_t s) {
         return cosine_warm_restarts_schedule(s, c.integer("T_0"), c.integer("T_mult"),
                                              end(c, "eta_min"));
       });
     }},
    {"sched_polynomial",
     [](C c) {
       return schedule(c, [&](int64_t s) {
         return polynomial_schedule(s, c.integer("total_iters"), number(c, "power"));
       });
     }},
    {"sched_linear",
     [](C c) {
       return schedule(c, [&](int64_t s) {
         return linear_schedule(s, c.integer("total_iters"), number(c, "start_factor"),
                                number(c, "end_factor"));
       });
     }},
    {"sched_hf_constant_warmup",
     [](C c) {
       return schedule(c, [&](int64_t s) { return constant_with_warmup(s, c.integer("warmup")); });
     }},
    {"sched_hf_linear_warmup",
     [](C c) {
       return schedule(c, [&](int64_t s) {
         return linear_with_warmup(s, c.integer("warmup"), c.integer("total"));
       });
     }},
    {"sched_hf_cosine_warmup",
     [](C c) {
       return schedule(c, [&](int64_t s) {
         return cosine_with_warmup(s, c.integer("warmup"), c.integer("total"),
                                   c.attrs.get("cycles", 0.5));
       });
     }},
    {"sched_hf_polynomial_warmup",
     [](C c) {
       const int warmup = c.integer("warmup"), rest = c.integer("total") - warmup;
       return schedule(c, [&](int64_t step) {
         return with_warmup(step, warmup, [&](int64_t s) {
           return polynomial_schedule(s, rest, number(c, "power"), end(c, "lr_end"));
         });
       });
     }},
};

}  // namespace

std::span<const OpEntry> optim_entries() { return entries; }

}  // namespace cairn

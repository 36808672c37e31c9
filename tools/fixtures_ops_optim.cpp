// Optimisers, clipping and learning-rate schedules, by the fixtures' names.
#include "optim/adam.h"
#include "optim/clip.h"
#include "optim/schedule.h"
#include "optim/sgd.h"
#include "tools/fixtures_ops.h"
#include "tools/fixtures_values.h"

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

// w and b after each step.
Outputs trajectory(C c, Optimizer& optimizer, Tensor w, Tensor b) {
  std::vector<Tensor> ws, bs;
  for (int64_t step = 0; step < c["gw"].size(0); ++step) {
    w.set_grad(copy(select(c["gw"], 0, step)));
    b.set_grad(copy(select(c["gb"], 0, step)));
    optimizer.step(c.attrs.at("lr").as_double(), c.has_attr("maximize") ? -1 : 1);
    ws.push_back(unsqueeze(copy(w.detach()), 0));
    bs.push_back(unsqueeze(copy(b.detach()), 0));
  }
  return {cat(ws, 0), cat(bs, 0)};
}

Outputs sgd(C c) {
  const Tensor w = parameter(c["w0"]), b = parameter(c["b0"]);
  Sgd optimizer(groups_of(c, w, b, c.attrs.get("weight_decay", 0.0)),
                {.momentum = c.attrs.get("momentum", 0.0),
                 .dampening = c.attrs.get("dampening", 0.0),
                 .nesterov = c.has_attr("nesterov")});
  return trajectory(c, optimizer, w, b);
}

template <class Optimizer>
Outputs adam(C c, double usual_decay) {
  if (c.has_attr("amsgrad")) throw Unsupported{"no such op yet: amsgrad"};
  const Tensor w = parameter(c["w0"]), b = parameter(c["b0"]);
  const Json& betas = c.attrs.at("betas");
  Optimizer optimizer(groups_of(c, w, b, c.attrs.get("weight_decay", usual_decay)),
                      {.beta1 = betas[0].as_double(), .beta2 = betas[1].as_double(),
                       .eps = c.attrs.at("eps").as_double()});
  return trajectory(c, optimizer, w, b);
}

Outputs clip_norm(C c) {
  if (c.number("norm_type") != 2)
    throw Unsupported{"no such op yet: clipping by another norm than 2"};
  NamedTensors parameters;
  for (const char* name : {"g0", "g1"}) {
    Tensor p = Tensor::zeros(c[name].shape()).set_requires_grad();
    p.set_grad(copy(c[name]));
    parameters.push_back({name, p});
  }
  const double norm = clip_grad_norm(parameters, c.attrs.at("max_norm").as_double());
  return {Tensor::scalar(static_cast<real>(norm)), parameters[0].tensor.grad(),
          parameters[1].tensor.grad()};
}

template <class Factor>
Outputs schedule(C c, const Factor& factor) {
  std::vector<real> rates;
  for (int64_t step = 0; step < c["steps"].numel(); ++step)
    rates.push_back(static_cast<real>(c.attrs.at("base_lr").as_double() * factor(step)));
  return {Tensor::of({static_cast<int64_t>(rates.size())}, rates)};
}

constexpr OpEntry entries[] = {
    {"sgd", sgd},
    {"adam", [](C c) { return adam<Adam>(c, 0); }},
    {"adamw", [](C c) { return adam<AdamW>(c, 0.01); }},
    {"clip_grad_norm", clip_norm},
    {"sched_hf_constant_warmup",
     [](C c) {
       return schedule(c, [&](int64_t step) {
         return constant_with_warmup(step, c.integer("warmup"));
       });
     }},
    {"sched_hf_linear_warmup",
     [](C c) {
       return schedule(c, [&](int64_t step) {
         return linear_with_warmup(step, c.integer("warmup"), c.integer("total"));
       });
     }},
    {"sched_hf_cosine_warmup",
     [](C c) {
       return schedule(c, [&](int64_t step) {
         return cosine_with_warmup(step, c.integer("warmup"), c.integer("total"),
                                   c.attrs.get("cycles", 0.5));
       });
     }},
};

}  // namespace

std::span<const OpEntry> optim_entries() { return entries; }

}  // namespace cairn

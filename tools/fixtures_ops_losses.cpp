// Losses and normalisations, by the fixtures' names.
#include <algorithm>
#include <cmath>

#include "tools/fixtures_ops.h"
#include "tools/fixtures_values.h"

namespace cairn {
namespace {

using C = const OpCall&;

// Classes on the last axis: the fixtures have them on axis 1, as PyTorch does.
Tensor classes_last(const Tensor& x) {
  if (x.axes() <= 2) return x;
  Axes axes{0};
  for (int i = 2; i < x.axes(); ++i) axes.push_back(i);
  axes.push_back(1);
  return permute(x, axes);
}

Reduction reduction_of(C c) {
  const std::string text = c.text("reduction");
  return text == "none" ? Reduction::none : text == "sum" ? Reduction::sum : Reduction::mean;
}

int32_t ignored_label(C c) { return c.has_attr("ignore_index") ? c.integer("ignore_index") : -100; }

// What each class of each row weighs in the loss -sum(weight log p), and in the mean's divisor.
struct Targets {
  Tensor weights;  // of the logits' shape
  double total = 0;
};

Targets smoothed_targets(C c, const Tensor& x) {
  const Ids labels = c.ids("y");
  const int64_t classes = x.size(-1);
  const std::vector<real> weight =
      c.has("w") ? c["w"].to_vector() : std::vector<real>(static_cast<size_t>(classes), 1);
  const real smoothing = c.has_attr("label_smoothing") ? c.number("label_smoothing") : 0;
  const real spread = smoothing / static_cast<real>(classes);
  std::vector<real> weights(static_cast<size_t>(x.numel()), 0);
  Targets targets;
  for (int64_t i = 0; i < labels.numel(); ++i) {
    if (labels[i] == ignored_label(c)) continue;
    targets.total += weight[static_cast<size_t>(labels[i])];
    for (int64_t j = 0; j < classes; ++j) {
      const real target = (j == labels[i] ? 1 - smoothing : 0) + spread;
      weights[static_cast<size_t>(i * classes + j)] = target * weight[static_cast<size_t>(j)];
    }
  }
  targets.weights = Tensor::of(x.shape(), weights);
  return targets;
}

Outputs cross_entropies(C c) {
  const Tensor x = classes_last(c["x"]);
  const Ids y = c.ids("y");
  const bool none = std::all_of(y.values().begin(), y.values().end(),
                                [&](int32_t label) { return label == ignored_label(c); });
  if (none && reduction_of(c) == Reduction::mean)
    throw Unsupported{"another convention: the mean over no label is 0 here, NaN there"};
  if (!c.has("w") && !c.has_attr("label_smoothing"))
    return {cross_entropy(x, y, reduction_of(c), ignored_label(c))};
  const Targets targets = smoothed_targets(c, x);
  const Tensor each = -sum(log_softmax(x) * targets.weights, {-1});
  if (reduction_of(c) == Reduction::none) return {each};
  if (reduction_of(c) == Reduction::sum) return {sum(each)};
  return {sum(each) / static_cast<real>(targets.total)};
}

Outputs cross_entropy_of_probabilities(C c) {
  const Tensor x = classes_last(c["x"]), q = classes_last(c["q"]);
  const real smoothing = c.has_attr("label_smoothing") ? c.number("label_smoothing") : 0;
  const Tensor target = q * (1 - smoothing) + smoothing / static_cast<real>(x.size(-1));
  return {c.reduced(-sum(log_softmax(x) * target, {-1}))};
}

Outputs smooth_l1(C c) {
  const real beta = c.number("beta");
  const Tensor distance = absolute(c["x"] - c["y"]);
  const Tensor near = less(distance, Tensor::scalar(beta));
  return {c.reduced(where(near, distance * distance * (real{0.5} / beta), distance - beta / 2))};
}

Outputs bce_with_logits(C c) {
  const Tensor &x = c["x"], &y = c["y"];
  Tensor weight = Tensor::ones({});  // of the positive answers
  if (c.has("pw")) weight = (c["pw"] - 1) * y + 1;
  return {c.reduced((1 - y) * x + weight * softplus(-x))};
}

// q (ln q - log p), where q = 0 gives 0.
Outputs kl_divergence(C c) {
  const Tensor& q = c["q"];
  std::vector<real> entropy = q.to_vector();
  for (real& p : entropy) p = p > 0 ? p * std::log(p) : 0;
  return {c.reduced(Tensor::of(q.shape(), entropy) - q * log_softmax(c["x"]))};
}

// The last axes as one, and how many they were.
Tensor joined(const Tensor& x, size_t axes) {
  Shape shape = x.shape();
  for (size_t i = 1; i < axes; ++i) {
    const int64_t last = shape.back();
    shape.erase(shape.size() - 1);
    shape[shape.size() - 1] *= last;
  }
  return reshape(x, shape);
}

Outputs layer_norms(C c) {
  const size_t axes = c.attrs.at("normalized_shape").size();
  const auto vector = [&](const char* name) {
    return c.has(name) ? reshape(c[name], {c[name].numel()}) : Tensor();
  };
  const Tensor y = layer_norm(joined(c["x"], axes), vector("w"), vector("b"), c.number("eps"));
  return {reshape(y, c["x"].shape())};
}

Outputs rms_norm(C c) {
  Axes axes;
  for (int i = static_cast<int>(c.attrs.at("normalized_shape").size()); i > 0; --i)
    axes.push_back(-i);
  const Tensor& x = c["x"];
  return {x / sqrt(mean(x * x, axes, true) + c.number("eps")) * c["w"]};
}

Tensor along_channels(const Tensor& x) { return unsqueeze(x, 1); }  // (C) for (B, C, L)

Outputs group_norm(C c) {
  const Tensor& x = c["x"];
  const Tensor groups = reshape(x, {x.size(0), c.integer("groups"), -1});
  const Tensor y = layer_norm(groups, Tensor(), Tensor(), c.number("eps"));
  return {reshape(y, x.shape()) * along_channels(c["w"]) + along_channels(c["b"])};
}

Outputs batch_norm(C c) {
  if (c.has_attr("training")) throw Unsupported{"no such op yet: batch_norm in training"};
  const Tensor scale = along_channels(div(c["w"], sqrt(c["rv"] + c.number("eps"))));
  return {(c["x"] - along_channels(c["rm"])) * scale + along_channels(c["b"])};
}

Outputs prelu(C c) {
  return {relu(c["x"]) - along_channels(c["w"]) * positive_part_of_minus(c["x"])};
}

Outputs glu(C c) {
  const int axis = c.integer("dim");
  const int64_t half = c["x"].size(axis) / 2;
  return {slice(c["x"], axis, 0, half) * sigmoid(slice(c["x"], axis, half, 2 * half))};
}

Outputs embeddings(C c) {
  Tensor w = c["w"];
  if (c.has_attr("padding_idx")) {  // no gradient reaches that row
    Tensor padding = Tensor::zeros({w.size(0), 1});
    select(padding, 0, c.integer("padding_idx")).fill_(1);
    w = w * (1 - padding) + w.detach() * padding;
  }
  return {embedding(w, c.ids("ids"))};
}

constexpr OpEntry entries[] = {
    {"cross_entropy", cross_entropies},
    {"nll_loss", cross_entropies},  // its input is log_softmax(x): the same
    {"cross_entropy_soft", cross_entropy_of_probabilities},
    {"mse_loss",
     [](C c) -> Outputs {
       const Tensor d = c["x"] - c["y"];
       return {c.reduced(d * d)};
     }},
    {"l1_loss", [](C c) -> Outputs { return {c.reduced(absolute(c["x"] - c["y"]))}; }},
    {"smooth_l1_loss", smooth_l1},
    {"bce_with_logits", bce_with_logits},
    {"kl_div", kl_divergence},
    {"layer_norm", layer_norms},
    {"rms_norm", rms_norm},
    {"group_norm", group_norm},
    {"batch_norm", batch_norm},
    {"prelu", prelu},
    {"glu", glu},
    {"embedding", embeddings},
};

}  // namespace

std::span<const OpEntry> loss_entries() { return entries; }

}  // namespace cairn

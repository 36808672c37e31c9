// Losses and normalisations, by the fixtures' names.
#include <algorithm>
#include <cmath>

#include "tests/fixture_runner/ops.h"
#include "tests/fixture_runner/values.h"

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

CrossEntropyOptions options_of(C c) {
  CrossEntropyOptions options;
  options.reduction = c.reduction();
  if (c.has_attr("ignore_index")) options.ignore_index = c.integer("ignore_index");
  if (c.has_attr("label_smoothing")) options.label_smoothing = c.number("label_smoothing");
  if (c.has("w")) options.weight = c["w"];
  return options;
}

void check_labels(C c) {
  const Ids y = c.ids("y");
  const CrossEntropyOptions options = options_of(c);
  const bool none = std::all_of(y.values().begin(), y.values().end(),
                                [&](int32_t label) { return label == options.ignore_index; });
  if (none && options.reduction == Reduction::mean)
    throw Unsupported{"another convention: the mean over no label is 0 here, NaN there"};
}

Tensor cross_entropies(C c) {
  const Tensor x = classes_last(c["x"]);
  const CrossEntropyOptions options = options_of(c);
  if (c.has("q")) return cross_entropy(x, classes_last(c["q"]), options);
  check_labels(c);
  const Ids y = c.ids("y");
  const bool plain = !c.has("w") && options.label_smoothing == 0;
  return plain ? cross_entropy(x, y, options.reduction, options.ignore_index)
               : cross_entropy(x, y, options);
}

// "x" is what log_softmax gets.
Tensor nll(C c) {
  check_labels(c);
  return nll_loss(log_softmax(c["x"]), c.ids("y"), options_of(c));
}

Tensor bce_with_logits(C c) {
  const Tensor pos_weight = c.has("pw") ? c["pw"] : Tensor();
  return binary_cross_entropy_with_logits(c["x"], c["y"], pos_weight, c.reduction());
}

// Of probabilities; torch takes -100 for the logarithm of 0.
Tensor bce(C c) {
  const Tensor &p = c["p"], &y = c["y"];
  return c.reduced(-(y * clamp(log(p), -100) + (1 - y) * clamp(log(1 - p), -100)));
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

Outputs rms_norms(C c) {
  const size_t axes = c.attrs.at("normalized_shape").size();
  const Tensor w = reshape(c["w"], {c["w"].numel()});
  return {reshape(rms_norm(joined(c["x"], axes), w, c.number("eps")), c["x"].shape())};
}

Tensor along_channels(const Tensor& x) { return unsqueeze(x, 1); }  // (C) for (B, C, L)

Outputs group_norm(C c) {
  const Tensor& x = c["x"];
  const Tensor groups = reshape(x, {x.size(0), c.integer("groups"), -1});
  const Tensor y = layer_norm(groups, Tensor(), Tensor(), c.number("eps"));
  return {reshape(y, x.shape()) * along_channels(c["w"]) + along_channels(c["b"])};
}

// In training: of the batch's own statistics, which the running ones move towards.
Outputs batch_norm(C c) {
  const Tensor& x = c["x"];
  const auto normal = [&](const Tensor& centre, const Tensor& spread) {
    const Tensor scale = along_channels(c["w"] * rsqrt(spread + c.number("eps")));
    return (x - along_channels(centre)) * scale + along_channels(c["b"]);
  };
  if (!c.has_attr("training")) return {normal(c["rm"], c["rv"])};
  const Tensor centre = mean(x, {0, 2}), spread = var(x, {0, 2}, 0);
  const auto moved = [&](const char* name, const Tensor& now) {
    return c[name] + (now.detach() - c[name]) * c.number("momentum");
  };
  return {normal(centre, spread), moved("rm", centre), moved("rv", var(x, {0, 2}, 1))};
}

Tensor prelu(C c) {
  return where(less(Tensor::scalar(0), c["x"]), c["x"], along_channels(c["w"]) * c["x"]);
}

// x (B, C, L), w (out, C, width): each tap of the filter is a product with a slice of x.
Tensor conv1d(C c) {
  const Tensor& w = c["w"];
  const int64_t stride = c.integer("stride"), apart = c.integer("dilation");
  const Tensor x = pad(c["x"], {c.integer("padding"), c.integer("padding")});
  const int64_t length = x.size(2) - apart * (w.size(2) - 1);
  Tensor y = along_channels(c["b"]);
  for (int64_t tap = 0; tap < w.size(2); ++tap)
    y = y + matmul(select(w, 2, tap), slice(x, 2, tap * apart, tap * apart + length, stride));
  return y;
}

// The windows of (B, C, L), as a new first axis.
Tensor windows(C c, real padding) {
  const int64_t width = c.integer("kernel"), stride = c.integer("stride");
  const Tensor x = pad(c["x"], {c.integer("padding"), c.integer("padding")}, padding);
  std::vector<Tensor> taps;
  for (int64_t tap = 0; tap < width; ++tap)
    taps.push_back(slice(x, 2, tap, x.size(2) - width + 1 + tap, stride));
  return stack(taps);
}

Tensor glu(C c) {
  const std::vector<Tensor> halves = chunk(c["x"], 2, c.integer("dim"));
  return halves[0] * sigmoid(halves[1]);
}

Tensor embeddings(C c) {
  const Ids ids = c.ids("ids");
  return c.has_attr("padding_idx") ? embedding(c["w"], ids, c.integer("padding_idx"))
                                   : embedding(c["w"], ids);
}

constexpr OpEntry entries[] = {
    {"cross_entropy", [](C c) -> Outputs { return {cross_entropies(c)}; }},
    {"cross_entropy_soft", [](C c) -> Outputs { return {cross_entropies(c)}; }},
    {"nll_loss", [](C c) -> Outputs { return {nll(c)}; }},
    {"mse_loss", [](C c) -> Outputs { return {mse_loss(c["x"], c["y"], c.reduction())}; }},
    {"l1_loss", [](C c) -> Outputs { return {l1_loss(c["x"], c["y"], c.reduction())}; }},
    {"smooth_l1_loss",
     [](C c) -> Outputs {
       return {smooth_l1_loss(c["x"], c["y"], c.number("beta"), c.reduction())};
     }},
    {"bce_with_logits", [](C c) -> Outputs { return {bce_with_logits(c)}; }},
    {"bce", [](C c) -> Outputs { return {bce(c)}; }},
    {"kl_div",  // of log_softmax(x), too
     [](C c) -> Outputs { return {kl_div(log_softmax(c["x"]), c["q"], c.reduction())}; }},
    {"cosine_similarity",
     [](C c) -> Outputs {
       return {cosine_similarity(c["x"], c["y"], c.integer("dim"), c.number("eps"))};
     }},
    {"layer_norm", layer_norms},
    {"rms_norm", rms_norms},
    {"group_norm", group_norm},
    {"batch_norm", batch_norm},
    {"prelu", [](C c) -> Outputs { return {prelu(c)}; }},
    {"glu", [](C c) -> Outputs { return {glu(c)}; }},
    {"conv1d", [](C c) -> Outputs { return {conv1d(c)}; }},
    {"max_pool1d", [](C c) -> Outputs { return {max(windows(c, -INFINITY), 0).first}; }},
    {"avg_pool1d", [](C c) -> Outputs { return {mean(windows(c, 0), {0})}; }},
    {"embedding", [](C c) -> Outputs { return {embeddings(c)}; }},
};

}  // namespace

std::span<const OpEntry> loss_entries() { return entries; }

}  // namespace cairn

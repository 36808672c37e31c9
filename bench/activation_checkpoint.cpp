// What activation checkpointing saves and costs: a training step of a Transformer encoder of 12
// layers, plain and with each layer checkpointed. The peak counts the tensors made during a step.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "core/autograd/autograd.h"
#include "core/autograd/more/activation_checkpoint.h"
#include "core/autograd/observer.h"
#include "nn/more/positions.h"
#include "nn/more/transformer.h"

using namespace cairn;

namespace {

constexpr int64_t B = 8, T = 128, C = 256;

struct LiveBytes final : Observer {
  int64_t now = 0, most = 0;
  void born(const Storage& s) override { most = std::max(most, now += s.block); }
  void died(const Storage& s) override { now -= s.block; }
};

struct Cost {
  double megabytes, milliseconds;
};

Cost step(TransformerEncoder& encoder, const Tensor& x, bool checkpointed) {
  const auto start = std::chrono::steady_clock::now();
  const LiveBytes bytes;
  Tensor h = x;
  for (TransformerEncoderLayer& layer : encoder.layers)
    h = !checkpointed
            ? layer(h, Rows::equal(B, T))
            : activation_checkpoint([&](auto& in) { return layer(in[0], Rows::equal(B, T)); }, {h},
                                    layer.named_parameters());
  sum(h * h).backward();
  encoder.zero_grad();
  const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
  return {static_cast<double>(bytes.most) / 1e6, time.count()};
}

}  // namespace

int main() {
  TransformerEncoder encoder({.d_model = C, .nhead = 8, .dim_feedforward = 4 * C}, 12);
  const Tensor x = sinusoidal_positions(B * T, C);
  std::printf("%-14s %10s %10s\n", "", "peak, MB", "ms");
  for (bool checkpointed : {false, true}) {
    std::vector<Cost> costs;
    for (int i = 0; i < 7; ++i) costs.push_back(step(encoder, x, checkpointed));
    std::sort(costs.begin(), costs.end(),
              [](const Cost& a, const Cost& b) { return a.milliseconds < b.milliseconds; });
    std::printf("%-14s %10.1f %10.1f\n", checkpointed ? "checkpointed" : "plain",
                costs[3].megabytes, costs[3].milliseconds);
  }
}

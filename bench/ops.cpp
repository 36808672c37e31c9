// The speed of the ops: the `timed` cases of each record, forward alone, and forward with backward.
// Google Benchmark's options apply: build/bench/ops --benchmark_filter=softmax
#include <benchmark/benchmark.h>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "core/ops/records/records.h"

namespace {

using namespace cairn;

std::vector<Tensor> random_inputs(const OpInfo& op, const OpCase& c) {
  Random random(1);
  std::vector<Tensor> inputs;
  for (const Shape& shape : c.inputs[0]) {
    std::vector<real> numbers(static_cast<size_t>(numel(shape)));
    for (real& x : numbers) x = static_cast<real>(op.low + (op.high - op.low) * random.uniform());
    inputs.push_back(Tensor::of(shape, numbers));
  }
  return inputs;
}

int64_t numbers_in(const std::vector<Tensor>& tensors) {
  int64_t sum = 0;
  for (const Tensor& x : tensors) sum += x.numel();
  return sum;
}

void forward(benchmark::State& state, const OpInfo& op, const OpCase& c) {
  const std::vector<Tensor> inputs = random_inputs(op, c);
  const NoGrad no_grad;
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(c.call(inputs).strided_data());
  state.SetItemsProcessed(state.iterations() * numbers_in(inputs));
}

void forward_backward(benchmark::State& state, const OpInfo& op, const OpCase& c) {
  std::vector<Tensor> inputs = random_inputs(op, c);
  for (Tensor& x : inputs) x.set_requires_grad();
  const Tensor dout = Tensor::ones(c.call(inputs).shape());
  for ([[maybe_unused]] auto _ : state) {
    for (Tensor& x : inputs) x.zero_grad();
    backward(c.call(inputs), dout);
    benchmark::DoNotOptimize(inputs[0].grad().data());
  }
  state.SetItemsProcessed(state.iterations() * numbers_in(inputs));
}

std::string name_of(const OpInfo& op, const OpCase& c, const char* way) {
  std::string name = std::string(op.name) + "/" + c.text;
  for (const Shape& shape : c.inputs[0]) name += " " + to_string(shape);
  return name + "/" + way;
}

}  // namespace

int main(int argc, char** argv) {
  static const std::vector<OpInfo> ops = all_ops();
  for (const OpInfo& op : ops)
    for (const OpCase& c : op.timed) {
      benchmark::RegisterBenchmark(name_of(op, c, "forward").c_str(),
                                   [&](benchmark::State& s) { forward(s, op, c); });
      benchmark::RegisterBenchmark(name_of(op, c, "forward and backward").c_str(),
                                   [&](benchmark::State& s) { forward_backward(s, op, c); });
    }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}

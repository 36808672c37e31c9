// What the history costs: a chain of 1,000 multiplications of single numbers, forward and backward,
// where the arithmetic costs next to nothing and all the time is autograd's. Prints microseconds for each
// multiplication and its backward, the median over the rounds. `make bench-overhead` alternates
// with PyTorch (scripts/bench_overhead.py).
//
//   bench/overhead [ROUNDS]        default 200
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/autograd/autograd.h"
#include "core/ops.h"

namespace {

constexpr int multiplications = 1000;

double microseconds_each() {
  using namespace std::chrono;
  const auto start = steady_clock::now();
  cairn::Tensor x = cairn::Tensor::full({1}, 1.0001f);
  x.set_requires_grad();
  cairn::Tensor y = x;
  for (int i = 0; i < multiplications; ++i) y = y * x;
  y.backward();
  return duration<double, std::micro>(steady_clock::now() - start).count() / multiplications;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 200;
  std::vector<double> times;
  for (int i = 0; i < 3; ++i) microseconds_each();  // the first ones fill the pools
  for (int i = 0; i < rounds; ++i) times.push_back(microseconds_each());
  std::sort(times.begin(), times.end());
  std::printf("%.4f\n", times[times.size() / 2]);
}

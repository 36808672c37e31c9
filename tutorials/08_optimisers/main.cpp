// Chapter 8: optimisers. The gradient says which way is down; how far to go is the question. From SGD
// to AdamW on valleys in two dimensions, decay, warm-up, clipping, accumulation and zero_grad, each
// beside its mistakes. README.md beside this file tells the story and shows the parts between the
// markers.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "optim/adamw.h"
#include "optim/clip.h"
#include "optim/linear_schedule.h"
#include "tutorials/08_optimisers/figures.h"
#include "tutorials/08_optimisers/parts.h"
#include "tutorials/08_optimisers/training.h"
#include "tutorials/figure.h"

namespace {

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<real> x = a.to_vector(), y = b.to_vector();
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double difference = std::fabs(x[i] - y[i]);
    if (std::isnan(difference)) return difference;
    largest = std::fmax(largest, difference);
  }
  return largest;
}

// [rates]
// Plain gradient descent in a valley that is 100 times as steep across as along.
void rates() {
  std::printf("  learning rate   after 100 steps: x          y\n");
  for (const double lr : {0.001, 0.01, 0.019, 0.02, 0.021}) {
    const Point end = descend(Valley{100}, sgd, lr, 100).back();
    std::printf("  %13.3f   %18.3f %10.3f\n", lr, end[0], std::fabs(end[1]));
  }
}
// [/rates]

// How many steps until the point stays within a thousandth of where it began.
int steps_needed(const Valley& valley, Rule* rule, double lr) {
  const std::vector<Point> path = descend(valley, rule, lr, 10000);
  size_t last = path.size();
  while (last > 0 && distance(path[last - 1]) < distance(path[0]) / 1000) --last;
  return static_cast<int>(last);
}

void with_momentum() {
  std::printf("  steep   SGD at its best rate   with momentum\n");
  for (const double steep : {10., 100., 1000.})
    std::printf("  %5.0f   %20d   %13d\n", steep, steps_needed({steep}, sgd, 2 / (1 + steep)),
                steps_needed({steep}, momentum, 3 / steep));
}

// How far from the lowest point 300 steps end that began 10 away from it.
void scales() {
  const double quarter = std::acos(-1.0) / 4;
  const auto left = [](const Valley& valley, Rule* rule, double lr) {
    return distance(descend(valley, rule, lr, 300).back());
  };
  std::printf(
      "      steep       SGD   momentum       RMS      Adam   Adam, valley turned by 45°\n");
  for (const double steep : {1., 100., 1000000.}) {
    const double lr = 1.9 / steep;
    std::printf("  %9.0f %9.3f  %9.3f %9.3f %9.3f   %9.3f\n", steep, left({steep}, sgd, lr),
                left({steep}, momentum, lr), left({steep}, rms, 0.1), left({steep}, adam, 0.1),
                left({steep, quarter}, adam, 0.1));
  }
}

// The lengths of the steps, in learning rates, if every gradient is 5.
void first_steps() {
  std::printf("  step     corrected   not corrected\n");
  Memory memory[2];
  for (int t = 1; t <= 10000; ++t) {
    const double with = adam(memory[0], 5, t), without = adam_uncorrected(memory[1], 5, t);
    if (t == 1 || t == 2 || t == 12 || t == 100 || t == 1000 || t == 10000)
      std::printf("  %5d   %10.3f   %13.3f\n", t, with, without);
  }
}

// [decay]
// A weight whose gradients are +size, -size, +size, ...: noise, of which nothing can be learned. It
// starts at 1; what is left of it after 1,000 steps at rate 0.01 with a decay of 0.1?
double left_of_weight(Rule* rule, double size, bool decoupled) {
  double p = 1, before = 1;
  Memory memory;
  for (int t = 1; t <= 1000; ++t) {
    const double noise = t % 2 ? size : -size;
    const double step = rule(memory, decoupled ? noise : noise + 0.1 * p, t);
    before = p;
    if (decoupled) p *= 1 - 0.01 * 0.1;
    p -= 0.01 * step;
  }
  return (before + p) / 2;  // the middle of the last two, between which it is thrown to and fro
}
// [/decay]

void decays() {
  std::printf("  gradients of size   SGD, L2   decoupled   Adam, L2   decoupled: AdamW\n");
  for (const double size : {0.01, 1., 10.})
    std::printf("  %17.2f   %7.3f   %9.3f   %8.3f   %16.3f\n", size,
                left_of_weight(sgd, size, false), left_of_weight(sgd, size, true),
                left_of_weight(adam, size, false), left_of_weight(adam, size, true));
}

void groups() {
  const std::vector<ParameterGroup> both = decay_groups(Net().named_parameters(), 0.01);
  for (const ParameterGroup& group : both) {
    std::printf("  decay %.2f:", group.weight_decay.value_or(-1));
    for (const NamedTensor& p : group.parameters) std::printf("  %s", p.name.c_str());
    std::printf("\n");
  }
  std::printf("  b is 8; learned with groups %.3f, with decay for all %.3f\n", bias_learned(true),
              bias_learned(false));
  const auto left = [](double lr, double steps) { return std::pow(1 - lr * 0.01, steps); };
  std::printf("  a gamma of 1 that no gradient moves, decayed by 0.01:\n");
  std::printf("    after fine-tuning, 1,000 steps at 2e-5       %.4f\n", left(2e-5, 1e3));
  std::printf("    after pretraining, 1,000,000 steps at 1e-4   %.4f\n", left(1e-4, 1e6));
}

// The factor of the learning rate at a step, counted from 0: up in a line, then down in a line.
double warmed_up(int step, int warmup, int total) {
  if (step < warmup) return static_cast<double>(step) / warmup;
  return step >= total ? 0 : static_cast<double>(total - step) / (total - warmup);
}

void schedule() {
  std::printf("  step        0     1     9    10    55    99   100\n  by hand ");
  for (const int step : {0, 1, 9, 10, 55, 99, 100}) std::printf(" %.3f", warmed_up(step, 10, 100));
  std::printf("\n  library ");
  for (const int step : {0, 1, 9, 10, 55, 99, 100})
    std::printf(" %.3f", linear_with_warmup(step, 10, 100));
  std::printf("\n");
}

// Adam in a round valley whose gradients are noisy: each has two normal numbers added to it. It begins
// at the lowest point. How far away is it after 10 steps, and after 500? (The mean of 200 runs.)
template <class Factor>
void noise(const char* name, const Factor& factor) {
  Random random(1);
  double after_10 = 0, after_500 = 0;
  for (int run = 0; run < 200; ++run) {
    Point p = {0, 0};
    Memory memory[2];
    for (int t = 1; t <= 500; ++t) {
      for (size_t i = 0; i < 2; ++i)
        p[i] -= 0.1 * factor(t - 1) * adam(memory[i], p[i] + random.normal(), t);
      if (t == 10) after_10 += distance(p) / 200;
    }
    after_500 += distance(p) / 200;
  }
  std::printf("  %-24s %8.3f %15.3f\n", name, after_10, after_500);
}

double norm_of(const std::vector<double>& g) {
  double squares = 0;
  for (const double number : g) squares += number * number;
  return std::sqrt(squares);
}

// A matrix with the gradient (30, 40) and a bias with (0.3, 0.4). The cosine between the gradient and
// what each way of clipping makes of it.
void clip() {
  const std::vector<double> g = {30, 40, 0.3, 0.4};
  const auto row = [&](const char* name, const std::vector<double>& clipped) {
    double dot = 0;
    for (size_t i = 0; i < 4; ++i) dot += g[i] * clipped[i];
    std::printf("  %-20s %6.3f %6.3f %6.3f %6.3f   norm %6.3f   cosine %.3f\n", name, clipped[0],
                clipped[1], clipped[2], clipped[3], norm_of(clipped),
                dot / norm_of(g) / norm_of(clipped));
  };
  const double all = std::min(1.0, 1 / norm_of(g)), matrix = 1.0 / 50;  // the bias is short enough
  row("as it is", g);
  row("by the global norm", {30 * all, 40 * all, 0.3 * all, 0.4 * all});
  row("each by its own", {30 * matrix, 40 * matrix, 0.3, 0.4});
  row("number by number", {1, 1, 0.3, 0.4});
}

// All gradients are 1, but for the thousandth: it is 1000. How long are Adam's steps?
void outlier() {
  std::printf("  step               999    1000    1001    1100    1200\n");
  for (const double limit : {1e30, 1.0}) {
    std::printf(limit > 1 ? "  as it is      " : "  clipped at 1  ");
    Memory memory;
    for (int t = 1; t <= 1200; ++t) {
      const double step = adam(memory, std::min(limit, t == 1000 ? 1000. : 1.), t);
      for (const int shown : {999, 1000, 1001, 1100, 1200})
        if (t == shown) std::printf(" %7.3f", step);
    }
    std::printf("\n");
  }
}

void accumulation() {
  Random random(2);
  const Tensor x = Tensor::randn({64, 8}, random);
  const Rows64 batch{x, argmax(slice(x, 1, 0, 3), 1)};
  const Tensor right = accumulated(batch, {64}, [](real) { return real{1}; });
  const double size = std::sqrt(sum(right * right).item());
  const auto row = [&](const char* name, const Tensor& gradient) {
    const double difference = largest_difference(gradient, right);
    const double length = std::sqrt(sum(gradient * gradient).item());
    if (difference < 1e-6) std::printf("  %-36s %6.3f   equal to 1e-6\n", name, length / size);
    else std::printf("  %-36s %6.3f   off by %.3f\n", name, length / size, difference);
  };
  const std::vector<int64_t> even = {16, 32, 48, 64}, uneven = {20, 40, 60, 64};
  std::printf("                                       length\n");
  row("4 pieces of 16, each / 4", accumulated(batch, even, [](real) { return real{0.25}; }));
  row("4 pieces of 16, not divided", accumulated(batch, even, [](real) { return real{1}; }));
  row("20 + 20 + 20 + 4 rows, each / 4",
      accumulated(batch, uneven, [](real) { return real{0.25}; }));
  row("20 + 20 + 20 + 4 rows, each n / 64",
      accumulated(batch, uneven, [](real n) { return n / 64; }));
}

void four_times() {
  const auto left = [](Rule* rule, double lr) {
    return distance(descend(Valley{100}, rule, lr, 50).back());
  };
  std::printf("  50 steps in the valley    SGD, rate 0.019   Adam, rate 0.3\n");
  std::printf("  the mean's gradient       %15.3g   %14.3f\n", left(sgd, 0.019), left(adam, 0.3));
  std::printf("  four times as large       %15.3g   %14.3f\n",
              left([](Memory& m, double g, int t) { return sgd(m, 4 * g, t); }, 0.019),
              left([](Memory& m, double g, int t) { return adam(m, 4 * g, t); }, 0.3));
}

void zero_grads() {
  std::printf("  before forward     %7.3f\n", trained(Zero::before_forward));
  std::printf("  before backward    %7.3f\n", trained(Zero::before_backward));
  std::printf("  after step         %7.3f\n", trained(Zero::after_step));
  std::printf("  before step        %7.3f\n", trained(Zero::before_step));
  std::printf("  nowhere            %7.3f\n", trained(Zero::nowhere));
}

// As an article has it: the losses of an epoch are added up as numbers, and then backward.
void a_number() {
  const Tensor w = Tensor::ones({3}).set_requires_grad();
  try {
    // [number]
    real loss = 0;
    for (int batch = 0; batch < 4; ++batch) loss += sum(w * w).item();
    backward(Tensor::scalar(loss));
    // [/number]
  } catch (const Error& error) {
    const std::string text = error.what();
    std::printf("  %s\n", text.substr(0, text.find('\n')).c_str());
  }
}

// The same training twice, by hand and with the library: the largest difference of all weights.
double library() {
  Random random(4);
  const Tensor x = Tensor::randn({16, 2}, random), y = Tensor::randn({16, 1}, random);
  Net ours, theirs;
  ours.load_state_dict(theirs.state_dict());
  AdamW optimizer(decay_groups(theirs.named_parameters(), 0.1));
  std::vector<std::vector<Memory>> memory(ours.named_parameters().size());
  // [library]
  for (int step = 0; step < 100; ++step) {
    const double lr = 0.01 * linear_with_warmup(step, 10, 100);
    const Tensor error = theirs(x) - y, our_error = ours(x) - y;
    backward(mean(error * error));
    optimizer.step(lr, clip_scale(gradient_norm(optimizer.parameters()), 1.0));
    optimizer.zero_grad();
    backward(mean(our_error * our_error));
    adamw_by_hand(ours.named_parameters(), memory, lr, step + 1);
  }
  // [/library]
  double largest = 0;
  for (size_t i = 0; i < memory.size(); ++i)
    largest = std::fmax(largest, largest_difference(ours.named_parameters()[i].tensor,
                                                    theirs.named_parameters()[i].tensor));
  return largest;
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
  std::printf("[rates]\n"), rates();
  std::printf("\n[momentum]\n"), with_momentum();
  std::printf("\n[scales]\n"), scales();
  std::printf("\n[first_steps]\n"), first_steps();
  std::printf("\n[decay]\n"), decays();
  std::printf("\n[groups]\n"), groups();
  std::printf("\n[schedule]\n"), schedule();
  std::printf("\n[noise]\n  the learning rate        after 10 steps   after 500\n");
  noise("constant", [](int) { return 1.0; });
  noise("down in a line", [](int step) { return linear_with_warmup(step, 0, 500); });
  noise("50 steps up, then down", [](int step) { return linear_with_warmup(step, 50, 500); });
  std::printf("\n[clip]\n"), clip();
  std::printf("\n[outlier]\n"), outlier();
  std::printf("\n[accumulation]\n"), accumulation();
  std::printf("\n[four_times]\n"), four_times();
  std::printf("\n[number]\n"), a_number();
  std::printf("\n[zero_grad]\n"), zero_grads();
  std::printf("\n[library]\nLargest difference to the library's AdamW after 100 steps: %s\n",
              library() < 1e-4 ? "below 1e-4" : "TOO LARGE");
}

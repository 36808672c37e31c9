// Adafactor, with each of its options, against that of Hugging Face Transformers.
#include <doctest/doctest.h>

#include "optim/more/adafactor.h"
#include "tests/paths.h"

using namespace cairn;
using namespace cairn::test;

namespace {

struct AdafactorPath {
  std::string name;
  double grad_scale;
  AdafactorOptions options;
  std::vector<double> path;  // w[0][0], w[1][2] and v[1] after each step
  State state;               // after the last step
};

const std::vector<real> w_start{1, -0.5, 2, 0.25, -1.5, 0.75}, v_start{0.5, -2, 1};
// Of w (2, 3); those of v (3) are the first three.
const std::vector<std::vector<real>> w_gradients{{0.5, -1, 2, 0.25, -0.75, 0},
                                                 {-0.2f, 1.5, 0.3f, -3, 0.6f, 1},
                                                 {0.9f, -0.4f, 0, 0.7f, -1.2f, 2.5},
                                                 {0.05f, 0.35f, -0.6f, 1.1f, -0.15f, 0.8f},
                                                 {-2, 0.45f, 0.55f, -0.3f, 1.9f, -0.1f}};

// transformers 5.23.0, float64: o = transformers.optimization.Adafactor([w, v], eps = (eps1, eps2),
// the other options; lr = None if it is not given); at each step w.grad and v.grad are grad_scale
// times the gradients above. The path, and o.state after the last step, printed with %.9g.
// clang-format off
const std::vector<AdafactorPath> adafactor_paths = {
    {"the method's own rate", 0.5,
     {},
     {0.990461371, 0.75, -1.98677124, 0.99203967, 0.740916438, -2.00177723, 0.981429209,
      0.723999337, -1.99667924, 0.980757342, 0.717823662, -2.00196169, 1.00092741, 0.718697024,
      -2.00869375},
     {{"exp_avg_sq_row.w", {0.214690662, 0.406902129}}, {"exp_avg_sq_col.w", {0.39887852,
      0.25288306, 0.280627607}}, {"exp_avg_sq.v", {0.326072212, 0.151199833, 0.166799943}}}},
    {"weight decay", 0.5,
     {.weight_decay = 0.3},
     {0.986970311, 0.747381705, -1.97883399, 0.985137614, 0.73575135, -1.98602698, 0.971209389,
      0.716418905, -1.97317258, 0.967231087, 0.707863242, -1.97070549, 0.983831051, 0.706314993,
      -1.96965703},
     {{"exp_avg_sq_row.w", {0.214690662, 0.406902129}}, {"exp_avg_sq_col.w", {0.39887852,
      0.25288306, 0.280627607}}, {"exp_avg_sq.v", {0.326072212, 0.151199833, 0.166799943}}}},
    {"the caller's rate", 0.5,
     {.lr = 0.1, .scale_parameter = false, .relative_step = false},
     {0.918030951, 0.75, -1.9, 0.931705408, 0.671299597, -2.0144426, 0.839888224, 0.524908165,
      -1.97579143, 0.834041605, 0.471167152, -2.01598892, 1.00935528, 0.478758214, -2.06703407},
     {{"exp_avg_sq_row.w", {0.214690662, 0.406902129}}, {"exp_avg_sq_col.w", {0.39887852,
      0.25288306, 0.280627607}}, {"exp_avg_sq.v", {0.326072212, 0.151199833, 0.166799943}}}},
    {"the caller's rate, in proportion to the parameter, weight decay", -1,
     {.lr = 0.1, .weight_decay = 0.3, .relative_step = false},
     {1.06047569, 0.72381705, -2.05291503, 1.00497873, 0.793340726, -1.80850725, 1.07656136,
      0.935641851, -1.78898913, 1.04515186, 0.96612692, -1.67122906, 0.810175478, 0.924542247,
      -1.55356838},
     {{"exp_avg_sq_row.w", {0.85876265, 1.62760852}}, {"exp_avg_sq_col.w", {1.59551408, 1.01153224,
      1.12251043}}, {"exp_avg_sq.v", {1.30428885, 0.604799331, 0.667199771}}}},
    {"eps2 above the parameter", 0.5,
     {.lr = 0.1, .eps2 = 3.0, .relative_step = false},
     {0.754092853, 0.75, -1.7, 0.795116223, 0.513898792, -2.04332779, 0.519664671, 0.0747244954,
      -1.9273743, 0.502124815, -0.0864985432, -2.04796677, 1.02806584, -0.0637253581, -2.20110221},
     {{"exp_avg_sq_row.w", {0.214690662, 0.406902129}}, {"exp_avg_sq_col.w", {0.39887852,
      0.25288306, 0.280627607}}, {"exp_avg_sq.v", {0.326072212, 0.151199833, 0.166799943}}}},
    {"eps1", 0.5,
     {.lr = 0.1, .eps1 = 0.5, .scale_parameter = false, .relative_step = false},
     {0.969650453, 0.75, -1.94226497, 0.979523173, 0.696877126, -2.02005793, 0.927762594,
      0.582932401, -1.99723249, 0.92477511, 0.543547812, -2.01830719, 1.0371182, 0.548898673,
      -2.04618928},
     {{"exp_avg_sq_row.w", {0.714690662, 0.906902129}}, {"exp_avg_sq_col.w", {0.89887852,
      0.75288306, 0.780627607}}, {"exp_avg_sq.v", {0.826072212, 0.651199833, 0.666799943}}}},
    {"clip threshold", 0.5,
     {.lr = 0.1, .clip_threshold = 0.4, .scale_parameter = false, .relative_step = false},
     {0.96721238, 0.75, -1.96, 0.972682163, 0.718519839, -2.021352, 0.930253358, 0.650872224,
      -2.00294049, 0.925875694, 0.610633563, -2.03839098, 0.996001164, 0.613669988, -2.05880903},
     {{"exp_avg_sq_row.w", {0.214690662, 0.406902129}}, {"exp_avg_sq_col.w", {0.39887852,
      0.25288306, 0.280627607}}, {"exp_avg_sq.v", {0.326072212, 0.151199833, 0.166799943}}}},
    {"no clipping", 0.5,
     {.lr = 0.1, .clip_threshold = 9.0, .scale_parameter = false, .relative_step = false},
     {0.905382977, 0.75, -1.9, 0.91969251, 0.667644556, -2.0144426, 0.827875325, 0.521253124,
      -1.97579143, 0.822028707, 0.467512111, -2.01598892, 1.01253577, 0.475761045, -2.07385271},
     {{"exp_avg_sq_row.w", {0.214690662, 0.406902129}}, {"exp_avg_sq_col.w", {0.39887852,
      0.25288306, 0.280627607}}, {"exp_avg_sq.v", {0.326072212, 0.151199833, 0.166799943}}}},
    {"decay rate", 0.5,
     {.lr = 0.1, .decay_rate = -0.3, .scale_parameter = false, .relative_step = false},
     {0.918030951, 0.75, -1.9, 0.931970425, 0.663301993, -2.00566222, 0.800223758, 0.541128773,
      -1.95718822, 0.79127525, 0.483755925, -2.01979778, 0.956307543, 0.496495907, -2.10550357},
     {{"exp_avg_sq_row.w", {0.258331086, 0.320089375}}, {"exp_avg_sq_col.w", {0.402830425,
      0.328414848, 0.136385417}}, {"exp_avg_sq.v", {0.636895892, 0.061156905, 0.0769404603}}}},
    {"first moment", 0.5,
     {.lr = 0.1, .beta1 = 0.6, .weight_decay = 0.3, .scale_parameter = false, .relative_step =
      false},
     {0.93721238, 0.7275, -1.9, 0.89489322, 0.674194839, -1.86477704, 0.822797876, 0.576524324,
      -1.80643949, 0.768626164, 0.491265388, -1.76688875, 0.798000184, 0.438785927, -1.74308562},
     {{"exp_avg.w", {-0.0524328042, 0.0361446274, 0.0139640008, 0.00931432819, 0.038650272,
      0.0377414994}}, {"exp_avg_sq_row.w", {0.214690662, 0.406902129}}, {"exp_avg_sq_col.w",
      {0.39887852, 0.25288306, 0.280627607}}, {"exp_avg.v", {-0.0389434578, 0.0292035296,
      0.014862995}}, {"exp_avg_sq.v", {0.326072212, 0.151199833, 0.166799943}}}},
    {"warm-up of the method's rate", 0.5,
     {.scale_parameter = false, .warmup_init = true},
     {0.99999918, 0.75, -1.999999, 0.999999454, 0.749998426, -2.00000129, 0.999996699, 0.749994034,
      -2.00000013, 0.999996465, 0.749991885, -2.00000174, 1.00000523, 0.749992264, -2.00000429},
     {{"exp_avg_sq_row.w", {0.214690662, 0.406902129}}, {"exp_avg_sq_col.w", {0.39887852,
      0.25288306, 0.280627607}}, {"exp_avg_sq.v", {0.326072212, 0.151199833, 0.166799943}}}},
};
// clang-format on

struct TwoParameters {
  Tensor w = Tensor::of({2, 3}, w_start).set_requires_grad();
  Tensor v = Tensor::of({3}, v_start).set_requires_grad();
  AdafactorOptions options;
  Adafactor optimizer{{{"w", w}, {"v", v}}, options};

  explicit TwoParameters(const AdafactorOptions& given) : options(given) {}
  void step(const std::vector<real>& g, double grad_scale) {
    w.set_grad(Tensor::of({2, 3}, g));
    v.set_grad(Tensor::of({3}, {g[0], g[1], g[2]}));
    optimizer.step(options.lr, grad_scale);
  }
};

}  // namespace

TEST_CASE("adafactor: five steps with each option are those of Transformers, and so is the state") {
  for (const AdafactorPath& row : adafactor_paths) {
    INFO(row.name);
    TwoParameters trained(row.options);
    for (size_t s = 0; s < w_gradients.size(); ++s) {
      INFO("step " << s);
      trained.step(w_gradients[s], row.grad_scale);
      const double* expected = row.path.data() + 3 * s;
      const std::vector<real> w = trained.w.to_vector(), v = trained.v.to_vector();
      check_close(Tensor::of({w[0], w[5], v[1]}), {expected[0], expected[1], expected[2]});
    }
    NamedTensors flat = trained.optimizer.state();
    for (NamedTensor& entry : flat) entry.tensor = reshape(entry.tensor, {entry.tensor.numel()});
    check_state(flat, {{"w", w_gradients.size()}, {"v", w_gradients.size()}}, row.state);
  }
}

TEST_CASE("adafactor: the method's own rate is 1e-2, and 1 / sqrt(t) from step 10,000 on") {
  const AdafactorOptions options{
      .clip_threshold = 1e9, .decay_rate = -1e-9, .scale_parameter = false};
  for (const auto& [steps, rate] : std::vector<std::pair<real, double>>{
           {9'998, 1e-2}, {9'999, 1e-2}, {15'624, 0.008}, {39'999, 0.005}}) {
    Tensor p = Tensor::of({0}).set_requires_grad();
    Adafactor optimizer({{"p", p}}, options);
    optimizer.load_state({{"step.p", Tensor::scalar(steps)}, {"exp_avg_sq.p", Tensor::of({1})}});
    p.set_grad(Tensor::of({1}));
    optimizer.step();  // a gradient of 1 whose square's mean is 1: the step is the rate
    CHECK(-p.item() == doctest::Approx(rate).epsilon(1e-5));
  }
}

TEST_CASE("adafactor: a parameter of no numbers is no fault") {
  Tensor p = Tensor::zeros({0}).set_requires_grad(), w = Tensor::zeros({2, 0}).set_requires_grad();
  Adafactor optimizer({{"p", p}, {"w", w}});
  p.set_grad(Tensor::zeros({0})), w.set_grad(Tensor::zeros({2, 0}));
  CHECK(error_of([&] { optimizer.step(); }) == "");
}

// Every kernel of every instruction set that this CPU has, against the reference: elementwise
// functions, sums, row kernels, dropout, the optimiser. Matrices: test_kernels_matrix.cpp.
#include "core/ops.h"
#include "tests/kernel_cases.h"

namespace cairn { namespace {

constexpr int64_t most = 67;  // four vectors of 16 and a tail of 3
constexpr float guard = 1234.5f;

struct Map {
  const char* name;
  void (*Kernels::*f)(real*, const real*, int64_t);
  double (*exact)(double);  // null: not held to units in the last place
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

const Map maps[] = {
    {"exp", &Kernels::exp, std::exp},           {"log", &Kernels::log, std::log},
    {"tanh", &Kernels::tanh, std::tanh},        {"sigmoid", &Kernels::sigmoid, sigmoid},
    {"erf", &Kernels::erf, std::erf},           {"sqrt", &Kernels::sqrt, std::sqrt},
    {"relu", &Kernels::relu, nullptr},          {"gelu", &Kernels::gelu, nullptr},
    {"gelu_tanh", &Kernels::gelu_tanh, nullptr}};

struct MapBackward {
  const char* name;
  void (*Kernels::*f)(real*, const real*, const real*, int64_t);
};

const MapBackward map_backwards[] = {{"tanh_backward", &Kernels::tanh_backward},
                                     {"sigmoid_backward", &Kernels::sigmoid_backward},
                                     {"relu_backward", &Kernels::relu_backward},
                                     {"gelu_backward", &Kernels::gelu_backward},
                                     {"gelu_tanh_backward", &Kernels::gelu_tanh_backward}};

const Values specials = {0.0f,     -0.0f,   inf,    -inf,    nan,      1.0f,      -1.0f,
                         1e-45f,   -1e-45f, 1e-40f, -1e-40f, 1.2e-38f, -1.2e-38f, 3.4e38f,
                         -3.4e38f, 1e19f,   -1e19f, 88.7f,   88.8f,    -87.3f,    -103.9f,
                         -104.1f,  0.55f,   -0.55f, 0.92f,   -0.92f,   9.1f,      -9.1f};

// How many units in the last place y is from the float nearest to `exact`.
double units(float y, double exact) {
  const float rounded = static_cast<float>(exact);
  if (std::isnan(rounded) || std::isnan(y)) return std::isnan(rounded) && std::isnan(y) ? 0 : 1e9;
  if (std::isinf(rounded) || std::isinf(y)) return rounded == y ? 0 : 1e9;
  const float size = std::fabs(rounded);
  return std::fabs(double(y) - double(rounded)) /
         (double(std::nextafter(size, inf)) - double(size));
}

TEST_CASE("kernels: exp, log, tanh, sigmoid, erf are within 2 units in the last place") {
  constexpr uint32_t step = 1021;  // of the bits: every binade, both signs, infinities and NaN
  Values x, y;
  for (uint64_t i = 0; i < (uint64_t(1) << 32); i += step) {
    const uint32_t bits = static_cast<uint32_t>(i);
    float value;
    std::memcpy(&value, &bits, sizeof value);
    x.push_back(value);
  }
  y.resize(x.size());
  for (const Map& map : maps) {
    if (!map.exact) continue;
    std::vector<double> exact(x.size());
    for (size_t i = 0; i < x.size(); i++) exact[i] = map.exact(double(x[i]));
    for (const Kernels* k : fast_kernels()) {
      (k->*map.f)(y.data(), x.data(), static_cast<int64_t>(x.size()));
      double worst = 0;
      float worst_x = 0;
      for (size_t i = 0; i < x.size(); i++)
        if (const double u = units(y[i], exact[i]); u > worst) worst = u, worst_x = x[i];
      INFO(std::string(k->name));
      INFO(std::string(map.name));
      CAPTURE(worst_x);
      CHECK(worst <= 2);
    }
  }
}

TEST_CASE("kernels: maps treat special values as the reference does") {
  const int64_t n = static_cast<int64_t>(specials.size());
  const Values dy = random_values(n, 1);
  for (const Kernels* k : fast_kernels()) {
    INFO(std::string(k->name));
    Values y(specials.size()), expected(specials.size());
    for (const Map& map : maps) {
      INFO(std::string(map.name));
      (k->*map.f)(y.data(), specials.data(), n);
      (reference::kernels.*map.f)(expected.data(), specials.data(), n);
      check_near(y, expected, 1e-6f);
    }
    for (const MapBackward& map : map_backwards) {
      INFO(std::string(map.name));
      (k->*map.f)(y.data(), dy.data(), specials.data(), n);
      (reference::kernels.*map.f)(expected.data(), dy.data(), specials.data(), n);
      check_near(y, expected, 1e-6f);
    }
  }
}

// run(y, shift, n) fills y[0 .. n) from element `shift` of inputs on. For all n and alignments, the
// bits are those of the whole run, and nothing beyond n is written.
template <class Run>
void check_positions(const Run& run) {
  Values whole(most + 8);
  run(whole.data(), 0, most + 8);
  for (int64_t n = 0; n <= most; n++)
    for (int64_t shift = 0; shift < 8; shift += n % 3 + 1) {
      Values y(most + 16, guard);
      run(y.data() + shift, shift, n);
      bool same = true;
      for (int64_t i = 0; i < static_cast<int64_t>(y.size()); i++) {
        const bool in = i >= shift && i < shift + n;
        const float want = in ? whole[static_cast<size_t>(i)] : guard;
        same = same && std::memcmp(&y[static_cast<size_t>(i)], &want, sizeof want) == 0;
      }
      CAPTURE(n);
      CAPTURE(shift);
      CHECK(same);
    }
}

TEST_CASE("kernels: elementwise results do not depend on position, length or alignment") {
  const Values x = random_values(most + 8, 2, 2), dy = random_values(most + 8, 3);
  Values positive = x;
  for (float& v : positive) v = std::fabs(v);
  for (const Kernels* k : fast_kernels()) {
    INFO(std::string(k->name));
    for (const Map& map : maps)
      check_positions(
          [&](float* y, int64_t shift, int64_t n) { (k->*map.f)(y, positive.data() + shift, n); });
    for (const MapBackward& map : map_backwards)
      check_positions([&](float* y, int64_t shift, int64_t n) {
        (k->*map.f)(y, dy.data() + shift, x.data() + shift, n);
      });
    check_positions(
        [&](float* y, int64_t shift, int64_t n) { k->scale(y, x.data() + shift, 0.3f, 0.7f, n); });
    check_positions([&](float* y, int64_t shift, int64_t n) {
      k->add(y, {x.data() + shift, 0, 1}, {dy.data() + shift, 0, 1}, n ? 1 : 0, n);
    });
  }
}

TEST_CASE("kernels: maps agree with the reference") {
  const Values x = random_values(1000, 4, 3), dy = random_values(1000, 5);
  for (const Kernels* k : fast_kernels()) {
    INFO(std::string(k->name));
    Values y(1000), expected(1000);
    for (const Map& map : maps) {
      INFO(std::string(map.name));
      (k->*map.f)(y.data(), x.data(), 1000);
      (reference::kernels.*map.f)(expected.data(), x.data(), 1000);
      check_near(y, expected, 3e-7f);
    }
    for (const MapBackward& map : map_backwards) {
      INFO(std::string(map.name));
      (k->*map.f)(y.data(), dy.data(), x.data(), 1000);
      (reference::kernels.*map.f)(expected.data(), dy.data(), x.data(), 1000);
      check_near(y, expected, 1e-6f);
    }
    k->scale(y.data(), x.data(), 0.3f, 0.7f, 1000);
    reference::kernels.scale(expected.data(), x.data(), 0.3f, 0.7f, 1000);
    check_near(y, expected, 3e-7f);
    y = expected = dy;
    k->axpy(y.data(), x.data(), 0.3f, 1000);
    reference::kernels.axpy(expected.data(), x.data(), 0.3f, 1000);
    check_near(y, expected, 3e-7f);
  }
}

TEST_CASE("kernels: broadcast arithmetic has the reference's bits") {
  void (*Kernels::*const ops[])(real*, Operand, Operand, int64_t, int64_t) = {
      &Kernels::add, &Kernels::sub, &Kernels::mul, &Kernels::div};
  const Values a = random_values(400, 6), b = random_values(400, 7);
  for (const Kernels* k : fast_kernels())
    for (const auto op : ops)
      for (int64_t rows : {0, 1, 2, 5})
        for (int64_t cols : {0, 1, 2, 15, 16, 17, 67}) {
          const int64_t strides[][2] = {{cols, 1}, {0, 1}, {1, 0}, {0, 0}, {cols + 3, 1}};
          for (const auto& sa : strides)
            for (const auto& sb : strides) {
              Values y(static_cast<size_t>(rows * cols)), expected = y;
              const Operand oa{a.data(), sa[0], sa[1]}, ob{b.data(), sb[0], sb[1]};
              (k->*op)(y.data(), oa, ob, rows, cols);
              (reference::kernels.*op)(expected.data(), oa, ob, rows, cols);
              if (!same_bits(y, expected)) {
                INFO(std::string(k->name));
                CAPTURE(rows);
                CAPTURE(cols);
                CHECK(same_bits(y, expected));
              }
            }
        }
}

TEST_CASE("kernels: dropout keeps the same elements on every instruction set") {
  const Values x = random_values(5000, 8);
  for (float p : {0.0f, 0.1f, 0.5f, 0.9f, 1.0f})
    for (uint64_t stream : {uint64_t(0), uint64_t(7), uint64_t(1) << 40}) {
      Values y(5000), expected(5000);
      reference::kernels.dropout(expected.data(), x.data(), {p, 42, stream}, 5000);
      for (const Kernels* k : fast_kernels()) {
        k->dropout(y.data(), x.data(), {p, 42, stream}, 5000);
        CHECK(same_bits(y, expected));
      }
    }
}

TEST_CASE("kernels: dropout keeps 1 - p of the elements, and streams are independent") {
  constexpr int64_t n = 1 << 20;
  const Values ones(n, 1.0f);
  Values a(n), b(n);
  kernels().dropout(a.data(), ones.data(), {0.25f, 1, 0}, n);
  kernels().dropout(b.data(), ones.data(), {0.25f, 1, 1}, n);
  int64_t kept_a = 0, both = 0, neighbours = 0;
  for (size_t i = 0; i < n; i++) {
    kept_a += a[i] != 0;
    both += a[i] != 0 && b[i] != 0;
    neighbours += i > 0 && a[i] != 0 && a[i - 1] != 0;
  }
  const double deviation = std::sqrt(0.75 * 0.25 * n);
  CHECK(std::fabs(double(kept_a) - 0.75 * n) < 5 * deviation);
  CHECK(std::fabs(double(both) - 0.75 * 0.75 * n) < 5 * deviation);
  CHECK(std::fabs(double(neighbours) - 0.75 * 0.75 * n) < 5 * deviation);
}

TEST_CASE("kernels: sums and maxima agree with the reference") {
  for (const Kernels* k : fast_kernels())
    for (int64_t rows : {0, 1, 3, 70, 1100})
      for (int64_t cols : {0, 1, 15, 16, 67, 130, 20000}) {
        if (rows * cols > 200000) continue;
        const Values x = random_values(rows * cols, 9);
        INFO(std::string(k->name));
        CAPTURE(rows);
        CAPTURE(cols);
        Values y(static_cast<size_t>(rows)), expected = y;
        k->row_sums(y.data(), x.data(), rows, cols);
        reference::kernels.row_sums(expected.data(), x.data(), rows, cols);
        check_near(y, expected, 1e-4f);
        k->row_max(y.data(), x.data(), rows, cols);
        reference::kernels.row_max(expected.data(), x.data(), rows, cols);
        CHECK(same_bits(y, expected));
        for (float beta : {0.0f, 1.0f, 0.5f}) {
          y = expected = Values(static_cast<size_t>(cols), beta == 0 ? nan : 2.0f);
          k->column_sums(y.data(), x.data(), rows, cols, beta);
          reference::kernels.column_sums(expected.data(), x.data(), rows, cols, beta);
          check_near(y, expected, 2e-5f);
        }
        const double squares = reference::kernels.sum_of_squares(x.data(), rows * cols);
        CHECK(std::fabs(k->sum_of_squares(x.data(), rows * cols) - squares) <= 1e-6 * squares);
      }
}

// Rows that a softmax may meet; each is `cols` wide.
Values difficult_rows(int64_t cols, int64_t* rows) {
  *rows = 8;
  Values x = random_values(*rows * cols, 10, 4);
  for (int64_t j = 0; j < cols; j++) {
    x[static_cast<size_t>(1 * cols + j)] = -inf;         // nothing is seen
    if (j) x[static_cast<size_t>(2 * cols + j)] = -inf;  // one is
    x[static_cast<size_t>(3 * cols + j)] += 1e4f;        // large
    x[static_cast<size_t>(4 * cols + j)] = -1e30f;       // equal and far away
  }
  x[static_cast<size_t>(5 * cols + cols / 2)] = nan;
  x[static_cast<size_t>(6 * cols + cols - 1)] = inf;
  return x;
}

TEST_CASE("kernels: softmax, log_softmax and cross entropy agree with the reference") {
  for (const Kernels* k : fast_kernels())
    for (int64_t cols = 1; cols <= most; cols++) {
      int64_t rows;
      const Values x = difficult_rows(cols, &rows), dy = random_values(rows * cols, 11);
      Values y(x.size()), expected(x.size()), dx(x.size());
      const Kernels& r = reference::kernels;
      INFO(std::string(k->name));
      CAPTURE(cols);
      k->softmax(y.data(), x.data(), rows, cols);
      r.softmax(expected.data(), x.data(), rows, cols);
      check_near(y, expected, 1e-6f);
      CHECK(y[static_cast<size_t>(cols)] == 0);
      k->softmax_backward(dx.data(), dy.data(), y.data(), rows, cols);
      r.softmax_backward(expected.data(), dy.data(), y.data(), rows, cols);
      check_near(dx, expected, 2e-6f);
      k->log_softmax(y.data(), x.data(), rows, cols);
      r.log_softmax(expected.data(), x.data(), rows, cols);
      check_near(y, expected, 1e-6f);
      k->log_softmax_backward(dx.data(), dy.data(), y.data(), rows, cols);
      r.log_softmax_backward(expected.data(), dy.data(), y.data(), rows, cols);
      check_near(dx, expected, 4e-6f);

      std::vector<int32_t> label(8);
      for (int i = 0; i < 8; i++) label[static_cast<size_t>(i)] = i == 3 ? -100 : i % int(cols);
      Values loss(8), lse(8), want_loss(8), want_lse(8);
      k->cross_entropy(loss.data(), lse.data(), x.data(), label.data(), rows, cols);
      r.cross_entropy(want_loss.data(), want_lse.data(), x.data(), label.data(), rows, cols);
      check_near(loss, want_loss, 1e-6f);
      check_near(lse, want_lse, 1e-6f);
      CHECK(loss[3] == 0);
      CrossEntropyBackwardArgs args{.dx = dx.data(),
                                    .dloss = dy.data(),
                                    .x = x.data(),
                                    .log_sum = lse.data(),
                                    .label = label.data(),
                                    .rows = rows,
                                    .cols = cols};
      k->cross_entropy_backward(args);
      args.dx = expected.data();
      r.cross_entropy_backward(args);
      check_near(dx, expected, 2e-6f);
      y = x;
      Values largest(8), want_largest(8);
      k->row_max(largest.data(), x.data(), rows, cols);
      r.row_max(want_largest.data(), x.data(), rows, cols);
      check_near(largest, want_largest, 0);
      k->softmax(y.data(), y.data(), rows, cols);  // in place
      r.softmax(expected.data(), x.data(), rows, cols);
      check_near(y, expected, 1e-6f);
    }
}

TEST_CASE("kernels: layer norm agrees with the reference") {
  const Kernels& r = reference::kernels;
  for (const Kernels* k : fast_kernels())
    for (int64_t rows : {0, 1, 5, 40})
      for (int64_t cols : {1, 5, 16, 31, 67, 384}) {
        const Values x = random_values(rows * cols, 12, 3), dy = random_values(rows * cols, 13);
        const Values gamma = random_values(cols, 14), beta = random_values(cols, 15);
        for (bool affine : {true, false}) {
          INFO(std::string(k->name));
          CAPTURE(rows);
          CAPTURE(cols);
          const float* g = affine ? gamma.data() : nullptr;
          const size_t n = static_cast<size_t>(rows), h = static_cast<size_t>(cols);
          Values y(x.size()), mean(n), rstd(n), want_y(x.size()), want_mean(n), want_rstd(n);
          const auto layer_norm = [&](const Kernels& kernels, Values& y_, Values& mean_,
                                      Values& rstd_) {
            kernels.layer_norm({.y = y_.data(),
                                .mean = mean_.data(),
                                .rstd = rstd_.data(),
                                .x = x.data(),
                                .gamma = g,
                                .beta = affine ? beta.data() : nullptr,
                                .eps = 1e-3f,
                                .rows = rows,
                                .cols = cols});
          };
          layer_norm(*k, y, mean, rstd);
          layer_norm(r, want_y, want_mean, want_rstd);
          check_near(y, want_y, cols == 1 ? 1e-5f : 3e-6f);
          check_near(mean, want_mean, 1e-6f);
          check_near(rstd, want_rstd, 2e-6f);
          Values dx(x.size()), dgamma(h, 1), dbeta(h, 2), want_dx = dx;
          Values want_dgamma = dgamma, want_dbeta = dbeta;
          const auto backward = [&](const Kernels& kernels, Values& dx_, Values& dgamma_,
                                    Values& dbeta_) {
            kernels.layer_norm_backward({.dx = dx_.data(),
                                         .dgamma = dgamma_.data(),
                                         .dbeta = dbeta_.data(),
                                         .dy = dy.data(),
                                         .x = x.data(),
                                         .gamma = g,
                                         .mean = want_mean.data(),
                                         .rstd = want_rstd.data(),
                                         .rows = rows,
                                         .cols = cols});
          };
          backward(*k, dx, dgamma, dbeta);
          backward(r, want_dx, want_dgamma, want_dbeta);
          check_near(dx, want_dx, cols == 1 ? 1e-4f : 4e-6f);
          check_near(dgamma, want_dgamma, 1e-5f);
          check_near(dbeta, want_dbeta, 1e-5f);
        }
      }
}

// Numbers like 10000.004, a thousandth apart in float: the mean, rounded to float, is off by up to
// a tenth of the deviation.
TEST_CASE("kernels: layer norm of a mean of 10,000 and a deviation of 0.005 is that of doubles") {
  for (const int64_t cols : {3, 17, 768}) {
    constexpr int64_t rows = 6;
    constexpr double eps = 1e-8;
    Values x = random_values(rows * cols, 30, 0.005f);
    for (float& v : x) v += 10000;
    const Values gamma = random_values(cols, 31), dy = random_values(rows * cols, 32);
    Values want_y(x.size()), want_dx(x.size());
    std::vector<double> dgamma(static_cast<size_t>(cols));
    for (size_t i = 0, n = static_cast<size_t>(cols); i < rows; i++) {
      double mean = 0, variance = 0, sum = 0, dot = 0;
      for (size_t j = 0; j < n; j++) mean += double(x[i * n + j]) / double(n);
      for (size_t j = 0; j < n; j++)
        variance += std::pow(double(x[i * n + j]) - mean, 2) / double(n);
      const double rstd = 1 / std::sqrt(variance + eps);
      const auto xhat = [&](size_t j) { return (double(x[i * n + j]) - mean) * rstd; };
      const auto dxhat = [&](size_t j) { return double(dy[i * n + j]) * double(gamma[j]); };
      for (size_t j = 0; j < n; j++) {
        want_y[i * n + j] = static_cast<float>(xhat(j) * double(gamma[j]));
        dgamma[j] += double(dy[i * n + j]) * xhat(j);
        sum += dxhat(j) / double(n);
        dot += dxhat(j) * xhat(j) / double(n);
      }
      for (size_t j = 0; j < n; j++)
        want_dx[i * n + j] = static_cast<float>(rstd * (dxhat(j) - sum - xhat(j) * dot));
    }
    const Values want_dgamma(dgamma.begin(), dgamma.end());
    for (const Kernels* k : available_kernels()) {
      INFO(std::string(k->name));
      CAPTURE(cols);
      Values y(x.size()), dx(x.size()), mean(rows), rstd(rows), sums(gamma.size());
      k->layer_norm({.y = y.data(),
                     .mean = mean.data(),
                     .rstd = rstd.data(),
                     .x = x.data(),
                     .gamma = gamma.data(),
                     .eps = static_cast<float>(eps),
                     .rows = rows,
                     .cols = cols});
      k->layer_norm_backward({.dx = dx.data(),
                              .dgamma = sums.data(),
                              .dy = dy.data(),
                              .x = x.data(),
                              .gamma = gamma.data(),
                              .mean = mean.data(),
                              .rstd = rstd.data(),
                              .rows = rows,
                              .cols = cols});
      check_near(y, want_y, 1e-5f);
      check_near(dx, want_dx, 1e-4f);
      check_near(sums, want_dgamma, 1e-5f);
    }
    // The op hands the mean on: without it the kernels would have to find it again.
    Tensor of_x = Tensor::of({rows, cols}, x);
    of_x.set_requires_grad();
    const Tensor y = layer_norm(of_x, Tensor::of({cols}, gamma), Tensor::zeros({cols}), eps);
    sum(y * Tensor::of({rows, cols}, dy)).backward();
    check_near(of_x.grad().to_vector(), want_dx, 1e-4f);
  }
}

TEST_CASE("kernels: the largest of a row is found wherever it stands, and NaN wins") {
  for (const Kernels* k : available_kernels())
    for (int64_t n = 1; n <= most; n++)
      for (int64_t at = 0; at < n; at++) {
        Values x(static_cast<size_t>(n), -1e30f);
        float largest = 0;
        for (const float value : {-3.0f, inf, nan}) {
          x[static_cast<size_t>(at)] = value;
          k->row_max(&largest, x.data(), 1, n);
          if (!near(largest, value, 0)) CHECK(largest == value);
        }
        x[static_cast<size_t>((at + n / 2) % n)] = inf;  // before and after the NaN
        k->row_max(&largest, x.data(), 1, n);
        if (n > 1) CHECK(std::isnan(largest));
      }
}

TEST_CASE("kernels: where the header allows it a result may overwrite its input") {
  constexpr int64_t rows = 4, cols = 37, n = rows * cols;
  const Values x = random_values(n, 33), dy = random_values(n, 34);
  for (const Kernels* k : available_kernels()) {
    INFO(std::string(k->name));
    for (const Map& map : maps) {
      Values y(n), in_place = dy;
      (k->*map.f)(y.data(), dy.data(), n);
      (k->*map.f)(in_place.data(), in_place.data(), n);
      CHECK(same_bits(y, in_place));
    }
    for (const MapBackward& map : map_backwards) {
      Values dx(n), in_place = dy;
      (k->*map.f)(dx.data(), dy.data(), x.data(), n);
      (k->*map.f)(in_place.data(), in_place.data(), x.data(), n);
      CHECK(same_bits(dx, in_place));
    }
    Values y(n), as_a = x, as_b = dy;
    const auto sub = [&](Values& result, const Values& a, const Values& b) {
      k->sub(result.data(), {a.data(), cols, 1}, {b.data(), cols, 1}, rows, cols);
    };
    sub(y, x, dy), sub(as_a, as_a, dy), sub(as_b, x, as_b);
    CHECK(same_bits(y, as_a));
    CHECK(same_bits(y, as_b));
  }
}

}}  // namespace cairn

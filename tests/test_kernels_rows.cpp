// The kernels that go along rows: sums, maxima, softmax, cross entropy and layer norm, of every
// instruction set that this CPU has, against the reference and against doubles.
#include "core/ops.h"
#include "tests/kernel_cases.h"

namespace cairn { namespace {

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
    for (int64_t cols = 1; cols <= max_length; cols++) {
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
    for (int64_t n = 1; n <= max_length; n++)
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

}}  // namespace cairn

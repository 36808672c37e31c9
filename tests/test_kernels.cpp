// Every elementwise kernel, and dropout, of every instruction set that this CPU has, against the
// reference. Rows: test_kernels_rows.cpp; matrices: test_kernels_matrix.cpp.
#include "tests/kernel_cases.h"

namespace cairn { namespace {

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
  Values whole(max_length + 8);
  run(whole.data(), 0, max_length + 8);
  for (int64_t n = 0; n <= max_length; n++)
    for (int64_t shift = 0; shift < 8; shift += n % 3 + 1) {
      Values y(max_length + 16, guard);
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
  const Values x = random_values(max_length + 8, 2, 2), dy = random_values(max_length + 8, 3);
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

// One table of calls of every kernel, and what has to hold for each of them whatever the size: the
// reference's numbers, no step beyond the arrays, the same bits in place and for any threads.
#include <deque>

#include "tests/kernel_cases.h"

namespace cairn { namespace {

// The arrays of one call. What `out` gives holds NaN, or what it is told, and is looked at after.
struct Arrays {
  std::deque<Fenced> all{};
  std::vector<Fenced*> outputs{};
  uint32_t seed = 0;

  float* in(const Values& x) { return all.emplace_back(x).data(); }
  float* in(int64_t n, float size = 1) { return in(random_values(n, ++seed, size)); }
  float* whole(int64_t n) { return in(whole_numbers(n, ++seed)); }
  float* positive(int64_t n) {
    Values x = random_values(n, ++seed);
    for (float& v : x) v = std::fabs(v) + 1e-3f;
    return in(x);
  }
  float* inout(const Values& x) {
    outputs.push_back(&all.emplace_back(x));
    return outputs.back()->data();
  }
  float* out(int64_t n) { return inout(Values(static_cast<size_t>(n), nan)); }
};

// Labels 0, 3, 6, ... modulo cols, one in five ignored.
std::vector<int32_t> labels(int64_t rows, int64_t cols) {
  std::vector<int32_t> label(static_cast<size_t>(rows));
  for (int64_t i = 0; i < rows; i++)
    label[static_cast<size_t>(i)] = i % 5 == 4 ? -1 : static_cast<int32_t>(3 * i % cols);
  return label;
}

struct Call {
  const char* name;
  float tolerance;
  void (*run)(const Kernels& k, Arrays& a, int64_t rows, int64_t cols);
};

template <auto f>
void map(const Kernels& k, Arrays& a, int64_t rows, int64_t cols) {
  (k.*f)(a.out(rows * cols), a.positive(rows * cols), rows * cols);
}
template <auto f>
void map_backward(const Kernels& k, Arrays& a, int64_t rows, int64_t cols) {
  float* dx = a.out(rows * cols);
  (k.*f)(dx, a.in(rows * cols), a.in(rows * cols), rows * cols);
}
template <auto f>  // (rows, cols) by (cols)
void by_row(const Kernels& k, Arrays& a, int64_t rows, int64_t cols) {
  float* y = a.out(rows * cols);
  (k.*f)(y, {a.positive(rows * cols), cols, 1}, {a.positive(cols), 0, 1}, rows, cols);
}
template <auto f>  // (rows, 1) by (rows, cols)
void by_column(const Kernels& k, Arrays& a, int64_t rows, int64_t cols) {
  float* y = a.out(rows * cols);
  (k.*f)(y, {a.positive(rows), 1, 0}, {a.positive(rows * cols), cols, 1}, rows, cols);
}
template <auto f>  // one number by (rows, cols)
void by_number(const Kernels& k, Arrays& a, int64_t rows, int64_t cols) {
  float* y = a.out(rows * cols);
  (k.*f)(y, {a.positive(1), 0, 0}, {a.positive(rows * cols), cols, 1}, rows, cols);
}
template <auto f>
void over_rows(const Kernels& k, Arrays& a, int64_t rows, int64_t cols) {
  (k.*f)(a.out(rows * cols), a.in(rows * cols), rows, cols);
}
template <auto f>
void over_rows_backward(const Kernels& k, Arrays& a, int64_t rows, int64_t cols) {
  float* dx = a.out(rows * cols);
  Values y = random_values(rows * cols, 77);
  for (float& v : y) v = -std::fabs(v);  // as logarithms of probabilities are
  (k.*f)(dx, a.in(rows * cols), a.in(y), rows, cols);
}

template <bool affine>
void layer_norm(const Kernels& k, Arrays& a, int64_t rows, int64_t cols) {
  float *y = a.out(rows * cols), *mean = a.out(rows), *rstd = a.out(rows);
  k.layer_norm({.y = y,
                .mean = mean,
                .rstd = rstd,
                .x = a.in(rows * cols),
                .gamma = affine ? a.in(cols) : nullptr,
                .beta = affine ? a.in(cols) : nullptr,
                .eps = 0.1f,
                .rows = rows,
                .cols = cols});
}

// Of what is written, bits 1, 2 and 4 say that dx, dgamma and dbeta are.
template <int wanted, bool affine>
void layer_norm_backward(const Kernels& k, Arrays& a, int64_t rows, int64_t cols) {
  const Values two(static_cast<size_t>(cols), 2);
  float* dx = wanted & 1 ? a.out(rows * cols) : nullptr;
  float* dgamma = wanted & 2 ? a.inout(two) : nullptr;
  float* dbeta = wanted & 4 ? a.inout(two) : nullptr;
  k.layer_norm_backward({.dx = dx,
                         .dgamma = dgamma,
                         .dbeta = dbeta,
                         .dy = a.in(rows * cols),
                         .x = a.in(rows * cols),
                         .gamma = affine ? a.in(cols) : nullptr,
                         .mean = a.in(rows, 0.1f),
                         .rstd = a.positive(rows),
                         .rows = rows,
                         .cols = cols});
}

void cross_entropy(const Kernels& k, Arrays& a, int64_t rows, int64_t cols) {
  const std::vector<int32_t> label = labels(rows, cols);
  float *loss = a.out(rows), *log_sum = a.out(rows);
  Values x = random_values(rows * cols, 5);
  for (float& v : x) v += 20000;  // a large maximum takes no digits from the loss
  k.cross_entropy(loss, log_sum, a.in(x), label.data(), rows, cols);
}
void cross_entropy_backward(const Kernels& k, Arrays& a, int64_t rows, int64_t cols) {
  const std::vector<int32_t> label = labels(rows, cols);
  float* dx = a.out(rows * cols);
  k.cross_entropy_backward({.dx = dx,
                            .dloss = a.in(rows),
                            .x = a.in(rows * cols),
                            .log_sum = a.positive(rows),
                            .label = label.data(),
                            .rows = rows,
                            .cols = cols});
}

// Row i of `rows` rows is row i * i mod 7 of a table of 7.
std::vector<int32_t> ids_of(int64_t rows) {
  std::vector<int32_t> ids(static_cast<size_t>(rows));
  for (int64_t i = 0; i < rows; i++) ids[static_cast<size_t>(i)] = static_cast<int32_t>(i * i % 7);
  return ids;
}

void column_sums(const Kernels& k, Arrays& a, int64_t rows, int64_t cols, float beta) {
  float* y = a.inout(Values(static_cast<size_t>(cols), beta == 0 ? nan : 3.0f));
  k.column_sums(y, a.whole(rows * cols), rows, cols, beta);
}

// One step; each of the scalars changes the numbers.
void adamw(const Kernels& k, Arrays& a, int64_t rows, int64_t cols) {
  const int64_t n = rows * cols;
  float* p = a.inout(random_values(n, 1));
  float* m = a.inout(random_values(n, 2));
  Values squares = random_values(n, 3);
  for (float& v : squares) v *= v;
  float* v = a.inout(squares);
  k.adamw(p, m, v, a.in(n),
          {.grad_scale = 0.5,
           .step_size = 0.25,
           .beta1 = 0.8,
           .beta2 = 0.7,
           .eps = 0.3,
           .v_scale = 1.7,
           .decay = 0.9},
          n);
}

const Call calls[] = {
    {"exp", 1e-6f, map<&Kernels::exp>},
    {"log", 1e-6f, map<&Kernels::log>},
    {"sqrt", 1e-6f, map<&Kernels::sqrt>},
    {"tanh", 1e-6f, map<&Kernels::tanh>},
    {"sigmoid", 1e-6f, map<&Kernels::sigmoid>},
    {"erf", 1e-6f, map<&Kernels::erf>},
    {"relu", 0, map<&Kernels::relu>},
    {"gelu", 1e-6f, map<&Kernels::gelu>},
    {"gelu_tanh", 1e-6f, map<&Kernels::gelu_tanh>},
    {"tanh_backward", 1e-5f, map_backward<&Kernels::tanh_backward>},
    {"sigmoid_backward", 1e-5f, map_backward<&Kernels::sigmoid_backward>},
    {"relu_backward", 0, map_backward<&Kernels::relu_backward>},
    {"gelu_backward", 1e-6f, map_backward<&Kernels::gelu_backward>},
    {"gelu_tanh_backward", 1e-6f, map_backward<&Kernels::gelu_tanh_backward>},
    {"add, rows", 0, by_row<&Kernels::add>},
    {"sub, rows", 0, by_row<&Kernels::sub>},
    {"mul, columns", 0, by_column<&Kernels::mul>},
    {"div, columns", 0, by_column<&Kernels::div>},
    {"sub, a number", 0, by_number<&Kernels::sub>},
    {"div, a number", 0, by_number<&Kernels::div>},
    {"scale", 1e-6f,
     [](auto& k, Arrays& a, int64_t rows, int64_t cols) {
       k.scale(a.out(rows * cols), a.in(rows * cols), 0.3f, 0.7f, rows * cols);
     }},
    {"axpy", 1e-6f,
     [](auto& k, Arrays& a, int64_t rows, int64_t cols) {
       k.axpy(a.inout(random_values(rows * cols, 9)), a.in(rows * cols), 0.3f, rows * cols);
     }},
    {"row_sums", 0,
     [](auto& k, Arrays& a, int64_t rows, int64_t cols) {
       k.row_sums(a.out(rows), a.whole(rows * cols), rows, cols);
     }},
    {"column_sums, beta 0", 0,
     [](auto& k, Arrays& a, int64_t rows, int64_t cols) { column_sums(k, a, rows, cols, 0); }},
    {"column_sums, beta 1", 0,
     [](auto& k, Arrays& a, int64_t rows, int64_t cols) { column_sums(k, a, rows, cols, 1); }},
    {"column_sums, beta 0.5", 0,
     [](auto& k, Arrays& a, int64_t rows, int64_t cols) { column_sums(k, a, rows, cols, 0.5f); }},
    {"sum_of_squares", 0,
     [](auto& k, Arrays& a, int64_t rows, int64_t cols) {
       a.out(1)[0] = static_cast<float>(k.sum_of_squares(a.whole(rows * cols), rows * cols));
     }},
    {"row_max", 0,
     [](auto& k, Arrays& a, int64_t rows, int64_t cols) {
       Values x = random_values(rows * cols, 4);
       for (float& v : x) v -= 100;  // so that a 0 that does not belong there would win
       k.row_max(a.out(rows), a.in(x), rows, cols);
     }},
    {"softmax", 1e-6f, over_rows<&Kernels::softmax>},
    {"softmax_backward", 4e-6f, over_rows_backward<&Kernels::softmax_backward>},
    {"log_softmax", 1e-6f, over_rows<&Kernels::log_softmax>},
    {"log_softmax_backward", 4e-6f, over_rows_backward<&Kernels::log_softmax_backward>},
    {"layer_norm", 4e-6f, layer_norm<false>},
    {"layer_norm, affine", 4e-6f, layer_norm<true>},
    {"layer_norm_backward", 2e-5f, layer_norm_backward<7, true>},
    {"layer_norm_backward, not affine", 2e-5f, layer_norm_backward<1, false>},
    {"layer_norm_backward, dgamma", 2e-5f, layer_norm_backward<2, true>},
    {"layer_norm_backward, dbeta", 2e-5f, layer_norm_backward<4, true>},
    {"cross_entropy", 1e-6f, cross_entropy},
    {"cross_entropy_backward", 2e-6f, cross_entropy_backward},
    {"dropout", 0,
     [](auto& k, Arrays& a, int64_t rows, int64_t cols) {
       k.dropout(a.out(rows * cols), a.in(rows * cols), {0.3f, 1, 2}, rows * cols);
     }},
    {"gather_rows", 0,
     [](auto& k, Arrays& a, int64_t rows, int64_t cols) {
       const std::vector<int32_t> ids = ids_of(rows);
       k.gather_rows(a.out(rows * cols), a.in(7 * cols), ids.data(), rows, cols);
     }},
    {"scatter_add_rows", 0,
     [](auto& k, Arrays& a, int64_t rows, int64_t cols) {
       const std::vector<int32_t> ids = ids_of(rows);
       float* table = a.inout(random_values(7 * cols, 8));
       k.scatter_add_rows(table, a.in(rows * cols), ids.data(), rows, cols);
     }},
    {"adamw", 1e-6f, adamw},
};

std::vector<Values> results(const Call& call, const Kernels& k, int64_t rows, int64_t cols) {
  Arrays arrays;
  call.run(k, arrays, rows, cols);
  std::vector<Values> all;
  for (const Fenced* x : arrays.outputs) all.push_back(x->values());
  return all;
}

// Small sizes for every remainder of a vector, then large ones, that are cut into pieces.
std::vector<std::pair<int64_t, int64_t>> sizes() {
  std::vector<std::pair<int64_t, int64_t>> all;
  for (int64_t cols = 1; cols <= 67; cols += cols < 35 ? 1 : 3) all.push_back({3, cols});
  for (const auto& size : {std::pair<int64_t, int64_t>{0, 5},
                           {1, 1},
                           {17, 1},
                           {1100, 1},
                           {17000, 1},
                           {1, 17000},
                           {2, 17001},
                           {1100, 17},
                           {40, 500}})
    all.push_back(size);
  return all;
}

TEST_CASE("kernels: each has the reference's numbers for every size, and stays in its arrays") {
  for (const Call& call : calls)
    for (const auto& size : sizes()) {
      const int64_t rows = size.first, cols = size.second;
      const std::vector<Values> want = results(call, reference::kernels, rows, cols);
      for (const Kernels* k : fast_kernels()) {
        INFO(std::string(k->name));
        INFO(std::string(call.name));
        CAPTURE(rows);
        CAPTURE(cols);
        const std::vector<Values> y = results(call, *k, rows, cols);
        const float looser = rows * cols > 10000 ? 20 : 1;  // long sums are rounded more often
        for (size_t i = 0; i < want.size(); i++) check_near(y[i], want[i], looser * call.tolerance);
      }
    }
}

// The pieces of 8,192 are summed in float, each, and their sums in double.
TEST_CASE("kernels: a long sum is that of its pieces, to the last bit") {
  constexpr int64_t piece = 8192, n = 3 * piece + 5;
  const Values x = random_values(n, 1);
  for (const Kernels* k : fast_kernels()) {
    double squares = 0, sum = 0;
    float sum_of_all = 0;
    for (int64_t i = 0; i < n; i += piece) {
      float part = 0;
      k->row_sums(&part, &x[static_cast<size_t>(i)], 1, std::min(piece, n - i));
      sum += double(part);
      squares += k->sum_of_squares(&x[static_cast<size_t>(i)], std::min(piece, n - i));
    }
    k->row_sums(&sum_of_all, x.data(), 1, n);
    INFO(std::string(k->name));
    CHECK(sum_of_all == static_cast<float>(sum));
    CHECK(k->sum_of_squares(x.data(), n) == squares);
  }
}

// 1 - 0.999f is off by 1e-5.
TEST_CASE("kernels: adamw takes 1 - beta of the doubles") {
  for (const Kernels* k : available_kernels())
    for (const double beta : {0.999, 0.9}) {
      float p = 0, m = 0, v = 0;
      const float g = 1000;
      k->adamw(&p, &m, &v, &g,
               {.grad_scale = 1,
                .step_size = 0,
                .beta1 = beta,
                .beta2 = beta,
                .eps = 1,
                .v_scale = 1,
                .decay = 1},
               1);
      INFO(std::string(k->name));
      CHECK(near(m, static_cast<float>((1 - beta) * 1e3), 2e-7f));
      CHECK(near(v, static_cast<float>((1 - beta) * 1e6), 2e-7f));
    }
}

TEST_CASE("kernels: each gives the same bits for any number of threads") {
  for (const Call& call : calls)
    for (const Kernels* k : available_kernels())
      for (const auto& [rows, cols] : {std::pair<int64_t, int64_t>{1100, 17}, {2, 17001}}) {
        INFO(std::string(k->name));
        INFO(std::string(call.name));
        check_threads([&, n = rows, m = cols] {
          Values all;
          for (const Values& x : results(call, *k, n, m)) all.insert(all.end(), x.begin(), x.end());
          return all;
        });
      }
}

}}  // namespace cairn

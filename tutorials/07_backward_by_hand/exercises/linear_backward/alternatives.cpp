// Other ways to write it, as good.
#include <algorithm>

#include "core/kernels/kernels.h"
#include "core/ops/ops.h"
#include "tutorials/07_backward_by_hand/exercises/linear_backward/linear_backward.h"

using cairn::Tensor;

namespace alternatives {
namespace {

// Each number of dy goes three ways.
void one_pass(const LinearBackwardArgs& a) {
  if (a.dx) std::fill_n(a.dx, a.rows * a.in, real{0});
  if (a.dw && a.beta == 0) std::fill_n(a.dw, a.out * a.in, real{0});
  if (a.db && a.beta == 0) std::fill_n(a.db, a.out, real{0});
  for (int64_t t = 0; t < a.rows; ++t)
    for (int64_t o = 0; o < a.out; ++o) {
      const real g = a.dy[t * a.out + o];
      for (int64_t i = 0; a.dx && i < a.in; ++i) a.dx[t * a.in + i] += g * a.weight[o * a.in + i];
      for (int64_t i = 0; a.dw && i < a.in; ++i) a.dw[o * a.in + i] += g * a.x[t * a.in + i];
      if (a.db) a.db[o] += g;
    }
}

// A sum for each result, in long double, from the last term to the first.
template <class Term>
real sum(int64_t n, real held, real beta, const Term& term) {
  long double total = 0;
  for (int64_t i = n; i-- > 0;) total += static_cast<long double>(term(i));
  return static_cast<real>(beta == 0 ? total : total + beta * held);
}
void sum_by_sum(const LinearBackwardArgs& a) {
  for (int64_t at = 0; a.dx && at < a.rows * a.in; ++at)
    a.dx[at] = sum(a.out, 0, 0, [&](int64_t o) {
      return a.dy[at / a.in * a.out + o] * a.weight[o * a.in + at % a.in];
    });
  for (int64_t at = 0; a.dw && at < a.out * a.in; ++at)
    a.dw[at] = sum(a.rows, a.dw[at], a.beta, [&](int64_t t) {
      return a.dy[t * a.out + at / a.in] * a.x[t * a.in + at % a.in];
    });
  for (int64_t o = 0; a.db && o < a.out; ++o)
    a.db[o] = sum(a.rows, a.db[o], a.beta, [&](int64_t t) { return a.dy[t * a.out + o]; });
}

// With tensors and their ops.
Tensor tensor(const real* numbers, int64_t rows, int64_t cols) {
  return Tensor::of({rows, cols}, std::vector<real>(numbers, numbers + rows * cols));
}
void put(real* to, const Tensor& x, real beta) {
  const std::vector<real> numbers = x.to_vector();
  for (size_t i = 0; i < numbers.size(); ++i) to[i] = beta == 0 ? numbers[i] : to[i] + numbers[i];
}
void with_tensors(const LinearBackwardArgs& a) {
  const Tensor dy = tensor(a.dy, a.rows, a.out);
  if (a.dx) put(a.dx, matmul(dy, tensor(a.weight, a.out, a.in)), 0);
  if (a.dw) put(a.dw, matmul(transpose(dy, 0, 1), tensor(a.x, a.rows, a.in)), a.beta);
  if (a.db) put(a.db, cairn::sum(dy, {0}), a.beta);
}

// The product of matrices for all three: db is dy^T times a column of ones.
void three_products(const LinearBackwardArgs& a) {
  const std::vector<real> ones(static_cast<size_t>(a.rows), 1);
  const auto product = [&](real* c, cairn::GemmOperand left, cairn::GemmOperand right, int64_t m,
                           int64_t n, int64_t k, real beta) {
    if (c) cairn::kernels().gemm({c, n, left, right, m, n, k, beta});
  };
  product(a.dx, {a.dy, a.out}, {a.weight, a.in}, a.rows, a.in, a.out, 0);
  product(a.dw, {a.dy, a.out, true}, {a.x, a.in}, a.out, a.in, a.rows, a.beta);
  product(a.db, {a.dy, a.out, true}, {ones.data(), 1}, a.out, 1, a.rows, a.beta);
}

}  // namespace

const std::vector<check::Alternative<LinearBackward>> list = {
    {"one pass over dy", one_pass},
    {"sum by sum, in long double", sum_by_sum},
    {"with tensors", with_tensors},
    {"three products", three_products},
};

}  // namespace alternatives

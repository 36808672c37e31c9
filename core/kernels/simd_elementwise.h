#pragma once
// Loops over independent elements: maps, their derivatives, broadcast arithmetic, dropout, AdamW.
#include "core/kernels/mask.h"
#include "core/kernels/simd_math.h"

namespace cairn::inline CAIRN_PRECISION::ISA {
namespace {

// Calls body(i, n) for each vector of [0, count): i is its first element, n what is left.
template <class Body>
void vectors(int64_t count, const Body& body) {
  runs(count, chunk, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i += width) body(i, end - i);
  });
}

template <lanes (*f)(lanes)>
void map(float* y, const float* x, int64_t count) {
  vectors(count, [=](int64_t i, int64_t n) { store_upto(y + i, f(load_upto(x + i, n)), n); });
}

// dx = dy * f'(z), where z is x or y.
template <lanes (*df)(lanes)>
void map_backward(float* dx, const float* dy, const float* z, int64_t count) {
  vectors(count, [=](int64_t i, int64_t n) {
    store_upto(dx + i, mul(load_upto(dy + i, n), df(load_upto(z + i, n))), n);
  });
}

void relu_backward(float* dx, const float* dy, const float* x, int64_t count) {
  vectors(count, [=](int64_t i, int64_t n) {
    const mask off = less_equal(load_upto(x + i, n), all(0));
    store_upto(dx + i, select(off, all(0), load_upto(dy + i, n)), n);
  });
}

void scale(float* y, const float* x, float a, float b, int64_t count) {
  vectors(count, [=](int64_t i, int64_t n) {
    store_upto(y + i, fma(all(a), load_upto(x + i, n), all(b)), n);
  });
}

void axpy(float* y, const float* x, float a, int64_t count) {
  vectors(count, [=](int64_t i, int64_t n) {
    store_upto(y + i, fma(all(a), load_upto(x + i, n), load_upto(y + i, n)), n);
  });
}

// --- broadcasting

// n elements of one row; an operand that does not move along the row has col 0.
template <lanes (*f)(lanes, lanes)>
void broadcast_run(float* y, const float* a, int64_t a_col, const float* b, int64_t b_col,
                   int64_t n) {
  for (int64_t j = 0; j < n; j += width) {
    const lanes va = a_col ? load_upto(a + j, n - j) : all(*a);
    const lanes vb = b_col ? load_upto(b + j, n - j) : all(*b);
    store_upto(y + j, f(va, vb), n - j);
  }
}

// Whether (rows, cols) of the operand is one long row, moving or not.
bool is_flat(const Operand& a, int64_t rows, int64_t cols) {
  return rows == 1 || (cols == 1 ? a.row == 0 || a.row == 1 : a.row == a.col * cols);
}

template <lanes (*f)(lanes, lanes)>
void broadcast(float* y, Operand a, Operand b, int64_t rows, int64_t cols) {
  if (is_flat(a, rows, cols) && is_flat(b, rows, cols)) {
    if (cols == 1 && rows != 1) a.col = a.row, b.col = b.row;
    cols *= rows;
    rows = 1;
  }
  if (rows == 1) {
    runs(cols, chunk, [=](int64_t begin, int64_t end) {
      broadcast_run<f>(y + begin, a.data + begin * a.col, a.col, b.data + begin * b.col, b.col,
                       end - begin);
    });
    return;
  }
  runs(rows, chunk_rows(cols), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      broadcast_run<f>(y + i * cols, a.data + i * a.row, a.col, b.data + i * b.row, b.col, cols);
  });
}

// --- dropout

// scale where the element is kept, 0 where not, of the elements from `element` on.
inline lanes dropout_factors(const DropoutKey& key, int64_t element) {
  const uint64_t start = static_cast<uint64_t>(element);
  const uints low = (uints)index + static_cast<uint32_t>(start);
  const uint32_t high = static_cast<uint32_t>(start >> 32);
  uints random = dropout_bits(key, low, high);
  if (low[width - 1] < low[0])  // the low half overflowed within this vector
    random = low < low[0] ? dropout_bits(key, low, high + 1) : random;
  const lanes value = to_lanes((ints)random), threshold = all(static_cast<float>(key.threshold));
  return select(less(value, threshold), all(0), all(key.scale));  // 24 bits: exact as floats
}

void dropout(float* y, const float* x, DropoutMask dropped, int64_t count) {
  const DropoutKey key = dropout_key(dropped);
  vectors(count, [=](int64_t i, int64_t n) {
    const lanes factor = dropout_factors(key, i);
    const lanes kept = mul(load_upto(x + i, n), factor);
    store_upto(y + i, select(less(all(0), factor), kept, all(0)), n);
  });
}

// --- optimiser

void adamw(float* p, float* m, float* v, const float* g, double grad_scale, double step_size,
           double beta1, double beta2, double eps, double v_scale, double decay, int64_t count) {
  const lanes b1 = all((float)beta1), b2 = all((float)beta2);
  const lanes c1 = all((float)(1 - beta1)), c2 = all((float)(1 - beta2));
  const lanes scale_g = all((float)grad_scale), scale_v = all((float)v_scale);
  const lanes minus_step = all((float)-step_size), plus_eps = all((float)eps);
  const lanes keep = all((float)decay);
  vectors(count, [=](int64_t i, int64_t n) {
    const lanes gi = mul(load_upto(g + i, n), scale_g);
    const lanes mi = fma(b1, load_upto(m + i, n), mul(c1, gi));
    const lanes vi = fma(b2, load_upto(v + i, n), mul(mul(c2, gi), gi));
    const lanes denominator = add(sqrt(mul(vi, scale_v)), plus_eps);
    const lanes pi = fma(minus_step, div(mi, denominator), mul(load_upto(p + i, n), keep));
    store_upto(m + i, mi, n);
    store_upto(v + i, vi, n);
    store_upto(p + i, pi, n);
  });
}

}  // namespace
}  // namespace cairn::inline CAIRN_PRECISION::ISA

#pragma once
// Loops over independent elements: maps and their derivatives, arithmetic with broadcasting,
// dropout. All in float, a vector at a time; nothing is summed. Short functions are as fast as
// memory delivers, two loads and a store for one vector of arithmetic.
#include "core/kernels/dropout_mask.h"
#include "core/kernels/simd_math.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

// Calls body(i, n) for each vector of [0, count): i is its first element, n what is left.
template <class Body>
void vectors(int64_t count, const Body& body) {
  parallel_chunks(count, chunk_size, [&](int64_t begin, int64_t end) {
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
    const mask off = less_equal(load_upto(x + i, n), splat(0));
    store_upto(dx + i, select(off, splat(0), load_upto(dy + i, n)), n);
  });
}

void scale(float* y, const float* x, float a, float b, int64_t count) {
  vectors(count, [=](int64_t i, int64_t n) {
    store_upto(y + i, fma(splat(a), load_upto(x + i, n), splat(b)), n);
  });
}

void axpy(float* y, const float* x, float a, int64_t count) {
  vectors(count, [=](int64_t i, int64_t n) {
    store_upto(y + i, fma(splat(a), load_upto(x + i, n), load_upto(y + i, n)), n);
  });
}

// --- broadcasting

// n elements of one row; an operand that does not move along the row has col 0.
template <lanes (*f)(lanes, lanes)>
void broadcast_row(float* y, const float* a, int64_t a_col, const float* b, int64_t b_col,
                   int64_t n) {
  for (int64_t j = 0; j < n; j += width) {
    const lanes va = a_col ? load_upto(a + j, n - j) : splat(*a);
    const lanes vb = b_col ? load_upto(b + j, n - j) : splat(*b);
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
    if (cols == 1 && rows != 1) {
      a.col = a.row;
      b.col = b.row;
    }
    cols *= rows;
    rows = 1;
  }
  if (rows == 1) {
    parallel_chunks(cols, chunk_size, [=](int64_t begin, int64_t end) {
      broadcast_row<f>(y + begin, a.data + begin * a.col, a.col, b.data + begin * b.col, b.col,
                       end - begin);
    });
    return;
  }
  parallel_chunks(rows, chunk_rows(cols), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      broadcast_row<f>(y + i * cols, a.data + i * a.row, a.col, b.data + i * b.row, b.col, cols);
  });
}

// --- dropout

// scale where the element is kept, 0 where not, of the elements from `element` on.
inline lanes dropout_factors(const DropoutHash& hash, int64_t element) {
  const uint64_t start = static_cast<uint64_t>(element);
  const uints low = (uints)index + static_cast<uint32_t>(start);
  const uint32_t high = static_cast<uint32_t>(start >> 32);
  uints random = dropout_bits(hash, low, high);
  if (low[width - 1] < low[0])  // the low half overflowed within this vector
    random = low < low[0] ? dropout_bits(hash, low, high + 1) : random;
  const lanes value = to_lanes((ints)random), threshold = splat(static_cast<float>(hash.threshold));
  return select(less(value, threshold), splat(0), splat(hash.scale));  // 24 bits: exact as floats
}

void dropout(float* y, const float* x, DropoutMask dropout_mask, int64_t count) {
  const DropoutHash hash = dropout_hash(dropout_mask);
  vectors(count, [=](int64_t i, int64_t n) {
    const lanes factor = dropout_factors(hash, i);
    const lanes kept = mul(load_upto(x + i, n), factor);
    store_upto(y + i, select(less(splat(0), factor), kept, splat(0)), n);
  });
}

}}}}  // namespace cairn::CAIRN_PRECISION::ISA

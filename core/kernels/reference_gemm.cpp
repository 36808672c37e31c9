// Matrix products in plain loops: c = a b + beta c. Each element of c sums its products in
// `real`, from the first to the last, each product and each addition rounded.
#include "core/kernels/reference.h"
#include "core/parallel.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace reference {
namespace {

// The arguments, with the transpositions turned into strides: element (i, l) of a is
// a.data[i * a_i + l * a_l], element (l, j) of b is b.data[l * b_l + j * b_j].
struct Gemm {
  const GemmArgs& args;
  int64_t a_i, a_l, b_l, b_j;
};

constexpr int64_t chunk_rows = 8;  // rows of c that a thread takes at a time
constexpr int64_t block = 8;       // columns whose sums are formed side by side

// Row i of c. A block of columns at a time, so that the additions need not wait for one another.
void gemm_row(const Gemm& gemm, int64_t i) {
  const GemmArgs& g = gemm.args;
  for (int64_t j0 = 0; j0 < g.n; j0 += block) {
    const int64_t cols = g.n - j0 < block ? g.n - j0 : block;
    // sum_j = sum_l a(i, l) b(l, j0 + j)
    real sum[block] = {};
    for (int64_t l = 0; l < g.k; l++) {
      const real a = g.a.data[i * gemm.a_i + l * gemm.a_l];
      const real* b = g.b.data + l * gemm.b_l + j0 * gemm.b_j;
      for (int64_t j = 0; j < cols; j++) sum[j] += a * b[j * gemm.b_j];
    }
    // c = sum + beta c
    real* c = g.c + i * g.c_stride + j0;
    for (int64_t j = 0; j < cols; j++) c[j] = g.beta == 0 ? sum[j] : sum[j] + g.beta * c[j];
  }
}

void gemm_chunk(void* context, int64_t chunk) {
  const Gemm& gemm = *static_cast<const Gemm*>(context);
  const int64_t m = gemm.args.m;
  const int64_t end = (chunk + 1) * chunk_rows < m ? (chunk + 1) * chunk_rows : m;
  for (int64_t i = chunk * chunk_rows; i < end; i++) gemm_row(gemm, i);
}

}  // namespace

void gemm(const GemmArgs& args) {
  if (args.n == 0) return;  // however many rows
  const GemmOperand &a = args.a, &b = args.b;
  Gemm strided{.args = args,
               .a_i = a.transposed ? 1 : a.stride,
               .a_l = a.transposed ? a.stride : 1,
               .b_l = b.transposed ? 1 : b.stride,
               .b_j = b.transposed ? b.stride : 1};
  parallel((args.m + chunk_rows - 1) / chunk_rows, gemm_chunk, &strided);
}

}}}  // namespace cairn::CAIRN_PRECISION::reference

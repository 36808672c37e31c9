// pack: the real rows of a padded batch, (B, T, C) -> (N, C). unpack: back again, zeros at the
// padding. Each is the other's gradient. Save only the rows.
// PyTorch: torch.nn.utils.rnn.pack_padded_sequence and pad_packed_sequence, in batch order.
#include <algorithm>

#include "core/autograd/node.h"
#include "core/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct PackNode final : OpsNode {
  Rows rows;
  int64_t T = 0;
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

struct UnpackNode final : OpsNode {
  Rows rows;
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

// unpack, with T rows for each sequence.
Tensor unpacked(const Tensor& x, const Rows& rows, int64_t T, Where where) {
  const int64_t C = x.size(1);
  Tensor y = Tensor::zeros({rows.sequences(), T, C});
  const Contiguous from(x);
  real* to = y.write(where);
  for (int64_t b = 0; b < rows.sequences(); ++b)
    std::copy_n(from.data() + rows.starts()[b] * C, rows.length(b) * C, to + b * (T * C));
  if (auto node = record<UnpackNode>("unpack", {&x}, y, where)) node->rows = rows;
  return y;
}

}  // namespace

Tensor pack(const Tensor& padded, const Rows& rows, Where where) {
  if (padded.axes() != 3 || padded.size(0) != rows.sequences() || padded.size(1) < rows.longest())
    fail("pack",
         to_string(padded.shape()) + " does not hold " + std::to_string(rows.sequences()) +
             " sequences of up to " + std::to_string(rows.longest()) + " rows",
         "(B, T, C)", where);
  const int64_t T = padded.size(1), C = padded.size(2);
  Tensor y = Tensor::empty({rows.total(), C});
  const Contiguous from(padded);
  real* to = y.write(where);
  for (int64_t b = 0; b < rows.sequences(); ++b)
    std::copy_n(from.data() + b * (T * C), rows.length(b) * C, to + rows.starts()[b] * C);
  if (auto node = record<PackNode>("pack", {&padded}, y, where)) {
    node->rows = rows;
    node->T = T;
  }
  return y;
}

Tensor unpack(const Tensor& x, const Rows& rows, Where where) {
  if (x.axes() != 2 || x.size(0) != rows.total())
    fail("unpack",
         to_string(x.shape()) + " does not hold " + std::to_string(rows.total()) + " rows",
         "(N, C)", where);
  return unpacked(x, rows, rows.longest(), where);
}

void PackNode::backward(Grads& g) { g.add(0, unpacked(g.dout(), rows, T, where)); }
void UnpackNode::backward(Grads& g) { g.add(0, pack(g.dout(), rows)); }

OpInfo pack_info() {
  return {.name = "pack",
          .formula = "the real rows of a padded batch",
          .derivative = "dx = unpack(dy)",
          .pytorch = "torch.nn.utils.rnn.pack_padded_sequence",
          .cases = {CASE(pack(x[0], Rows::of_lengths({2, 0, 3})), {{3, 4, 2}}, {{3, 3, 1}}),
                    CASE(pack(x[0], Rows::of_lengths({2, 2})), {{2, 2, 3}}),
                    CASE(pack(x[0], Rows::of_lengths({1, 3})), {{2, 3, 2}}),
                    CASE(pack(x[0], Rows::of_lengths({4})), {{1, 4, 2}}),
                    CASE(pack(x[0], Rows::of_lengths({0, 0})), {{2, 1, 2}}),
                    CASE(pack(x[0], Rows::of_lengths({})), {{0, 3, 2}}),
                    CASE(pack(x[0], Rows::of_lengths({1})), {{1, 1, 1}}),
                    CASE(pack(x[0], Rows::of_lengths({2})), {{1, 2, 0}})}};
}
OpInfo unpack_info() {
  return {.name = "unpack",
          .formula = "the rows of a ragged batch, padded with zeros",
          .derivative = "dx = pack(dy)",
          .pytorch = "torch.nn.utils.rnn.pad_packed_sequence",
          .cases = {CASE(unpack(x[0], Rows::of_lengths({2, 0, 3})), {{5, 2}}, {{5, 1}}),
                    CASE(unpack(x[0], Rows::of_lengths({2, 2})), {{4, 3}}),
                    CASE(unpack(x[0], Rows::of_lengths({1, 3})), {{4, 2}}),
                    CASE(unpack(x[0], Rows::of_lengths({4})), {{4, 2}}),
                    CASE(unpack(x[0], Rows::of_lengths({0, 0})), {{0, 2}}),
                    CASE(unpack(x[0], Rows::of_lengths({})), {{0, 3}}),
                    CASE(unpack(x[0], Rows::of_lengths({1})), {{1, 1}}),
                    CASE(unpack(x[0], Rows::of_lengths({2})), {{2, 0}})}};
}

}}  // namespace cairn::CAIRN_PRECISION

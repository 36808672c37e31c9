// pack: the real rows of a padded batch, (B, T, C) -> (N, C). unpack: back again, zeros at the
// padding. Each is the other's gradient. Save only the rows.
// PyTorch: torch.nn.utils.rnn.pack_padded_sequence and pad_packed_sequence, in batch order.
#include <algorithm>

#include "core/autograd/node.h"
#include "core/ops/records/op_info.h"
#include "core/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// unpack, to T rows a sequence.
Tensor unpacked(const Tensor& x, const Rows& rows, int64_t T, Where where);

struct PackNode final : Node {
  Rows rows;
  int64_t T = 0;
  void backward(Grads& g) override { g.add(0, unpacked(g.dout(), rows, T, where)); }
  void backward_in_ops(Grads& g) override { backward(g); }
  void visit(SavedVisitor&) override {}
};

struct UnpackNode final : Node {
  Rows rows;
  void backward(Grads& g) override { g.add(0, pack(g.dout(), rows)); }
  void backward_in_ops(Grads& g) override { backward(g); }
  void visit(SavedVisitor&) override {}
};

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
    fail("pack", to_string(padded.shape()) + " does not hold " + std::to_string(rows.sequences()) +
         " sequences of up to " + std::to_string(rows.longest()) + " rows", "(B, T, C)", where);
  const int64_t T = padded.size(1), C = padded.size(2);
  Tensor y = Tensor::empty({rows.total(), C});
  const Contiguous from(padded);
  real* to = y.write(where);
  for (int64_t b = 0; b < rows.sequences(); ++b)
    std::copy_n(from.data() + b * (T * C), rows.length(b) * C, to + rows.starts()[b] * C);
  if (auto node = record<PackNode>("pack", {&padded}, y, where)) node->rows = rows, node->T = T;
  return y;
}

Tensor unpack(const Tensor& x, const Rows& rows, Where where) {
  if (x.axes() != 2 || x.size(0) != rows.total())
    fail("unpack", to_string(x.shape()) + " does not hold " + std::to_string(rows.total()) +
         " rows", "(N, C)", where);
  return unpacked(x, rows, rows.longest(), where);
}

namespace {

OpFunction packed(const std::vector<int32_t>& lengths) {
  return [rows = Rows::of_lengths(lengths)](auto& x) { return pack(x[0], rows); };
}
OpFunction unpacked_by(const std::vector<int32_t>& lengths) {
  return [rows = Rows::of_lengths(lengths)](auto& x) { return unpack(x[0], rows); };
}

}  // namespace

OpInfo pack_info() {
  return {"pack", "the real rows of a padded batch", "dx = unpack(dy)", "nothing",
          "torch.nn.utils.rnn.pack_padded_sequence", "core/ops/more/pack.cpp", "",
          {{"pack(x, lengths 2, 0, 3)", {{{3, 4, 2}}}, packed({2, 0, 3})},
           {"pack(x, lengths 2, 0, 3)", {{{3, 3, 1}}}, packed({2, 0, 3})},
           {"pack(x, lengths 2, 2)", {{{2, 2, 3}}}, packed({2, 2})},
           {"pack(x, lengths 1, 3)", {{{2, 3, 2}}}, packed({1, 3})},
           {"pack(x, lengths 4)", {{{1, 4, 2}}}, packed({4})},
           {"pack(x, lengths 0, 0)", {{{2, 1, 2}}}, packed({0, 0})},
           {"pack(x, no lengths)", {{{0, 3, 2}}}, packed({})},
           {"pack(x, lengths 1)", {{{1, 1, 1}}}, packed({1})},
           {"pack(x, lengths 2)", {{{1, 2, 0}}}, packed({2})}}};
}
OpInfo unpack_info() {
  return {"unpack", "the rows of a ragged batch, padded with zeros", "dx = pack(dy)", "nothing",
          "torch.nn.utils.rnn.pad_packed_sequence", "core/ops/more/pack.cpp", "",
          {{"unpack(x, lengths 2, 0, 3)", {{{5, 2}}}, unpacked_by({2, 0, 3})},
           {"unpack(x, lengths 2, 0, 3)", {{{5, 1}}}, unpacked_by({2, 0, 3})},
           {"unpack(x, lengths 2, 2)", {{{4, 3}}}, unpacked_by({2, 2})},
           {"unpack(x, lengths 1, 3)", {{{4, 2}}}, unpacked_by({1, 3})},
           {"unpack(x, lengths 4)", {{{4, 2}}}, unpacked_by({4})},
           {"unpack(x, lengths 0, 0)", {{{0, 2}}}, unpacked_by({0, 0})},
           {"unpack(x, no lengths)", {{{0, 3}}}, unpacked_by({})},
           {"unpack(x, lengths 1)", {{{1, 1}}}, unpacked_by({1})},
           {"unpack(x, lengths 2)", {{{2, 0}}}, unpacked_by({2})}}};
}

}}  // namespace cairn::CAIRN_PRECISION

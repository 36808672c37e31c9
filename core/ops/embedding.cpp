// embedding: row ids[i] of the table (V, C) for each id -> (ids' shape..., C).
//   dtable[ids[i]] += dy[i]: rows that appear several times add up, the others get nothing
// Saves the ids. PyTorch: torch.nn.functional.embedding.
// index_select: the same along axis 0 of a tensor of any shape.
// PyTorch: torch.index_select(x, 0, rows). core/ops/more/index_select.cpp has the other axes.
#include <algorithm>

#include "core/autograd/node.h"
#include "core/kernels/kernels.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct GatherNode final : Node {
  Ids ids;
  int64_t cols = 0;
  void backward(Grads& g) override;
  void backward_in_ops(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

struct ScatterNode final : OpsNode {
  Ids ids;
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

// y[ids[i]] += x[i] for a y of this shape: the gradient of gathering, whose gradient is gathering.
Tensor scatter(const Tensor& x, const Ids& ids, const Shape& table_shape, int64_t cols,
               Where where) {
  Tensor y = Tensor::zeros(table_shape);
  kernels().scatter_add_rows(y.write(where), Contiguous(x), ids.data(), ids.numel(), cols);
  if (auto node = record<ScatterNode>("scatter", {&x}, y, where)) node->ids = ids;
  return y;
}

Tensor gather_rows(const char* op, const Tensor& table, const Ids& ids, const Shape& shape,
                   Where where) {
  const int64_t count = table.size(0), cols = count ? table.numel() / count : 0;
  for (int64_t i = 0; i < ids.numel(); ++i)
    if (ids[i] < 0 || ids[i] >= count)
      fail(op,
           "id " + std::to_string(ids[i]) + " at position " + std::to_string(i) +
               " of a table of " + std::to_string(count) + " rows",
           "", where);
  Tensor y = Tensor::empty(shape);
  kernels().gather_rows(y.write(where), Contiguous(table), ids.data(), ids.numel(), cols);
  if (auto node = record<GatherNode>(op, {&table}, y, where)) {
    node->ids = ids;
    node->cols = cols;
  }
  return y;
}

}  // namespace

Tensor embedding(const Tensor& table, const Ids& ids, Where where) {
  if (table.axes() != 2)
    fail("embedding", "the table is " + to_string(table.shape()), "it must be (V, C)", where);
  Shape shape = ids.shape();
  shape.push_back(table.size(1));
  return gather_rows("embedding", table, ids, shape, where);
}

Tensor index_select(const Tensor& x, const Ids& rows, Where where) {
  if (x.axes() == 0 || rows.shape().size() != 1)
    fail("index_select", "x is " + to_string(x.shape()) + ", the rows " + to_string(rows.shape()),
         "x needs an axis to select from, the rows exactly one", where);
  Shape shape = x.shape();
  shape[0] = rows.numel();
  return gather_rows("index_select", x, rows, shape, where);
}

void GatherNode::backward(Grads& g) {
  const Contiguous dy(g.dout());
  const Grads::Target dtable = g.into(0);
  if (dtable.beta == 0) std::fill_n(dtable.data, numel(g.shape(0)), real{0});
  kernels().scatter_add_rows(dtable.data, dy, ids.data(), ids.numel(), cols);
}
void GatherNode::backward_in_ops(Grads& g) {
  g.add(0, scatter(g.dout(), ids, g.shape(0), cols, where));
}

void ScatterNode::backward(Grads& g) {
  g.add(0, reshape(index_select(g.dout(), ids.reshape({ids.numel()})), g.shape(0)));
}

OpInfo embedding_info() {
  return {.name = "embedding",
          .formula = "y[i] = table[ids[i]]",
          .derivative = "dtable[ids[i]] += dy[i]",
          .saved = "ids",
          .cases = {CASE(embedding(x[0], Ids({2, 3}, {4, 0, 4, 1, 4, 0})), {{5, 3}}),
                    CASE(embedding(x[0], Ids()), {{5, 3}}, {{0, 3}}),
                    CASE(embedding(x[0], Ids{3, 3, 0}), {{4, 1}}, {{5, 0}}),
                    CASE(embedding(x[0], Ids({1, 1}, {0})), {{1, 2}}),
                    CASE(embedding(x[0], Ids(Shape{}, {5})), {{6, 2}}),
                    CASE(embedding(x[0], Ids({2, 1, 2}, {1, 1, 0, 1})), {{2, 4}})}};
}
OpInfo index_select_info() {
  return {.name = "index_select",
          .formula = "y[i] = x[rows[i]]",
          .derivative = "dx[rows[i]] += dy[i]",
          .saved = "rows",
          .cases = {CASE(index_select(x[0], Ids{3, 1, 3}), {{4, 2, 3}}, {{4}}),
                    CASE(index_select(x[0], Ids()), {{4, 2}}),
                    CASE(index_select(x[0], Ids{1, 1, 0}), {{2, 0}})}};
}

}}  // namespace cairn::CAIRN_PRECISION

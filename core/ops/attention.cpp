// attention: y = softmax(q k^T scale + bias) v, for each sequence of a ragged batch and each head
// (Vaswani et al. 2017). With s = q k^T scale + bias, p = softmax(s), dp = dy v^T and
// ds = p (dp - sum(p dp)):
//   dq = ds k scale      dk = ds^T q scale      dv = p^T dy      dbias = ds
// Saves q, k, v, y and lse, the log of each query's sum of e^score; p is computed again in
// backward, so no T x T matrix is kept. PyTorch: torch.nn.functional.scaled_dot_product_attention.
#include <algorithm>
#include <cmath>

#include "core/autograd/node.h"
#include "core/autograd/observer.h"
#include "core/kernels/kernels.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// What forward and backward hand to the kernel, besides the numbers.
struct Problem {
  Rows q_rows, k_rows;
  int64_t heads = 1;
  real scale = 1;
  bool causal = false;
  DropoutMask dropout{};
};

// (batch, heads, longest query, longest key): what a bias broadcasts to.
Shape scores_shape(const Problem& p) {
  return {p.q_rows.sequences(), p.heads, p.q_rows.longest(), p.k_rows.longest()};
}

// Kernels read rows of adjacent numbers at any distance, so a slice of a packed q, k, v is fine.
Tensor readable(const Tensor& x) {
  return x.size(1) == 0 || x.strides()[1] == 1 || x.size(1) == 1 ? x.detach() : copy(x.detach());
}

// q, k and v have adjacent columns.
AttentionArgs arguments(const Problem& p, const Tensor& q, const Tensor& k, const Tensor& v,
                        const Tensor& bias) {
  AttentionArgs args{};
  args.q = q.strided_data();
  args.k = k.strided_data();
  args.v = v.strided_data();
  args.q_stride = q.strides()[0];
  args.k_stride = k.strides()[0];
  args.v_stride = v.strides()[0];
  args.q_starts = p.q_rows.starts().data();
  args.k_starts = p.k_rows.starts().data();
  args.longest_q = p.q_rows.longest();
  args.longest_k = p.k_rows.longest();
  args.sequences = p.q_rows.sequences();
  args.heads = p.heads;
  args.head_size = q.size(1) / p.heads;
  args.scale = p.scale;
  args.causal = p.causal;
  args.dropout = p.dropout;
  if (bias.defined()) {
    const Shape strides = broadcast_strides(bias.shape(), bias.strides(), scores_shape(p));
    args.bias = bias.strided_data();
    args.bias_b = strides[0];
    args.bias_h = strides[1];
    args.bias_i = strides[2];
    args.bias_j = strides[3];
  }
  return args;
}

// Added to the scores, it hides the keys j > i.
Tensor causal_bias(int64_t Tq, int64_t Tk) {
  Tensor bias = Tensor::zeros({Tq, Tk});
  real* number = bias.write();
  for (int64_t i = 0; i < Tq; ++i)
    for (int64_t j = i + 1; j < Tk; ++j) number[i * Tk + j] = -INFINITY;
  return bias;
}

// The definition in plain ops, sequence by sequence and head by head, without dropout.
Tensor composed(const Problem& p, const Tensor& q, const Tensor& k, const Tensor& v,
                const Tensor& bias) {
  const int64_t D = q.size(1) / p.heads;
  std::vector<Tensor> sequences{Tensor::zeros({0, q.size(1)})}, heads;
  for (int64_t b = 0; b < p.q_rows.sequences(); ++b, heads.clear()) {
    const int64_t Tq = p.q_rows.length(b), Tk = p.k_rows.length(b);
    for (int64_t h = 0; h < p.heads; ++h) {
      const auto part = [&](const Tensor& x, const Rows& rows) {
        return slice(slice(x, 0, rows.starts()[b], rows.starts()[b + 1]), 1, h * D, (h + 1) * D);
      };
      Tensor scores = matmul(part(q, p.q_rows), transpose(part(k, p.k_rows), 0, 1)) * p.scale;
      if (p.causal) scores = scores + causal_bias(Tq, Tk);
      if (bias.defined()) {
        const Tensor all = expand(bias, scores_shape(p));
        scores = scores + slice(slice(select(select(all, 0, b), 0, h), 0, 0, Tq), 1, 0, Tk);
      }
      heads.push_back(matmul(softmax(scores), part(v, p.k_rows)));
    }
    sequences.push_back(cat(heads, 1));
  }
  return cat(sequences, 0);
}

struct AttentionNode final : Node {
  Saved q, k, v, y, lse, bias;
  Problem problem;
  void backward(Grads& g) override;
  void backward_in_ops(Grads& g) override;
  void visit(SavedVisitor& visit) override {
    visit("q", q);
    visit("k", k);
    visit("v", v);
    visit("y", y);
    visit("lse", lse);
    visit("bias", bias);
  }
  // The gradients are contiguous, and the kernel takes one stride for a tensor and its gradient.
  static Tensor copy_if_strided(const Tensor& x) {
    return x.is_contiguous() ? x : copy(x.detach());
  }
};

void check(const Tensor& q, const Tensor& k, const Tensor& v, const Rows& q_rows,
           const Rows& k_rows, const AttentionOptions& options, Where where) {
  const bool fits = q.axes() == 2 && k.axes() == 2 && v.axes() == 2 && q.size(1) == k.size(1) &&
                    q.size(1) == v.size(1) && k.size(0) == v.size(0);
  if (!fits)
    fail("attention",
         "shapes do not fit: q is " + to_string(q.shape()) + ", k " + to_string(k.shape()) +
             ", v " + to_string(v.shape()),
         "(Nq, H), (Nk, H), (Nk, H)", where);
  if (options.heads < 1 || options.heads > std::clamp<int64_t>(q.size(1), 1, 1 << 16) ||
      q.size(1) % options.heads != 0)
    fail("attention",
         std::to_string(q.size(1)) + " columns do not divide into " +
             std::to_string(options.heads) + " heads",
         "", where);
  if (q_rows.sequences() != k_rows.sequences() || q_rows.total() != q.size(0) ||
      k_rows.total() != k.size(0))
    fail("attention",
         "the row lists do not fit: " + std::to_string(q_rows.sequences()) + " and " +
             std::to_string(k_rows.sequences()) + " sequences, " + std::to_string(q_rows.total()) +
             " of " + std::to_string(q.size(0)) + " queries, " + std::to_string(k_rows.total()) +
             " of " + std::to_string(k.size(0)) + " keys",
         "", where);
  if (!(options.dropout >= 0 && options.dropout < 1))
    fail("attention", "dropout is " + std::to_string(options.dropout), "a probability in [0, 1)",
         where);
}

}  // namespace

Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const Rows& q_rows,
                 const Rows& k_rows, const AttentionOptions& options, Random& random, Where where) {
  check(q, k, v, q_rows, k_rows, options, where);
  Problem problem{q_rows, k_rows, options.heads, options.scale, options.causal, {}};
  const int64_t head_size = q.size(1) / options.heads;
  if (problem.scale == 0) problem.scale = 1 / std::sqrt(static_cast<real>(head_size));
  if (options.dropout > 0) problem.dropout = {options.dropout, random.seed, random.next++};
  const Tensor qc = readable(q), kc = readable(k), vc = readable(v);
  if (options.bias.defined()) {
    const Shape full = scores_shape(problem);
    if (!(broadcast(full, options.bias.shape(), "attention", where) == full))
      fail("attention",
           "the bias " + to_string(options.bias.shape()) + " does not broadcast to " +
               to_string(full),
           "(batch, heads, longest query, longest key)", where);
  }
  Tensor y = Tensor::empty(q.shape());
  Tensor lse = Tensor::empty({q_rows.sequences(), options.heads, q_rows.longest()});
  kernels().attention(y.write(where), lse.write(), arguments(problem, qc, kc, vc, options.bias));
  for (Observer* o = observers; o; o = o->next)
    o->attention(q_rows, k_rows, options.causal, q.size(1));
  if (auto node = record<AttentionNode>("attention", {&q, &k, &v, &options.bias}, y, where)) {
    node->q = q;
    node->k = k;
    node->v = v;
    node->y = Saved::output(y);
    node->lse = lse;
    node->problem = problem;
    if (options.bias.defined()) node->bias = options.bias;
  }
  return y;
}

void AttentionNode::backward(Grads& g) {
  const Tensor qc = copy_if_strided(g.value(q)), kc = copy_if_strided(g.value(k));
  const Tensor vc = copy_if_strided(g.value(v));
  Tensor dq = Tensor::empty(qc.shape()), dk = Tensor::empty(kc.shape());
  Tensor dv = Tensor::empty(vc.shape()), dbias;
  const bool has_bias = bias.tensor.defined();
  const AttentionArgs args = arguments(problem, qc, kc, vc, has_bias ? g.value(bias) : Tensor());
  if (has_bias && g.needs(3)) dbias = Tensor::zeros(scores_shape(problem));
  kernels().attention_backward({.dq = dq.write(),
                                .dk = dk.write(),
                                .dv = dv.write(),
                                .dbias = dbias.defined() ? dbias.write() : nullptr,
                                .dy = Contiguous(g.dout()),
                                .y = g.value(y).data(),
                                .lse = g.value(lse).data()},
                               args);
  g.add(0, dq);
  g.add(1, dk);
  g.add(2, dv);
  if (dbias.defined()) g.add(3, sum_to(dbias, g.shape(3)));
}
void AttentionNode::backward_in_ops(Grads& g) {
  if (problem.dropout.p > 0) return Node::backward_in_ops(g);
  const Tensor added = bias.tensor.defined() ? g.tensor(bias) : Tensor();
  g.through([&](auto& in) { return composed(problem, in[0], in[1], in[2], in[3]); },
            {g.tensor(q), g.tensor(k), g.tensor(v), added});
}

namespace {

// Two sequences, of 3 and 2 queries and 4 and 1 keys.
const Rows q_rows = Rows::of_lengths({3, 2}), k_rows = Rows::of_lengths({4, 1});
const Rows with_empty = Rows::of_lengths({2, 0, 3});

Tensor ragged(const std::vector<Tensor>& x, AttentionOptions options) {
  Random random(5);
  return attention(x[0], x[1], x[2], q_rows, k_rows, options, random);
}
Tensor composed_ragged(const std::vector<Tensor>& x, const Tensor& bias) {
  return composed({q_rows, k_rows, 2, 1 / std::sqrt(real{2}), false, {}}, x[0], x[1], x[2], bias);
}

// One sequence and one head, in the words of the paper.
Tensor one(const std::vector<Tensor>& x) {
  return attention(x[0], x[1], x[2], Rows::equal(1, x[0].size(0)), Rows::equal(1, x[1].size(0)),
                   {});
}
Tensor of_the_paper(const Tensor& q, const Tensor& k, const Tensor& v) {
  const real scale = 1 / std::sqrt(static_cast<real>(q.size(-1)));
  return matmul(softmax(matmul(q, transpose(k, 0, 1)) * scale), v);
}

}  // namespace

OpInfo attention_info() {
  OpCase dropout =
      CASE(ragged(x, {.heads = 2, .bias = {}, .dropout = 0.4}), {{5, 4}, {5, 4}, {5, 4}});
  dropout.text = "attention(q, k, v), dropout 0.4";
  dropout.second_order = false;
  return {
      .name = "attention",
      .formula = "y = softmax(q k^T scale + bias) v",
      .derivative =
          "ds = p (dp - sum(p dp)), dp = dy v^T; dq = ds k scale, "
          "dk = ds^T q scale, dv = p^T dy",
      .pytorch = "torch.nn.functional.scaled_dot_product_attention",
      .cases = {FUSED_CASE(one(x), of_the_paper(x[0], x[1], x[2]), {{3, 4}, {5, 4}, {5, 4}},
                           {{1, 1}, {1, 1}, {1, 1}}),
                CASE(one(x), {{0, 4}, {3, 4}, {3, 4}}, {{3, 4}, {0, 4}, {0, 4}}),
                FUSED_CASE(ragged(x, {.heads = 2, .bias = {}}), composed_ragged(x, {}),
                           {{5, 4}, {5, 4}, {5, 4}}),
                CASE(ragged(x, {.heads = 1, .scale = 0.3, .bias = {}}), {{5, 4}, {5, 4}, {5, 4}}),
                CASE(attention(x[0], x[1], x[2], with_empty, with_empty,
                               {.heads = 2, .causal = true, .bias = {}}),
                     {{5, 4}, {5, 4}, {5, 4}}),
                FUSED_CASE(ragged(x, {.heads = 2, .bias = x[3]}), composed_ragged(x, x[3]),
                           {{5, 4}, {5, 4}, {5, 4}, {2, 1, 3, 4}}),
                dropout}};
}

}}  // namespace cairn::CAIRN_PRECISION

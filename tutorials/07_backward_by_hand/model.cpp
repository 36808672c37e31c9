#include "tutorials/07_backward_by_hand/model.h"

#include "core/random.h"

using cairn::Rows;

namespace {

constexpr real eps = 1e-5f;

Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v) {
  const Rows one_sentence = Rows::equal(1, q.size(0));
  return attention(q, k, v, one_sentence, one_sentence, {});
}

}  // namespace

const std::vector<Named> parameters = {
    {"table", &Model::table},   {"wq", &Model::wq},       {"bq", &Model::bq},
    {"wk", &Model::wk},         {"bk", &Model::bk},       {"wv", &Model::wv},
    {"bv", &Model::bv},         {"wo", &Model::wo},       {"bo", &Model::bo},
    {"gamma1", &Model::gamma1}, {"beta1", &Model::beta1}, {"w1", &Model::w1},
    {"b1", &Model::b1},         {"w2", &Model::w2},       {"b2", &Model::b2},
    {"gamma2", &Model::gamma2}, {"beta2", &Model::beta2}, {"w", &Model::w},
    {"b", &Model::b},
};

Model random_model(int64_t V, int64_t C, int64_t labels) {
  cairn::Random random(7);
  const auto normal = [&](const cairn::Shape& shape) {
    return Tensor::randn(shape, random) * 0.3f;
  };
  const auto near_one = [&] { return 1 + normal({C}); };
  return {.table = normal({V, C}),
          .wq = normal({C, C}),
          .bq = normal({C}),
          .wk = normal({C, C}),
          .bk = normal({C}),
          .wv = normal({C, C}),
          .bv = normal({C}),
          .wo = normal({C, C}),
          .bo = normal({C}),
          .gamma1 = near_one(),
          .beta1 = normal({C}),
          .w1 = normal({4 * C, C}),
          .b1 = normal({4 * C}),
          .w2 = normal({C, 4 * C}),
          .b2 = normal({C}),
          .gamma2 = near_one(),
          .beta2 = normal({C}),
          .w = normal({labels, C}),
          .b = normal({labels})};
}

Tensor loss_of(const Model& m, const Ids& ids, const Ids& labels) {
  const Tensor x = embedding(m.table, ids);
  const Tensor heard = attend(linear(x, m.wq, m.bq), linear(x, m.wk, m.bk), linear(x, m.wv, m.bv));
  const Tensor mixed = layer_norm(x + linear(heard, m.wo, m.bo), m.gamma1, m.beta1, eps);
  const Tensor bent = gelu(linear(mixed, m.w1, m.b1));
  const Tensor y = layer_norm(mixed + linear(bent, m.w2, m.b2), m.gamma2, m.beta2, eps);
  return cross_entropy(linear(y, m.w, m.b), labels);
}

// clang-format off
// [gradients]
Model gradients_of(const Model& m, const Ids& ids, const Ids& labels) {
  // There: the block of chapter 3, with a name for whatever is needed on the way back.
  const Tensor x = embedding(m.table, ids);
  const Tensor q = linear(x, m.wq, m.bq), k = linear(x, m.wk, m.bk), v = linear(x, m.wv, m.bv);
  const Tensor heard = attend(q, k, v), sum1 = x + linear(heard, m.wo, m.bo);
  const Tensor mixed = layer_norm(sum1, m.gamma1, m.beta1, eps);
  const Tensor wide = linear(mixed, m.w1, m.b1), bent = gelu(wide);
  const Tensor sum2 = mixed + linear(bent, m.w2, m.b2);
  const Tensor y = layer_norm(sum2, m.gamma2, m.beta2, eps);
  const Tensor logits = linear(y, m.w, m.b);

  // And back: the same lines from the last to the first.
  const int64_t T = ids.numel();
  const Tensor dloss = Tensor::full({T}, 1 / static_cast<real>(T));  // of a mean of T losses
  const Tensor dlogits = d_cross_entropy(dloss, logits, labels);
  const auto [dy, dw, db] = d_linear(dlogits, y, m.w);
  const auto [dsum2, dgamma2, dbeta2] = d_layer_norm(dy, sum2, m.gamma2, eps);
  const auto [dbent, dw2, db2] = d_linear(dsum2, bent, m.w2);
  const auto [dmixed, dw1, db1] = d_linear(d_gelu(dbent, wide), mixed, m.w1);
  const auto [dsum1, dgamma1, dbeta1] =
      d_layer_norm(dsum2 + dmixed, sum1, m.gamma1, eps);  // mixed went two ways
  const auto [dheard, dwo, dbo] = d_linear(dsum1, heard, m.wo);
  const auto [dq, dk, dv] = d_attention(dheard, q, k, v, Tensor::zeros({T, T}));
  const auto [dx_q, dwq, dbq] = d_linear(dq, x, m.wq);
  const auto [dx_k, dwk, dbk] = d_linear(dk, x, m.wk);
  const auto [dx_v, dwv, dbv] = d_linear(dv, x, m.wv);
  const Tensor dx = dsum1 + dx_q + dx_k + dx_v;  // and x went four
  return {d_embedding(dx, ids, m.table), dwq, dbq, dwk, dbk, dwv, dbv, dwo, dbo, dgamma1, dbeta1,
          dw1, db1, dw2, db2, dgamma2, dbeta2, dw, db};
}
// [/gradients]
// clang-format on

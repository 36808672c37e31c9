// What multi-head attention and the Transformer's layers compute, by their definitions in plain
// ops: every form of a mask, ragged and padded batches, and where dropout acts.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "nn/more/transformer.h"
#include "tests/bounds.h"

using namespace cairn;
using namespace cairn::test;

namespace {

const Init wider{.std = 0.4};

// softmax(q k^T / sqrt(D) + bias) for padded q (B, Tq, C), k (B, Tk, C), heads side by side. The
// bias is what broadcasts to (B, heads, Tq, Tk).
Tensor probabilities(MultiheadAttention& attend, const Tensor& q, const Tensor& k, int64_t heads,
                     const Tensor& bias) {
  const int64_t C = q.size(2), D = C / heads, B = q.size(0);
  const auto part = [&](const Tensor& x, int64_t i) {
    const Tensor y = linear(x, slice(attend.in_proj_weight, 0, i * C, (i + 1) * C),
                            slice(attend.in_proj_bias, 0, i * C, (i + 1) * C));
    return transpose(reshape(y, {B, x.size(1), heads, D}), 1, 2);
  };
  const Tensor scores = matmul(part(q, 0), transpose(part(k, 1), 2, 3));
  return softmax(scores / std::sqrt(static_cast<real>(D)) + bias);
}

// And out_proj(probabilities v) of values (B, Tk, C).
Tensor mixture(MultiheadAttention& attend, const Tensor& probabilities, const Tensor& values) {
  const int64_t B = values.size(0), C = values.size(2), heads = probabilities.size(1);
  const Tensor v = linear(values, slice(attend.in_proj_weight, 0, 2 * C, 3 * C),
                          slice(attend.in_proj_bias, 0, 2 * C, 3 * C));
  const Tensor each = transpose(reshape(v, {B, v.size(1), heads, C / heads}), 1, 2);
  const Tensor mixed = transpose(matmul(probabilities, each), 1, 2);
  return attend.out_proj(reshape(mixed, {B, probabilities.size(2), C}));
}

// Minus infinity where `blocked` is 1.
Tensor hidden(const Tensor& blocked) {
  return masked_fill(Tensor::zeros(blocked.shape()), blocked, -INFINITY);
}

}  // namespace

TEST_CASE("attention: each form of a mask, alone and together, is its bias added to the scores") {
  constexpr int64_t B = 2, heads = 2, Tq = 3, Tk = 4, C = 8;
  MultiheadAttention attend(C, heads, 0, Bias::yes, wider);
  attend.load_state_dict({{"in_proj_bias", random_tensor({3 * C}, 8)}}, false);
  const Tensor q = random_tensor({B, Tq, C}, 1), k = random_tensor({B, Tk, C}, 2);
  const Tensor v = random_tensor({B, Tk, C}, 3);
  const Tensor blocked = Tensor::of({{0, 1, 0, 0}, {0, 0, 0, 1}, {1, 0, 1, 0}});
  const Tensor bias = random_tensor({Tq, Tk}, 4);
  const Tensor padding = Tensor::of({{0, 0, 0, 1}, {0, 1, 0, 0}});
  const Tensor causal = Tensor::of({{0, 1, 1, 1}, {0, 0, 1, 1}, {0, 0, 0, 1}});
  const Tensor each = random_tensor({B * heads, Tq, Tk}, 5);
  const Tensor each_4 = reshape(each, {B, heads, Tq, Tk}), head = slice(each_4, 0, 0, 1);
  const Tensor keys = random_tensor({Tk}, 6), queries = random_tensor({Tq, 1}, 7);
  const Tensor hides = reshape(hidden(padding), {B, 1, 1, Tk});
  struct Case {
    std::string name;
    Mask mask;
    Tensor bias;  // of all scores
  };
  for (const Case& c : std::vector<Case>{
           {"none", {}, Tensor::scalar(0)},
           {"causal", {.causal = true}, hidden(causal)},
           {"blocked", {.blocked = blocked}, hidden(blocked)},
           {"bias", {.bias = bias}, bias},
           {"padding", {.key_padding_mask = padding}, hides},
           {"bias of each head, 3 axes", {.bias = each}, each_4},
           {"bias of each head, 4 axes", {.bias = each_4}, each_4},
           {"bias of the heads", {.bias = head}, head},
           {"bias of a sequence", {.bias = slice(each_4, 1, 0, 1)}, slice(each_4, 1, 0, 1)},
           {"bias of the keys", {.bias = keys}, keys},
           {"blocked and bias", {.blocked = blocked, .bias = bias}, hidden(blocked) + bias},
           {"causal and padding",
            {.causal = true, .key_padding_mask = padding},
            hidden(causal) + hides},
           {"all",
            {.causal = true, .blocked = blocked, .bias = each, .key_padding_mask = padding},
            hidden(causal) + hidden(blocked) + each_4 + hides}}) {
    INFO(c.name);
    const Tensor p = probabilities(attend, q, k, heads, c.bias);
    CHECK(difference(attend.weights(q, k, {}, {}, c.mask), p) < 1e-6);
    CHECK(difference(attend(q, k, v, {}, {}, c.mask), mixture(attend, p, v)) < 1e-5);
  }
}

TEST_CASE("attention: masks as wide as a padded batch serve its ragged form, down to one token") {
  MultiheadAttention attend(8, 2, 0, Bias::yes, wider);
  const Tensor bias = random_tensor({5, 6}, 4), each = random_tensor({4, 5, 6}, 5);
  Tensor padding = Tensor::zeros({2, 6});
  for (const std::vector<int32_t>& q_lengths : {std::vector<int32_t>{4, 2}, {1, 1}, {1, 0}}) {
    for (const std::vector<int32_t>& k_lengths : {std::vector<int32_t>{3, 6}, {1, 1}}) {
      const Rows q_rows = Rows::of_lengths(q_lengths), k_rows = Rows::of_lengths(k_lengths);
      const Tensor q = random_tensor({q_rows.total(), 8}, 1);
      const Tensor k = random_tensor({k_rows.total(), 8}, 2);
      for (const Mask& mask : {Mask{.bias = bias}, Mask{.bias = each},
                               Mask{.bias = bias, .key_padding_mask = padding}}) {
        if (attend.rotary) attend.rotary.reset();  // which counts within each sequence
        else attend.rotary = Rotary{};
        const Tensor y = attend(q, k, k, q_rows, k_rows, mask);
        const Tensor w = attend.weights(q, k, q_rows, k_rows, mask);
        CHECK(w.shape() == Shape{2, 2, q_rows.longest(), k_rows.longest()});
        for (int64_t b = 0; b < 2; ++b) {  // each sequence alone, with its part of the mask
          const int64_t Tq = q_rows.length(b), Tk = k_rows.length(b);
          if (Tq == 0) continue;
          const Tensor part = slice(slice(mask.bias, -2, 0, Tq), -1, 0, Tk);
          const Mask own{.bias = part.axes() == 3 ? slice(part, 0, 2 * b, 2 * b + 2) : part};
          const Tensor qb = slice(q, 0, q_rows.starts()[b], q_rows.starts()[b + 1]);
          const Tensor kb = slice(k, 0, k_rows.starts()[b], k_rows.starts()[b + 1]);
          CHECK(difference(slice(y, 0, q_rows.starts()[b], q_rows.starts()[b + 1]),
                           attend(qb, kb, kb, {}, {}, own)) < 1e-6);
          CHECK(difference(slice(slice(select(w, 0, b), 1, 0, Tq), 2, 0, Tk),
                           select(attend.weights(qb, kb, {}, {}, own), 0, 0)) < 1e-6);
        }
      }
    }
  }
}

TEST_CASE("attention: a padding mask of another form is refused in these words") {
  MultiheadAttention attend(8, 2);
  const auto with = [&](const Shape& shape) {
    return [&attend, shape] {
      attend(random_tensor({2, 4, 8}, 5), {}, {.key_padding_mask = Tensor::zeros(shape)});
    };
  };
  const std::string rest = ", for 2 sequences of up to 4 keys", form = "(B, Tk), 1 = padding";
  check_errors({
      {"[attention] key_padding_mask is (2, 3)" + rest, form, with({2, 3})},
      {"[attention] key_padding_mask is (3, 4)" + rest, form, with({3, 4})},
      {"[attention] key_padding_mask is (1, 4)" + rest, form, with({1, 4})},
      {"[attention] key_padding_mask is (4,)" + rest, form, with({4})},
      {"[attention] key_padding_mask is (2, 4, 1)" + rest, form, with({2, 4, 1})},
      {"", "", with({2, 4})},
      {"", "", with({2, 5})},
  });
}

TEST_CASE("attention: its dropout acts on the probabilities, in training alone") {
  MultiheadAttention attend(8, 2, 0.5, Bias::yes, wider), without(8, 2, 0, Bias::yes, wider);
  without.load_state_dict(attend.state_dict());
  const Tensor x = random_tensor({5, 8}, 1);
  CHECK_FALSE(same(attend(x), attend(x)));
  CHECK(same(attend.weights(x, x), without.weights(x, x)));  // shown without it
  default_random() = Random(4);
  Tensor sum = Tensor::zeros({5, 8});
  for (int i = 0; i < 2000; ++i) sum = sum + attend(x).detach();
  CHECK(difference(sum / 2000, without(x)) < 0.05);  // the expectation stays
  attend.eval();
  CHECK(same(attend(x), without(x)));
}

TEST_CASE("encoder layer: in training and evaluation it is its formula, dropout at three places") {
  for (const bool norm_first : {false, true}) {
    TransformerEncoderLayer layer({.d_model = 8,
                                   .nhead = 2,
                                   .dim_feedforward = 12,
                                   .dropout = 0.4,
                                   .activation = gelu,
                                   .layer_norm_eps = 0.1,
                                   .norm_first = norm_first},
                                  wider);
    const Tensor x = random_tensor({6, 8}, 1);
    const Rows rows = Rows::of_lengths({4, 2});
    const Mask mask{.bias = random_tensor({4, 4}, 2)};
    const auto drop = [&](const Tensor& t) { return layer.training() ? dropout(t, 0.4f) : t; };
    const auto norm = [](const LayerNorm& n, const Tensor& t) {
      return layer_norm(t, n.weight, n.bias, 0.1f);
    };
    const auto formula = [&] {
      const auto feed = [&](const Tensor& t) {
        return drop(layer.linear2(drop(gelu(layer.linear1(t)))));
      };
      if (norm_first) {
        const Tensor y = x + drop(layer.self_attn(norm(layer.norm1, x), rows, mask));
        return y + feed(norm(layer.norm2, y));
      }
      const Tensor y = norm(layer.norm1, x + drop(layer.self_attn(x, rows, mask)));
      return norm(layer.norm2, y + feed(y));
    };
    for (const bool training : {true, false}) {
      layer.train(training);
      default_random() = Random(9);
      const Tensor y = layer(x, rows, mask);
      default_random() = Random(9);
      CHECK(same(y, formula()));
      CHECK(same(layer(x, rows, mask), y) == !training);
    }
    CHECK(layer.dropout.p == 0.4);
    layer.train();
    layer.dropout.p = 0;  // the attention has dropout of its own
    CHECK_FALSE(same(layer(x, rows), layer(x, rows)));
  }
}

TEST_CASE("decoder layer: in training and evaluation it is its formula, dropout at four places") {
  for (const bool norm_first : {false, true}) {
    TransformerDecoderLayer layer({.d_model = 8,
                                   .nhead = 2,
                                   .dim_feedforward = 12,
                                   .dropout = 0.4,
                                   .activation = tanh,
                                   .layer_norm_eps = 0.1,
                                   .norm_first = norm_first},
                                  wider);
    const Tensor x = random_tensor({6, 8}, 1), memory = random_tensor({5, 8}, 3);
    const Rows rows = Rows::of_lengths({4, 2}), m_rows = Rows::of_lengths({2, 3});
    const Mask mask{.causal = true}, m_mask{.bias = random_tensor({4, 3}, 2)};
    const auto drop = [&](const Tensor& t) { return layer.training() ? dropout(t, 0.4f) : t; };
    const auto norm = [](const LayerNorm& n, const Tensor& t) {
      return layer_norm(t, n.weight, n.bias, 0.1f);
    };
    const auto formula = [&] {
      const auto self = [&](const Tensor& t) { return drop(layer.self_attn(t, rows, mask)); };
      const auto cross = [&](const Tensor& t) {
        return drop(layer.multihead_attn(t, memory, memory, rows, m_rows, m_mask));
      };
      const auto feed = [&](const Tensor& t) {
        return drop(layer.linear2(drop(tanh(layer.linear1(t)))));
      };
      if (norm_first) {
        const Tensor y = x + self(norm(layer.norm1, x));
        const Tensor z = y + cross(norm(layer.norm2, y));
        return z + feed(norm(layer.norm3, z));
      }
      const Tensor y = norm(layer.norm1, x + self(x));
      const Tensor z = norm(layer.norm2, y + cross(y));
      return norm(layer.norm3, z + feed(z));
    };
    for (const bool training : {true, false}) {
      layer.train(training);
      default_random() = Random(9);
      const Tensor y = layer(x, memory, rows, m_rows, mask, m_mask);
      default_random() = Random(9);
      CHECK(same(y, formula()));
    }
    CHECK(layer.dropout.p == 0.4);
    layer.train();
    layer.dropout.p = 0;
    CHECK_FALSE(same(layer(x, memory, rows, m_rows), layer(x, memory, rows, m_rows)));
    layer.dropout.train(false), layer.self_attn.eval();  // multihead_attn's is left
    CHECK_FALSE(same(layer(x, memory, rows, m_rows), layer(x, memory, rows, m_rows)));
    layer.multihead_attn.eval();
    CHECK(same(layer(x, memory, rows, m_rows), layer(x, memory, rows, m_rows)));
  }
}

TEST_CASE("encoder, decoder, transformer: their layers one after the other, then the final norm") {
  const TransformerLayerOptions options{
      .d_model = 8, .nhead = 2, .dim_feedforward = 12, .layer_norm_eps = 0.1};
  const Tensor src = random_tensor({5, 8}, 1), tgt = random_tensor({6, 8}, 2);
  const Rows src_rows = Rows::of_lengths({2, 3}), tgt_rows = Rows::of_lengths({4, 2});
  const TransformerMasks masks{.src = {.bias = random_tensor({3, 3}, 3)},
                               .tgt = {.causal = true},
                               .memory = {.bias = random_tensor({4, 3}, 4)}};
  for (const FinalNorm final_norm : {FinalNorm::no, FinalNorm::yes}) {
    TransformerEncoder encoder(options, 2, final_norm, wider);
    TransformerDecoder decoder(options, 2, final_norm, wider);
    encoder.eval(), decoder.eval();
    const auto last = [](const std::optional<LayerNorm>& norm, const Tensor& x) {
      return norm ? layer_norm(x, norm->weight, norm->bias, 0.1f) : x;
    };
    Tensor x = src, y = tgt;
    for (auto& layer : encoder.layers) x = layer(x, src_rows, masks.src);
    x = last(encoder.norm, x);
    CHECK(same(encoder(src, src_rows, masks.src), x));
    for (auto& layer : decoder.layers) y = layer(y, x, tgt_rows, src_rows, masks.tgt, masks.memory);
    CHECK(
        same(decoder(tgt, x, tgt_rows, src_rows, masks.tgt, masks.memory), last(decoder.norm, y)));
    CHECK(encoder.norm.has_value() == (final_norm == FinalNorm::yes));
  }
  const TransformerOptions all{.d_model = 8,
                               .nhead = 2,
                               .num_encoder_layers = 1,
                               .num_decoder_layers = 3,
                               .dim_feedforward = 12,
                               .dropout = 0.25,
                               .activation = tanh,
                               .layer_norm_eps = 0.1,
                               .norm_first = true,
                               .bias = Bias::no};
  Transformer model(all, wider);
  CHECK(model.encoder.layers.size() == 1);
  CHECK(model.decoder.layers.size() == 3);
  const TransformerLayerOptions l = all.layer();
  CHECK((l.d_model == 8 && l.nhead == 2 && l.dim_feedforward == 12 && l.dropout == 0.25));
  CHECK((l.activation == Activation(tanh) && l.layer_norm_eps == 0.1 && l.norm_first));
  CHECK(l.bias == Bias::no);
  model.eval();
  const Tensor memory = model.encoder(src, src_rows, masks.src);
  CHECK(same(model(src, tgt, src_rows, tgt_rows, masks),
             model.decoder(tgt, memory, tgt_rows, src_rows, masks.tgt, masks.memory)));
}

TEST_CASE("transformer: the options' defaults are PyTorch's") {
  const TransformerLayerOptions l;
  CHECK((l.d_model == 512 && l.nhead == 8 && l.dim_feedforward == 2048 && l.dropout == 0.1));
  CHECK((l.activation == Activation(relu) && l.layer_norm_eps == 1e-5 && !l.norm_first));
  CHECK(l.bias == Bias::yes);
  const TransformerOptions t;
  CHECK((t.d_model == 512 && t.nhead == 8 && t.num_encoder_layers == 6));
  CHECK((t.num_decoder_layers == 6 && t.dim_feedforward == 2048 && t.dropout == 0.1));
  CHECK((t.activation == Activation(relu) && t.layer_norm_eps == 1e-5 && !t.norm_first));
  CHECK(t.bias == Bias::yes);
}

// Attention and the Transformer's layers: against PyTorch, and what must hold of masks, padding,
// heads and order.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/io/tensor_file.h"
#include "nn/more/transformer.h"
#include "tests/op_fixtures.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

const Init wide{.std = 0.3};

TransformerLayerOptions small(bool norm_first = false) {
  return {.d_model = 8,
          .nhead = 2,
          .dim_feedforward = 12,
          .dropout = 0,
          .activation = gelu,
          .norm_first = norm_first};
}

TransformerOptions small_model(bool norm_first = false) {
  return {.d_model = 8,
          .nhead = 2,
          .num_encoder_layers = 2,
          .num_decoder_layers = 2,
          .dim_feedforward = 12,
          .dropout = 0,
          .norm_first = norm_first};
}

// 1 above the diagonal.
Tensor later(int64_t T) {
  Tensor mask = Tensor::zeros({T, T});
  for (int64_t i = 0; i < T; ++i)
    for (int64_t j = i + 1; j < T; ++j) mask.write()[i * T + j] = 1;
  return mask;
}

// Heads h of the attention alone, its numbers at place: what a single head computes.
Tensor one_head(MultiheadAttention& attend, const Tensor& x, int64_t h, int64_t size) {
  const int64_t C = x.size(1);
  const auto part = [&](int64_t which) {
    const int64_t from = which * C + h * size;
    return linear(x, slice(attend.in_proj_weight, 0, from, from + size),
                  slice(attend.in_proj_bias, 0, from, from + size));
  };
  return scaled_dot_product_attention(part(0), part(1), part(2));
}

}  // namespace

TEST_CASE("attention: equal to PyTorch's nn.MultiheadAttention, with its weights") {
  check_fixtures({"multihead_attention"});
}

TEST_CASE("encoder layer: equal to PyTorch's, post-norm and pre-norm") {
  check_fixtures({"transformer_encoder_layer"});
}

TEST_CASE("decoder layer: equal to PyTorch's, post-norm and pre-norm") {
  check_fixtures({"transformer_decoder_layer"});
}

TEST_CASE("encoder: equal to PyTorch's nn.TransformerEncoder") {
  check_fixtures({"transformer_encoder"});
}

TEST_CASE("transformer: PyTorch's state dict of nn.Transformer loads, and gives its numbers") {
  const SafeTensors file(std::string(CAIRN_SOURCE_DIR) + "/tests/data/transformer.safetensors");
  for (const std::string kind : {"post.", "pre."}) {
    std::map<std::string, Tensor> given;
    for (const NamedTensor& t : tensors_of(file, kind)) given[t.name] = t.tensor;
    Transformer model({.d_model = 4,
                       .nhead = 2,
                       .num_encoder_layers = 2,
                       .num_decoder_layers = 1,
                       .dim_feedforward = 6,
                       .dropout = 0,
                       .activation = gelu,
                       .layer_norm_eps = 1e-3,
                       .norm_first = kind == "pre."});
    model.load_state_dict(tensors_of(file, kind + "p."));
    const Tensor& padding = given["kpm"];
    const TransformerMasks masks{.src = {.key_padding_mask = padding},
                                 .tgt = {.causal = true},
                                 .memory = {.key_padding_mask = padding}};
    CHECK(relative_difference(model(given["src"], given["tgt"], {}, {}, masks), given["y"]) < 1e-6);
    const Tensor y =
        model(given["src"], given["tgt"], Rows::of_lengths({3, 5}), {}, {.tgt = {.causal = true}});
    CHECK(relative_difference(y, given["y"]) < 1e-6);
  }
}

TEST_CASE("transformer: its parameters have PyTorch's names, in its order") {
  Transformer model(small_model());
  std::vector<std::string> names;
  for (const NamedTensor& p : model.named_parameters()) names.push_back(p.name);
  CHECK(names.size() == 2 * 12 + 2 + 2 * 18 + 2);
  CHECK(names[0] == "encoder.layers.0.self_attn.in_proj_weight");
  CHECK(names[25] == "encoder.norm.bias");
  CHECK(names[26] == "decoder.layers.0.self_attn.in_proj_weight");
  CHECK(names[30] == "decoder.layers.0.multihead_attn.in_proj_weight");
  CHECK(names[34] == "decoder.layers.0.linear1.weight");
  CHECK(names[43] == "decoder.layers.0.norm3.bias");
  CHECK(names.back() == "decoder.norm.bias");
  TransformerOptions bare = small_model();
  bare.bias = Bias::no;
  CHECK(Transformer(bare).named_parameters().size() == 2 * 6 + 1 + 2 * 9 + 1);
}

TEST_CASE("transformer: a size that the heads can't share is refused, and no activation") {
  TransformerOptions options = small_model();
  options.nhead = 3;
  CHECK(has(error_of([&] { Transformer bad(options); }), "8 numbers per token"));
  CHECK(has(error_of([&] { Transformer bad(options); }), "3 heads"));
  CHECK(has(error_of([] { MultiheadAttention bad(8, 0); }), "0 heads"));
  TransformerLayerOptions unknown = small();
  unknown.activation = activation("no such name");
  CHECK(has(error_of([&] { TransformerEncoderLayer bad(unknown); }), "activation is null"));
  TransformerLayerOptions certain = small();
  certain.dropout = 1;
  CHECK(has(error_of([&] { TransformerEncoderLayer bad(certain); }), "[0, 1)"));
}

TEST_CASE("attention: h heads are h single heads side by side") {
  MultiheadAttention attend(8, 4, 0, Bias::yes, wide);
  const Tensor x = random_tensor({5, 8}, 1);
  std::vector<Tensor> heads;
  for (int64_t h = 0; h < 4; ++h) heads.push_back(one_head(attend, x, h, 2));
  CHECK(difference(attend(x), attend.out_proj(cat(heads, 1))) < 1e-6);
}

TEST_CASE("attention: its weights are those of the mixture, and each query's sum to one") {
  MultiheadAttention attend(8, 2, 0, Bias::no, wide);
  const Rows rows = Rows::of_lengths({4, 3}), k_rows = Rows::of_lengths({5, 2});
  const Tensor q = random_tensor({7, 8}, 1), k = random_tensor({7, 8}, 2);
  const Mask mask{.causal = true};
  const Tensor w = attend.weights(q, k, rows, k_rows, mask);
  CHECK(w.shape() == Shape{2, 2, 4, 5});
  CHECK(difference(sum(w, {3}), Tensor::ones({2, 2, 4})) < 1e-6);
  CHECK(difference(slice(select(w, 0, 1), 2, 2, 5), Tensor::zeros({2, 4, 3})) == 0);
  const Tensor values = unpack(linear(k, slice(attend.in_proj_weight, 0, 16, 24), {}), k_rows);
  const Tensor v = transpose(reshape(values, {2, 5, 2, 4}), 1, 2);
  const Tensor mixed = reshape(transpose(matmul(w, v), 1, 2), {2, 4, 8});
  const Tensor y = attend(q, k, k, rows, k_rows, mask);
  CHECK(difference(attend.out_proj(pack(mixed, rows)), y) < 1e-6);
}

TEST_CASE("attention: the three forms of a mask that say the same give the same") {
  MultiheadAttention attend(8, 2, 0, Bias::yes, wide);
  const Tensor x = random_tensor({3, 4, 8}, 1), blocked = later(4);
  Tensor bias = copy(blocked);
  for (int64_t i = 0; i < bias.numel(); ++i)
    if (blocked.data()[i] != 0) bias.write()[i] = -INFINITY;
  const Tensor y = attend(x, {}, {.causal = true});
  CHECK(same(attend(x, {}, {.blocked = blocked}), y));
  CHECK(same(attend(x, {}, {.bias = bias}), y));
  const Tensor each = expand(reshape(blocked, {1, 4, 4}), {6, 4, 4});  // (B heads, Tq, Tk)
  CHECK(same(attend(x, {}, {.blocked = each}), y));
  CHECK(same(attend(x, {}, {.blocked = blocked, .bias = bias}), y));
}

TEST_CASE("attention: a mask of one sequence and head reaches no other") {
  MultiheadAttention attend(8, 2, 0, Bias::yes, wide);
  const Tensor x = random_tensor({3, 4, 8}, 1);
  Tensor blocked = Tensor::zeros({6, 4, 4});
  slice(blocked, 0, 3, 4).fill_(1);  // sequence 1, head 1: sees nothing
  const Tensor y = attend(x), masked = attend(x, {}, {.blocked = blocked});
  CHECK(same(select(y, 0, 0), select(masked, 0, 0)));
  CHECK(same(select(y, 0, 2), select(masked, 0, 2)));
  CHECK(difference(select(y, 0, 1), select(masked, 0, 1)) > 0.001);
  const Tensor w = attend.weights(x, x, {}, {}, {.blocked = blocked});
  CHECK(difference(select(select(w, 0, 1), 0, 1), Tensor::zeros({4, 4})) == 0);
}

TEST_CASE("attention: padded and ragged give the same numbers, padding changes nothing") {
  MultiheadAttention attend(8, 2, 0, Bias::yes, wide);
  const Rows rows = Rows::of_lengths({2, 4, 3});
  const Tensor ragged = random_tensor({9, 8}, 5);
  const Tensor padded = unpack(ragged, rows);
  const Tensor y = attend(ragged, rows);
  CHECK(difference(pack(attend(padded, rows), rows), y) < 1e-6);
  const Tensor all = attend(padded, padded, padded, {}, rows);  // computes all places
  CHECK(difference(pack(all, rows), y) < 1e-6);
  const Tensor wider = cat({padded, Tensor::full({3, 2, 8}, 100)}, 1);
  const Tensor widened = attend(wider, rows);
  CHECK(widened.shape() == Shape{3, 6, 8});
  CHECK(difference(pack(widened, rows), y) < 1e-6);
  Tensor kpm = Tensor::zeros({3, 6});
  for (int64_t b = 0; b < 3; ++b)
    for (int64_t t = rows.length(b); t < 6; ++t) kpm.write()[b * 6 + t] = 1;
  CHECK(difference(pack(attend(wider, {}, {.key_padding_mask = kpm}), rows), y) < 1e-6);
  CHECK(difference(pack(attend(wider, rows, {.key_padding_mask = kpm}), rows), y) < 1e-6);
  CHECK(difference(pack(attend(wider, rows, {.blocked = later(6)}), rows),
                   attend(ragged, rows, {.causal = true})) < 1e-6);
}

TEST_CASE("attention: forms that do not fit are an error, not a crash") {
  MultiheadAttention attend(8, 2);
  const Tensor x = random_tensor({2, 4, 8}, 5);
  CHECK(has(error_of([&] { attend(Tensor::zeros({8})); }), "(B, T, C)"));
  CHECK(has(error_of([&] {
              attend(random_tensor({9, 8}, 1), Rows::of_lengths({2, 3}));
            }),
            "count 5 tokens"));
  CHECK(error_of([&] { attend(x, Rows::of_lengths({2, 6})); }) != "");
  CHECK(error_of([&] { attend(x, Rows::of_lengths({2, 3, 1})); }) != "");
  CHECK(has(error_of([&] {
              attend(x, {}, {.key_padding_mask = Tensor::zeros({2, 3})});
            }),
            "key_padding_mask is (2, 3)"));
  CHECK(error_of([&] { attend(x, {}, {.blocked = Tensor::zeros({3, 4})}); }) != "");
  CHECK(error_of([&] {
          attend(x, random_tensor({3, 4, 8}, 1), random_tensor({3, 4, 8}, 1));
        }) != "");
  CHECK(error_of([&] { attend(x, x, random_tensor({2, 3, 8}, 1)); }) != "");
}

TEST_CASE("encoder: what comes later changes nothing before it, bit for bit") {
  for (bool norm_first : {false, true}) {
    TransformerEncoder encoder(small(norm_first), 2, FinalNorm::yes, wide);
    Tensor x = random_tensor({7, 8}, 5);
    const Tensor before = encoder(x, {}, {.causal = true});
    x.write()[4 * 8] += 10;
    const Tensor after = encoder(x, {}, {.causal = true});
    CHECK(same(slice(before, 0, 0, 4), slice(after, 0, 0, 4)));
    for (int64_t t = 4; t < 7; ++t) CHECK_FALSE(same(select(before, 0, t), select(after, 0, t)));
  }
}

TEST_CASE("transformer: a causal target sees the source and what came before, never what comes") {
  Transformer model(small_model(), wide);
  const TransformerMasks masks{.tgt = {.causal = true}};
  Tensor src = random_tensor({2, 5, 8}, 1), tgt = random_tensor({2, 4, 8}, 2);
  const Tensor before = model(src, tgt, {}, {}, masks);
  tgt.write()[(4 + 2) * 8] += 10;  // sequence 1, token 2
  const Tensor after = model(src, tgt, {}, {}, masks);
  CHECK(same(select(before, 0, 0), select(after, 0, 0)));
  CHECK(same(slice(select(before, 0, 1), 0, 0, 2), slice(select(after, 0, 1), 0, 0, 2)));
  CHECK_FALSE(same(select(before, 0, 1), select(after, 0, 1)));
  src.write()[4 * 8] += 10;  // sequence 0, its last token
  const Tensor changed = model(src, tgt, {}, {}, masks);
  CHECK_FALSE(same(slice(select(after, 0, 0), 0, 0, 1), slice(select(changed, 0, 0), 0, 0, 1)));
  CHECK(same(select(after, 0, 1), select(changed, 0, 1)));
}

TEST_CASE("transformer: padded and ragged give the same, and padding changes nothing") {
  for (bool norm_first : {false, true}) {
    Transformer model(small_model(norm_first), wide);
    const Rows src_rows = Rows::of_lengths({2, 5}), tgt_rows = Rows::of_lengths({4, 3});
    const Tensor src = random_tensor({7, 8}, 1), tgt = random_tensor({7, 8}, 2);
    const TransformerMasks causal{.tgt = {.causal = true}};
    const Tensor y = model(src, tgt, src_rows, tgt_rows, causal);
    CHECK(y.shape() == tgt.shape());

    const Tensor src_padded = unpack(src, src_rows) + 3, tgt_padded = unpack(tgt, tgt_rows) + 3;
    const Tensor src_clean = pack(src_padded, src_rows), tgt_clean = pack(tgt_padded, tgt_rows);
    const Tensor expected = model(src_clean, tgt_clean, src_rows, tgt_rows, causal);
    const Tensor given_rows = model(src_padded, tgt_padded, src_rows, tgt_rows, causal);
    CHECK(difference(pack(given_rows, tgt_rows), expected) < 1e-5);
    CHECK(same(select(select(given_rows, 0, 1), 0, 3), Tensor::zeros({8})));

    const Tensor hidden = Tensor::of({2, 5}, {0, 0, 1, 1, 1, 0, 0, 0, 0, 0});
    TransformerMasks masks = causal;
    masks.src.key_padding_mask = masks.memory.key_padding_mask = hidden;
    const Tensor given_masks = model(src_padded, tgt_padded, {}, {}, masks);
    CHECK(difference(pack(given_masks, tgt_rows), expected) < 1e-5);
  }
}

TEST_CASE("encoder: a batch gives each sequence what it gives alone") {
  TransformerEncoder encoder(small(), 2, FinalNorm::no, wide);
  const Rows rows = Rows::of_lengths({3, 1, 4});
  const Tensor x = random_tensor({8, 8}, 5), y = encoder(x, rows);
  for (int64_t b = 0; b < 3; ++b) {
    const Tensor alone = encoder(slice(x, 0, rows.starts()[b], rows.starts()[b + 1]));
    CHECK(difference(alone, slice(y, 0, rows.starts()[b], rows.starts()[b + 1])) < 1e-6);
  }
}

TEST_CASE("transformer: empty batches and sequences pass through") {
  Transformer model(small_model(), wide);
  CHECK(model(Tensor::zeros({0, 3, 8}), Tensor::zeros({0, 2, 8})).shape() == Shape{0, 2, 8});
  const Tensor y = model(random_tensor({3, 8}, 1), random_tensor({2, 8}, 2),
                         Rows::of_lengths({3, 0}), Rows::of_lengths({1, 1}));
  CHECK(y.shape() == Shape{2, 8});
  CHECK(difference(y, y) == 0);  // no NaN, though the second target has nothing to look at
}

// Against the library's BertLayer with the same weights.
#include <string>

#include "core/ops.h"
#include "models/bert/bert.h"
#include "tutorials/03_encoder_block/exercises/post_norm_block/post_norm_block.h"

namespace {

// A layer in evaluation mode, whose weights and biases are all random.
cairn::BertLayer random_layer(int64_t C, int64_t H, int64_t heads, double eps) {
  cairn::BertConfig config;
  config.hidden_size = C, config.intermediate_size = H, config.num_attention_heads = heads;
  config.layer_norm_eps = eps;
  cairn::BertLayer layer(config, cairn::Init::none());
  layer.set_trainable("", false);
  layer.eval();
  uint64_t seed = 100;
  for (auto& [name, parameter] : layer.named_parameters())
    parameter.copy_(check::normal(parameter.shape(), ++seed, 0.5));
  return layer;
}

BlockWeights weights_of(const cairn::BertLayer& layer, real eps) {
  const auto& self = layer.attention.self;
  const auto &first = layer.attention.output, &second = layer.output;
  return {.query_weight = self.query.weight,
          .query_bias = self.query.bias,
          .key_weight = self.key.weight,
          .key_bias = self.key.bias,
          .value_weight = self.value.weight,
          .value_bias = self.value.bias,
          .output_weight = first.dense.weight,
          .output_bias = first.dense.bias,
          .gamma1 = first.norm.weight,
          .beta1 = first.norm.bias,
          .widen_weight = layer.intermediate.dense.weight,
          .widen_bias = layer.intermediate.dense.bias,
          .narrow_weight = second.dense.weight,
          .narrow_bias = second.dense.bias,
          .gamma2 = second.norm.weight,
          .beta2 = second.norm.bias,
          .heads = self.heads,
          .eps = eps};
}

void check_block(PostNormBlock* block, check::Judge& judge) {
  const auto run = [&](const std::string& what, const Tensor& x, int64_t H, int64_t heads,
                       real eps = 1e-12) {
    cairn::BertLayer layer = random_layer(x.size(1), H, heads, eps);
    const std::vector<real> before = x.to_vector();
    std::vector<std::vector<real>> parameters;
    for (const auto& [name, parameter] : layer.named_parameters())
      parameters.push_back(parameter.to_vector());
    const auto T = static_cast<int32_t>(x.size(0));
    const Tensor expected = layer(contiguous(x), cairn::Rows::of_lengths({T}));
    judge.equal(what, block(x, weights_of(layer, eps)), expected, 1e-10);
    judge.unchanged(what + ": x", x.to_vector(), before);
    size_t i = 0;
    for (const auto& [name, parameter] : layer.named_parameters())
      judge.unchanged(what + ": " + name, parameter.to_vector(), parameters[i++]);
  };
  run("5 tokens, C = 8, 2 heads", check::normal({5, 8}, 1), 32, 2);
  run("the same once more", check::normal({5, 8}, 1), 32, 2);
  run("one head", check::normal({5, 8}, 2), 32, 1);
  run("4 heads, H = 12", check::normal({3, 8}, 3), 12, 4);
  run("as many heads as columns", check::normal({3, 4}, 4), 16, 4);
  run("one token", check::normal({1, 8}, 5), 32, 2);
  run("large numbers", check::normal({5, 8}, 6, 30), 32, 2);
  run("small numbers, where eps counts", check::normal({5, 8}, 7, 1e-2), 32, 2, 0.1);
  run("x is a view", transpose(check::normal({8, 5}, 8), 0, 1), 32, 2);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<PostNormBlock>({.name = "post_norm_block",
                                    .check = check_block,
                                    .mine = mine::post_norm_block,
                                    .mistaken = mistakes::post_norm_block,
                                    .mistakes = mistakes::list,
                                    .alternatives = alternatives::list},
                                   argc, argv);
}

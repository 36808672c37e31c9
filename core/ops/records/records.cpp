// The list of all records; a test finds those that are missing.
#include "core/ops/records/records.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// In the order in which docs/ops.md has them within its sections.
OpInfo silu_info(), softplus_info(), leaky_relu_info(), elu_info();
OpInfo affine_info(), neg_info();
OpInfo amax_info(), amin_info();
OpInfo argmax_info(), argmin_info(), max_info(), min_info();
OpInfo add_info(), sub_info(), mul_info(), div_info();
OpInfo attention_info();
OpInfo nll_loss_info(), binary_cross_entropy_with_logits_info(), kl_div_info();
OpInfo less_info(), less_equal_info(), greater_info(), greater_equal_info(), equal_info(),
    not_equal_info();
OpInfo copy_info(), cat_info();
OpInfo cross_entropy_info();
OpInfo cumsum_info();
OpInfo diagonal_info(), triu_info(), tril_info();
OpInfo dropout_info();
OpInfo abs_info(), sign_info(), square_info(), reciprocal_info(), rsqrt_info(), log1p_info(),
    expm1_info(), sin_info(), cos_info();
OpInfo embedding_info(), index_select_info();
OpInfo gather_info(), scatter_add_info(), index_add_info();
OpInfo masked_select_info(), one_hot_info();
OpInfo layer_norm_info();
OpInfo linear_info();
OpInfo logsumexp_info();
OpInfo matmul_info();
OpInfo maximum_info(), minimum_info(), clamp_info();
OpInfo norm_info(), normalize_info(), cosine_similarity_info();
OpInfo pack_info(), unpack_info();
OpInfo pow_info();
OpInfo prod_info();
OpInfo flatten_info(), repeat_info(), flip_info(), roll_info(), pad_info();
OpInfo sum_info(), mean_info(), sum_to_info();
OpInfo mse_loss_info(), l1_loss_info(), smooth_l1_loss_info(), huber_loss_info();
OpInfo rms_norm_info();
OpInfo softmax_info(), log_softmax_info();
OpInfo sort_info(), topk_info();
OpInfo stack_info(), split_info(), chunk_info(), unbind_info();
OpInfo exp_info(), log_info(), sqrt_info(), erf_info(), tanh_info(), sigmoid_info(), relu_info(),
    gelu_info(), gelu_tanh_info();
OpInfo var_info(), std_info();
OpInfo reshape_info(), squeeze_info(), unsqueeze_info(), permute_info(), expand_info(),
    slice_info(), select_info();
OpInfo where_info(), masked_fill_info(), additive_mask_info();

// What stands in core/ops/more/ of an op that begins in core/ops/.
std::vector<OpCase> cross_entropy_option_cases(), index_select_axis_cases();

namespace {

OpInfo with(OpInfo info, const std::vector<OpCase>& cases) {
  info.cases = joined(info.cases, cases);
  return info;
}

}  // namespace

std::vector<OpInfo> all_ops() {
  // clang-format off
  return {
      // clang-format off
      silu_info(), softplus_info(), leaky_relu_info(), elu_info(),
      affine_info(), neg_info(),
      amax_info(), amin_info(),
      argmax_info(), argmin_info(), max_info(), min_info(),
      add_info(), sub_info(), mul_info(), div_info(),
      attention_info(),
      nll_loss_info(), binary_cross_entropy_with_logits_info(), kl_div_info(),
      less_info(), less_equal_info(), greater_info(), greater_equal_info(), equal_info(),
      not_equal_info(),
      copy_info(), cat_info(),
      with(cross_entropy_info(), cross_entropy_option_cases()),
      cumsum_info(),
      diagonal_info(), triu_info(), tril_info(),
      dropout_info(),
      abs_info(), sign_info(), square_info(), reciprocal_info(), rsqrt_info(), log1p_info(),
      expm1_info(), sin_info(), cos_info(),
      embedding_info(), with(index_select_info(), index_select_axis_cases()),
      gather_info(), scatter_add_info(), index_add_info(),
      masked_select_info(), one_hot_info(),
      layer_norm_info(),
      linear_info(),
      logsumexp_info(),
      matmul_info(),
      maximum_info(), minimum_info(), clamp_info(),
      norm_info(), normalize_info(), cosine_similarity_info(),
      pack_info(), unpack_info(),
      pow_info(),
      prod_info(),
      flatten_info(), repeat_info(), flip_info(), roll_info(), pad_info(),
      sum_info(), mean_info(), sum_to_info(),
      mse_loss_info(), l1_loss_info(), smooth_l1_loss_info(), huber_loss_info(),
      rms_norm_info(),
      softmax_info(), log_softmax_info(),
      sort_info(), topk_info(),
      stack_info(), split_info(), chunk_info(), unbind_info(),
      exp_info(), log_info(), sqrt_info(), erf_info(), tanh_info(), sigmoid_info(), relu_info(),
      gelu_info(), gelu_tanh_info(),
      var_info(), std_info(),
      reshape_info(), squeeze_info(), unsqueeze_info(), permute_info(), expand_info(), slice_info(),
      select_info(),
      where_info(), masked_fill_info(), additive_mask_info(),
      // clang-format on
  };
  // clang-format on
}

}}  // namespace cairn::CAIRN_PRECISION

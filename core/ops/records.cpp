#include "core/ops/records.h"

namespace cairn::inline CAIRN_PRECISION {

OpInfo affine_info();
OpInfo add_info();
OpInfo sub_info();
OpInfo mul_info();
OpInfo div_info();
OpInfo attention_info();
OpInfo less_info();
OpInfo equal_info();
OpInfo copy_info();
OpInfo cat_info();
OpInfo cross_entropy_info();
OpInfo dropout_info();
OpInfo embedding_info();
OpInfo index_select_info();
OpInfo layer_norm_info();
OpInfo linear_info();
OpInfo matmul_info();
OpInfo pack_info();
OpInfo unpack_info();
OpInfo sum_info();
OpInfo mean_info();
OpInfo sum_to_info();
OpInfo softmax_info();
OpInfo log_softmax_info();
OpInfo exp_info();
OpInfo log_info();
OpInfo sqrt_info();
OpInfo erf_info();
OpInfo tanh_info();
OpInfo sigmoid_info();
OpInfo relu_info();
OpInfo gelu_info();
OpInfo gelu_tanh_info();
OpInfo reshape_info();
OpInfo squeeze_info();
OpInfo unsqueeze_info();
OpInfo permute_info();
OpInfo expand_info();
OpInfo slice_info();
OpInfo select_info();

std::vector<OpInfo> all_ops() {
  return {
      affine_info(),
      add_info(),
      sub_info(),
      mul_info(),
      div_info(),
      attention_info(),
      less_info(),
      equal_info(),
      copy_info(),
      cat_info(),
      cross_entropy_info(),
      dropout_info(),
      embedding_info(),
      index_select_info(),
      layer_norm_info(),
      linear_info(),
      matmul_info(),
      pack_info(),
      unpack_info(),
      sum_info(),
      mean_info(),
      sum_to_info(),
      softmax_info(),
      log_softmax_info(),
      exp_info(),
      log_info(),
      sqrt_info(),
      erf_info(),
      tanh_info(),
      sigmoid_info(),
      relu_info(),
      gelu_info(),
      gelu_tanh_info(),
      reshape_info(),
      squeeze_info(),
      unsqueeze_info(),
      permute_info(),
      expand_info(),
      slice_info(),
      select_info(),
  };
}

}  // namespace cairn::inline CAIRN_PRECISION

#pragma once
// Losses beyond a plain classifier's. `reduction` chooses their mean, their sum, or each; a mean
// over none is NaN unless stated otherwise. Two tensors of different shapes are an Error: nothing
// is broadcast silently.
#include "core/ops/losses.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// ---- Classification: logits (..., C), labels as for the cross_entropy of core/ops/losses.h.
struct CrossEntropyOptions {
  Reduction reduction = Reduction::mean;
  int32_t ignore_index = -100;
  real label_smoothing = 0;  // this share of each target is spread over all classes (Szegedy 2016)
  Tensor weight = {};        // (C), of each class, or undefined; the mean divides by the labels'
};
// The same with class weights and smoothing.
Tensor cross_entropy(const Tensor& logits, const Ids& labels, const CrossEntropyOptions& options,
                     Where where = Where::current());
// Soft targets: probabilities of the logits' shape. The mean divides by the number of rows.
Tensor cross_entropy(const Tensor& logits, const Tensor& targets,
                     const CrossEntropyOptions& options = {}, Where where = Where::current());
// -log_p at the labels: cross_entropy after log_softmax. label_smoothing has to be 0.
Tensor nll_loss(const Tensor& log_p, const Ids& labels, const CrossEntropyOptions& options = {},
                Where where = Where::current());
// -(pos_weight y ln s + (1 - y) ln(1 - s)) with s = sigmoid(logits), without overflow. pos_weight,
// if defined, broadcasts to the logits' shape.
Tensor binary_cross_entropy_with_logits(const Tensor& logits, const Tensor& y,
                                        const Tensor& pos_weight = {},
                                        Reduction reduction = Reduction::mean,
                                        Where where = Where::current());
// q (ln q - log_p), 0 where q is 0: Kullback & Leibler 1951. log_p are logarithms, q is not. The
// mean is over all numbers, as in PyTorch; the divergence proper is the sum over the last axis.
Tensor kl_div(const Tensor& log_p, const Tensor& q, Reduction reduction = Reduction::mean,
              Where where = Where::current());

// ---- Regression: x and y of one shape.
Tensor mse_loss(const Tensor& x, const Tensor& y, Reduction reduction = Reduction::mean,
                Where where = Where::current());
Tensor l1_loss(const Tensor& x, const Tensor& y, Reduction reduction = Reduction::mean,
               Where where = Where::current());
// d^2 / (2 beta) where d = |x - y| < beta, else d - beta / 2 (Girshick 2015). beta 0: l1_loss.
Tensor smooth_l1_loss(const Tensor& x, const Tensor& y, real beta = 1,
                      Reduction reduction = Reduction::mean, Where where = Where::current());
// delta smooth_l1_loss(x, y, delta) (Huber 1964). Error if delta <= 0.
Tensor huber_loss(const Tensor& x, const Tensor& y, real delta = 1,
                  Reduction reduction = Reduction::mean, Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// A classifier of points in the plane, trained by a rule for the gradient of the logits, right or
// wrong.
#include <utility>
#include <vector>

#include "tutorials/07_backward_by_hand/backward.h"

struct Points {
  Tensor x;  // (N, 2)
  Ids labels;
};
Points three_clouds();
Points two_clouds();

// The gradient of the sum of the losses by the logits (N, classes).
using Rule = Tensor(const Tensor& logits, const Ids& labels);

// [rules]
inline Tensor right_rule(const Tensor& x, const Ids& labels) {
  return softmax(x) - one_hot(labels, x.size(1));
}
// loss = -sum(l) with l = -ln p, as an article has it: two minus signs.
inline Tensor double_negative(const Tensor& x, const Ids& labels) { return -right_rule(x, labels); }
// cross_entropy(softmax(x)), which takes a softmax of what is one already.
inline Tensor softmax_twice(const Tensor& x, const Ids& labels) {
  const Tensor p = softmax(x);
  return d_softmax(right_rule(p, labels), p);
}
// [/rules]

// [one_logit]
// One logit (N, 1), whose sigmoid is the probability of label 1.
inline Tensor one_logit(const Tensor& x, const Ids& labels) {
  return sigmoid(x) - unsqueeze(to_tensor(labels), 1);
}
// y (p - y), as an article has it.
inline Tensor extra_y(const Tensor& x, const Ids& labels) {
  return unsqueeze(to_tensor(labels), 1) * one_logit(x, labels);
}
// "where sigma is the softmax", of one logit: p is 1 whatever x is, and nothing arrives at x.
inline Tensor softmax_of_one(const Tensor& x, const Ids&) {
  return d_softmax(Tensor::ones(x.shape()), softmax(x));
}
// [/one_logit]

struct Result {
  std::vector<double> losses;  // the mean, before each step and after the last
  double right;                // the share of the points
};
Result train(const Points& points, Rule* rule, int64_t classes);

// The mean p of the points of label 1 and of label 0 after training.
std::pair<double, double> train_one_logit(const Points& points, Rule* rule);

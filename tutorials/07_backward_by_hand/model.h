#pragma once
// A BERT of one block and one head, which guesses a label for each token, and its gradients by hand.
#include <vector>

#include "tutorials/07_backward_by_hand/backward.h"

struct Model {
  Tensor table;                           // (V, C)
  Tensor wq, bq, wk, bk, wv, bv, wo, bo;  // C -> C
  Tensor gamma1, beta1;
  Tensor w1, b1, w2, b2;  // C -> 4 C -> C
  Tensor gamma2, beta2;
  Tensor w, b;  // C -> labels
};

// Each parameter with its name.
struct Named {
  const char* name;
  Tensor Model::*tensor;
};
extern const std::vector<Named> parameters;

Model random_model(int64_t vocabulary, int64_t width, int64_t labels);

// The mean loss of all tokens, with the library's ops.
Tensor loss_of(const Model& model, const Ids& ids, const Ids& labels);
// Its gradient by each parameter, by hand.
Model gradients_of(const Model& model, const Ids& ids, const Ids& labels);

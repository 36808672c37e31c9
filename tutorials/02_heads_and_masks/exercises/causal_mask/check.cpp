// Every element for several T, and what the mask is for: the future changes nothing.
#include <algorithm>
#include <cmath>

#include "core/ops.h"
#include "tutorials/02_heads_and_masks/exercises/causal_mask/causal_mask.h"

namespace {

using cairn::real;

Tensor expected_mask(int64_t T) {
  std::vector<real> mask;
  for (int64_t i = 0; i < T; ++i)
    for (int64_t j = 0; j < T; ++j) mask.push_back(j <= i ? 0 : -INFINITY);
  return Tensor::of({T, T}, mask);
}

// Whether one of the numbers is nearly 0, but not 0. A mistake is recognised by numbers that may
// differ a little; this tells it from a mask that is 0.
bool nearly_zero(const Tensor& mask) {
  if (!mask.defined()) return false;
  const std::vector<real> numbers = mask.to_vector();
  return std::any_of(numbers.begin(), numbers.end(),
                     [](real x) { return x != 0 && std::fabs(x) < 1e-30; });
}

// The scores of token 3 are changed: the weights of the tokens before it stay as they are, bit for
// bit, and sum to one.
void check_causality(CausalMask* causal_mask, check::Judge& judge) {
  judge.input("T = 4");
  const Tensor mask = causal_mask(4);
  if (!mask.defined() || mask.shape() != cairn::Shape{4, 4}) return;  // has been judged
  const Tensor scores = check::normal({4, 4}, 1);
  const Tensor changed = scores + Tensor::of({0, 0, 0, 50});
  const Tensor before = slice(softmax(scores + mask), 0, 0, 3);
  const Tensor after = slice(softmax(changed + mask), 0, 0, 3);
  judge.equal("the weights of tokens 0 to 2, after token 3 has changed", after, before, 0);
  judge.equal("the sums of their weights", sum(before, {1}), Tensor::ones({3}));
}

void check_causal_mask(CausalMask* causal_mask, check::Judge& judge) {
  for (int64_t T : {4, 1, 2, 0, 7, 4}) {
    const std::string what = "T = " + std::to_string(T);
    const Tensor expected = expected_mask(T);
    judge.input(what);
    check::leave_garbage({T, T});
    const Tensor mask = causal_mask(T);
    judge.that(!nearly_zero(mask), what, "a number that is nearly 0, and not 0");
    judge.equal(what, mask, expected, 0);
  }
  check_causality(causal_mask, judge);

  judge.input("T = 2");
  Tensor first = causal_mask(2);
  if (first.defined() && first.shape() == cairn::Shape{2, 2}) {
    first.fill_(5);
    judge.equal("T = 2, after the first result was written to", causal_mask(2), expected_mask(2),
                0);
  }
}

void work(CausalMask* causal_mask) { causal_mask(256); }

}  // namespace

int main(int argc, char** argv) {
  return check::run<CausalMask>({.name = "causal_mask",
                                 .check = check_causal_mask,
                                 .mine = mine::causal_mask,
                                 .mistaken = mistakes::causal_mask,
                                 .mistakes = mistakes::list,
                                 .alternatives = alternatives::list,
                                 .work = work},
                                argc, argv);
}

// Every element, for batches of all kinds, and what the mask is for: padding changes nothing.
#include <algorithm>
#include <cmath>

#include "core/ops.h"
#include "tutorials/02_heads_and_masks/exercises/padding_mask/padding_mask.h"

namespace {

using cairn::real;

Tensor expected_mask(const std::vector<int64_t>& lengths, int64_t T) {
  std::vector<real> mask;
  for (int64_t length : lengths)
    for (int64_t j = 0; j < T; ++j) mask.push_back(j < length ? 0 : -INFINITY);
  return Tensor::of({static_cast<int64_t>(lengths.size()), 1, 1, T}, mask);
}

// Whether one of the numbers is nearly 0, but not 0. A mistake is recognised by numbers that may
// differ a little; this tells it from a mask that is 0.
bool nearly_zero(const Tensor& mask) {
  if (!mask.defined()) return false;
  const std::vector<real> numbers = mask.to_vector();
  return std::any_of(numbers.begin(), numbers.end(),
                     [](real x) { return x != 0 && std::fabs(x) < 1e-30; });
}

void check_one(PaddingMask* padding_mask, check::Judge& judge, const std::string& what,
               const std::vector<int64_t>& lengths, int64_t T) {
  const std::vector<int64_t> before = lengths;
  const Tensor expected = expected_mask(lengths, T);
  judge.input(what);
  check::leave_garbage(expected.shape());
  const Tensor mask = padding_mask(lengths, T);
  judge.that(!nearly_zero(mask), what, "a number that is nearly 0, and not 0");
  judge.equal(what, mask, expected, 0);
  judge.that(lengths == before, what + ": lengths", "the lengths were changed");
}

// With large scores at the padding, whose keys must get nothing.
void check_weights(PaddingMask* padding_mask, check::Judge& judge) {
  const std::string what = "the weights of a sentence of 2 in a row of 4";
  const Tensor scores = Tensor::of({1, 1, 1, 4}, {1, 2, 500, 1000});
  judge.input(what);
  const Tensor mask = padding_mask({2}, 4);
  if (!mask.defined()) return judge.that(false, what, "the result is an undefined tensor");
  judge.equal(what, softmax(scores + mask),
              cairn::cat({softmax(slice(scores, 3, 0, 2)), Tensor::zeros({1, 1, 1, 2})}, 3));
}

void check_padding_mask(PaddingMask* padding_mask, check::Judge& judge) {
  check_one(padding_mask, judge, "lengths 3 and 5 in 5 columns", {3, 5}, 5);
  check_one(padding_mask, judge, "the same once more", {3, 5}, 5);
  check_one(padding_mask, judge, "three sentences, the longest in the middle", {1, 4, 2}, 6);
  check_one(padding_mask, judge, "more sentences than columns", {1, 2, 0, 2, 1}, 2);
  check_one(padding_mask, judge, "a sentence without tokens", {0}, 3);
  check_one(padding_mask, judge, "one column", {1, 0}, 1);
  check_one(padding_mask, judge, "no columns", {0, 0}, 0);
  check_one(padding_mask, judge, "no sentences", {}, 4);
  check_weights(padding_mask, judge);

  judge.input("lengths 1 and 2, then 2 and 1");
  const Tensor first = padding_mask({1, 2}, 2);
  const Tensor second = padding_mask({2, 1}, 2);
  judge.equal("the first result, after a second call", first, expected_mask({1, 2}, 2), 0);
  judge.equal("the second", second, expected_mask({2, 1}, 2), 0);
}

void work(PaddingMask* padding_mask) {
  static const std::vector<int64_t> lengths(64, 100);
  padding_mask(lengths, 512);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<PaddingMask>({.name = "padding_mask",
                                  .check = check_padding_mask,
                                  .mine = mine::padding_mask,
                                  .mistaken = mistakes::padding_mask,
                                  .mistakes = mistakes::list,
                                  .alternatives = alternatives::list,
                                  .work = work},
                                 argc, argv);
}

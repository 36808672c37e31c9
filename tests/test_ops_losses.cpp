// Properties of the losses, and of rms_norm.
#include <doctest/doctest.h>

#include "tests/op_results.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("cross_entropy: options at their defaults, one-hot targets and nll_loss all agree") {
  const Tensor x = random_tensor({6, 4}, 1);
  const Ids labels{0, 3, 2, -100, 1, 3};
  for (Reduction r : {Reduction::mean, Reduction::sum, Reduction::none}) {
    const Tensor plain = cross_entropy(x, labels, r);
    CHECK(difference(cross_entropy(x, labels, {.reduction = r}), plain) <= 1e-6);
    CHECK(difference(nll_loss(log_softmax(x), labels, {.reduction = r}), plain) <= 1e-6);
  }
  const Ids all{0, 3, 2, 2, 1, 3};
  CHECK(difference(cross_entropy(x, one_hot(all, 4)), cross_entropy(x, all)) <= 1e-6);
  const Tensor smooth = one_hot(all, 4) * real{0.8} + real{0.05};
  CHECK(difference(cross_entropy(x, all, {.label_smoothing = real{0.2}}),
                   cross_entropy(x, smooth)) <= 1e-6);
  CHECK(difference(cross_entropy(x, one_hot(all, 4), {.label_smoothing = real{0.2}}),
                   cross_entropy(x, smooth)) <= 1e-6);
}

TEST_CASE("cross_entropy: the mean divides by the labels' weights - equal weights change nothing") {
  const Tensor x = random_tensor({5, 3}, 1);
  const Ids labels{0, 1, 2, 1, -100};
  const Tensor even = Tensor::full({3}, 7), weight = Tensor::of({3}, {1, 2, 4});
  CHECK(difference(cross_entropy(x, labels, {.weight = even}), cross_entropy(x, labels)) <= 1e-6);
  const Tensor each = cross_entropy(x, labels, Reduction::none);
  const Tensor w = Tensor::of({5}, {1, 2, 4, 2, 0});
  CHECK(difference(cross_entropy(x, labels, {.weight = weight}), sum(each * w) / 9) <= 1e-6);
}

TEST_CASE("cross_entropy: a class of probability 0 that is no target gives no NaN") {
  const Tensor x = Tensor::of({1, 3}, {0, 0, -infinity}).set_requires_grad();
  const Tensor loss = cross_entropy(x, Ids{0}, {.weight = Tensor::ones({3})});
  CHECK(loss.item() == doctest::Approx(std::log(2.0)));
  loss.backward();
  CHECK(x.grad().to_vector() == Reals{-0.5, 0.5, 0});
  CHECK(cross_entropy(x, Ids{-100}, {.label_smoothing = real{0.1}}).item() == 0);
}

TEST_CASE("losses: errors name both shapes, or the label") {
  const Tensor x = random_tensor({2, 3}, 1), y = random_tensor({3}, 2);
  for (const std::string& text :
       {error_of([&] { mse_loss(x, y); }), error_of([&] { l1_loss(x, y); }),
        error_of([&] { huber_loss(x, y); }), error_of([&] { kl_div(x, y); }),
        error_of([&] { binary_cross_entropy_with_logits(x, y); }),
        error_of([&] { cross_entropy(x, y); })}) {
    CHECK(has(text, "(2, 3)"));
    CHECK(has(text, "(3,)"));
  }
  CHECK(has(error_of([&] { nll_loss(x, Ids{0, 3}); }), "label 3 at position 1"));
  CHECK(has(error_of([&] { nll_loss(x, Ids{0}); }), "(2, 3), labels (1,)"));
  CHECK(has(error_of([&] { cross_entropy(x, Ids{0, 1}, {.weight = y + x}); }), "weight (2, 3)"));
  CHECK(has(error_of([&] { huber_loss(x, x, 0); }), "delta"));
}

TEST_CASE("binary_cross_entropy_with_logits: two classes' cross_entropy, without overflow") {
  const Tensor x = random_tensor({6}, 1), zero = Tensor::zeros({6});
  const Ids labels{0, 1, 1, 0, 1, 0};
  const Tensor y = Tensor::of({6}, {0, 1, 1, 0, 1, 0});
  CHECK(difference(binary_cross_entropy_with_logits(x, y),
                   cross_entropy(stack({zero, x}, 1), labels)) <= 1e-6);
  const Tensor far = Tensor::of({2}, {1000, -1000});
  CHECK(binary_cross_entropy_with_logits(far, Tensor::of({2}, {1, 0})).item() == 0);
  CHECK(binary_cross_entropy_with_logits(far, Tensor::of({2}, {0, 1})).item() == 1000);
  const Tensor twice = binary_cross_entropy_with_logits(x, y, Tensor::scalar(2), Reduction::sum);
  const Tensor once = binary_cross_entropy_with_logits(x, y, {}, Reduction::none);
  CHECK(difference(twice, sum(once * (y + 1))) <= 1e-5);
}

TEST_CASE("kl_div: zero for equal distributions, never negative, 0 ln 0 is 0") {
  const Tensor p = softmax(random_tensor({4, 5}, 1)), q = softmax(random_tensor({4, 5}, 2));
  CHECK(std::abs(kl_div(log(p), p).item()) <= 1e-6);
  for (real kl : sum(kl_div(log(p), q, Reduction::none), {1}).to_vector()) CHECK(kl > 0);
  const Tensor certain = Tensor::of({2}, {1, 0});
  CHECK(kl_div(log(Tensor::full({2}, 0.5)), certain, Reduction::sum).item() ==
        doctest::Approx(std::log(2.0)));
}

TEST_CASE("smooth_l1_loss, huber_loss: mse_loss near 0, l1_loss far away, smooth between") {
  const Tensor x = random_tensor({50}, 1), zero = Tensor::zeros({50});
  CHECK(difference(smooth_l1_loss(x, zero, 100), mse_loss(x, zero) / 200) <= 1e-6);
  CHECK(same(smooth_l1_loss(x, zero, 0), l1_loss(x, zero)));
  CHECK(difference(huber_loss(x, zero, 100), mse_loss(x, zero) / 2) <= 1e-5);
  CHECK(difference(huber_loss(x * 1000, zero, 1), l1_loss(x * 1000, zero) - real{0.5}) <= 0.05);
  const Tensor at = Tensor::of({1}, {2}).set_requires_grad();
  CHECK(grad({smooth_l1_loss(at, Tensor::of({1}, {0}), 2)}, {at})[0].item() == 1);
}

TEST_CASE("rms_norm: rows of mean square one - the layer_norm of rows whose mean is 0") {
  const Tensor x = random_tensor({4, 16}, 1) * 5, centred = x - mean(x, {-1}, true);
  const Tensor gamma = random_tensor({16}, 2), eps_free = rms_norm(x, Tensor(), 0);
  CHECK(difference(mean(square(eps_free), {-1}), Tensor::ones({4})) <= 1e-5);
  CHECK(difference(rms_norm(centred, gamma, real{1e-5}),
                   layer_norm(centred, gamma, Tensor(), real{1e-5})) <= 1e-5);
  CHECK(rms_norm(Tensor::zeros({1, 3}), Tensor(), real{1e-5}).to_vector() == Reals{0, 0, 0});
  CHECK(has(error_of([&] { rms_norm(x, Tensor::ones({4}), 0); }), "(4, 16), gamma (4,)"));
}

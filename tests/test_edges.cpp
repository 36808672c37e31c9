// The edges of the API: whatever numbers, shapes and axes a caller names, an op works or throws
// Error. Never a crash, a hang, another exception, or (under the sanitizers) an overflow.
#include <doctest/doctest.h>

#include <climits>

#include "core/autograd/more/activation_checkpoint.h"
#include "core/autograd/more/hook.h"
#include "core/autograd/more/jacobian.h"
#include "core/inspect/print.h"
#include "tests/op_results.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// More numbers than any storage holds: such a request fails before memory is asked for.
constexpr int64_t huge = int64_t{1} << 50;

const std::vector<int64_t> counts{INT64_MIN, INT64_MIN + 1, -huge,         -1,       0, 1, 2,
                                  5,         huge,          INT64_MAX - 1, INT64_MAX};
const std::vector<int> axes{INT_MIN, -9, -2, -1, 0, 1, 2, 8, INT_MAX};
const std::vector<real> numbers{NaN, INFINITY, -INFINITY, 0, -1, 1, real(0.5), real(1e38)};

// One of each kind, the small ones with gradients.
std::vector<Tensor> tensors() {
  std::vector<Tensor> all;
  for (const Shape& shape : {Shape{}, Shape{0}, Shape{3}, Shape{2, 3}, Shape{2, 0}, Shape{0, 3},
                             Shape{1, 2, 2}, Shape{1, 1, 1, 1, 1, 1, 1, 2}})
    all.push_back(random_leaf(shape, 1));
  all.push_back(transpose(random_leaf({3, 2}, 1), 0, 1));
  for (const Shape& shape : {Shape{huge, 0}, Shape{0, huge}, Shape{huge, huge, 0},
                             Shape{0, huge, huge}, Shape{huge, 0, huge}})
    all.push_back(Tensor::zeros(shape).set_requires_grad());
  all.push_back(expand(random_leaf({1}, 1), {huge}));
  all.push_back(expand(random_leaf({2, 1}, 1), {2, huge}));
  all.push_back(expand(random_leaf({1, 2}, 1), {huge, 2}));
  all.push_back(Tensor());
  return all;
}

// Runs f, and backward from what it gives. Anything but success or Error fails the test.
void check(const std::string& what, const std::function<Tensor()>& f) {
  try {
    const Tensor y = f();
    if (y.defined() && y.requires_grad() && y.numel() < 1000) backward(y, Tensor::ones(y.shape()));
  } catch (const Error&) {
  } catch (const std::exception& e) {
    FAIL_CHECK(what << " threw " << e.what());
  }
}

std::string text_of(const Tensor& x) { return x.defined() ? to_string(x.shape()) : "undefined"; }

Tensor first_of(const std::vector<Tensor>& parts) { return parts.empty() ? Tensor() : parts[0]; }

// fs of each tensor, as f(op, x).
template <class F>
void each_tensor(const F& f) {
  for (const Tensor& x : tensors()) f(x);
}

}  // namespace

TEST_CASE("edges: no op of one tensor does anything but work or throw Error") {
  using Op = Tensor (*)(const Tensor&);
  // clang-format off
  const std::vector<std::pair<const char*, Op>> ops{
      {"exp", [](auto& x) { return exp(x); }},
      {"gelu", [](auto& x) { return gelu(x); }},
      {"abs", [](auto& x) { return abs(x); }},
      {"silu", [](auto& x) { return silu(x); }},
      {"affine", [](auto& x) { return x * 2 + 1; }},
      {"sum", [](auto& x) { return sum(x); }},
      {"mean", [](auto& x) { return mean(x); }},
      {"var", [](auto& x) { return var(x); }},
      {"std", [](auto& x) { return cairn::std(x); }},
      {"amax", [](auto& x) { return amax(x); }},
      {"prod", [](auto& x) { return prod(x); }},
      {"logsumexp", [](auto& x) { return logsumexp(x); }},
      {"norm", [](auto& x) { return norm(x); }},
      {"softmax", [](auto& x) { return softmax(x); }},
      {"log_softmax", [](auto& x) { return log_softmax(x); }},
      {"copy", [](auto& x) { return copy(x); }},
      {"contiguous", [](auto& x) { return contiguous(x); }},
      {"flatten", [](auto& x) { return flatten(x); }},
      {"reshape", [](auto& x) { return reshape(x, {-1}); }},
      {"triu", [](auto& x) { return triu(x); }},
      {"cat", [](auto& x) { return cat({x, x, x}, 0); }},
      {"cat of many", [](auto& x) { return cat(std::vector<Tensor>(9000, x), 0); }},
      {"stack", [](auto& x) { return stack({x, x}); }},
      {"dropout", [](auto& x) { return dropout(x, real(0.5)); }},
      {"layer_norm", [](auto& x) { return layer_norm(x, {}, {}, 0); }},
      {"rms_norm", [](auto& x) { return rms_norm(x, {}, 0); }},
      {"additive_mask", [](auto& x) { return additive_mask(x); }},
      {"detach", [](auto& x) { return x.detach(); }},
      {"item", [](auto& x) { return Tensor::scalar(x.item()); }},
      {"to_string", [](auto& x) { return to_string(x).empty() ? x : x; }},
      {"pack", [](auto& x) { return pack(x, Rows::of_lengths({1, 0})); }},
      {"unpack", [](auto& x) { return unpack(x, Rows::of_lengths({1, 1})); }},
      {"embedding", [](auto& x) { return embedding(x, Ids{0, 1}); }},
      {"one_hot", [](auto& x) { return one_hot(Ids(x.shape(), {0, 1, 0}), 2); }},
      {"hook", [](auto& x) { return hook(x, [](const Tensor& dy) { return dy; }); }},
      {"activation_checkpoint",
       [](auto& x) { return activation_checkpoint([](auto& in) { return in[0]; }, {x}); }},
      {"jacobian", [](auto& x) {
         return x.defined() && x.numel() < 9 ? jacobian([](auto& in) { return in * 2; }, x) : x;
       }},
      {"fill_", [](auto& x) { return x.detach().fill_(1); }},
      {"add_", [](auto& x) { return x.detach().add_(1); }},
      {"clamp_", [](auto& x) { return x.detach().clamp_(0, 1); }}};
  // clang-format on
  for (const auto& [name, op] : ops)
    each_tensor([&, name = name, op = op](const Tensor& x) {
      check(std::string(name) + " of " + text_of(x), [&] { return op(x); });
    });
}

TEST_CASE("edges: no op of two tensors does anything but work or throw Error") {
  using Op = Tensor (*)(const Tensor&, const Tensor&);
  // clang-format off
  const std::vector<std::pair<const char*, Op>> ops{
      {"add", [](auto& x, auto& y) { return x + y; }},
      {"div", [](auto& x, auto& y) { return x / y; }},
      {"pow", [](auto& x, auto& y) { return pow(x, y); }},
      {"less", [](auto& x, auto& y) { return less(x, y); }},
      {"maximum", [](auto& x, auto& y) { return maximum(x, y); }},
      {"where", [](auto& x, auto& y) { return where(x, x, y); }},
      {"masked_fill", [](auto& x, auto& y) { return masked_fill(x, y, 1); }},
      {"masked_select", [](auto& x, auto& y) { return masked_select(x, y); }},
      {"matmul", [](auto& x, auto& y) { return matmul(x, y); }},
      {"linear", [](auto& x, auto& y) { return linear(x, y, {}); }},
      {"linear with bias", [](auto& x, auto& y) { return linear(x, x, y); }},
      {"layer_norm", [](auto& x, auto& y) { return layer_norm(x, y, y, 0); }},
      {"rms_norm", [](auto& x, auto& y) { return rms_norm(x, y, 0); }},
      {"sum_to", [](auto& x, auto& y) { return sum_to(x, y.shape()); }},
      {"expand", [](auto& x, auto& y) { return expand(x, y.shape()); }},
      {"reshape", [](auto& x, auto& y) { return reshape(x, y.shape()); }},
      {"cat", [](auto& x, auto& y) { return cat({x, y}, -1); }},
      {"cosine_similarity", [](auto& x, auto& y) { return cosine_similarity(x, y); }},
      {"mse_loss", [](auto& x, auto& y) { return mse_loss(x, y); }},
      {"huber_loss", [](auto& x, auto& y) { return huber_loss(x, y); }},
      {"kl_div", [](auto& x, auto& y) { return kl_div(x, y); }},
      {"cross_entropy", [](auto& x, auto& y) { return cross_entropy(x, y); }},
      {"binary_cross_entropy", [](auto& x, auto& y) {
         return binary_cross_entropy_with_logits(x, y, y);
       }},
      {"scatter_add", [](auto& x, auto& y) { return scatter_add(x, 0, Ids{0, 0, 1}, y); }},
      {"index_add", [](auto& x, auto& y) { return index_add(x, 0, Ids{0, 1}, y); }},
      {"attention", [](auto& x, auto& y) {
         const Rows rows = Rows::of_lengths({1, 1});
         return attention(x, y, y, rows, rows, {});
       }},
      {"attention of many keys", [](auto& x, auto& y) {
         const Rows rows = Rows::equal(1, 2);
         AttentionOptions options;
         options.bias = y;
         return attention(x, x, x, rows, rows, options);
       }},
      {"scaled_dot_product_attention", [](auto& x, auto& y) {
         return scaled_dot_product_attention(x, y, y);
       }},
      {"set_grad", [](auto& x, auto& y) {
         Tensor leaf = x.detach();
         leaf.set_grad(y);
         return leaf;
       }},
      {"copy_", [](auto& x, auto& y) { return x.detach().copy_(y.detach()); }},
      {"mul_", [](auto& x, auto& y) { return x.detach().mul_(y.detach()); }},
      {"backward", [](auto& x, auto& y) {
         backward(x, y);
         return x;
       }},
      {"grad", [](auto& x, auto& y) { return grad({x}, {y})[0]; }}};
  // clang-format on
  for (const auto& [name, op] : ops)
    each_tensor([&, name = name, op = op](const Tensor& x) {
      each_tensor([&](const Tensor& y) {
        check(std::string(name) + " of " + text_of(x) + ", " + text_of(y),
              [&] { return op(x, y); });
      });
    });
}

TEST_CASE("edges: no axis makes an op do anything but work or throw Error") {
  using Op = Tensor (*)(const Tensor&, int, int);
  const auto nothing = [](const Ids&) { return Tensor(); };
  static const auto ids = nothing;
  // clang-format off
  const std::vector<std::pair<const char*, Op>> ops{
      {"sum", [](auto& x, int i, int j) { return sum(x, {i, j}); }},
      {"mean", [](auto& x, int i, int j) { return mean(x, {i, j}, true); }},
      {"var", [](auto& x, int i, int j) { return var(x, {i, j}); }},
      {"amin", [](auto& x, int i, int j) { return amin(x, {i, j}); }},
      {"prod", [](auto& x, int i, int j) { return prod(x, {i, j}); }},
      {"logsumexp", [](auto& x, int i, int j) { return logsumexp(x, {i, j}); }},
      {"norm", [](auto& x, int i, int j) { return norm(x, 3, {i, j}); }},
      {"normalize", [](auto& x, int i, int) { return normalize(x, 2, i); }},
      {"softmax", [](auto& x, int i, int) { return softmax(x, i); }},
      {"log_softmax", [](auto& x, int i, int) { return log_softmax(x, i); }},
      {"argmax", [](auto& x, int i, int) { return ids(argmax(x, i)); }},
      {"argmin", [](auto& x, int i, int j) { return ids(argmin(x, i, j > 0)); }},
      {"max", [](auto& x, int i, int) { return max(x, i).first; }},
      {"cumsum", [](auto& x, int i, int) { return cumsum(x, i); }},
      {"sort", [](auto& x, int i, int) { return sort(x, i).first; }},
      {"flip", [](auto& x, int i, int j) { return flip(x, {i, j}); }},
      {"transpose", [](auto& x, int i, int j) { return transpose(x, i, j); }},
      {"permute", [](auto& x, int i, int j) { return permute(x, {i, j}); }},
      {"flatten", [](auto& x, int i, int j) { return flatten(x, i, j); }},
      {"squeeze", [](auto& x, int i, int) { return squeeze(x, i); }},
      {"unsqueeze", [](auto& x, int i, int) { return unsqueeze(x, i); }},
      {"unbind", [](auto& x, int i, int) { return first_of(unbind(x, i)); }},
      {"cat", [](auto& x, int i, int) { return cat({x, x}, i); }},
      {"stack", [](auto& x, int i, int) { return stack({x, x}, i); }},
      {"diagonal", [](auto& x, int i, int j) { return diagonal(x, 0, i, j); }},
      {"index_select", [](auto& x, int i, int) { return index_select(x, i, Ids{1, 0}); }},
      {"gather", [](auto& x, int i, int) { return gather(x, i, Ids{0, 1}); }},
      {"size", [](auto& x, int i, int) { return Tensor::scalar(static_cast<real>(x.size(i))); }},
      {"shape[]", [](auto& x, int i, int) {
         return Tensor::scalar(static_cast<real>(x.shape()[i]));
       }}};
  // clang-format on
  for (const auto& [name, op] : ops)
    each_tensor([&, name = name, op = op](const Tensor& x) {
      for (int i : axes)
        for (int j : axes)
          check(std::string(name) + " of " + text_of(x) + ", axes " + std::to_string(i) + ", " +
                    std::to_string(j),
                [&] { return op(x, i, j); });
    });
}

TEST_CASE("edges: no count or offset makes an op do anything but work or throw Error") {
  using Op = Tensor (*)(const Tensor&, int64_t, int64_t);
  // clang-format off
  const std::vector<std::pair<const char*, Op>> ops{
      {"slice from", [](auto& x, int64_t a, int64_t b) { return slice(x, -1, a, b); }},
      {"slice by", [](auto& x, int64_t a, int64_t b) { return slice(x, 0, 0, a, b); }},
      {"select", [](auto& x, int64_t a, int64_t b) { return select(x, b < 0 ? -1 : 0, a); }},
      {"narrow views", [](auto& x, int64_t a, int64_t b) {
         return unsqueeze(slice(slice(x, 0, 0, INT64_MAX, a), 0, 0, INT64_MAX, b), 0);
       }},
      {"split", [](auto& x, int64_t a, int64_t b) { return first_of(split(x, {a, b})); }},
      {"split by", [](auto& x, int64_t a, int64_t b) {
         return first_of(split(x, a, b < 0 ? -1 : 0));
       }},
      {"chunk", [](auto& x, int64_t a, int64_t b) { return first_of(chunk(x, a, b < 0 ? -1 : 0)); }},
      {"repeat", [](auto& x, int64_t a, int64_t b) { return repeat(x, {a, b}); }},
      {"repeat thrice", [](auto& x, int64_t a, int64_t b) { return repeat(x, {a, b, a}); }},
      {"roll", [](auto& x, int64_t a, int64_t b) { return roll(x, a, b < 0 ? -1 : 0); }},
      {"pad", [](auto& x, int64_t a, int64_t b) { return pad(x, {a, b}); }},
      {"pad twice", [](auto& x, int64_t a, int64_t b) { return pad(x, {1, -1, a, b}); }},
      {"diagonal", [](auto& x, int64_t a, int64_t b) { return diagonal(x, a, b < 0 ? 1 : 0, -1); }},
      {"triu", [](auto& x, int64_t a, int64_t) { return triu(x, a); }},
      {"tril", [](auto& x, int64_t a, int64_t) { return tril(x, a); }},
      {"topk", [](auto& x, int64_t a, int64_t b) { return topk(x, a, b < 0 ? -1 : 0).first; }},
      {"var", [](auto& x, int64_t a, int64_t) { return var(x, {}, a); }},
      {"std", [](auto& x, int64_t a, int64_t) { return cairn::std(x, {0}, a); }},
      {"reshape", [](auto& x, int64_t a, int64_t b) { return reshape(x, {a, b}); }},
      {"reshape of expanded", [](auto& x, int64_t a, int64_t b) {
         return reshape(expand(x, {a, b}), {b, a});
       }},
      {"expand", [](auto& x, int64_t a, int64_t b) { return expand(x, {a, b, 3}); }},
      {"one_hot", [](auto& x, int64_t a, int64_t) {
         return one_hot(x.defined() && x.numel() ? Ids{0, 1} : Ids(), a);
       }},
      {"attention", [](auto& x, int64_t a, int64_t b) {
         AttentionOptions options;
         options.heads = a;
         const int64_t B = b == huge ? 1 : b;
         return attention(x, x, x, Rows::equal(1, B), Rows::equal(1, B), options);
       }},
      {"embedding", [](auto& x, int64_t a, int64_t) {
         return embedding(x, Ids{0, 1}, static_cast<int32_t>(std::clamp<int64_t>(a, INT_MIN, INT_MAX)));
       }},
      {"to_string", [](auto& x, int64_t a, int64_t b) {
         if (x.defined() && x.numel() > 1000) return x;
         PrintOptions options{.threshold = a, .edge = b};
         to_string(x, options);
         return x;
       }}};
  // clang-format on
  for (const auto& [name, op] : ops)
    each_tensor([&, name = name, op = op](const Tensor& x) {
      for (int64_t a : counts)
        for (int64_t b : counts)
          check(std::string(name) + " of " + text_of(x) + ", " + std::to_string(a) + ", " +
                    std::to_string(b),
                [&] { return op(x, a, b); });
    });
}

TEST_CASE("edges: no number makes an op do anything but work or throw Error") {
  using Op = Tensor (*)(const Tensor&, real, real);
  const std::vector<std::pair<const char*, Op>> ops{
      {"affine", [](auto& x, real a, real b) { return affine(x, a, b); }},
      {"clamp", [](auto& x, real a, real b) { return clamp(x, a, b); }},
      {"clamp_", [](auto& x, real a, real b) { return x.detach().clamp_(a, b); }},
      {"pow", [](auto& x, real a, real) { return pow(x, a); }},
      {"norm", [](auto& x, real a, real) { return norm(x, a); }},
      {"normalize", [](auto& x, real a, real b) { return normalize(x, a, -1, b); }},
      {"cosine_similarity", [](auto& x, real a, real) { return cosine_similarity(x, x, -1, a); }},
      {"softplus", [](auto& x, real a, real) { return softplus(x, a); }},
      {"leaky_relu", [](auto& x, real a, real) { return leaky_relu(x, a); }},
      {"elu", [](auto& x, real a, real) { return elu(x, a); }},
      {"dropout", [](auto& x, real a, real) { return dropout(x, a); }},
      {"layer_norm", [](auto& x, real a, real) { return layer_norm(x, {}, {}, a); }},
      {"rms_norm", [](auto& x, real a, real) { return rms_norm(x, {}, a); }},
      {"pad",
       [](auto& x, real a, real) {
         return pad(x, {1, 1}, a);
       }},
      {"masked_fill", [](auto& x, real a, real) { return masked_fill(x, x.detach(), a); }},
      {"smooth_l1_loss", [](auto& x, real a, real) { return smooth_l1_loss(x, x, a); }},
      {"huber_loss", [](auto& x, real a, real) { return huber_loss(x, x, a); }},
      {"cross_entropy",
       [](auto& x, real a, real) {
         CrossEntropyOptions options;
         options.label_smoothing = a;
         return cross_entropy(x, x.detach(), options);
       }},
      {"attention",
       [](auto& x, real a, real b) {
         AttentionOptions options;
         options.scale = a, options.dropout = b;
         return attention(x, x, x, Rows::equal(1, 2), Rows::equal(1, 2), options);
       }},
      {"add_", [](auto& x, real a, real) { return x.detach().add_(x.detach(), a); }},
      {"full", [](auto& x, real a, real) { return Tensor::full(x.shape(), a); }}};
  for (const auto& [name, op] : ops)
    each_tensor([&, name = name, op = op](const Tensor& x) {
      for (real a : numbers)
        for (real b : numbers)
          check(std::string(name) + " of " + text_of(x) + ", " + std::to_string(a) + ", " +
                    std::to_string(b),
                [&] { return op(x, a, b); });
    });
}

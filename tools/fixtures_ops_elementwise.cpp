// Elementwise ops, reductions and products, by the fixtures' names.
#include <algorithm>

#include "tools/fixtures_ops.h"
#include "tools/fixtures_values.h"

namespace cairn {

Tensor positive_part_of_minus(const Tensor& x) { return relu(-x); }
Tensor absolute(const Tensor& x) { return relu(x) + positive_part_of_minus(x); }

// ln(e^x + e^0) = -log_softmax over (x, 0) at the 0, which neither overflows nor loses the small.
Tensor softplus(const Tensor& x) {
  return -select(log_softmax(stack({x, Tensor::zeros(x.shape())}, 0), 0), 0, 1);
}

Tensor where(const Tensor& mask, const Tensor& a, const Tensor& b) {
  return mask * a + (1 - mask) * b;
}

Tensor variance(const Tensor& x, const Axes& axes, bool keepdim, int64_t correction) {
  const Tensor centred = x - mean(x, axes, true), squares = sum(centred * centred, axes, keepdim);
  const int64_t count = squares.numel() ? x.numel() / squares.numel() : 0;
  return squares / static_cast<real>(std::max<int64_t>(0, count - correction));
}

namespace {

using C = const OpCall&;

// sqrt with the gradient 0 at 0, where it has none: what norms and deviations do.
Tensor length(const Tensor& squares) {
  const Tensor zero = equal(squares, Tensor::scalar(0));
  return sqrt(squares + zero) * (1 - zero);
}

Outputs clamp(C c) {
  const Tensor& x = c["x"];
  const bool low = c.has_attr("min"), high = c.has_attr("max");
  const Tensor below = low ? less(x, Tensor::scalar(c.number("min"))) : Tensor::zeros(x.shape());
  const Tensor above = high ? less(Tensor::scalar(c.number("max")), x) : Tensor::zeros(x.shape());
  Tensor y = x * (1 - below - above);
  if (low) y = y + below * c.number("min");
  if (high) y = y + above * c.number("max");
  return {y};
}

Outputs power(C c) {
  const Tensor& x = c["x"];
  const real exponent = c.number("exponent");
  if (exponent == 0) return {x * 0 + 1};
  if (exponent == 1) return {x * 1};
  if (exponent == 2) return {x * x};
  if (exponent == 3) return {x * x * x};
  if (exponent == real{0.5}) return {sqrt(x)};
  if (exponent == -1) return {div(Tensor::ones({}), x)};
  throw Unsupported{"no such op yet: pow, but for the exponents -1, 0, 0.5, 1, 2 and 3"};
}

Tensor relu6(const Tensor& x) { return relu(x) - relu(x - 6); }

Outputs addmm(C c) {
  return {c["c"] * c.number("beta") + matmul(c["a"], c["b"]) * c.number("alpha")};
}

Outputs outer(C c) { return {unsqueeze(c["a"], 1) * unsqueeze(c["b"], 0)}; }

Outputs linear_layer(C c) {
  return {linear(c["x"], c["w"], c.has("b") ? c["b"] : Tensor())};
}

constexpr OpEntry entries[] = {
    {"neg", [](C c) -> Outputs { return {-c["x"]}; }},
    {"abs", [](C c) -> Outputs { return {absolute(c["x"])}; }},
    {"exp", [](C c) -> Outputs { return {exp(c["x"])}; }},
    {"log", [](C c) -> Outputs { return {log(c["x"])}; }},
    {"sqrt", [](C c) -> Outputs { return {sqrt(c["x"])}; }},
    {"rsqrt", [](C c) -> Outputs { return {div(Tensor::ones({}), sqrt(c["x"]))}; }},
    {"square", [](C c) -> Outputs { return {c["x"] * c["x"]}; }},
    {"reciprocal", [](C c) -> Outputs { return {div(Tensor::ones({}), c["x"])}; }},
    {"tanh", [](C c) -> Outputs { return {tanh(c["x"])}; }},
    {"sigmoid", [](C c) -> Outputs { return {sigmoid(c["x"])}; }},
    {"erf", [](C c) -> Outputs { return {erf(c["x"])}; }},
    {"relu", [](C c) -> Outputs { return {relu(c["x"])}; }},
    {"relu6", [](C c) -> Outputs { return {relu6(c["x"])}; }},
    {"leaky_relu",
     [](C c) -> Outputs {
       return {relu(c["x"]) - positive_part_of_minus(c["x"]) * c.number("negative_slope")};
     }},
    {"elu",
     [](C c) -> Outputs {
       const Tensor negative = exp(-positive_part_of_minus(c["x"])) - 1;
       return {relu(c["x"]) + negative * c.number("alpha")};
     }},
    {"gelu",
     [](C c) -> Outputs {
       return {c.text("approximate") == "tanh" ? gelu_tanh(c["x"]) : gelu(c["x"])};
     }},
    {"silu", [](C c) -> Outputs { return {c["x"] * sigmoid(c["x"])}; }},
    {"hardswish", [](C c) -> Outputs { return {c["x"] * relu6(c["x"] + 3) / 6}; }},
    {"softplus",
     [](C c) -> Outputs {
       if (c.number("beta") != 1) throw Unsupported{"softplus with a beta"};
       return {softplus(c["x"])};
     }},
    {"mish", [](C c) -> Outputs { return {c["x"] * tanh(softplus(c["x"]))}; }},
    {"logsigmoid", [](C c) -> Outputs { return {-softplus(-c["x"])}; }},
    {"clamp", clamp},
    {"pow_scalar", power},
    {"add_scalar", [](C c) -> Outputs { return {c["x"] + c.number("value")}; }},
    {"mul_scalar", [](C c) -> Outputs { return {c["x"] * c.number("value")}; }},
    {"rsub_scalar", [](C c) -> Outputs { return {c.number("value") - c["x"]}; }},
    {"rdiv_scalar",
     [](C c) -> Outputs { return {div(Tensor::scalar(c.number("value")), c["x"])}; }},

    {"add", [](C c) -> Outputs { return {c["a"] + c["b"]}; }},
    {"sub", [](C c) -> Outputs { return {c["a"] - c["b"]}; }},
    {"mul", [](C c) -> Outputs { return {c["a"] * c["b"]}; }},
    {"div", [](C c) -> Outputs { return {c["a"] / c["b"]}; }},
    {"where", [](C c) -> Outputs { return {where(c["cond"], c["a"], c["b"])}; }},
    {"compare_lt", [](C c) -> Outputs { return {less(c["a"], c["b"])}; }},
    {"compare_eq", [](C c) -> Outputs { return {equal(c["a"], c["b"])}; }},
    {"lerp", [](C c) -> Outputs { return {c["a"] + (c["b"] - c["a"]) * c.number("weight")}; }},
    {"addcmul", [](C c) -> Outputs { return {c["a"] + c["b"] * c["b"] * c.number("value")}; }},

    {"sum", [](C c) -> Outputs { return {sum(c["x"], c.axes(), c.keepdim())}; }},
    {"mean", [](C c) -> Outputs { return {mean(c["x"], c.axes(), c.keepdim())}; }},
    {"var",
     [](C c) -> Outputs {
       return {variance(c["x"], c.axes(), c.keepdim(), c.integer("correction"))};
     }},
    {"std",
     [](C c) -> Outputs {
       return {length(variance(c["x"], c.axes(), c.keepdim(), c.integer("correction")))};
     }},
    {"norm1", [](C c) -> Outputs { return {sum(absolute(c["x"]), c.axes(), c.keepdim())}; }},
    {"norm2",
     [](C c) -> Outputs { return {length(sum(c["x"] * c["x"], c.axes(), c.keepdim()))}; }},
    {"softmax", [](C c) -> Outputs { return {softmax(c["x"], c.integer("dim"))}; }},
    {"log_softmax", [](C c) -> Outputs { return {log_softmax(c["x"], c.integer("dim"))}; }},

    {"matmul", [](C c) -> Outputs { return {matmul(c["a"], c["b"])}; }},
    {"linear", linear_layer},
    {"addmm", addmm},
    {"baddbmm", addmm},
    {"outer", outer},
};

}  // namespace

std::span<const OpEntry> elementwise_entries() { return entries; }

}  // namespace cairn

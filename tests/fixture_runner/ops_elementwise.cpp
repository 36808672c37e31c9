// Elementwise ops, reductions and products, by the fixtures' names.
#include <cmath>

#include "core/io/files.h"
#include "tests/fixture_runner/ops.h"
#include "tests/fixture_runner/values.h"

namespace cairn {
namespace {

using C = const OpCall&;

Tensor clamped(C c) {
  return clamp(c["x"], c.has_attr("min") ? c.number("min") : -INFINITY,
               c.has_attr("max") ? c.number("max") : INFINITY);
}

Tensor relu6(const Tensor& x) { return clamp(x, 0, 6); }
// The gradient at 0 and 6, where torch's relu6 has none.
Tensor relu6_of(C c) {
  const Tensor& x = c["x"];
  const Tensor inside = less(Tensor::scalar(0), x) * less(x, Tensor::scalar(6));
  return where(inside, x, relu6(x.detach()));
}

// x where it is a finite number, else a constant, which has no gradient.
Tensor nan_to_num(C c) {
  const Tensor& x = c["x"];
  const auto replaced = [&](const Tensor& y, const Tensor& mask, const char* name) {
    return masked_fill(y, mask, c.number(name));
  };
  const Tensor y = replaced(x, not_equal(x, x), "nan");
  return replaced(replaced(y, equal(x, Tensor::scalar(INFINITY)), "posinf"),
                  equal(x, Tensor::scalar(-INFINITY)), "neginf");
}

// x, whose axes are called `own`, with an axis for each of `letters`: of size 1 where it has none.
Tensor spread(Tensor x, const std::string& own, const std::string& letters) {
  Axes order;
  for (char letter : letters) {
    const size_t at = own.find(letter);
    if (at != std::string::npos) order.push_back(static_cast<int>(at));
  }
  if (order.size() != own.size()) throw Unsupported{"einsum with an axis named twice: " + own};
  x = permute(x, order);
  for (size_t i = 0; i < letters.size(); ++i)
    if (own.find(letters[i]) == std::string::npos) x = unsqueeze(x, static_cast<int>(i));
  return x;
}

// The product of the operands over all letters, then the sum over those that the result has not.
Tensor einsum(C c) {
  const std::string equation = c.text("equation");
  const size_t arrow = equation.find("->");
  const std::string result = equation.substr(arrow + 2);
  std::string letters = result;
  for (char letter : equation.substr(0, arrow))
    if (letter != ',' && letters.find(letter) == std::string::npos) letters += letter;
  Tensor product = Tensor::scalar(1);
  char name = 'a';
  for (const std::string& own : split(equation.substr(0, arrow), ','))
    product = product * spread(c[std::string(1, name++)], own, letters);
  Axes summed;
  for (size_t i = result.size(); i < letters.size(); ++i) summed.push_back(static_cast<int>(i));
  return summed.empty() ? product : sum(product, summed);
}

Tensor addmm(C c) { return c["c"] * c.number("beta") + matmul(c["a"], c["b"]) * c.number("alpha"); }

int axis_of(C c) { return c.axes().empty() ? 0 : c.axes()[0]; }  // null: the only one

Outputs value_and_index(const std::pair<Tensor, Ids>& pair) {
  return {pair.first, as_tensor(pair.second)};
}

Outputs topk_of(C c) {
  const int axis = c.integer("dim");
  const Tensor in_order = sort(c["x"], axis).first;
  const Tensor pairs = equal(slice(in_order, axis, 1, in_order.size(axis)),
                             slice(in_order, axis, 0, in_order.size(axis) - 1));
  if (sum(pairs).item() > 0)
    throw Unsupported{"another convention: which of equal numbers topk names first"};
  return value_and_index(topk(c["x"], c.integer("k"), axis));
}

constexpr OpEntry entries[] = {
    {"neg", [](C c) -> Outputs { return {neg(c["x"])}; }},
    {"abs", [](C c) -> Outputs { return {abs(c["x"])}; }},
    {"exp", [](C c) -> Outputs { return {exp(c["x"])}; }},
    {"expm1", [](C c) -> Outputs { return {expm1(c["x"])}; }},
    {"log", [](C c) -> Outputs { return {log(c["x"])}; }},
    {"log1p", [](C c) -> Outputs { return {log1p(c["x"])}; }},
    {"sqrt", [](C c) -> Outputs { return {sqrt(c["x"])}; }},
    {"rsqrt", [](C c) -> Outputs { return {rsqrt(c["x"])}; }},
    {"square", [](C c) -> Outputs { return {square(c["x"])}; }},
    {"reciprocal", [](C c) -> Outputs { return {reciprocal(c["x"])}; }},
    {"sin", [](C c) -> Outputs { return {sin(c["x"])}; }},
    {"cos", [](C c) -> Outputs { return {cos(c["x"])}; }},
    {"tanh", [](C c) -> Outputs { return {tanh(c["x"])}; }},
    {"sigmoid", [](C c) -> Outputs { return {sigmoid(c["x"])}; }},
    {"erf", [](C c) -> Outputs { return {erf(c["x"])}; }},
    {"relu", [](C c) -> Outputs { return {relu(c["x"])}; }},
    {"relu6", [](C c) -> Outputs { return {relu6_of(c)}; }},
    {"leaky_relu", [](C c) -> Outputs { return {leaky_relu(c["x"], c.number("negative_slope"))}; }},
    {"elu", [](C c) -> Outputs { return {elu(c["x"], c.number("alpha"))}; }},
    {"gelu",
     [](C c) -> Outputs {
       return {c.text("approximate") == "tanh" ? gelu_tanh(c["x"]) : gelu(c["x"])};
     }},
    {"silu", [](C c) -> Outputs { return {silu(c["x"])}; }},
    {"hardswish", [](C c) -> Outputs { return {c["x"] * relu6(c["x"] + 3) / 6}; }},
    {"softplus", [](C c) -> Outputs { return {softplus(c["x"], c.number("beta"))}; }},
    {"mish", [](C c) -> Outputs { return {c["x"] * tanh(softplus(c["x"]))}; }},
    {"logsigmoid", [](C c) -> Outputs { return {-softplus(-c["x"])}; }},
    {"clamp", [](C c) -> Outputs { return {clamped(c)}; }},
    {"nan_to_num", [](C c) -> Outputs { return {nan_to_num(c)}; }},
    {"pow_scalar", [](C c) -> Outputs { return {pow(c["x"], c.number("exponent"))}; }},
    {"add_scalar", [](C c) -> Outputs { return {c["x"] + c.number("value")}; }},
    {"mul_scalar", [](C c) -> Outputs { return {c["x"] * c.number("value")}; }},
    {"rsub_scalar", [](C c) -> Outputs { return {c.number("value") - c["x"]}; }},
    {"rdiv_scalar", [](C c) -> Outputs { return {c.number("value") / c["x"]}; }},

    {"add", [](C c) -> Outputs { return {c["a"] + c["b"]}; }},
    {"sub", [](C c) -> Outputs { return {c["a"] - c["b"]}; }},
    {"mul", [](C c) -> Outputs { return {c["a"] * c["b"]}; }},
    {"div", [](C c) -> Outputs { return {c["a"] / c["b"]}; }},
    {"pow", [](C c) -> Outputs { return {pow(c["a"], c["b"])}; }},
    {"maximum", [](C c) -> Outputs { return {maximum(c["a"], c["b"])}; }},
    {"minimum", [](C c) -> Outputs { return {minimum(c["a"], c["b"])}; }},
    {"where", [](C c) -> Outputs { return {where(c["cond"], c["a"], c["b"])}; }},
    {"compare_lt", [](C c) -> Outputs { return {less(c["a"], c["b"])}; }},
    {"compare_eq", [](C c) -> Outputs { return {equal(c["a"], c["b"])}; }},
    {"lerp", [](C c) -> Outputs { return {c["a"] + (c["b"] - c["a"]) * c.number("weight")}; }},
    {"addcmul", [](C c) -> Outputs { return {c["a"] + square(c["b"]) * c.number("value")}; }},

    {"sum", [](C c) -> Outputs { return {sum(c["x"], c.axes(), c.keepdim())}; }},
    {"mean", [](C c) -> Outputs { return {mean(c["x"], c.axes(), c.keepdim())}; }},
    {"var",
     [](C c) -> Outputs { return {var(c["x"], c.axes(), c.integer("correction"), c.keepdim())}; }},
    {"std",
     [](C c) -> Outputs { return {std(c["x"], c.axes(), c.integer("correction"), c.keepdim())}; }},
    {"amax", [](C c) -> Outputs { return {amax(c["x"], c.axes(), c.keepdim())}; }},
    {"amin", [](C c) -> Outputs { return {amin(c["x"], c.axes(), c.keepdim())}; }},
    {"prod", [](C c) -> Outputs { return {prod(c["x"], c.axes(), c.keepdim())}; }},
    {"logsumexp", [](C c) -> Outputs { return {logsumexp(c["x"], c.axes(), c.keepdim())}; }},
    {"norm1", [](C c) -> Outputs { return {norm(c["x"], 1, c.axes(), c.keepdim())}; }},
    {"norm2", [](C c) -> Outputs { return {norm(c["x"], 2, c.axes(), c.keepdim())}; }},
    {"normalize",
     [](C c) -> Outputs {
       return {normalize(c["x"], c.number("p"), c.integer("dim"), c.number("eps"))};
     }},
    {"max_dim",
     [](C c) -> Outputs { return value_and_index(max(c["x"], axis_of(c), c.keepdim())); }},
    {"min_dim",
     [](C c) -> Outputs { return value_and_index(min(c["x"], axis_of(c), c.keepdim())); }},
    {"argmax", [](C c) -> Outputs { return {as_tensor(argmax(c["x"], axis_of(c), c.keepdim()))}; }},
    {"argmin", [](C c) -> Outputs { return {as_tensor(argmin(c["x"], axis_of(c), c.keepdim()))}; }},
    {"cumsum", [](C c) -> Outputs { return {cumsum(c["x"], c.integer("dim"))}; }},
    {"sort",
     [](C c) -> Outputs {
       return value_and_index(sort(c["x"], c.integer("dim"), c.has_attr("descending")));
     }},
    {"topk", topk_of},
    {"softmax", [](C c) -> Outputs { return {softmax(c["x"], c.integer("dim"))}; }},
    {"log_softmax", [](C c) -> Outputs { return {log_softmax(c["x"], c.integer("dim"))}; }},

    {"matmul", [](C c) -> Outputs { return {matmul(c["a"], c["b"])}; }},
    {"linear",
     [](C c) -> Outputs { return {linear(c["x"], c["w"], c.has("b") ? c["b"] : Tensor())}; }},
    {"einsum", [](C c) -> Outputs { return {einsum(c)}; }},
    {"addmm", [](C c) -> Outputs { return {addmm(c)}; }},
    {"baddbmm", [](C c) -> Outputs { return {addmm(c)}; }},
    {"outer", [](C c) -> Outputs { return {unsqueeze(c["a"], 1) * unsqueeze(c["b"], 0)}; }},
};

}  // namespace

std::span<const OpEntry> elementwise_entries() { return entries; }

}  // namespace cairn

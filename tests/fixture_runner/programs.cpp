// The fixtures' part "programs": random programs of ops over named tensors (reuse, broadcasting,
// views, detach); loss = sum over the outputs of mean(output). Outputs, loss and the leaves'
// gradients must be the reference's.
#include <cmath>

#include "core/autograd/autograd.h"
#include "core/error.h"
#include "core/io/files.h"
#include "tests/fixture_runner/fixtures.h"
#include "tests/fixture_runner/ops.h"
#include "tests/fixture_runner/values.h"

namespace cairn {
namespace {

using Tensors = std::vector<Tensor>;

struct Attributes {
  const Json& json;
  int dim(const char* name = "dim") const { return static_cast<int>(json.at(name).as_int()); }
  bool keepdim() const { return json.get("keepdim", false); }
  real value() const { return static_cast<real>(json.at("value").as_double()); }
  std::vector<int64_t> list(const char* name) const {
    std::vector<int64_t> values;
    for (const Json& x : json.at(name).items())
      values.push_back(x.is_bool() ? x.as_bool() : x.as_int());
    return values;
  }
};

using A = const Attributes&;
using X = const Tensors&;

struct Step {
  const char* name;
  Tensor (*call)(X x, A a);
};

Tensor masked_fill(X x, A a) {
  const std::vector<int64_t> mask = a.list("mask");
  const Tensor m = Tensor::of(x[0].shape(), std::vector<real>(mask.begin(), mask.end()));
  return masked_fill(x[0], m, a.value());
}

Tensor picked(X x, A a) {
  const std::vector<int64_t> at = a.list("index");
  return index_select(x[0], a.dim(), Ids(std::vector<int32_t>(at.begin(), at.end())));
}

Tensor permuted(X x, A a) {
  const std::vector<int64_t> dims = a.list("dims");
  return permute(x[0], Axes(dims.begin(), dims.end()));
}

Tensor sliced(X x, A a) {
  const auto integer = [&](const char* name) { return a.json.at(name).as_int(); };
  return slice(x[0], a.dim(), integer("start"), integer("stop"), integer("step"));
}

Tensor scaled_product(X x, A) {
  return matmul(x[0], x[1]) / std::sqrt(static_cast<real>(x[0].size(-1)));
}

Tensor expanded(X x, A a) {
  Shape shape = x[0].shape();
  shape.insert(0, a.json.at("n").as_int());
  return expand(x[0], shape);
}

constexpr Step steps[] = {
    {"add", [](X x, A) { return x[0] + x[1]; }},
    {"sub", [](X x, A) { return x[0] - x[1]; }},
    {"mul", [](X x, A) { return x[0] * x[1]; }},
    {"maximum", [](X x, A) { return maximum(x[0], x[1]); }},
    {"div_safe", [](X x, A) { return x[0] / (square(x[1]) + 1); }},
    {"tanh", [](X x, A) { return tanh(x[0]); }},
    {"sigmoid", [](X x, A) { return sigmoid(x[0]); }},
    {"relu", [](X x, A) { return relu(x[0]); }},
    {"gelu", [](X x, A) { return gelu(x[0]); }},
    {"gelu_tanh", [](X x, A) { return gelu_tanh(x[0]); }},
    {"silu", [](X x, A) { return silu(x[0]); }},
    {"softplus", [](X x, A) { return softplus(x[0]); }},
    {"exp_neg_sq", [](X x, A) { return exp(-square(x[0])); }},
    {"log1p_sq", [](X x, A) { return log1p(square(x[0])); }},
    {"sqrt_sq1", [](X x, A) { return sqrt(square(x[0]) + 1); }},
    {"scale", [](X x, A a) { return x[0] * a.value(); }},
    {"matmul", scaled_product},
    {"transpose", [](X x, A a) { return transpose(x[0], a.dim("dim0"), a.dim("dim1")); }},
    {"permute", permuted},
    {"reshape", [](X x, A a) { return reshape(x[0], Shape(a.list("shape"))); }},
    {"slice", sliced},
    {"cat", [](X x, A a) { return cat(x, a.dim()); }},
    {"stack", [](X x, A a) { return stack(x, a.dim()); }},
    {"index_select", picked},
    {"expand0", expanded},
    {"sum", [](X x, A a) { return sum(x[0], {a.dim()}, a.keepdim()); }},
    {"mean", [](X x, A a) { return mean(x[0], {a.dim()}, a.keepdim()); }},
    {"var", [](X x, A a) { return var(x[0], {a.dim()}, 0, a.keepdim()); }},
    {"max", [](X x, A a) { return amax(x[0], {a.dim()}, a.keepdim()); }},
    {"logsumexp", [](X x, A a) { return logsumexp(x[0], {a.dim()}, a.keepdim()); }},
    {"cumsum", [](X x, A a) { return cumsum(x[0], a.dim()); }},
    {"softmax", [](X x, A a) { return softmax(x[0], a.dim()); }},
    {"log_softmax", [](X x, A a) { return log_softmax(x[0], a.dim()); }},
    {"layer_norm", [](X x, A) { return layer_norm(x[0], Tensor(), Tensor(), real{1e-5}); }},
    {"masked_fill", masked_fill},
    {"detach", [](X x, A) { return x[0].detach(); }},
};

const Step& step_of(const std::string& name) {
  for (const Step& step : steps)
    if (step.name == name) return step;
  throw Unsupported{"op " + name};
}

// Runs one program; what differs is in the answer.
std::vector<std::string> run(const Json& program, const SafeTensors& file) {
  for (const Json& step : program.at("steps").items()) step_of(step.at("op").as_string());
  const std::string prefix = program.at("id").as_string() + ".";
  std::map<std::string, Tensor> values;
  std::vector<std::string> names;
  Tensors leaves;
  for (const Json& leaf : program.at("leaves").items()) {
    names.push_back(leaf.key());
    leaves.push_back(tensor(view_of(file, prefix + "in." + leaf.key())).set_requires_grad());
    values[leaf.key()] = leaves.back();
  }
  const Json none = Json::object();
  for (const Json& step : program.at("steps").items()) {
    Tensors in;
    for (const Json& name : step.at("in").items()) in.push_back(values[name.as_string()]);
    const Json* attributes = step.find("attrs");
    values[step.at("out").as_string()] =
        step_of(step.at("op").as_string()).call(in, {attributes ? *attributes : none});
  }

  Comparison comparison;
  const Json& errors = program.at("err32");
  const auto compare = [&](const std::string& name, const Tensor& got) {
    comparison.relative(name, got.to_vector(), numbers(view_of(file, prefix + name)),
                        fair_bound(errors.at(name).as_double()));
  };
  Tensor loss = Tensor::scalar(0);
  for (const Json& name : program.at("outputs").items()) {
    const Tensor& y = values[name.as_string()];
    compare("out." + name.as_string(), y);
    loss = loss + mean(y);
  }
  compare("loss", loss);
  const Tensors gradients = grad({loss}, leaves);
  for (size_t i = 0; i < leaves.size(); ++i) compare("grad." + names[i], gradients[i]);
  return comparison.failures;
}

}  // namespace

FixtureReport run_programs(const std::string& folder) {
  FixtureReport report;
  const std::string list = folder + "/programs.jsonl";
  const SafeTensors file(folder + "/programs.safetensors");
  const std::vector<std::string> lines = split_lines(read_file(list));
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const Json program = parse_json(lines[i], list, {.first_line = static_cast<int64_t>(i) + 1});
    const std::string& id = program.at("id").as_string();
    try {
      report.ran(id, run(program, file));
    } catch (const Unsupported& unsupported) {
      report.passed_over(id, unsupported.reason);
    } catch (const std::exception& error) {
      report.ran(id, {error.what()});
    }
  }
  return report;
}

}  // namespace cairn

// The fixtures' part "ops": one call of an op each, its outputs and its gradients.
#include "tests/fixture_runner/ops.h"

#include <cmath>
#include <cstdlib>

#include "core/autograd/autograd.h"
#include "core/error.h"
#include "core/io/files.h"
#include "tests/fixture_runner/fixtures.h"
#include "tests/fixture_runner/values.h"

namespace cairn {
namespace {

enum Column { id, file, op, attrs, inputs, outputs, tags, err32_out, err32_grad, columns };

// "linear" is a layer and a schedule: a schedule's cases are in a file called sched_....
std::string full_name(const std::string& case_id, const std::string& name) {
  return case_id.starts_with("sched_") ? "sched_" + name : name;
}

OpEntry entry_of(const std::string& name) {
  for (const auto& entries :
       {elementwise_entries(), shape_entries(), loss_entries(), layer_entries(), optim_entries()})
    for (const OpEntry& entry : entries)
      if (entry.name == name) return entry;
  throw Unsupported{"op " + name};
}

Axes axes_of(const Json& list) {
  Axes axes;
  for (const Json& axis : list.items()) axes.push_back(static_cast<int>(axis.as_int()));
  return axes;
}

// The steps from the stored tensor to what the op sees.
Tensor viewed(Tensor x, const Json& steps) {
  for (const Json& step : steps.items()) {
    const std::string& kind = step[0].as_string();
    const auto integer = [&](size_t i) { return step[i].as_int(); };
    const auto axis = [&](size_t i) { return static_cast<int>(integer(i)); };
    if (kind == "transpose") x = transpose(x, axis(1), axis(2));
    else if (kind == "permute") x = permute(x, axes_of(step[1]));
    else if (kind == "slice") x = slice(x, axis(1), integer(2), integer(3), integer(4));
    else if (kind == "select") x = select(x, axis(1), integer(2));
    else if (kind == "unsqueeze") x = unsqueeze(x, axis(1));
    else if (kind == "expand") {
      std::vector<int64_t> sizes;
      for (const Json& size : step[1].items()) sizes.push_back(size.as_int());
      x = expand(x, Shape(sizes));
    } else throw Unsupported{"a view by " + kind};
  }
  return x;
}

struct Case {
  const SafeTensors& file;
  std::string prefix;  // "001."
  double out_error, grad_error;
  Comparison comparison;

  void compare(const std::string& name, const Tensor& got, double err32) {
    const TensorView& expected = view_of(file, prefix + name);
    const Shape shape(expected.shape);
    if (!(got.shape() == shape))
      comparison.failures.push_back(name + " is " + to_string(got.shape()) + ", not " +
                                    to_string(shape));
    else if (expected.dtype != "F32")
      comparison.relative(name, got.to_vector(), numbers(expected), 0);
    else if (std::isfinite(err32))  // else the reference's own float32 run left the range
      comparison.relative(name, got.to_vector(), numbers(expected), fair_bound(err32));
  }

  // The gradient that is fed to an output: nothing where the output is not finite.
  Tensor dout(const std::string& i) const {
    std::vector<double> dy = numbers(view_of(file, prefix + "gout." + i));
    const std::vector<double> y = numbers(view_of(file, prefix + "out." + i));
    for (size_t j = 0; j < dy.size(); ++j)
      if (!std::isfinite(y[j])) dy[j] = 0;
    return Tensor::of(Shape(view_of(file, prefix + "gout." + i).shape),
                      std::vector<real>(dy.begin(), dy.end()));
  }

  void run(const OpEntry& entry, const Json& attributes, const Json& in, size_t expected_outputs) {
    OpCall call{attributes, {}};
    std::vector<std::string> names;
    std::vector<Tensor> leaves;
    for (const Json& input : in.items()) {
      const std::string& name = input.at("name").as_string();
      Tensor leaf = tensor(view_of(file, prefix + "in." + name));
      if (input.get("grad", false)) {
        leaves.push_back(leaf.set_requires_grad());
        names.push_back(name);
      }
      const Json* steps = input.find("view");
      call.inputs[name] = steps ? viewed(leaf, *steps) : leaf;
    }
    const Outputs y = entry.call(call);
    if (y.size() != expected_outputs)
      comparison.failures.push_back("there are " + std::to_string(y.size()) + " outputs, not " +
                                    std::to_string(expected_outputs));
    std::vector<Tensor> outputs_with_dout, douts;
    for (size_t i = 0; i < y.size() && i < expected_outputs; ++i) {
      const std::string number = std::to_string(i);
      compare("out." + number, y[i], out_error);
      if (!has(file, prefix + "gout." + number) || !y[i].requires_grad()) continue;
      outputs_with_dout.push_back(y[i]);
      douts.push_back(dout(number));
    }
    if (!comparison.failures.empty()) return;  // a gradient of another shape could not be fed
    const std::vector<Tensor> gradients = grad(outputs_with_dout, leaves, {.douts = douts});
    for (size_t i = 0; i < leaves.size(); ++i)
      compare("grad." + names[i], gradients[i], grad_error);
    comparison.all_of(file, prefix + "grad.", leaves.size());
  }
};

// Each file holds the cases of one op: the last one opened is kept.
const SafeTensors& opened(const std::string& path) {
  static std::map<std::string, SafeTensors> files;
  if (!files.contains(path)) {
    files.clear();
    files.emplace(path, SafeTensors(path));
  }
  return files.at(path);
}

}  // namespace

const Tensor& OpCall::operator[](const std::string& name) const {
  const auto found = inputs.find(name);
  if (found == inputs.end()) fail("fixtures", "the case has no input " + name);
  return found->second;
}

Ids OpCall::ids(const std::string& name) const {
  const std::vector<real> values = (*this)[name].to_vector();
  return Ids((*this)[name].shape(), std::vector<int32_t>(values.begin(), values.end()));
}

bool OpCall::has_attr(const std::string& name) const {
  const Json* value = attrs.find(name);
  return value && !value->is_null() && !(value->is_bool() && !value->as_bool());
}

real OpCall::number(const std::string& name) const {
  const Json& value = attrs.at(name);
  if (value.is_string()) return std::strtof(value.as_string().c_str(), nullptr);
  return static_cast<real>(value.as_double());
}

int OpCall::integer(const std::string& name) const {
  return static_cast<int>(attrs.at(name).as_int(-1000000, 1000000));
}

std::string OpCall::text(const std::string& name) const { return attrs.get(name, ""); }

Axes OpCall::axes() const {
  const Json* dim = attrs.find("dim");
  if (!dim || dim->is_null()) return {};
  return dim->is_array() ? axes_of(*dim) : Axes{integer("dim")};
}

std::vector<int64_t> OpCall::integers(const std::string& name) const {
  std::vector<int64_t> values;
  for (const Json& value : attrs.at(name).items()) values.push_back(value.as_int());
  return values;
}

Reduction OpCall::reduction() const {
  const std::string name = text("reduction");
  return name == "none" ? Reduction::none : name == "sum" ? Reduction::sum : Reduction::mean;
}

Tensor OpCall::reduced(const Tensor& loss) const {
  if (reduction() == Reduction::none) return loss;
  return reduction() == Reduction::sum ? sum(loss) : mean(loss);
}

FixtureReport run_ops(const std::string& folder) { return run_ops_of(folder, ""); }

FixtureReport run_ops_of(const std::string& folder, const std::string& only) {
  FixtureReport report;
  const std::string index = folder + "/index.tsv";
  const std::vector<std::string> lines = split_lines(read_file(index));
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::string place = index + ":" + std::to_string(i + 1);
    const std::vector<std::string> f = split(lines[i], '\t');
    if (f.size() != columns)
      fail(place, "has " + std::to_string(f.size()) + " columns, expected 9");
    if (!only.empty() && !f[id].starts_with(only + "/")) continue;
    const std::string name = full_name(f[id], f[op]);
    // The reference's way is one of several sound ones there, and the difference is documented.
    const bool convention = ("," + f[tags] + ",").find(",convention,") != std::string::npos;
    std::vector<std::string> failures;
    try {
      const OpEntry entry = entry_of(name);
      const auto error = [&](Column column) { return std::strtod(f[column].c_str(), nullptr); };
      Case c{opened(folder + "/" + f[file]),
             f[id].substr(f[id].find('/') + 1) + ".",
             error(err32_out),
             error(err32_grad),
             {}};
      c.run(entry, parse_json(f[attrs], place), parse_json(f[inputs], place),
            parse_json(f[outputs], place).size());
      failures = c.comparison.failures;
      if (convention && !failures.empty()) throw Unsupported{"another convention: " + name};
    } catch (const Unsupported& unsupported) {
      report.passed_over(f[id], unsupported.reason);
      continue;
    } catch (const std::exception& error) {
      failures.push_back(error.what());
    }
    report.ran(f[id], failures, "op " + name);
  }
  return report;
}

}  // namespace cairn

// models/: tiny checkpoints with stored outputs and gradients, and fine-tuning runs.
#include <algorithm>
#include <filesystem>
#include <functional>

#include "core/error.h"
#include "core/io/json.h"
#include "tests/fixture_runner/bert.h"
#include "tests/fixture_runner/fixtures.h"
#include "tests/fixture_runner/train.h"

namespace cairn {
namespace {

namespace fs = std::filesystem;

// The stored tensor's rows at the places of the run's real rows, and the run's own.
void compare_rows(Comparison& comparison, const std::string& name, const Tensor& got,
                  const TensorView& expected, const BertRun& in, double bound) {
  const std::vector<double> stored = numbers(expected);
  const std::vector<real> computed = got.to_vector();
  const size_t width = computed.size() / in.row_places.size();
  std::vector<real> a;
  std::vector<double> b;
  for (size_t row = 0; row < in.row_places.size(); ++row) {
    if (!in.real[row]) continue;
    const size_t from = static_cast<size_t>(in.row_places[row]) * width;
    for (size_t j = 0; j < width; ++j) {
      if (from + j >= stored.size()) return comparison.relative(name, computed, stored, bound);
      a.push_back(computed[row * width + j]);
      b.push_back(stored[from + j]);
    }
  }
  comparison.relative(name, a, b, bound);
}

// The reference's table of words gives its padding row no gradient. Cairn's rows have no padding,
// so its table has no such row, and where a run keeps its padding the row is not compared.
void forget_padding(const std::string& name, std::vector<real>& gradient, const Tensor& parameter,
                    const BertRun& in, int64_t pad) {
  if (in.options.seen.numel() == 0 || !name.ends_with("word_embeddings.weight")) return;
  const int64_t width = parameter.size(1);
  if (pad < 0 || pad >= parameter.size(0)) return;
  std::fill_n(gradient.begin() + pad * width, width, real{0});
}

void compare_gradients(Comparison& comparison, const BertResult& result, const SafeTensors& file,
                       const std::string& prefix, const BertRun& in, int64_t pad, double bound) {
  size_t compared = 0;
  for (const NamedTensor& p : result.parameters) {
    const TensorView* expected = file.find(prefix + p.name);
    if (!expected) continue;
    std::vector<real> gradient(static_cast<size_t>(p.tensor.numel()));
    if (p.tensor.grad().defined()) gradient = p.tensor.grad().to_vector();
    forget_padding(p.name, gradient, p.tensor, in, pad);
    comparison.relative("the gradient of " + p.name, gradient, numbers(*expected), bound);
    ++compared;
  }
  comparison.all_of(file, prefix, compared);
}

// One run of a model; what differs goes to `comparison`.
void check_run(Comparison& comparison, const std::string& folder, const std::string& type,
               int64_t pad, const SafeTensors& file, const Json& run) {
  const BertRun in(file, run.key());
  const BertResult result = run_bert(type, folder, file, run.key());
  const double bound = fair_bound(run.get("err32_out", 0.0));
  const std::string prefix = run.key() + ".out.";
  for (const TensorView& view : file.tensors()) {
    if (!view.name.starts_with(prefix)) continue;
    const std::string name = view.name.substr(prefix.size()), shown = run.key() + ": " + name;
    if (const auto rows = result.by_row.find(name); rows != result.by_row.end()) {
      compare_rows(comparison, shown, rows->second, view, in, bound);
    } else if (const auto whole = result.by_sequence.find(name);
               whole != result.by_sequence.end()) {
      comparison.relative(shown, whole->second.to_vector(), numbers(view), bound);
    } else {
      throw Unsupported{"the output " + name};
    }
  }
  compare_gradients(comparison, result, file, run.key() + ".grad.", in, pad,
                    fair_bound(run.get("err32_grad", 0.0)));
}

Json read_json(const std::string& path) { return parse_json(read_file(path), path); }

void check_model(Comparison& comparison, const std::string& folder) {
  const Json config = read_json(folder + "/config.json");
  const Json description = read_json(folder + "/case.json");
  if (const Json* generate = description.find("generate"); generate && generate->size() > 0)
    throw Unsupported{"generation with a BERT"};
  const SafeTensors file(folder + "/io.safetensors");
  for (const Json& run : description.at("runs").items())
    check_run(comparison, folder, description.at("class").as_string(),
              config.get("pad_token_id", 0), file, run);
}

}  // namespace

FixtureReport run_models(const std::string& folder) {
  std::vector<std::string> ids;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (fs::is_regular_file(entry.path() / "case.json")) ids.push_back(entry.path().filename());
  std::sort(ids.begin(), ids.end());

  FixtureReport report;
  for (const std::string& id : ids) {
    const std::string path = folder + "/" + id;
    const bool training = fs::is_regular_file(path + "/trajectory.safetensors");
    Comparison comparison;
    std::string kind;
    try {
      const Json config = read_json(path + (training ? "/init/config.json" : "/config.json"));
      kind = "model_type " + config.get("model_type", "");
      if (kind != "model_type bert") throw Unsupported{kind};
      training ? check_training(comparison, path) : check_model(comparison, path);
    } catch (const Unsupported& unsupported) {
      report.passed_over(id, unsupported.reason);
      continue;
    } catch (const std::exception& error) {
      comparison.failures.push_back(error.what());
    }
    report.ran(id, comparison.failures, kind);
  }
  return report;
}

}  // namespace cairn

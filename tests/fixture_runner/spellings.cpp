// spellings/: one BERT written in several ways, which must all load to the stored outputs, and
// damaged folders, which must be refused.
#include <cstdlib>
#include <filesystem>

#include "core/error.h"
#include "core/io/files.h"
#include "models/bert/load.h"
#include "tests/fixture_runner/bert.h"
#include "tests/fixture_runner/fixtures.h"

namespace cairn {
namespace {

// The stored inputs of a good folder are called in.*, outputs out.*.
void check_good(Comparison& comparison, const std::string& folder, double bound) {
  LoadReport report;
  auto model = from_pretrained<BertModel>(folder, &report);
  for (const std::string& name : report.created)
    comparison.failures.push_back(name + " was not found");
  const SafeTensors file(folder + "/io.safetensors");
  const std::vector<int32_t> ids = integers(view_of(file, "in.input_ids"));
  const std::vector<int32_t> mask = integers(view_of(file, "in.attention_mask"));
  const int64_t B = view_of(file, "in.input_ids").shape.at(0), T = mask.size() / B;

  std::vector<int32_t> real_ids, lengths;
  for (int64_t b = 0; b < B; ++b) {
    lengths.push_back(0);
    for (int64_t t = 0; t < T; ++t) {
      if (!mask[static_cast<size_t>(b * T + t)]) continue;
      real_ids.push_back(ids[static_cast<size_t>(b * T + t)]);
      ++lengths.back();
    }
  }
  const Rows rows = Rows::of_lengths(lengths);
  const Tensor hidden = model(Ids(real_ids), {}, rows);

  const std::vector<double> stored = numbers(view_of(file, "out.last_hidden_state"));
  const size_t width = static_cast<size_t>(model.config.hidden_size);
  std::vector<double> expected;
  for (size_t place = 0; place < mask.size(); ++place)
    for (size_t j = 0; mask[place] && j < width; ++j) expected.push_back(stored[place * width + j]);
  comparison.relative("last_hidden_state", hidden.to_vector(), expected, bound);
  comparison.relative("pooler_output", model.pool(hidden, rows).to_vector(),
                      numbers(view_of(file, "out.pooler_output")), bound);
}

// Empty if the folder was refused, or loaded with a report where that is enough.
std::string check_bad(const std::string& folder, bool report_is_enough) {
  if (!std::filesystem::is_directory(folder)) return "the folder is missing";
  LoadReport report;
  try {
    from_pretrained<BertModel>(folder, &report);
  } catch (const Error&) {
    return "";
  }
  if (report_is_enough && !(report.created.empty() && report.unused.empty())) return "";
  return "was loaded without a complaint";
}

}  // namespace

FixtureReport run_spellings(const std::string& folder) {
  FixtureReport report;
  const std::string index = folder + "/index.tsv";
  const std::vector<std::string> lines = split_lines(read_file(index));
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> fields = split(lines[i], '\t');
    if (fields.size() < 5)
      fail(index + ":" + std::to_string(i + 1),
           "has " + std::to_string(fields.size()) + " columns, expected 5");
    const std::string &id = fields[0], &expected = fields[1];
    Comparison comparison;
    try {
      if (expected == "load") {
        const double err32 = std::strtod(fields[4].c_str(), nullptr);
        check_good(comparison, folder + "/" + id, fair_bound(err32));
      } else if (expected == "reject" || expected == "report") {
        const std::string fault = check_bad(folder + "/" + id, expected == "report");
        if (!fault.empty()) comparison.failures.push_back(fault);
      } else {
        report.passed_over(id, "the expectation \"" + expected + "\" is unknown");
        continue;
      }
    } catch (const std::exception& error) {
      comparison.failures.push_back(error.what());
    }
    report.ran(id, comparison.failures);
  }
  return report;
}

}  // namespace cairn

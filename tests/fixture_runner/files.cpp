// The fixtures' part "files": good and bad safetensors and JSON files. A good one must open and
// give the listed tensors (name, dtype, shape, crc32 of the bytes); a bad one must be an Error.
#include <filesystem>

#include "core/error.h"
#include "core/io/crc32.h"
#include "core/io/json.h"
#include "core/io/safetensors.h"
#include "tests/fixture_runner/fixtures.h"

namespace cairn {
namespace {

// A table's rows as objects, {column: text}; the first line names the columns.
std::vector<Json> read_table(const std::string& path) {
  const std::vector<std::string> lines = split_lines(read_file(path));
  if (lines.empty()) fail(path, "is empty; expected a line of column names");
  const std::vector<std::string> columns = split(lines[0], '\t');
  std::vector<Json> rows;
  for (size_t i = 1; i < lines.size(); i++) {
    const std::vector<std::string> fields = split(lines[i], '\t');
    if (fields.size() != columns.size())
      fail(path + ":" + std::to_string(i + 1), "has " + std::to_string(fields.size()) +
                                                   " fields, expected " +
                                                   std::to_string(columns.size()));
    Json row = Json::object();
    for (size_t j = 0; j < fields.size(); j++) row.set(columns[j], fields[j]);
    rows.push_back(std::move(row));
  }
  return rows;
}

// What differs between a tensor and its description [dtype, shape, crc32]; empty if nothing.
std::string difference(const TensorView& view, const Json& expected) {
  if (view.dtype != expected[0].as_string()) return "the dtype is " + view.dtype;
  const std::string shape =
      to_text(Json::array(std::vector<Json>(view.shape.begin(), view.shape.end())));
  if (shape != to_text(expected[1])) return "the shape is " + shape;
  const uint32_t crc = crc32(view.bytes, view.size);
  if (crc != expected[2].as_int()) return "the crc32 is " + std::to_string(crc);
  return "";
}

// Opens a file that is good; the answer says what is wrong, empty if nothing.
std::string check_tensors(const std::string& path, const std::string& tensors) {
  const Json expected = parse_json(tensors, path + " (expected tensors)");
  const SafeTensors file(path);
  if (file.tensors().size() != expected.size())
    return "has " + std::to_string(file.tensors().size()) + " tensors, expected " +
           std::to_string(expected.size());
  for (const Json& tensor : expected.items()) {
    const TensorView* view = file.find(tensor.key());
    if (!view) return "tensor " + json_string(tensor.key()) + " is missing";
    if (const std::string what = difference(*view, tensor); !what.empty())
      return "tensor " + json_string(tensor.key()) + ": " + what;
  }
  return "";
}

// One file. Only an Error counts as a refusal; any other exception is a failure too.
std::string check(const std::string& path, const Json& row, bool safetensors) {
  const std::string& expected = row.at("expected").as_string();
  if (expected != "accept" && expected != "reject") return "expected is " + json_string(expected);
  const bool accept = expected == "accept";
  if (!std::filesystem::exists(path)) return "the file is missing";
  try {
    if (safetensors && accept) return check_tensors(path, row.at("tensors").as_string());
    if (safetensors) (void)SafeTensors(path);
    else (void)parse_json(read_file(path), path);
  } catch (const Error& error) {
    return accept ? error.what() : "";
  } catch (const std::exception& error) {
    return std::string("an exception that is no Error: ") + error.what();
  }
  return accept ? "" : "was accepted, but is bad";
}

}  // namespace

FixtureReport run_files(const std::string& folder) {
  FixtureReport report;
  for (const bool safetensors : {true, false}) {
    const std::string table = folder + (safetensors ? "/safetensors.tsv" : "/json.tsv");
    for (const Json& row : read_table(table)) {
      const std::string& name = row.at("file").as_string();
      const std::string what = check(folder + "/" + name, row, safetensors);
      report.ran(name, what.empty() ? std::vector<std::string>() : std::vector{what});
    }
  }
  return report;
}

}  // namespace cairn

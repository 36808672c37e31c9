// Writes docs/ops.md from the ops' records: `opsdoc PAGE` checks, exit 1 on a difference;
// `opsdoc --write PAGE` renews it. What stands on the page between <!-- by hand: ... -->
// and <!-- end --> is kept.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>

#include "core/autograd/node.h"
#include "core/io/files.h"
#include "core/ops.h"
#include "core/ops/records/records.h"

namespace {

namespace fs = std::filesystem;
using namespace cairn;

const fs::path root = CAIRN_SOURCE_DIR;
const std::string by_hand = "<!-- by hand: what of the fixtures is left out, and why -->\n",
                  end_by_hand = "<!-- end -->\n";

// In a table's cell.
std::string cell(const std::string& text) {
  std::string escaped;
  for (char c : text) escaped += c == '|' ? "\\|" : std::string(1, c);
  return escaped;
}
std::string code(const std::string& text) { return text.empty() ? "" : "`" + cell(text) + "`"; }

// Adds up what a history keeps, each storage once. Shapes, ids and plain numbers are not counted.
struct Kept : SavedVisitor {
  std::set<const Storage*> seen;
  std::string names;
  int64_t bytes = 0;

  void operator()(const char* name, Saved& saved) override {
    if (!saved.tensor.defined() || !seen.insert(saved.tensor.impl().storage.get()).second) return;
    names += (names.empty() ? "" : ", ") + std::string(name);
    bytes += saved.tensor.numel() * static_cast<int64_t>(sizeof(real));
  }
  void add_history(const Tensor& y) {
    std::vector<Node*> nodes{y.impl().node.get()};
    std::set<Node*> visited(nodes.begin(), nodes.end());
    for (size_t i = 0; i < nodes.size(); ++i) {
      nodes[i]->visit(*this);
      for (const Edge& edge : nodes[i]->inputs)
        if (edge.node && visited.insert(edge.node.get()).second) nodes.push_back(edge.node.get());
    }
  }
};

// By the first case that has inputs: the names of what is kept, unless the record says it, and
// "96 / 48", its bytes and those of the inputs.
std::pair<std::string, std::string> kept_by(const OpInfo& op) {
  for (const OpCase& op_case : op.cases) {
    std::vector<Tensor> leaves;
    int64_t inputs = 0;
    for (const Shape& shape : op_case.inputs[0]) {
      leaves.push_back(Tensor::full(shape, static_cast<real>((op.low + op.high) / 2)));
      leaves.back().set_requires_grad();
      inputs += leaves.back().numel() * static_cast<int64_t>(sizeof(real));
    }
    const Tensor y = op_case.call(leaves);
    if (inputs == 0 || !y.impl().node) continue;
    Kept kept;
    kept.add_history(y);
    return {*op.saved         ? op.saved
            : kept.bytes == 0 ? "nothing"
                              : kept.names,
            std::to_string(kept.bytes) + " / " + std::to_string(inputs)};
  }
  return {"nothing", ""};
}

std::string second_derivative(const OpInfo& op) {
  const auto has_one = [](const OpCase& op_case) { return op_case.second_order; };
  if (op.cases.empty()) return "";
  if (std::all_of(op.cases.begin(), op.cases.end(), has_one)) return "yes";
  if (std::none_of(op.cases.begin(), op.cases.end(), has_one)) return "no";
  std::string without;
  for (const OpCase& op_case : op.cases)
    if (!op_case.second_order) without += (without.empty() ? "" : "; ") + op_case.text;
  return "yes, but for " + code(without);
}

// The chapters of the tutorials, and the ops that appear in each first.
const std::map<std::string, std::set<std::string>> chapters = {
    {"01",
     {"add", "affine", "attention", "matmul", "mean", "mul", "permute", "slice", "softmax",
      "sum"}}};

// The op's chapter, as a link.
std::string chapter(const OpInfo& op) {
  for (const auto& entry : fs::directory_iterator(root / "tutorials")) {
    const std::string name = entry.path().filename().string();
    const std::string number = name.substr(0, name.find('_'));
    if (chapters.contains(number) && chapters.at(number).contains(op.name))
      return "[" + number + "](../tutorials/" + name + "/README.md)";
  }
  return "";
}

std::string row(const OpInfo& op) {
  const std::string file = op.file;
  const std::string link = "[" + fs::path(file).stem().string() + "](../" + file + ")";
  const std::string derivative = op.cases.empty() ? "none" : code(op.derivative);
  const auto [kept, bytes] = kept_by(op);
  std::string text = "|";
  for (const std::string& column : {code(op.name), code(op.formula), derivative, cell(kept), bytes,
                                    second_derivative(op), code(op.pytorch), link, chapter(op)})
    text += " " + column + (column.empty() ? "|" : " |");
  return text + "\n";
}

// The sections of the headers in core/ops, with what is declared in each.
struct Section {
  std::string title, text;

  bool declares(const std::string& op) const {
    for (const char* type : {"Tensor ", "Ids ", "> "})
      if (text.find(type + op + "(") != std::string::npos) return true;
    return false;
  }
};

std::vector<Section> sections() {
  std::vector<Section> found;
  const std::string mark = "// ---- ";
  std::string header;
  for (const char* name : {"ops.h", "more/pointwise.h", "more/compare.h", "more/reductions.h",
                           "more/shapes.h", "more/indexing.h", "losses.h", "more/losses.h"})
    header += read_file((root / "core/ops" / name).string());
  for (size_t at = header.find(mark); at != std::string::npos;) {
    const size_t line = header.find('\n', at), next = header.find(mark, line);
    std::string title = header.substr(at + mark.size(), line - at - mark.size());
    title = title.substr(0, title.find_first_of(".:("));
    title.erase(title.find_last_not_of(' ') + 1);
    const std::string text = header.substr(line, next - line);
    const auto same = std::find_if(found.begin(), found.end(),
                                   [&](const Section& section) { return section.title == title; });
    if (same == found.end()) found.push_back({title, text});
    else same->text += text;
    at = next;
  }
  found.push_back({"Others", ""});
  return found;
}

const char* const introduction = R"(# The ops

<!-- Written by `make docs-sync` from the records that end the files in core/ops. -->

Every op has a file of its own, or shares one with its family; the record at its end says what stands
here, and drives the checks: gradients against differences, second derivatives, mutants, benchmarks.

- *derivative*: what backward adds to the gradients of the inputs, `dy` being that of the result.
- *keeps*: what backward needs. *bytes*: how much of tensors that is, beside the bytes of the
  inputs, measured on the record's first case in float. An input that is kept costs no copy.
- *second*: whether `grad(.., {.create_graph = true})` goes through it.
- *chapter*: the one that explains it.
)";

std::string page(const std::string& before) {
  std::string text = introduction;
  std::vector<OpInfo> ops = all_ops();
  for (const Section& section : sections()) {
    std::string rows;
    std::erase_if(ops, [&](const OpInfo& op) {
      const bool here = section.text.empty() || section.declares(op.name);
      if (here) rows += row(op);
      return here;
    });
    if (rows.empty()) continue;
    text +=
        "\n## " + section.title +
        "\n\n| op | formula | derivative | keeps | bytes | second | PyTorch | file | chapter |\n"
        "|---|---|---|---|---|---|---|---|---|\n" +
        rows;
  }
  const size_t start = before.find(by_hand), end = before.find(end_by_hand);
  const bool kept = start != std::string::npos && end != std::string::npos;
  return text + "\n" + (kept ? before.substr(start, end - start) : by_hand) + end_by_hand;
}

int run(const std::vector<std::string>& arguments) {
  const bool write = arguments.size() == 2 && arguments[0] == "--write";
  if (!write && arguments.size() != 1) fail("opsdoc", "usage: opsdoc [--write] PAGE");
  const std::string& path = arguments.back();
  const std::string before = fs::exists(path) ? read_file(path) : "", after = page(before);
  if (before == after) return 0;
  if (!write) fail(path, "differs from the ops' records", "make docs-sync renews it");
  write_file_atomically(path, after);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}

// Every op of core/ops/records/records.h, on every case of its record: the checks of
// core/ops/records/records_check.h; and that the records are complete.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "core/autograd/autograd.h"
#include "core/autograd/more/gradcheck.h"
#include "core/ops.h"
#include "core/ops/records/records.h"
#include "core/ops/records/records_check.h"

using namespace cairn;

TEST_CASE("gradcheck: every op, every case, every layout of its inputs") {
  for (const OpInfo& op : all_ops()) CHECK(check_gradients(op) == "");
}

TEST_CASE("gradcheck: every op, its inputs expanded from size 1") {
  for (const OpInfo& op : all_ops()) CHECK(check_expanded_inputs(op) == "");
}

TEST_CASE("gradcheck: every op, one tensor as all inputs of its shape") {
  for (const OpInfo& op : all_ops()) CHECK(check_shared_input(op) == "");
}

TEST_CASE("gradcheck: every op, twice on the same tensors") {
  for (const OpInfo& op : all_ops()) CHECK(check_accumulation(op) == "");
}

TEST_CASE("create_graph: every op gives the same gradients with it as without") {
  for (const OpInfo& op : all_ops()) CHECK(check_backward_in_ops(op) == "");
}

TEST_CASE(
    "gradgradcheck: every op, every case, but those that say they have no second derivative") {
  for (const OpInfo& op : all_ops()) CHECK(check_second_derivatives(op) == "");
}

TEST_CASE("fused ops: value and gradients equal their definition in plain ops") {
  int checked = 0;
  for (const OpInfo& op : all_ops()) {
    CHECK(check_definition(op) == "");
    for (const OpCase& c : op.cases) checked += c.composed ? static_cast<int>(c.inputs.size()) : 0;
  }
  CHECK(checked > 10);
}

TEST_CASE("records: ops without derivative say so, all others have eight cases, and reasons") {
  for (const OpInfo& op : all_ops()) {
    INFO(std::string(op.name));
    const bool differentiable = std::string(op.derivative) != "";
    size_t calls = 0;
    for (const OpCase& c : op.cases) calls += c.inputs.size();
    CHECK(calls >= (differentiable ? 8u : 0u));
    CHECK((differentiable || op.cases.empty()));
    const bool strict = op.atol <= 1e-7 && op.rtol <= 1e-6;
    CHECK((strict || std::string(op.tolerance_reason) != ""));
  }
}

TEST_CASE("records: every record in core/ops is in the list, once, and names its file") {
  const std::filesystem::path root = CAIRN_SOURCE_DIR;
  std::map<std::string, std::string> file_of;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "core/ops")) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream lines(entry.path());
    const std::string before = "OpInfo ", after = "_info() {";
    for (std::string line; std::getline(lines, line);) {
      const size_t end = line.find(after);
      if (!line.starts_with(before) || end == std::string::npos) continue;
      file_of[line.substr(before.size(), end - before.size())] =
          std::filesystem::relative(entry.path(), root).generic_string();
    }
  }
  std::set<std::string> listed;
  for (const OpInfo& op : all_ops()) {
    INFO(std::string(op.name));
    CHECK(listed.insert(op.name).second);
    CHECK(file_of[op.name] == op.file);
  }
  for (const auto& found : file_of) {
    INFO(found.first, " in ", found.second);
    CHECK(listed.count(found.first) == 1);
  }
}

TEST_CASE("gradcheck: finds a wrong gradient, and says where") {
  const auto wrong = [](const std::vector<Tensor>& x) { return x[0] * x[0].detach(); };
  const std::string report = gradcheck(wrong, {Tensor::of({2}, {0.5, 3}).set_requires_grad()});
  CHECK(report.find("input 0, element 1") != std::string::npos);
  const auto undefined = [](const std::vector<Tensor>& x) { return sqrt(x[0] - 1); };
  CHECK(gradcheck(undefined, {Tensor::of({1}, {0.5}).set_requires_grad()}) != "");
  const Tensor strided = transpose(Tensor::ones({2, 3}), 0, 1);
  CHECK_THROWS_AS(gradcheck(wrong, {strided}), Error);
}

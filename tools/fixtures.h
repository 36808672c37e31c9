#pragma once
// The fixture runner's parts. Each reads one subfolder of golden values made with PyTorch, Hugging
// Face Transformers and safetensors (the folder's README describes the formats), computes the same
// with Cairn and compares.
#include <cstdint>
#include <string>
#include <vector>

namespace cairn {

struct FixtureReport {
  int64_t passed = 0, failed = 0, unsupported = 0;  // cases
  std::vector<std::string> lines;                   // "failed: ID: reason", a line a reason

  // A case has been run; what differed, if anything.
  void ran(const std::string& id, const std::vector<std::string>& failures);
  // A case, or `cases` of them under one name, asks for what Cairn does not have.
  void passed_over(const std::string& id, const std::string& reason, int64_t cases = 1);
};

// `folder` is the part's own subfolder. A case that fails is reported, not thrown; an Error means
// that the part's list of cases itself can't be read.
FixtureReport run_ops(const std::string& folder);
FixtureReport run_programs(const std::string& folder);
FixtureReport run_models(const std::string& folder);
FixtureReport run_spellings(const std::string& folder);
FixtureReport run_files(const std::string& folder);
FixtureReport run_tasks(const std::string& folder);

}  // namespace cairn

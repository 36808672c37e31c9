#pragma once
// The fixture runner's parts. Each reads one subfolder of golden values made with PyTorch, Hugging
// Face Transformers and safetensors (the folder's README describes the formats), computes the same
// with Cairn and compares.
#include <cstdint>
#include <string>
#include <vector>

namespace cairn {

// A case, or `count` of them under one name.
struct FixtureCase {
  std::string id;
  std::string kind;                   // what the case is of, in the words of unsupported.tsv
  std::vector<std::string> failures;  // what differed, if anything
  std::string unsupported;            // what Cairn does not have, if the case was not run
  int64_t count = 1;
};

struct FixtureReport {
  std::vector<FixtureCase> cases;

  void ran(const std::string& id, const std::vector<std::string>& failures,
           const std::string& kind = "") {
    cases.push_back({.id = id, .kind = kind, .failures = failures, .unsupported = ""});
  }
  void passed_over(const std::string& id, const std::string& reason, int64_t count = 1) {
    cases.push_back({.id = id, .kind = "", .failures = {}, .unsupported = reason, .count = count});
  }
};

// `folder` is the part's own subfolder. A case that fails is reported, not thrown; an Error means
// that the part's list of cases itself can't be read.
FixtureReport run_ops(const std::string& folder);
// The cases of one file alone: those whose id begins with "FILE/".
FixtureReport run_ops_of(const std::string& folder, const std::string& file);
FixtureReport run_programs(const std::string& folder);
FixtureReport run_models(const std::string& folder);
FixtureReport run_spellings(const std::string& folder);
FixtureReport run_files(const std::string& folder);
FixtureReport run_tasks(const std::string& folder);

}  // namespace cairn

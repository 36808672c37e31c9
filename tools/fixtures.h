#pragma once
// The fixture runner's parts. Each reads one subfolder of golden values made with PyTorch, Hugging
// Face Transformers and safetensors (the folder's README describes the formats), computes the same
// with Cairn and compares.
#include <cstdint>
#include <string>
#include <vector>

namespace cairn {

struct FixtureReport {
  std::string part;
  int64_t passed = 0;
  std::vector<std::string> failed, unsupported;  // "ID: reason"
};

// `folder` is the part's own subfolder. A case that fails is reported, not thrown; an Error means
// that the part's list of cases itself can't be read.
FixtureReport run_ops(const std::string& folder);
FixtureReport run_programs(const std::string& folder);
FixtureReport run_models(const std::string& folder);
FixtureReport run_spellings(const std::string& folder);
FixtureReport run_files(const std::string& folder);

}  // namespace cairn

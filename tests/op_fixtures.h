#pragma once
// The fixtures of single ops, layers, optimisers and schedules, for tests of one area.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/fixture_runner/fixtures.h"
#include "tests/folders.h"

namespace cairn::test {

// The cases in cases/FILE.safetensors of the shared fixtures are met, each within its bound; if the
// fixtures are absent, a line says so.
inline void check_fixtures(const std::vector<std::string>& files) {
  const std::string folder = shared_or_skip("fixtures/ops");
  if (folder.empty()) return;
  for (const std::string& file : files) {
    int64_t ran = 0;
    for (const FixtureCase& c : run_ops_of(folder, file).cases) {
      ran += c.unsupported.empty();
      for (const std::string& failure : c.failures) FAIL_CHECK(c.id << ": " << failure);
    }
    CHECK_MESSAGE(ran > 0, file);
  }
}

}  // namespace cairn::test

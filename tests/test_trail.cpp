// The trail as a whole: tutorials/README.md, and what each chapter has.
#include <doctest/doctest.h>
#include <fnmatch.h>

#include <filesystem>
#include <regex>

#include "tests/compiler.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

const std::filesystem::path source = CAIRN_SOURCE_DIR;

// The patterns in the table of files, all that stand between backticks in its rows.
std::vector<std::string> patterns_of_homes() {
  const std::string page = read_file((source / "tutorials/README.md").string());
  const std::string table = page.substr(page.find("## Where each file is at home"));
  std::vector<std::string> patterns;
  for (const std::string& line : split_lines(table)) {
    if (!line.starts_with("| ")) continue;
    const std::vector<std::string> parts = split(line, '`');
    for (size_t i = 1; i < parts.size(); i += 2) patterns.push_back(parts[i]);
  }
  return patterns;
}

}  // namespace

TEST_CASE("trail: every file of the spine has one chapter as its home") {
  const Output spine = run("'" + (source / "scripts/lines.sh").string() + "' files");
  REQUIRE(spine.code == 0);
  const std::vector<std::string> files = split_lines(spine.text), patterns = patterns_of_homes();
  CHECK(files.size() > 100);
  std::vector<int> homes(files.size());
  for (const std::string& pattern : patterns) {
    int matches = 0;
    for (size_t i = 0; i < files.size(); ++i)
      if (fnmatch(pattern.c_str(), files[i].c_str(), FNM_PATHNAME) == 0) ++homes[i], ++matches;
    CHECK_MESSAGE(matches > 0, pattern << " is no file of the spine");
  }
  for (size_t i = 0; i < files.size(); ++i)
    CHECK_MESSAGE(homes[i] == 1, files[i] << " has " << homes[i] << " chapters as its home");
}

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

TEST_CASE("trail: a chapter has a program, two figures, a walk, a bug and a small exercise first") {
  const std::string trail = read_file((source / "tutorials/README.md").string());
  const std::regex number("[0-9][0-9]_.*"), figure("<!-- figure: "),
      task(R"(\((exercises/\w+/task\.md)\))");
  int chapters = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source / "tutorials")) {
    const std::string name = entry.path().filename().string();
    if (!std::regex_match(name, number)) continue;
    INFO(name);
    ++chapters;
    CHECK(trail.find("](" + name + "/README.md)") != std::string::npos);
    for (const char* file : {"README.md", "main.cpp", "walk.txt", "bug.md"})
      CHECK_MESSAGE(std::filesystem::exists(entry.path() / file), file);
    const std::string page = read_file((entry.path() / "README.md").string());
    const auto count = [&](const std::regex& what) {
      return std::distance(std::sregex_iterator(page.begin(), page.end(), what), {});
    };
    CHECK(count(figure) >= 2);
    CHECK(page.find("\n## The walk\n") != std::string::npos);
    std::smatch first;
    REQUIRE(std::regex_search(page, first, task));
    const std::string text = read_file((entry.path() / first.str(1)).string());
    CHECK(text.find("\nKind: small\n") != std::string::npos);
  }
  CHECK(chapters >= 2);
}

TEST_CASE("trail: a bug's line stands once in the file that it names") {
  for (const auto& entry : std::filesystem::directory_iterator(source / "tutorials")) {
    const std::filesystem::path bug = entry.path() / "bug.md";
    if (!std::filesystem::exists(bug)) continue;
    INFO(bug.string());
    const std::string text = read_file(bug.string());
    CHECK(text.starts_with("symptom: "));
    const auto field = [&](const std::string& name) {
      const size_t at = text.find("\n" + name + ": ");
      REQUIRE(at != std::string::npos);
      const size_t start = at + name.size() + 3;
      return text.substr(start, text.find('\n', start) - start);
    };
    const std::string file = read_file((source / field("file")).string()), line = field("find");
    CHECK(file.find(line) != std::string::npos);
    CHECK(file.find(line) == file.rfind(line));
    CHECK(field("replace") != line);
    CHECK(
        std::regex_match(field("kind"), std::regex("formula|index|sign|scale|order|mask|missing")));
  }
}

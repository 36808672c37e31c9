// build/fixtures [FOLDER [LIST]]: compares Cairn with golden values, part by part; exit 1 on any failure.
#include "tests/fixture_runner/fixtures.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/io/files.h"

namespace {

namespace fs = std::filesystem;

constexpr const char* usage =
    "usage: fixtures [FOLDER [LIST]]\n"
    "\n"
    "Compares Cairn with the golden values in FOLDER (default: $CAIRN_SHARED/fixtures, "
    "CAIRN_SHARED\n"
    "being ../shared if it is not set, seen from the repository's root). Runs each part that "
    "FOLDER\n"
    "has: ops, programs, models, spellings, files, tasks. Prints how many cases passed, failed "
    "and are\n"
    "not supported, then which and why. What is not supported must stand in LIST (default: the\n"
    "repository's tests/fixtures/unsupported.tsv), else it has failed; so has what stands there "
    "and\n"
    "passes. If FOLDER has a passed.tsv, as many cases must pass as it says. Exit code: 0 none\n"
    "failed, 1 some failed, 2 wrong usage.\n";

struct Counts {
  long long passed = 0, failed = 0, unsupported = 0;
};

struct Part {
  const char* name;
  cairn::FixtureReport (*run)(const std::string& folder);
};

constexpr Part parts[] = {
    {"ops", cairn::run_ops},       {"programs", cairn::run_programs},
    {"models", cairn::run_models}, {"spellings", cairn::run_spellings},
    {"files", cairn::run_files},   {"tasks", cairn::run_tasks},
};

std::string default_folder() {
  const char* shared = std::getenv("CAIRN_SHARED");
  const fs::path root = CAIRN_SOURCE_DIR;
  return (root / (shared && *shared ? shared : "../shared") / "fixtures").lexically_normal();
}

// A part whose list of cases can't be read has failed as a whole.
cairn::FixtureReport run(const Part& part, const std::string& folder) {
  try {
    return part.run(folder);
  } catch (const std::exception& error) {
    cairn::FixtureReport report;
    report.ran("the whole part", {error.what()});
    return report;
  }
}

bool is_known(const std::string& name) {
  return name == "make" ||  // the scripts that made the values
         std::any_of(std::begin(parts), std::end(parts),
                     [&](const Part& part) { return part.name == name; });
}

// A table's rows; its first line names the columns.
std::vector<std::vector<std::string>> rows_of(const std::string& path, size_t columns) {
  std::vector<std::vector<std::string>> rows;
  for (const std::string& line : cairn::split_lines(cairn::read_file(path))) {
    rows.push_back(cairn::split(line, '\t'));
    if (rows.back().size() != columns) cairn::fail(path, "not a row of the table: " + line);
  }
  if (rows.empty()) cairn::fail(path, "is empty; expected a line of column names");
  rows.erase(rows.begin());
  return rows;
}

// What Cairn does not have: pairs of a part and what it asks for.
struct Unsupported {
  std::string path;
  std::set<std::pair<std::string, std::string>> lines;

  explicit Unsupported(const std::string& file) : path(file) {
    for (const auto& row : rows_of(path, 3)) lines.emplace(row[0], row[1]);
  }
};

// Holds a case against the list: what can't be run must stand there, what passes must not.
void judge(const Part& part, const Unsupported& list, cairn::FixtureCase& one) {
  const std::string what = one.unsupported.empty() ? one.kind : one.unsupported;
  const bool listed = list.lines.contains({part.name, what});
  const std::string line = "line \"" + std::string(part.name) + "\", \"" + what + "\"";
  if (!one.unsupported.empty() && !listed)
    one.failures.push_back("not supported, and " + list.path + " has no " + line);
  else if (one.unsupported.empty() && one.failures.empty() && listed)
    one.failures.push_back("supported now: remove the " + line + " from " + list.path);
}

// Prints what became of a part's cases.
Counts print(const Part& part, const std::vector<cairn::FixtureCase>& cases) {
  Counts counts;
  for (const cairn::FixtureCase& one : cases)
    (!one.failures.empty()      ? counts.failed
     : !one.unsupported.empty() ? counts.unsupported
                                : counts.passed) += one.count;
  std::printf("%s: %lld passed, %lld failed, %lld not supported\n", part.name, counts.passed,
              counts.failed, counts.unsupported);
  for (const cairn::FixtureCase& one : cases) {
    for (const std::string& failure : one.failures)
      std::printf("  failed: %s: %s\n", one.id.c_str(), failure.c_str());
    if (one.failures.empty() && !one.unsupported.empty())
      std::printf("  not supported: %s: %s\n", one.id.c_str(), one.unsupported.c_str());
  }
  std::fflush(stdout);
  return counts;
}

// Whether as many cases of each part passed as passed.tsv says, where a folder has one.
bool all_passed(const std::string& folder, const std::map<std::string, Counts>& counts) {
  const std::string path = folder + "/passed.tsv";
  if (!fs::exists(path)) return true;
  bool all = true;
  for (const auto& row : rows_of(path, 2)) {
    const auto found = counts.find(row[0]);
    const std::string passed = std::to_string(found == counts.end() ? 0 : found->second.passed);
    if (passed == row[1]) continue;
    all = false;
    std::printf("failed: %s cases of %s passed, but %s says %s\n", passed.c_str(), row[0].c_str(),
                path.c_str(), row[1].c_str());
  }
  return all;
}

int run_all(const std::string& folder, const std::string& list_path) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    std::fprintf(stderr,
                 "fixtures: %s is not a folder\n  hint: name the fixtures' folder, or set "
                 "CAIRN_SHARED to the folder that holds it\n",
                 folder.c_str());
    return 1;
  }
  const Unsupported list(list_path);
  std::map<std::string, Counts> counts;
  bool failed = false;
  for (const Part& part : parts) {
    const fs::path part_folder = fs::path(folder) / part.name;
    if (!fs::is_directory(part_folder, error)) continue;
    cairn::FixtureReport report = run(part, part_folder.string());
    for (cairn::FixtureCase& one : report.cases) judge(part, list, one);
    counts[part.name] = print(part, report.cases);
    failed |= counts[part.name].failed > 0;
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (const std::string name = entry.path().filename(); entry.is_directory() && !is_known(name))
      std::printf("%s: not supported: no part of this program\n", name.c_str());
  if (counts.empty())
    std::fprintf(stderr, "fixtures: %s has none of the folders that are run\n", folder.c_str());
  return all_passed(folder, counts) && !counts.empty() && !failed ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string first = count > 1 ? arguments[1] : "";
  if (first == "--help" || first == "-h") {
    std::fputs(usage, stdout);
    return 0;
  }
  if (count > 3 || first.starts_with('-')) {
    std::fputs(usage, stderr);
    return 2;
  }
  try {
    return run_all(count > 1 ? first : default_folder(),
                   count > 2 ? arguments[2] : CAIRN_SOURCE_DIR "/tests/fixtures/unsupported.tsv");
  } catch (const std::exception& error) {  // a table can't be read
    std::fprintf(stderr, "fixtures: %s\n", error.what());
    return 1;
  }
}

// build/fixtures [FOLDER]: compares Cairn with golden values, part by part; exit 1 on any failure.
#include "tools/fixtures.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iterator>
#include <string>
#include <system_error>

namespace {

namespace fs = std::filesystem;

constexpr const char* usage =
    "usage: fixtures [FOLDER]\n"
    "\n"
    "Compares Cairn with the golden values in FOLDER (default: $CAIRN_SHARED/fixtures, "
    "CAIRN_SHARED\n"
    "being ../shared if it is not set, seen from the repository's root). Runs each part that "
    "FOLDER\n"
    "has: ops, programs, models, spellings, files, tasks. Prints how many cases passed, failed "
    "and are\n"
    "not supported, then which and why. Exit code: 0 none failed, 1 some failed, 2 wrong usage.\n";

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

void print(const Part& part, const cairn::FixtureReport& report) {
  std::printf("%s: %lld passed, %lld failed, %lld not supported\n", part.name,
              static_cast<long long>(report.passed), static_cast<long long>(report.failed),
              static_cast<long long>(report.unsupported));
  for (const std::string& line : report.lines) std::printf("  %s\n", line.c_str());
  std::fflush(stdout);
}

int run_all(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    std::fprintf(stderr,
                 "fixtures: %s is not a folder\n  hint: name the fixtures' folder, or set "
                 "CAIRN_SHARED to the folder that holds it\n",
                 folder.c_str());
    return 1;
  }
  int found = 0, failures = 0;
  for (const Part& part : parts) {
    const fs::path part_folder = fs::path(folder) / part.name;
    if (!fs::is_directory(part_folder, error)) continue;
    const cairn::FixtureReport report = run(part, part_folder.string());
    print(part, report);
    found++;
    failures += report.failed > 0;
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (const std::string name = entry.path().filename(); entry.is_directory() && !is_known(name))
      std::printf("%s: not supported: no part of this program\n", name.c_str());
  if (!found)
    std::fprintf(stderr, "fixtures: %s has none of the folders that are run\n", folder.c_str());
  return found && !failures ? 0 : 1;
}

}  // namespace

namespace cairn {

void FixtureReport::ran(const std::string& id, const std::vector<std::string>& failures) {
  ++(failures.empty() ? passed : failed);
  for (const std::string& failure : failures) lines.push_back("failed: " + id + ": " + failure);
}

void FixtureReport::passed_over(const std::string& id, const std::string& reason, int64_t cases) {
  unsupported += cases;
  lines.push_back("not supported: " + id + ": " + reason);
}

}  // namespace cairn

int main(int count, char** arguments) {
  const std::string first = count > 1 ? arguments[1] : "";
  if (first == "--help" || first == "-h") {
    std::fputs(usage, stdout);
    return 0;
  }
  if (count > 2 || first.starts_with('-')) {
    std::fputs(usage, stderr);
    return 2;
  }
  return run_all(count > 1 ? first : default_folder());
}

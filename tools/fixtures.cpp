// build/fixtures [FOLDER]: compares Cairn with golden values, part by part; exit 1 on any failure.
#include "tools/fixtures.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
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
    "has: ops, programs, models, spellings, files. Prints how many cases passed, failed and are "
    "not\n"
    "supported, then which and why. Exit code: 0 none failed, 1 some failed, 2 wrong usage.\n";

struct Part {
  const char* name;
  cairn::FixtureReport (*run)(const std::string& folder);
};

constexpr Part parts[] = {
    {"ops", cairn::run_ops},       {"programs", cairn::run_programs},
    {"models", cairn::run_models}, {"spellings", cairn::run_spellings},
    {"files", cairn::run_files},
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
    return {part.name, 0, {std::string("the whole part: ") + error.what()}, {}};
  }
}

void print(const Part& part, const cairn::FixtureReport& report) {
  std::printf("%s: %lld passed, %zu failed, %zu not supported\n", part.name,
              static_cast<long long>(report.passed), report.failed.size(),
              report.unsupported.size());
  for (const std::string& line : report.failed) std::printf("  failed: %s\n", line.c_str());
  for (const std::string& line : report.unsupported)
    std::printf("  not supported: %s\n", line.c_str());
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
    failures += !report.failed.empty();
  }
  if (!found)
    std::fprintf(stderr, "fixtures: %s has no folder ops, programs, models, spellings or files\n",
                 folder.c_str());
  return found && !failures ? 0 : 1;
}

}  // namespace

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

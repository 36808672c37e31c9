#include "tests/mutants/suite.h"

#include <algorithm>
#include <chrono>
#include <fstream>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/mutants/mutants.h"

namespace {

namespace fs = std::filesystem;

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (char c : text) result += c == '\'' ? "'\\''" : std::string(1, c);
  return result + "'";
}

// Unlike std::system it leaves Ctrl-C to this program, too.
bool shell(const std::string& command) {
  std::string shell = "sh", option = "-c", text = command;
  char* const words[] = {shell.data(), option.data(), text.data(), nullptr};
  pid_t child = 0;
  if (posix_spawnp(&child, "sh", nullptr, nullptr, words, environ) != 0) return false;
  int status = 0;
  return waitpid(child, &status, 0) == child && status == 0;
}

// The members of CTest's list that matter here: where, with what, and what is not run here.
std::string command_of(const cairn::Json& test) {
  std::string folder, environment, command;
  for (const cairn::Json& property : test.at("properties").items()) {
    const std::string name = property.at("name").as_string();
    const cairn::Json& value = property.at("value");
    if (name == "WORKING_DIRECTORY") folder = "cd " + quoted(value.as_string()) + " && ";
    if (name == "LABELS" && value.items().at(0).as_string() == "package") return "";
    if (name == "ENVIRONMENT")
      for (const cairn::Json& setting : value.items())
        environment += quoted(setting.as_string()) + " ";
  }
  const cairn::Json* words = test.find("command");
  if (!words) return "";  // not built
  for (const cairn::Json& word : words->items()) command += " " + quoted(word.as_string());
  return folder + "exec env " + environment + "\"$@\"" + command;
}

}  // namespace

Suite::Suite(const fs::path& build, int jobs) : folder_(build / "mutants") {
  fs::remove_all(folder_);
  fs::create_directories(folder_);
  const std::string list = (folder_ / "tests.json").string();
  const std::string ctest =
      "ctest --test-dir " + quoted(build.string()) + " --show-only=json-v1 > ";
  if (!shell(ctest + quoted(list)))
    cairn::fail("mutants", "CTest does not list the tests of " + build.string());
  const cairn::Json listed = cairn::parse_json(cairn::read_file(list), list);
  for (const cairn::Json& test : listed.at("tests").items())
    if (const std::string command = command_of(test); !command.empty())
      tests_.push_back({test.at("name").as_string(), command, 0, {}});
  in_parallel(jobs, tests_.size(), [this](size_t i) { try_out(tests_[i]); });
  std::erase_if(tests_, [this](const SuiteTest& test) {
    if (test.seconds < 0) left_out_.push_back(test.name);
    return test.seconds < 0;
  });
}

// With limits: a mutant may run for ever, or take all memory. Its temporary files go with it.
bool Suite::passes(const SuiteTest& test, const std::string& environment, double limit) const {
  const std::string name = std::to_string(fnv1a(test.name + environment, 0));
  const fs::path temporary = folder_ / name;
  fs::create_directories(temporary);
  const std::string settings = "TMPDIR=" + quoted(temporary.string()) + " " + environment +
                               " timeout -k 2 " + std::to_string(static_cast<int>(limit));
  const std::string command = "exec > /dev/null 2>&1 < /dev/null; ulimit -c 0 -v 8000000; set -- " +
                              settings + "; " + test.command;
  const bool good = shell(command);
  fs::remove_all(temporary);
  return good;
}

void Suite::try_out(SuiteTest& test) {
  using clock = std::chrono::steady_clock;
  const fs::path log = folder_ / (std::to_string(fnv1a(test.name, 0)) + ".log");
  const auto start = clock::now();
  const bool good = passes(test, "CAIRN_MUTANT_LOG=" + quoted(log.string()), 600);
  test.seconds = good ? std::chrono::duration<double>(clock::now() - start).count() : -1;
  std::ifstream numbers(log);
  for (int number; numbers >> number;) test.reached.insert(number);
}

std::string Suite::first_failure(int mutant) const {
  std::vector<const SuiteTest*> tests;
  for (const SuiteTest& test : tests_)
    if (test.reached.contains(mutant)) tests.push_back(&test);
  const auto cost = [](const SuiteTest* t) {
    return t->seconds * static_cast<double>(t->reached.size());
  };
  std::stable_sort(tests.begin(), tests.end(),
                   [&](const auto* a, const auto* b) { return cost(a) < cost(b); });
  for (const SuiteTest* test : tests)
    if (!passes(*test, "CAIRN_MUTANT=" + std::to_string(mutant), 20 + 10 * test->seconds))
      return test->name;
  return "";
}

// Are the checks of the tutorials' exercises strict enough, and no stricter? Each exercise proves its
// own hand-written mistakes and alternatives (tutorials/check/check.h); its skeleton is rejected; and
// mistakes generated from its solution (tests/mutants/statements.h lists the kinds) are planted in
// altered copies of it, each switched on alone and put to the exercise's check.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>
#include <regex>
#include <set>

#include <sys/wait.h>

#include "core/error.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/mutants/candidates.h"
#include "tests/mutants/equivalent.h"
#include "tests/mutants/mutants.h"

namespace {

namespace fs = std::filesystem;
using cairn::fail;

const fs::path root = CAIRN_SOURCE_DIR, build = CAIRN_BINARY_DIR;
// As in check.py, so that what is read or written past an end is noticed.
const std::string sanitizer = " -fsanitize=address";
const std::string memory =
    "ASAN_OPTIONS=exitcode=99:detect_leaks=0:hard_rss_limit_mb=1000:max_allocation_size_mb=1000 ";
constexpr double enough = 0.95;  // of the generated mistakes are rejected

struct Exercise {
  std::string name, folder;  // the folder from the repository's root
  std::string compile;       // how the build compiles its solution, but for the names of the files
  std::string proof;         // the last line of --prove
  bool proved = false, skeleton_accepted = false;
  int rejected = 0, survived = 0;

  std::string file(const std::string& of) const { return folder + "/" + of; }
};

int exit_code(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::vector<Exercise> all_exercises(const std::string& only) {
  const std::string list = (build / "compile_commands.json").string();
  std::map<std::string, std::string> commands;
  const cairn::Json entries = cairn::parse_json(cairn::read_file(list), list);
  for (const cairn::Json& entry : entries.items())
    commands[entry.at("file").as_string()] = entry.at("command").as_string();
  std::vector<Exercise> found;
  for (const auto& entry : fs::recursive_directory_iterator(root / "tutorials")) {
    const fs::path folder = entry.path().parent_path();
    if (entry.path().filename() != "check.cpp" || folder.filename() == "check") continue;
    Exercise e;
    e.name = folder.filename(), e.folder = fs::relative(folder, root);
    const std::string command = commands[(root / e.file("solution.cpp")).string()];
    if (command.empty()) fail("mutants", "the build does not know the exercise " + e.name);
    e.compile = command.substr(0, command.find(" -o ")) + " -O0 -g0 -w" + sanitizer + " -I'" +
                root.string() + "' -include '" + (root / "tests/mutants/switch.h").string() + "'";
    if (e.name.find(only) != std::string::npos) found.push_back(e);
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.folder < b.folder; });
  return found;
}

// A copy of a file of an exercise, compiled and linked to the check.
class Copy {
 public:
  Copy(const Exercise& exercise, const std::string& name)
      : e_(exercise), path_((build / "mutants_exercises" / (exercise.name + "_" + name)).string()) {
    fs::create_directories(build / "mutants_exercises");
  }

  // Without the mistakes that are no C++, whose numbers it returns.
  std::set<int> make(const std::string& text, std::vector<Switched> mistakes) const {
    std::set<int> no_code;
    for (;;) {
      cairn::write_file_atomically(path_ + ".cpp", with_switches(text, mistakes));
      if (compiles()) break;
      const std::set<int> wrong = blamed(text, mistakes);
      if (wrong.empty()) fail("mutants", path_ + ".cpp does not compile", "see " + path_ + ".log");
      no_code.insert(wrong.begin(), wrong.end());
      std::erase_if(mistakes, [&](const Switched& s) { return wrong.contains(s.number); });
    }
    if (exit_code(link_command()) != 0)
      fail("mutants", path_ + ".o does not link", "see " + path_ + ".log");
    return no_code;
  }

  // What the check says while this mistake is on: 0 right, 1 not yet, else it crashed or was
  // stopped, for it may run for ever or take all memory.
  int verdict(int mistake) const {
    return exit_code("exec > /dev/null 2>&1 < /dev/null; ulimit -c 0 -t 3; " + memory +
                     "CAIRN_MUTANT=" + std::to_string(mistake) + " exec timeout 20 '" + path_ +
                     "'");
  }

 private:
  bool compiles() const {
    return exit_code(e_.compile + " -o '" + path_ + ".o' -c '" + path_ + ".cpp' > '" + path_ +
                     ".log' 2>&1") == 0;
  }
  std::string link_command() const {
    return std::string(CAIRN_CXX) + sanitizer + " '" + path_ + ".o' '" +
           (build / ("libexercise_" + e_.name + "_check.a")).string() + "' '" +
           (build / "libcairn_check.a").string() +
           "' -pthread -Wl,--allow-multiple-definition -o '" + path_ + "' > '" + path_ +
           ".log' 2>&1";
  }
  // Those at whose lines the compiler complains.
  std::set<int> blamed(const std::string& text, const std::vector<Switched>& mistakes) const {
    const std::string log = cairn::read_file(path_ + ".log");
    static const std::regex place(R"(\.cpp:(\d+):\d+: error:|\.cpp:(\d+):\d+: *required)");
    std::set<int> found;
    for (std::sregex_iterator it(log.begin(), log.end(), place), end; it != end; ++it) {
      const int line = std::stoi((*it)[1].matched ? (*it)[1] : (*it)[2]);
      for (const auto& [a, number] : mistakes)
        if (line_of(text, a.host.begin) <= line && line <= line_of(text, a.host.end))
          found.insert(number);
    }
    return found;
  }

  const Exercise& e_;
  const std::string path_;
};

void prove(Exercise& e) {
  const fs::path program = build / "exercises" / e.name,
                 log = build / "exercises" / (e.name + ".log");
  const std::string command = "'" + program.string() + "' && '" + program.string() + "' --prove";
  e.proved = exit_code("(" + command + ") > '" + log.string() + "' 2>&1") == 0;
  const std::string said = cairn::read_file(log.string());
  if (!e.proved) std::cout << said << std::flush;
  const size_t last = said.find_last_of('\n', said.size() < 2 ? 0 : said.size() - 2) + 1;
  const size_t numbers = said.find(": ", last);
  e.proof = numbers == std::string::npos
                ? said
                : said.substr(numbers + 2, said.find('\n', numbers) - numbers - 2);
}

void try_skeleton(Exercise& e) {
  const Copy copy(e, "skeleton");
  copy.make(cairn::read_file((root / e.file("skeleton.cpp")).string()), {});
  const int said = copy.verdict(0);
  e.skeleton_accepted = said != 1;
  if (said != 1)
    std::cout << e.name << ": the skeleton " << (said == 0 ? "is accepted" : "crashes")
              << std::endl;
}

// Mistakes of one solution that can be in one copy.
struct Group {
  Exercise* exercise;
  std::vector<Candidate> candidates;
  std::vector<std::string> survivors;
};

void try_group(Group& group, const std::string& name) {
  std::sort(group.candidates.begin(), group.candidates.end(), [](const auto& a, const auto& b) {
    return a.alteration.host.begin < b.alteration.host.begin;
  });
  std::vector<Switched> mistakes;
  for (const Candidate& c : group.candidates)
    mistakes.push_back({c.alteration, static_cast<int>(mistakes.size()) + 1});
  const Copy copy(*group.exercise, name);
  const std::string text = cairn::read_file((root / group.candidates[0].file).string());
  const std::set<int> no_code = copy.make(text, mistakes);
  if (copy.verdict(0) != 0)
    fail("mutants", "the solution of " + group.exercise->name + " is not accepted");
  for (const Switched& s : mistakes) {
    if (no_code.contains(s.number)) continue;
    if (copy.verdict(s.number) != 0) ++group.exercise->rejected;
    else group.survivors.push_back(group.candidates[static_cast<size_t>(s.number) - 1].shown());
  }
}

// All mistakes, or `count` of them, of each exercise in turn, in as few copies as it takes.
std::vector<Group> groups_of(std::vector<Exercise>& exercises, const MutantOptions& options) {
  std::vector<Group> groups;
  size_t chosen = 0;
  std::vector<std::vector<Candidate>> all(exercises.size());
  for (size_t e = 0; e < exercises.size(); ++e) {
    add_candidates(root, exercises[e].file("solution.cpp"), exercises[e].name,
                   equivalents_of_exercises, all[e]);
    shuffle(all[e], options.seed);
  }
  if (options.only.empty()) check_all_matched(equivalents_of_exercises);
  for (size_t round = 0, left = 1; left > 0; ++round) {
    left = 0;
    for (size_t e = 0; e < exercises.size(); ++e) {
      if (round >= all[e].size() || (options.count > 0 && chosen == options.count)) continue;
      ++left;
      const Candidate& c = all[e][round];
      const auto fits = [&](const Group& group) {
        return group.exercise == &exercises[e] &&
               std::none_of(group.candidates.begin(), group.candidates.end(),
                            [&](const Candidate& other) { return overlap(c, other); });
      };
      const auto group = std::find_if(groups.begin(), groups.end(), fits);
      const bool first = std::none_of(groups.begin(), groups.end(),
                                      [&](const Group& g) { return g.exercise == &exercises[e]; });
      if (group != groups.end()) group->candidates.push_back(c);
      else if (options.count == 0 || first) groups.push_back({&exercises[e], {c}, {}});
      else continue;  // of a sample, one copy an exercise
      ++chosen;
    }
  }
  return groups;
}

bool print_table(const std::vector<Exercise>& exercises) {
  int rejected = 0, survived = 0;
  bool good = true;
  const auto noticed = [](int yes, int no) {
    std::printf("%9d  %8d  %6.1f%%", yes, no, yes + no > 0 ? 100.0 * yes / (yes + no) : 100);
  };
  std::puts("exercise                   rejected  survived  noticed  hand-written");
  for (const Exercise& e : exercises) {
    std::printf("%-26s", e.name.c_str());
    noticed(e.rejected, e.survived);
    std::printf("  %s%s\n", e.proof.c_str(), e.skeleton_accepted ? ", skeleton NOT rejected" : "");
    rejected += e.rejected, survived += e.survived;
    good = good && e.proved && !e.skeleton_accepted;
  }
  std::printf("%-26s", "all");
  noticed(rejected, survived);
  std::printf("\n%zu equivalent mutants left out\n", equivalents_of_exercises.size());
  return good && rejected >= enough * (rejected + survived);
}

}  // namespace

int run_exercise_mutants(const MutantOptions& options) {
  std::vector<Exercise> exercises = all_exercises(options.only);
  std::vector<Group> groups = groups_of(exercises, options);
  if (options.list) {
    for (const Group& group : groups)
      for (const Candidate& c : group.candidates) std::cout << c.shown() << "\n";
    return 0;
  }
  in_parallel(options.jobs, exercises.size(), [&](size_t i) {
    prove(exercises[i]);
    if (options.count == 0) try_skeleton(exercises[i]);  // of a sample they are a test of their own
  });
  std::mutex mutex;
  in_parallel(options.jobs, groups.size(), [&](size_t i) {
    Exercise& total = *groups[i].exercise;
    Exercise own = total;
    own.rejected = 0;
    groups[i].exercise = &own;
    try_group(groups[i], std::to_string(i));
    const std::lock_guard lock(mutex);
    total.rejected += own.rejected;
    total.survived += static_cast<int>(groups[i].survivors.size());
    for (const std::string& survivor : groups[i].survivors)
      std::cout << "SURVIVED " << survivor << std::endl;
  });
  return print_table(exercises) ? 0 : 1;
}

int run_skeletons(const MutantOptions& options) {
  std::vector<Exercise> exercises = all_exercises(options.only);
  in_parallel(options.jobs, exercises.size(), [&](size_t i) { try_skeleton(exercises[i]); });
  const bool good = std::none_of(exercises.begin(), exercises.end(),
                                 [](const Exercise& e) { return e.skeleton_accepted; });
  std::printf("%zu skeletons\n", exercises.size());
  return good ? 0 : 1;
}

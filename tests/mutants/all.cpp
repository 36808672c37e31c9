// A sample of the mistakes that could stand anywhere in the library and its program
// (tests/mutants/statements.h lists the kinds), as many from each area, in one build of an altered
// copy of the tree; each is switched on alone and put to the tests that reach it.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>

#include "core/error.h"
#include "core/io/files.h"
#include "tests/mutants/equivalent.h"
#include "tests/mutants/mutants.h"
#include "tests/mutants/suite.h"
#include "tests/mutants/tree.h"

namespace {

namespace fs = std::filesystem;

const fs::path root = CAIRN_SOURCE_DIR;
const std::vector<std::string> areas = {"core", "kernels", "nn",    "optim",
                                        "text", "models",  "train", "tools"};

// With one space for a new line and its indent.
std::string in_one_line(const std::string& text) {
  std::string result;
  for (char c : text)
    if (c != '\n' && !(c == ' ' && result.ends_with(' '))) result += c;
    else if (!result.ends_with(' ')) result += ' ';
  return result;
}

// One that could be planted.
struct Candidate {
  std::string file, area;
  Alteration alteration;
  std::string before, line;  // what is altered; the line it is in, without its indent
  int number_of_line;

  std::string shown() const {
    const auto by = alteration.by.empty() ? "nothing" : alteration.by;
    return file + ":" + std::to_string(number_of_line) + "  " + alteration.kind + ": " +
           in_one_line(before) + "  ->  " + in_one_line(by) +
           (before == line ? "" : "  in  " + line);
  }
};

// "" for what is no part of the library, or does not run on this machine. The records of the ops are
// not: their cases are the checks.
std::string area_of(const std::string& file) {
  const bool code = file.ends_with(".cpp") || file.ends_with(".h");
  if (!code || file.find("_neon") != std::string::npos || file == "text/unicode_tables.h")
    return "";
  if (file.starts_with("core/ops/records/")) return "";
  if (file.starts_with("core/kernels/")) return "kernels";
  const std::string folder = file.substr(0, file.find('/'));
  if (folder == "tools" && !file.starts_with("tools/cairn/")) return "";
  return std::find(areas.begin(), areas.end(), folder) != areas.end() ? folder : "";
}

bool is_equivalent(const Candidate& c) {
  for (Equivalent& e : equivalents_of_all)
    if (e.file == c.file && e.line == c.line && e.before == c.before && e.by == c.alteration.by)
      return ++e.matched, true;
  return false;
}

void add_candidates(const std::string& file, std::vector<Candidate>& found) {
  const std::string text = cairn::read_file((root / file).string());
  const size_t record = file.starts_with("core/ops/") ? text.find("_info() {") : std::string::npos;
  for (const Alteration& a : alterations_of(text)) {
    if (a.at.begin > record) break;
    const size_t begin = text.find_first_not_of(' ', text.rfind('\n', a.at.begin) + 1);
    const std::string line = text.substr(begin, text.find('\n', begin) - begin);
    const Candidate c{file, area_of(file), a, a.at.of(text), line, line_of(text, a.at.begin)};
    if (!is_equivalent(c)) found.push_back(c);
  }
}

std::vector<Candidate> candidates(const MutantOptions& options) {
  std::vector<Candidate> found;
  for (const std::string& area : areas) {
    const std::string folder = area == "kernels" ? "core/kernels" : area;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string file = fs::relative(entry.path(), root).string();
      if (area_of(file) == area) add_candidates(file, found);
    }
  }
  for (const Equivalent& e : equivalents_of_all)
    if (e.matched == 0)
      cairn::fail("mutants",
                  "no mutant is " + e.file + ", " + e.line + ": " + e.before + " -> " + e.by,
                  "take it from the list of equivalent mutants");
  std::erase_if(found,
                [&](const Candidate& c) { return c.file.find(options.only) == std::string::npos; });
  const auto order = [&](const Candidate& c) {
    return fnv1a(c.file + c.line + c.before + c.alteration.by, options.seed);
  };
  std::stable_sort(found.begin(), found.end(),
                   [&](const auto& a, const auto& b) { return order(a) < order(b); });
  return found;
}

bool overlap(const Candidate& a, const Candidate& b) {
  const Range &x = a.alteration.host, &y = b.alteration.host;
  return a.file == b.file && x.begin < y.end && y.begin < x.end;
}

// Up to `count` of an area, of each kind in turn, no two in one statement.
std::vector<Candidate> sampled(const std::vector<Candidate>& all, const std::string& area,
                               size_t count) {
  std::map<std::string, std::vector<const Candidate*>> kinds;
  for (const Candidate& c : all)
    if (c.area == area) kinds[c.alteration.kind].push_back(&c);
  std::vector<Candidate> sample;
  for (size_t round = 0, size = all.size(); round < size && sample.size() < count; ++round)
    for (const std::string& kind : alteration_kinds)
      if (round < kinds[kind].size() && sample.size() < count) {
        const Candidate& c = *kinds[kind][round];
        const auto same = [&](const Candidate& other) { return overlap(c, other); };
        if (std::none_of(sample.begin(), sample.end(), same)) sample.push_back(c);
      }
  return sample;
}

std::set<int> plant(AlteredTree& tree, const std::vector<Candidate>& chosen) {
  std::map<std::string, std::vector<Switched>> files;
  for (size_t i = 0; i < chosen.size(); ++i)
    files[chosen[i].file].push_back({chosen[i].alteration, static_cast<int>(i) + 1});
  for (auto& [file, alterations] : files)
    std::sort(alterations.begin(), alterations.end(), [](const Switched& a, const Switched& b) {
      return a.alteration.host.begin < b.alteration.host.begin;
    });
  return tree.plant(files);
}

// The numbers to try: the first of each area that are C++, as many as were asked for.
std::vector<int> to_try(const std::vector<Candidate>& chosen, const std::set<int>& no_code,
                        const std::map<std::string, size_t>& wanted) {
  std::map<std::string, size_t> taken;
  std::vector<int> numbers;
  for (int number = 1; number <= static_cast<int>(chosen.size()); ++number) {
    const std::string& area = chosen[static_cast<size_t>(number) - 1].area;
    if (no_code.contains(number) || taken[area] == wanted.at(area)) continue;
    ++taken[area];
    numbers.push_back(number);
  }
  return numbers;
}

int print_table(const std::map<std::string, std::array<int, 2>>& counts) {
  int rejected = 0, survived = 0;
  std::puts("area      rejected  survived  noticed");
  const auto row = [](const std::string& name, int good, int bad) {
    if (good + bad > 0)
      std::printf("%-8s  %8d  %8d  %6.1f%%\n", name.c_str(), good, bad,
                  100.0 * good / (good + bad));
  };
  for (const auto& [area, count] : counts) {
    row(area, count[0], count[1]);
    rejected += count[0], survived += count[1];
  }
  row("all", rejected, survived);
  std::printf("%zu equivalent mutants left out\n", equivalents_of_all.size());
  return survived > 0;
}

}  // namespace

int run_all_mutants(const MutantOptions& options) {
  const size_t count = options.count > 0 ? options.count : 100;
  const std::vector<Candidate> all = candidates(options);
  std::vector<Candidate> chosen;
  std::map<std::string, size_t> wanted;
  for (size_t i = 0; i < areas.size(); ++i) {
    wanted[areas[i]] = count / areas.size() + (i < count % areas.size() ? 1 : 0);
    // Some will be no C++.
    const std::vector<Candidate> sample = sampled(all, areas[i], wanted[areas[i]] * 8 / 5 + 2);
    chosen.insert(chosen.end(), sample.begin(), sample.end());
  }
  if (options.list) {
    for (const Candidate& c : chosen) std::cout << c.shown() << "\n";
    return 0;
  }
  AlteredTree tree(root, fs::path(CAIRN_BINARY_DIR) / "mutants_all", options.jobs);
  const std::vector<int> numbers = to_try(chosen, plant(tree, chosen), wanted);
  const Suite suite(tree.build(), options.jobs);
  std::printf("%zu tests; %zu left out, which fail or cannot run in an altered tree\n",
              suite.tests().size(), suite.left_out().size());
  for (const std::string& name : suite.left_out()) std::cout << "  " << name << std::endl;

  std::map<std::string, std::array<int, 2>> counts;
  std::mutex mutex;
  in_parallel(options.jobs, numbers.size(), [&](size_t i) {
    const Candidate& c = chosen[static_cast<size_t>(numbers[i]) - 1];
    const std::string test = suite.first_failure(numbers[i]);
    const std::lock_guard lock(mutex);
    ++counts[c.area][test.empty()];
    if (test.empty()) std::cout << "SURVIVED " << c.shown() << std::endl;
    else std::cerr << numbers[i] << " rejected by " << test << ": " << c.shown() << std::endl;
  });
  return print_table(counts);
}

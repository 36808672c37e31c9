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
#include "tests/mutants/candidates.h"
#include "tests/mutants/equivalent.h"
#include "tests/mutants/mutants.h"
#include "tests/mutants/suite.h"
#include "tests/mutants/tree.h"

namespace {

namespace fs = std::filesystem;

const fs::path root = CAIRN_SOURCE_DIR;
const std::vector<std::string> areas = {"core", "kernels", "nn",    "optim",
                                        "text", "models",  "train", "tools"};

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

std::vector<Candidate> candidates(const MutantOptions& options) {
  std::vector<Candidate> found;
  for (const std::string& area : areas) {
    const std::string folder = area == "kernels" ? "core/kernels" : area;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string file = fs::relative(entry.path(), root).string();
      if (area_of(file) == area) add_candidates(root, file, area, equivalents_of_all, found);
    }
  }
  check_all_matched(equivalents_of_all);
  std::erase_if(found,
                [&](const Candidate& c) { return c.file.find(options.only) == std::string::npos; });
  shuffle(found, options.seed);
  return found;
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

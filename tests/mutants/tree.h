#pragma once
// A copy of the source tree in which mistakes stand behind switches, and its build.
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/mutants/statements.h"

class AlteredTree {
 public:
  // The copy is folder/source; what did not change since an earlier run keeps its time.
  AlteredTree(std::filesystem::path root, std::filesystem::path folder, int jobs);

  // Puts these behind switches (a file's name from the root -> its alterations, in order), takes
  // out those that are no C++ until the files compile, and builds. Returns their numbers.
  std::set<int> plant(std::map<std::string, std::vector<Switched>> files);

  std::filesystem::path build() const { return folder_ / "build"; }

 private:
  void write(const std::map<std::string, std::vector<Switched>>& files) const;
  bool configures() const;
  bool compiles(const std::map<std::string, std::vector<Switched>>& files) const;
  bool builds() const;
  std::set<int> blamed(const std::map<std::string, std::vector<Switched>>& files) const;

  const std::filesystem::path root_, folder_, source_, log_;
  const int jobs_;
};

#pragma once
// The tests of an altered tree, as CTest lists them.
#include <filesystem>
#include <set>
#include <string>
#include <vector>

struct SuiteTest {
  std::string name, command;  // for a shell, with its folder and environment
  double seconds = 0;         // as the code is
  std::set<int> reached;      // the numbers of the mutants whose code it runs
};

class Suite {
 public:
  // Lists the tests of a build folder and runs each with no mutant on, to see how long it takes and
  // what it reaches. Those that fail (they look at the sources, or compile them) are left out.
  Suite(const std::filesystem::path& build, int jobs);

  const std::vector<SuiteTest>& tests() const { return tests_; }
  const std::vector<std::string>& left_out() const { return left_out_; }

  // The name of a test that fails while this mutant is on; "" if all that reach it pass. Those come
  // first that take little time and reach few others.
  std::string first_failure(int mutant) const;

 private:
  bool passes(const SuiteTest& test, const std::string& environment, double limit) const;
  void try_out(SuiteTest& test);

  std::filesystem::path folder_;
  std::vector<SuiteTest> tests_;
  std::vector<std::string> left_out_;
};

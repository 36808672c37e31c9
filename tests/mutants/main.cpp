// Do the tests notice mistakes? Plants them one at a time and sees whether a check fails: whoever
// survives is listed, and the exit code is 1. (DeMillo, Lipton & Sayward 1978.)
//
//   mutants [--group ops|all|exercises|skeletons] [--count N] [--seed N] [--only TEXT] [--list] [--jobs N]
//     --group ops  every op's backward pass, against the checks of the ops (tests/mutants/ops.cpp)
//     --group all  a sample of the whole library, against the whole suite (tests/mutants/all.cpp)
//     --group exercises  the solutions of the tutorials' exercises, against the exercises' checks
//                  (tests/mutants/exercises.cpp)
//     --group skeletons  no mutants: whether each exercise's skeleton compiles and is rejected
//     --count N    a sample of N (otherwise all, of the library 100)
//     --seed N     another sample
//     --only TEXT  those of files (or of the ops' functions) whose name contains TEXT
//     --list       shows them and runs none
#include "tests/mutants/mutants.h"

#include <algorithm>
#include <atomic>
#include <iostream>
#include <thread>
#include <vector>

#include "core/error.h"

namespace {

MutantOptions options_of(const std::vector<std::string>& arguments) {
  MutantOptions o;
  o.jobs = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    const bool value = i + 1 < arguments.size();
    if (name == "--list") o.list = true;
    else if (name == "--only" && value) o.only = arguments[++i];
    else if (name == "--jobs" && value) o.jobs = std::max(1, std::atoi(arguments[++i].c_str()));
    else if (name == "--count" && value)
      o.count = std::strtoul(arguments[++i].c_str(), nullptr, 10);
    else if (name == "--seed" && value) o.seed = std::strtoul(arguments[++i].c_str(), nullptr, 10);
    else if (name == "--group" && value) o.group = arguments[++i];
    else
      cairn::fail("mutants", "what is " + name + "?",
                  "--group, --count, --seed, --only, --list, --jobs");
  }
  return o;
}

}  // namespace

void in_parallel(int jobs, size_t count, const std::function<void(size_t)>& body) {
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < jobs; ++i)
    threads.emplace_back([&] {
      for (size_t k; (k = next++) < count;) body(k);
    });
  for (std::thread& thread : threads) thread.join();
}

int main(int argc, char** argv) {
  try {
    const MutantOptions options = options_of({argv + 1, argv + argc});
    if (options.group == "ops") return run_ops_mutants(options);
    if (options.group == "all") return run_all_mutants(options);
    if (options.group == "exercises") return run_exercise_mutants(options);
    if (options.group == "skeletons") return run_skeletons(options);
    cairn::fail("mutants", "there is no group " + options.group,
                "GROUP=ops, GROUP=all or GROUP=exercises");
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}

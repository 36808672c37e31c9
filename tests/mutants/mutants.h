#pragma once
// What the groups of mutants share; tests/mutants/main.cpp describes the program.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

struct MutantOptions {
  std::string group = "ops";
  int jobs = 1;
  size_t count = 0;   // 0: all of the ops and exercises, 100 of the whole library
  uint64_t seed = 0;  // which of them
  std::string only;   // those whose file's or function's name contains this
  bool list = false;  // shows them and runs none
};

// Exit code 1 if a mutant survives.
int run_ops_mutants(const MutantOptions& options);
int run_all_mutants(const MutantOptions& options);
int run_exercise_mutants(const MutantOptions& options);

// Whether each exercise's skeleton compiles and is rejected: 0 or 1.
int run_skeletons(const MutantOptions& options);

// FNV-1a: the order in which a sample is drawn.
inline uint64_t fnv1a(std::string_view text, uint64_t seed) {
  uint64_t hash = 14695981039346656037u ^ (seed * 0x9E3779B97F4A7C15u);
  for (char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211u;
  return hash;
}

// body(0) ... body(count - 1), on so many threads.
void in_parallel(int jobs, size_t count, const std::function<void(size_t)>& body);

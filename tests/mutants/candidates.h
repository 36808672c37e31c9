#pragma once
// The mistakes that could be planted in a source file, with what is said about them.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/mutants/statements.h"

struct Equivalent;

struct Candidate {
  std::string file, area;  // the file from the repository's root; what it is counted under
  Alteration alteration;
  std::string before, line;  // what is altered; the line it is in, without its indent
  int number_of_line;

  std::string shown() const;
};

// Appends the mistakes in this file, in its order: without those that compute the same, and none in
// the records of the ops, whose cases are the checks.
void add_candidates(const std::filesystem::path& root, const std::string& file,
                    const std::string& area, std::vector<Equivalent>& equivalents,
                    std::vector<Candidate>& found);

// Fails if one of these was no mutant of the files that were read.
void check_all_matched(const std::vector<Equivalent>& equivalents);

// An order that depends on the mutants and the seed alone.
void shuffle(std::vector<Candidate>& all, uint64_t seed);

// They alter the same statement, condition or value, so that they cannot be in one file.
bool overlap(const Candidate& a, const Candidate& b);

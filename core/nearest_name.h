#pragma once
// "Did you mean ...?": the name among many that is closest to a wrong one.
#include <string>
#include <vector>

namespace cairn {

// The candidate with the smallest edit distance (Levenshtein 1966), the first of equals. Empty if
// there is none within `max_distance` edits. Only names of similar length are compared, and only
// the first 1,000 candidates: a bad file may hold any number of names.
std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates,
                         size_t max_distance);

// The same within a quarter of the name's length.
std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates);

// " (nearest: NAME)" for a line about a wrong name; empty if none is near.
std::string nearest_hint(const std::string& name, const std::vector<std::string>& candidates);

// Lines for the text of an Error, each indented on a line of its own. Those beyond max_listed are
// left out and counted.
std::string indented_lines(const std::vector<std::string>& lines);
constexpr size_t max_listed = 100;

}  // namespace cairn

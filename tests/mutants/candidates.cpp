#include "tests/mutants/candidates.h"

#include <algorithm>

#include "core/error.h"
#include "core/io/files.h"
#include "tests/mutants/equivalent.h"
#include "tests/mutants/mutants.h"

namespace {

// With one space for a new line and its indent.
std::string in_one_line(const std::string& text) {
  std::string result;
  for (char c : text)
    if (c != '\n' && !(c == ' ' && result.ends_with(' '))) result += c;
    else if (!result.ends_with(' ')) result += ' ';
  return result;
}

bool is_equivalent(const Candidate& c, std::vector<Equivalent>& equivalents) {
  for (Equivalent& e : equivalents)
    if (e.file == c.file && e.line == c.line && e.before == c.before && e.by == c.alteration.by)
      return ++e.matched, true;
  return false;
}

}  // namespace

std::string Candidate::shown() const {
  const auto by = alteration.by.empty() ? "nothing" : alteration.by;
  return file + ":" + std::to_string(number_of_line) + "  " + alteration.kind + ": " +
         in_one_line(before) + "  ->  " + in_one_line(by) + (before == line ? "" : "  in  " + line);
}

void add_candidates(const std::filesystem::path& root, const std::string& file,
                    const std::string& area, std::vector<Equivalent>& equivalents,
                    std::vector<Candidate>& found) {
  const std::string text = cairn::read_file((root / file).string());
  const size_t record = file.starts_with("core/ops/") ? text.find("_info() {") : std::string::npos;
  for (const Alteration& a : alterations_of(text)) {
    if (a.at.begin > record) break;
    const size_t begin = text.find_first_not_of(' ', text.rfind('\n', a.at.begin) + 1);
    const std::string line = text.substr(begin, text.find('\n', begin) - begin);
    const Candidate c{file, area, a, a.at.of(text), line, line_of(text, a.at.begin)};
    if (!is_equivalent(c, equivalents)) found.push_back(c);
  }
}

void check_all_matched(const std::vector<Equivalent>& equivalents) {
  for (const Equivalent& e : equivalents)
    if (e.matched == 0)
      cairn::fail("mutants",
                  "no mutant is " + e.file + ", " + e.line + ": " + e.before + " -> " + e.by,
                  "take it from the list of equivalent mutants");
}

void shuffle(std::vector<Candidate>& all, uint64_t seed) {
  const auto order = [&](const Candidate& c) {
    return fnv1a(c.file + c.line + c.before + c.alteration.by, seed);
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const auto& a, const auto& b) { return order(a) < order(b); });
}

bool overlap(const Candidate& a, const Candidate& b) {
  const Range &x = a.alteration.host, &y = b.alteration.host;
  return a.file == b.file && x.begin < y.end && y.begin < x.end;
}

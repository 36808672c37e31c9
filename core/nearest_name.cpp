// Edit distance, two rows at a time.
#include "core/nearest_name.h"

#include <algorithm>

namespace cairn {
namespace {

size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replace = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replace, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates) {
  return nearest_name(name, candidates, name.size() / 4);
}

std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates,
                         size_t max_distance) {
  size_t best = max_distance + 1;
  std::string nearest;
  for (size_t i = 0; i < std::min<size_t>(candidates.size(), 1000); ++i) {
    const std::string& candidate = candidates[i];
    const size_t longer = std::max(candidate.size(), name.size());
    if (longer > 200 || longer - std::min(candidate.size(), name.size()) >= best) continue;
    const size_t distance = edit_distance(name, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string nearest_hint(const std::string& name, const std::vector<std::string>& candidates) {
  const std::string nearest = nearest_name(name, candidates);
  return nearest.empty() ? "" : " (nearest: " + nearest + ")";
}

std::string indented_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (size_t i = 0; i < std::min(lines.size(), max_listed); ++i) text += "\n  " + lines[i];
  if (lines.size() > max_listed)
    text += "\n  ... and " + std::to_string(lines.size() - max_listed) + " more";
  return text;
}

}  // namespace cairn

// Other ways to write it, as good.
#include <charconv>
#include <regex>
#include <string_view>

#include "tutorials/04_real_checkpoint/exercises/key_map/key_map.h"

namespace alternatives {
namespace {

Place by_regular_expressions(const std::string& key) {
  static const std::regex form(
      "(?:bert\\.)?(?:encoder\\.layer\\.([0-9]{1,9})\\.)?(?:(.*)\\.)?([^.]*)");
  std::smatch match;
  std::regex_match(key, match, form);
  Place place{match[1].matched ? std::stoll(match[1]) : -1, match[2], match[3]};
  static const std::regex norm("(.*\\.)?LayerNorm");
  if (std::regex_match(place.part, norm)) {
    if (place.parameter == "gamma") place.parameter = "weight";
    if (place.parameter == "beta") place.parameter = "bias";
  }
  return place;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> components(1);
  for (char c : text) {
    if (c == '.') components.emplace_back();
    else components.back() += c;
  }
  return components;
}

Place by_components(const std::string& key) {
  std::vector<std::string> path = split(key);
  if (path.size() > 1 && path[0] == "bert") path.erase(path.begin());
  Place place{-1, "", ""};
  if (path.size() > 3 && path[0] == "encoder" && path[1] == "layer" && !path[2].empty() &&
      path[2].size() < 10 && path[2].find_first_not_of("0123456789") == std::string::npos) {
    place.layer = std::stol(path[2]);
    path.erase(path.begin(), path.begin() + 3);
  }
  place.parameter = path.back();
  path.pop_back();
  if (!path.empty() && path.back() == "LayerNorm") {
    if (place.parameter == "gamma") place.parameter = "weight";
    else if (place.parameter == "beta") place.parameter = "bias";
  }
  for (size_t i = 0; i < path.size(); ++i) place.part += (i ? "." : "") + path[i];
  return place;
}

bool take(std::string_view& text, std::string_view beginning) {
  if (text.substr(0, beginning.size()) != beginning) return false;
  text.remove_prefix(beginning.size());
  return true;
}

Place by_views(const std::string& key) {
  std::string_view rest = key;
  take(rest, "bert.");
  std::string_view after = rest;
  int64_t layer = -1, number = 0;
  if (take(after, "encoder.layer.") && !after.starts_with('-')) {
    const auto [end, error] = std::from_chars(after.data(), after.data() + after.size(), number);
    const size_t digits = static_cast<size_t>(end - after.data());
    after.remove_prefix(digits);
    if (error == std::errc() && digits < 10 && take(after, ".")) layer = number, rest = after;
  }
  const size_t dot = rest.find_last_of('.');
  if (dot == std::string_view::npos) return {layer, "", std::string(rest)};
  const std::string_view part = rest.substr(0, dot), parameter = rest.substr(dot + 1);
  const bool norm = part.substr(part.find_last_of('.') + 1) == "LayerNorm";
  return {layer, std::string(part),
          norm && parameter == "gamma"  ? "weight"
          : norm && parameter == "beta" ? "bias"
                                        : std::string(parameter)};
}

}  // namespace

const std::vector<check::Alternative<KeyMap>> list = {
    {"by a regular expression", by_regular_expressions},
    {"by its components", by_components},
    {"by views of the text", by_views},
};

}  // namespace alternatives

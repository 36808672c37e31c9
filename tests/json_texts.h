#pragma once
// Reading JSON from a text of a test, which is "f.json" in what errors say.
#include <string>
#include <utility>

#include "core/io/json.h"
#include "tests/support.h"

namespace cairn::test {

inline constexpr JsonOptions strict{.strict = true};

inline Json parse(std::string text, const JsonOptions& options = {}) {
  return parse_json(std::move(text), "f.json", options);
}

inline std::string parse_error(const std::string& text, const JsonOptions& options = {}) {
  return error_of([&] { parse(text, options); });
}

inline std::string quoted(const std::string& text) { return '"' + text + '"'; }

}  // namespace cairn::test

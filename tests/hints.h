#pragma once
// Following hints: what an error's hint says is done literally, and must help.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "tests/support.h"

namespace cairn::test {

struct Followed {
  std::string hint;               // what the error's hint says
  std::function<void()> mistake;  // fails with it
  std::function<void()> remedy;   // does what it says
};

inline void follow(const std::vector<Followed>& table) {
  for (const Followed& row : table) {
    INFO(row.hint);
    const std::string said = error_of(row.mistake);
    CHECK_MESSAGE(has(said.substr(std::min(said.size(), said.find("hint: "))), row.hint), said);
    CHECK(error_of(row.remedy) == "");
  }
}

}  // namespace cairn::test

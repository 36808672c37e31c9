// Reads the headers, and the sources of the program and of what reads files: every hint stands in
// the tables of tests/test_hints*.cpp, which follow it.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/io/files.h"
#include "tests/support.h"

using namespace cairn;
using cairn::test::has;
namespace fs = std::filesystem;

namespace {

// The arguments of the call whose "(" stands at `at`, as they are written.
std::vector<std::string> arguments(const std::string& source, size_t at) {
  std::vector<std::string> found(1);
  int depth = 0;
  for (bool quoted = false; at < source.size(); ++at) {
    const char c = source[at];
    if (quoted && c == '\\') {
      found.back() += source.substr(at++, 2);
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (!quoted && std::string("([{").find(c) != std::string::npos && depth++ == 0) continue;
    if (!quoted && std::string(")]}").find(c) != std::string::npos && --depth == 0) break;
    if (!quoted && c == ',' && depth == 1) found.emplace_back();
    else found.back() += c;
  }
  return found;
}

// The text of the literals in a piece of source, neighbours joined; "" between other things.
std::vector<std::string> literals(const std::string& code) {
  std::vector<std::string> found(1);
  for (size_t i = 0; i < code.size(); ++i) {
    if (code[i] != '"') {
      if (!std::isspace(static_cast<unsigned char>(code[i])) && !found.back().empty())
        found.emplace_back();
      continue;
    }
    for (++i; i < code.size() && code[i] != '"'; ++i) {
      if (code[i] == '\\') ++i;
      found.back() += code[i];
    }
  }
  return found;
}

// The hints that a source file's calls of fail and fail_here give, its longest literal for each.
std::vector<std::string> hints_of(const std::string& source) {
  std::vector<std::string> hints;
  for (const auto& [call, which] : {std::pair("fail(", 2u), std::pair("fail_here(", 1u)})
    for (size_t at = source.find(call); at != std::string::npos; at = source.find(call, at + 1)) {
      const std::vector<std::string> given = arguments(source, at + std::string(call).size() - 1);
      if (given.size() <= which) continue;
      const std::vector<std::string> texts = literals(given[which]);
      hints.push_back(*std::max_element(texts.begin(), texts.end(),
                                        [](auto& a, auto& b) { return a.size() < b.size(); }));
    }
  return hints;
}

// The sources whose errors meet who only uses the program: its own, and what reads files.
bool is_of_program(const std::string& path) {
  for (const char* folder : {"tools/cairn", "text/", "models/", "train/", "core/io/"})
    if (path.starts_with(folder)) return true;
  return false;
}

}  // namespace

TEST_CASE("hints: each of the program and of the headers is followed by a test") {
  const fs::path root = CAIRN_SOURCE_DIR;
  std::string followed;  // where the tables stand of tests/hints.h
  for (const auto& entry : fs::directory_iterator(root / "tests")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("test_hints") && name != "test_hints_listed.cpp")
      followed += read_file(entry.path().string());
  }
  // Sixteen letters of it in a row will do, for tests quote parts; quotes and their escapes aside.
  const auto plain = [](std::string text) {
    std::erase_if(text, [](char c) { return c == '"' || c == '\\'; });
    return text;
  };
  followed = plain(followed);
  const auto is_followed = [&](std::string hint) {
    hint = plain(hint);
    for (size_t at = 0; at == 0 || at + 16 <= hint.size(); ++at)
      if (has(followed, hint.substr(at, 16))) return true;
    return false;
  };
  // To provoke it takes a vocabulary of 16 MB and half a gigabyte of memory.
  const std::string too_dear = "is this a vocabulary, one token per line?";
  int count = 0;
  for (const char* folder : {"core", "nn", "optim", "text", "models", "train", "tools"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string path = fs::relative(entry.path(), root).generic_string();
      const bool header = path.ends_with(".h");
      if (!header && !(path.ends_with(".cpp") && is_of_program(path))) continue;
      for (const std::string& hint : hints_of(read_file(entry.path().string()))) {
        if (hint.empty() || hint == too_dear) continue;
        CHECK_MESSAGE(is_followed(hint), path, ": ", hint);
        ++count;
      }
    }
  CHECK(count > 110);
}

TEST_CASE("hints: those of a source are found") {
  CHECK(hints_of(R"(fail(path, "what" + f(1, 2), "do \"this\" " "now: " + names); fail(a, "b");
                    json.fail_here("what", "try it");)") ==
        std::vector<std::string>{"do \"this\" now: ", "try it"});
}

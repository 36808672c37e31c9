// Editors find what Universal Ctags finds: every public name of the headers, and the definition of
// every op in its file, in the namespace where it stands.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "core/ops/records/records.h"
#include "tests/compiler.h"

using namespace cairn;
namespace fs = std::filesystem;

namespace {

// Is the program that makes tags installed? Else says that the test is skipped.
bool ctags_or_skip() {
  if (test::run("ctags --version").text.starts_with("Universal Ctags")) return true;
  std::cout << "SKIPPED: Universal Ctags is not installed\n";
  return false;
}

// The public names that a simple reading of a header finds: types, aliases and functions that begin
// at the margin, and what classes show at an indentation of 2.
std::set<std::string> names_in(std::istream& header) {
  static const std::regex type(R"( *(?:class|struct|enum class) (\w+)\b[^;()]*\{.*)");
  static const std::regex alias(R"( *using (\w+) = .*)");
  static const std::regex function(R"( *(?:[A-Za-z[][^("=]*[ *&])?(\w+)\(.*)");
  static const std::regex other(
      R"( *(?:return|friend|template|static_assert|extern)\b.*|.*\boperator\b.*)");
  std::set<std::string> names;
  bool in_class = false, is_public = true;
  std::smatch match;
  for (std::string line; std::getline(header, line);) {
    line = line.substr(0, line.find("//"));
    if (line.starts_with("}")) in_class = false;
    if (line.starts_with(" p")) is_public = line == " public:";
    const size_t indent = line.find_first_not_of(' ');
    if (indent != 0 && !(in_class && is_public && indent == 2)) continue;
    const bool is_type = std::regex_match(line, match, type);
    if (is_type || std::regex_match(line, match, alias) ||
        (!std::regex_match(line, other) && std::regex_match(line, match, function)))
      names.insert(match[1]);
    if (is_type && indent == 0 && line.find('}') == std::string::npos) {
      in_class = true;
      is_public = !line.starts_with("class");
    }
  }
  return names;
}

// What ctags finds in namespace cairn: name, file and kind ("f" is a function's definition).
struct Tags {
  std::set<std::tuple<std::string, std::string, std::string>> tags;

  Tags(const std::string& options, const std::string& files) {
    std::istringstream lines(test::run(std::string("cd '") + CAIRN_SOURCE_DIR +
                                       "' && ctags -f - -n " + options + " " + files)
                                 .text);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream fields(line);
      std::string name, file, pattern, kind, scope;
      std::getline(fields, name, '\t') && std::getline(fields, file, '\t') &&
          std::getline(fields, pattern, '\t') && std::getline(fields, kind, '\t') &&
          std::getline(fields, scope, '\t');
      if (scope.find(":cairn") != std::string::npos) tags.insert({name, file, kind});
    }
  }
  // One of these kinds, a letter each.
  bool have(const std::string& name, const std::string& file, const std::string& kinds) const {
    return std::any_of(kinds.begin(), kinds.end(), [&](char kind) {
      return tags.count({name, file, std::string(1, kind)}) == 1;
    });
  }
};

}  // namespace

TEST_CASE("tags: ctags finds every public name of the headers") {
  if (!ctags_or_skip()) return;
  const fs::path root = CAIRN_SOURCE_DIR;
  std::vector<std::string> headers;
  std::string list;
  std::ifstream in(root / "cairn.h");
  std::smatch match;
  for (std::string line; std::getline(in, line);)
    if (std::regex_match(line, match, std::regex("#include \"(.*)\""))) {
      headers.push_back(match[1]);
      list += " " + headers.back();
    }
  const Tags tags("--kinds-C++=+p", list);  // p: what is only declared here
  size_t count = 0;
  for (const std::string& header : headers) {
    std::ifstream text(root / header);
    for (const std::string& name : names_in(text)) {
      CHECK_MESSAGE(tags.have(name, header, "cfgmpst"), header, ": ", name);
      ++count;
    }
  }
  CHECK(count > 800);
}

TEST_CASE("tags: ctags finds every op in its file") {
  if (!ctags_or_skip()) return;
  std::string files;
  for (const OpInfo& op : all_ops()) files += std::string(" ") + op.file;
  const Tags tags("", files);
  for (const OpInfo& op : all_ops()) CHECK_MESSAGE(tags.have(op.name, op.file, "f"), op.name);
}

TEST_CASE("tags: what a simple reading finds in a header") {
  std::istringstream header(
      "#pragma once\n// A comment of f(x).\nnamespace cairn { inline namespace CAIRN_PRECISION {\n"
      "struct Forward;\nusing Name = int;\nTensor exp(const Tensor& x,\n           int y = f(2));\n"
      "template <typename T>\nT twice(T x) {\n  return x + x;\n}\n"
      "class Box : public Base {\n public:\n  explicit Box(int n);\n  bool empty() const;\n"
      "  friend bool is(Box);\n\n private:\n  int hidden();\n};\n"
      "struct Open { int a; };\n}}  // namespace\n");
  CHECK(names_in(header) == std::set<std::string>{"Name", "exp", "twice", "Box", "empty", "Open"});
}

// Every public function in a public header says what it does, and cairn.h names every public
// header. That each compiles alone is seen by building (targets cairn_headers, cairn64_headers).
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

// The lines of a header that declare a public function of which no comment speaks: none on the
// line, none above it in its paragraph. A constructor is spoken of by its class; operators,
// overrides and accessors whose body stands on the line speak for themselves.
std::vector<std::string> silent_functions(std::istream& in) {
  const std::regex function(R"((?:  )?(?:\[\[\w+\]\] )?[A-Za-z][\w:<>,*&\[\] ]*[ *&](\w+)\(.*)");
  const std::regex no_function(
      R"(\s*(?:return|using|template|friend|explicit|typedef|static_assert|else|throw)\b.*)");
  const std::regex exempt(R"(.*(?:\boperator\b|= delete|= default|\boverride\b|\{.*\}$).*)");
  const std::regex type(R"((struct|class) .*\{)");
  std::vector<std::string> silent;
  bool documented = false, is_public = true;
  std::string line;
  const auto has_comment = [&] { return line.find("//") != std::string::npos; };
  while (std::getline(in, line)) {
    if (line.find("R\"html(") != std::string::npos)  // a page's script is no C++
      while (line.find(")html\"") == std::string::npos && std::getline(in, line)) continue;
    std::smatch match;
    const size_t indent = line.find_first_not_of(' ');
    if (indent == std::string::npos) documented = false;
    else if (line.compare(indent, 2, "//") == 0) documented = true;
    else if (std::regex_match(line, match, type)) is_public = match[1] == "struct";
    else if (line.starts_with("}")) is_public = true;
    else if (line.starts_with(" public:")) is_public = true;
    else if (line.starts_with(" private:") || line.starts_with(" protected:")) is_public = false;
    if (!is_public || documented || indent > 2 || !std::regex_match(line, function) ||
        std::regex_match(line, no_function))
      continue;
    std::string whole = line;  // up to its end, or the beginning of its body
    bool comment = has_comment();
    while (whole.find_first_of(";{") == std::string::npos && std::getline(in, line))
      whole += " " + line, comment = comment || has_comment();
    if (!comment && !std::regex_match(whole, exempt)) silent.push_back(whole);
  }
  return silent;
}

}  // namespace

TEST_CASE("headers: every public function has a comment") {
  const fs::path root = CAIRN_SOURCE_DIR;
  const std::regex inside(
      R"((lanes|simd).*|.*_(page|script|style)\.h)");  // the kernels', the pages'
  int headers = 0;
  for (const char* folder : {"core", "nn", "optim", "text", "models", "train"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const fs::path& path = entry.path();
      if (path.extension() != ".h" || std::regex_match(path.filename().string(), inside)) continue;
      std::ifstream in(path);
      for (const std::string& function : silent_functions(in)) {
        INFO(fs::relative(path, root).string());
        FAIL_CHECK(function);
      }
      ++headers;
    }
  CHECK(headers > 30);
}

TEST_CASE("headers: a function without a comment is found") {
  std::istringstream in(
      "// Said.\nint f(int a);\nint g(int b);\n\nint silent(int c);\n\n"
      "class C {\n public:\n  C();\n  int size() const { return n_; }\n  int n() const;  // said\n"
      "  int also_silent(int d,\n                  int e);\n\n private:\n  int hidden();\n};\n");
  const std::vector<std::string> found = silent_functions(in);
  REQUIRE(found.size() == 2);
  CHECK(found[0].find("silent") != std::string::npos);
  CHECK(found[1].find("also_silent") != std::string::npos);
}

TEST_CASE("headers: cairn.h names every public header, once") {
  const fs::path root = CAIRN_SOURCE_DIR;
  // What only the library's own sources include: the kernels' inside, the reverse pass, what ops
  // share, open files, long tables, the parts of the HTML pages.
  const std::regex inside(
      R"(core/kernels/(lanes|simd|reference|dropout_mask|scratch).*|core/(block|pool|io/descriptor)\.h)"
      R"(|text/unicode_tables\.h)"
      R"(|core/autograd/backward\.h)"
      R"(|core/ops/(axes|elementwise|linear_backward|part|more/lanes|more/reduced|records/.*)\.h)"
      R"(|core/inspect/(page|trace_page|trace_costs|trace_recorder)\.h|train/more/report_page\.h)");
  std::vector<std::string> named, found;
  std::ifstream in(root / "cairn.h");
  std::smatch match;
  for (std::string line; std::getline(in, line);)
    if (std::regex_match(line, match, std::regex("#include \"(.*)\""))) named.push_back(match[1]);
  for (const char* folder : {"core", "nn", "optim", "text", "models", "train"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string path = fs::relative(entry.path(), root).generic_string();
      if (path.ends_with(".h") && !std::regex_match(path, inside)) found.push_back(path);
    }
  std::sort(named.begin(), named.end());
  std::sort(found.begin(), found.end());
  for (const std::string& path : found)
    CHECK_MESSAGE(std::binary_search(named.begin(), named.end(), path), path,
                  " is not named in cairn.h; if it is not public, say so here");
  CHECK(named == found);
}

TEST_CASE("headers: a public header includes none that is not installed") {
  const fs::path root = CAIRN_SOURCE_DIR;
  const std::regex include("#include \"(.*)\"");
  const auto includes = [&](const fs::path& header) {
    std::vector<std::string> files;
    std::ifstream in(root / header);
    std::smatch match;
    for (std::string line; std::getline(in, line);)
      if (std::regex_match(line, match, include)) files.push_back(match[1]);
    return files;
  };
  const std::vector<std::string> installed = includes("cairn.h");
  CHECK(installed.size() > 80);
  for (const std::string& header : installed)
    for (const std::string& file : includes(header))
      CHECK_MESSAGE(std::count(installed.begin(), installed.end(), file) == 1, header, " includes ",
                    file);
}

TEST_CASE("headers: no other header is called cairn.h") {
  for (auto entry = fs::recursive_directory_iterator(CAIRN_SOURCE_DIR);
       entry != fs::recursive_directory_iterator(); ++entry) {
    const std::string name = entry->path().filename().string();
    if (name == "build" || name == "out" || name == "data" || name.starts_with("."))
      entry.disable_recursion_pending();
    else if (entry.depth() > 0) CHECK_MESSAGE(name != "cairn.h", entry->path().string());
  }
}

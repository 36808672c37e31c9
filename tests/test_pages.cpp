// The pages that people read, as files: every link leads somewhere, every page is linked, what they
// and the comments name exists, and the demo's durations are told alike everywhere.
#include <doctest/doctest.h>
#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "core/io/files.h"

using namespace cairn;
namespace fs = std::filesystem;

namespace {

const fs::path root = CAIRN_SOURCE_DIR;

// All files and folders of the repository, sorted, without what is built or downloaded.
std::vector<fs::path> all_files() {
  std::vector<fs::path> found;
  for (auto entry = fs::recursive_directory_iterator(root);
       entry != fs::recursive_directory_iterator(); ++entry) {
    const std::string name = fs::relative(entry->path(), root).string();
    if (name == "build" || name == "out" || name == "runs" || name == "data" || name == ".git")
      entry.disable_recursion_pending();
    else found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// All Markdown files.
std::vector<fs::path> pages() {
  std::vector<fs::path> found = all_files();
  std::erase_if(found, [](const fs::path& file) { return file.extension() != ".md"; });
  return found;
}

// Does a file or folder of the repository have this name? "core/ops/*" names what is in a folder,
// "softmax.cpp" a file in any.
bool exists(const std::string& name) {
  static const std::vector<fs::path> files = all_files();
  if (name.ends_with("/")) return fs::is_directory(root / name);
  return std::any_of(files.begin(), files.end(), [&](const fs::path& file) {
    const std::string path = fs::relative(file, root).string();
    return fnmatch(name.c_str(), path.c_str(), FNM_PATHNAME) == 0 ||
           fnmatch(name.c_str(), file.filename().c_str(), 0) == 0;
  });
}

struct PageText {
  std::string prose;               // without blocks and spans of code: there nothing is a link
  std::vector<std::string> spans;  // of `code`, without the fenced blocks
};

// By hand: std::regex calls itself for each character of a block, until the stack ends.
PageText text_of(const fs::path& page) {
  const std::string text = read_file(page.string());
  PageText found;
  size_t at = 0;
  while (at < text.size()) {
    if (text[at] != '`') {
      found.prose += text[at++];
      continue;
    }
    const size_t start = std::min(text.find_first_not_of('`', at), text.size());
    const std::string fence = text.substr(at, start - at);
    const size_t end = std::min(text.find(fence, start), text.size());
    const std::string code = text.substr(start, end - start);
    if (fence == "`" && code.find('\n') == std::string::npos) found.spans.push_back(code);
    at = end + fence.size();
  }
  return found;
}

// What the page's links lead to, [text](target) and ![text](target), in order.
std::vector<std::string> links(const std::string& prose) {
  static const std::regex link(R"(\]\(([^()\s]+)\))");
  std::vector<std::string> targets;
  for (auto m = std::sregex_iterator(prose.begin(), prose.end(), link); m != std::sregex_iterator();
       ++m)
    targets.push_back((*m)[1]);
  return targets;
}

// The anchors of a page's headings, made as forges make them: lower case, "-" for blanks, no signs.
std::set<std::string> anchors(const fs::path& page) {
  std::set<std::string> found;
  const std::string text = read_file(page.string());
  static const std::regex heading(R"((?:^|\n)#+ +([^\n]*))");
  for (auto m = std::sregex_iterator(text.begin(), text.end(), heading);
       m != std::sregex_iterator(); ++m) {
    std::string anchor;
    for (const char c : (*m)[1].str())
      if (c == ' ') anchor += '-';
      else if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c < 0)
        anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    found.insert(anchor);
  }
  return found;
}

}  // namespace

TEST_CASE("pages: every link leads to a file, and to a heading that it has") {
  int count = 0;
  for (const fs::path& page : pages())
    for (const std::string& target : links(text_of(page).prose)) {
      if (target.find(':') != std::string::npos) continue;  // https://..., which no test visits
      INFO(fs::relative(page, root).string(), " links ", target);
      const size_t hash = target.find('#');
      const fs::path file = hash == 0 ? page : page.parent_path() / target.substr(0, hash);
      CHECK(fs::exists(file));
      if (hash != std::string::npos && fs::exists(file))
        CHECK(anchors(file).count(target.substr(hash + 1)) == 1);
      ++count;
    }
  CHECK(count > 20);
}

TEST_CASE("pages: each is reached from the README by links") {
  std::set<fs::path> reached;
  std::vector<fs::path> open{root / "README.md"};
  while (!open.empty()) {
    const fs::path page = open.back().lexically_normal();
    open.pop_back();
    if (!fs::exists(page) || !reached.insert(page).second || page.extension() != ".md") continue;
    for (const std::string& target : links(text_of(page).prose))
      if (target.find(':') == std::string::npos && target[0] != '#')
        open.push_back(page.parent_path() / target.substr(0, target.find('#')));
  }
  for (const fs::path& page : pages()) {
    if (page.filename() == "bug.md") continue;  // the answer, which no page gives away
    INFO(fs::relative(page, root).string());
    CHECK(reached.count(page.lexically_normal()) == 1);
  }
}

TEST_CASE("pages: every file and every make target that they name exists") {
  static const std::regex file(R"([\w*]+\.(h|cpp|cmake|md|py|sh))"), make(R"(make ([a-z0-9-]+).*)");
  const std::string makefile = read_file((root / "Makefile").string());
  int count = 0;
  for (const fs::path& page : pages()) {
    if (page.filename() == "CHANGELOG.md") continue;  // which also names what is no more
    for (const std::string& code : text_of(page).spans) {
      INFO(fs::relative(page, root).string(), " names ", code);
      std::smatch match;
      if (std::regex_match(code, match, make))
        CHECK(makefile.find("\n" + match[1].str() + ":") != std::string::npos);
      const bool is_path = code.find_first_of(" (<") == std::string::npos &&
                           fs::exists(root / code.substr(0, code.find('/'))) &&
                           code.find('/') != std::string::npos && !code.starts_with("data/") &&
                           !code.starts_with("build/") && !code.starts_with("out/") &&
                           !code.starts_with("mine/");
      // tests/test_AREA.cpp, tutorials/CHAPTER: any of them
      if (code.find("AREA") != std::string::npos || code.find("CHAPTER") != std::string::npos)
        continue;
      if (is_path || std::regex_match(code, file)) {
        CHECK(exists(code));
        ++count;
      }
    }
  }
  CHECK(count > 60);
}

TEST_CASE("pages: every file that a comment or a script names exists") {
  static const std::regex path(
      R"((?:^|[^\w./-])((?:core|nn|optim|text|models|train|tools|tests|bench|docs|scripts|cmake)/)"
      R"([\w/.-]*\w\.(?:h|cpp|md|py|sh|cmake|awk|sed))(?!\.?\w))");
  int count = 0;
  for (const fs::path& file : all_files()) {
    const std::set<std::string> types{".h", ".cpp", ".cmake", ".py", ".sh", ".awk", ".sed"};
    if (!types.count(file.extension().string()) && file.filename() != "CMakeLists.txt" &&
        file.filename() != "Makefile")
      continue;
    for (const std::string& line : split_lines(read_file(file.string()))) {
      std::smatch match;
      if (line.find('/') == std::string::npos || line.starts_with("#include") ||
          !std::regex_search(line, match, path))
        continue;
      if (match[1] == "tests/test_AREA.cpp") continue;  // any of them
      CHECK_MESSAGE(exists(match[1]), fs::relative(file, root).string(), " names ", match[1].str());
      ++count;
    }
  }
  CHECK(count > 150);
}

TEST_CASE("pages: docs/index.md links a header in each folder of the API") {
  const std::vector<std::string> targets = links(text_of(root / "docs/index.md").prose);
  for (const std::string folder : {"core", "nn", "optim", "text", "models", "train"}) {
    INFO(folder);
    CHECK(std::any_of(targets.begin(), targets.end(), [&](const std::string& target) {
      return target.starts_with("../" + folder + "/") && target.ends_with(".h");
    }));
  }
}

TEST_CASE("pages: the demo's durations are told alike in README, make help and the program") {
  const auto says = [](const char* file, const std::string& words) {
    INFO(file);
    CHECK(read_file((root / file).string()).find(words) != std::string::npos);
  };
  says("README.md", "two minutes to build, two to run");
  says("Makefile", "two minutes to build, two to run");
  says("tools/cairn/main.cpp", "in two minutes");
  says("tools/cairn/demo/demo.cpp", "in two minutes");
  says("tools/cairn/demo/demo.cpp", "minutes_per_seed = 2;");
  // And nothing else is said anywhere.
  const std::regex other(R"(\b(\d+|one|three|four|five|six|ten|a few|some) minutes?\b)");
  for (const char* file : {"README.md", "Makefile", "tools/cairn/main.cpp",
                           "tools/cairn/demo/demo.cpp", "demo/README.md", "docs/architecture.md"}) {
    INFO(file);
    CHECK(!std::regex_search(read_file((root / file).string()), other));
  }
}

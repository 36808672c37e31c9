// The pages that people read, as files: every link leads somewhere, every page is linked, and the
// demo's durations are told alike everywhere.
#include <doctest/doctest.h>

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

// All Markdown files of the repository, sorted.
std::vector<fs::path> pages() {
  std::vector<fs::path> found;
  for (auto entry = fs::recursive_directory_iterator(root);
       entry != fs::recursive_directory_iterator(); ++entry) {
    const std::string name = entry->path().filename().string();
    if (name == "build" || name == "out" || name == "runs" || name.starts_with("."))
      entry.disable_recursion_pending();
    else if (entry->path().extension() == ".md")
      found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// The text of a page without its blocks and spans of code, in which nothing is a link.
std::string prose_of(const fs::path& page) {
  const std::string text = read_file(page.string());
  std::string prose;
  size_t at = 0;
  while (at < text.size()) {
    if (text[at] != '`') {
      prose += text[at++];
      continue;
    }
    const size_t ticks = text.find_first_not_of('`', at);
    const std::string fence = text.substr(at, ticks == std::string::npos ? ticks : ticks - at);
    const size_t end = ticks == std::string::npos ? ticks : text.find(fence, ticks);
    at = end == std::string::npos ? text.size() : end + fence.size();
  }
  return prose;
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
    for (const std::string& target : links(prose_of(page))) {
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
    for (const std::string& target : links(prose_of(page)))
      if (target.find(':') == std::string::npos && target[0] != '#')
        open.push_back(page.parent_path() / target.substr(0, target.find('#')));
  }
  for (const fs::path& page : pages()) {
    INFO(fs::relative(page, root).string());
    CHECK(reached.count(page.lexically_normal()) == 1);
  }
}

TEST_CASE("pages: docs/index.md links a header in each folder of the API") {
  const std::vector<std::string> targets = links(prose_of(root / "docs/index.md"));
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
  says("tools/cairn/demo/demo.cpp", "minutes_a_seed = 2;");
  // And nothing else is said anywhere.
  const std::regex other(R"(\b(\d+|one|three|four|five|six|ten|a few|some) minutes?\b)");
  for (const char* file : {"README.md", "Makefile", "tools/cairn/main.cpp", "tools/cairn/demo/demo.cpp",
                           "demo/README.md", "docs/architecture.md"}) {
    INFO(file);
    CHECK(!std::regex_search(read_file((root / file).string()), other));
  }
}

#include "tools/mutants_tree.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <regex>

#include "core/error.h"
#include "core/io/files.h"

namespace fs = std::filesystem;

namespace {

void write_if_new(const fs::path& path, const std::string& text) {
  if (fs::exists(path) && cairn::read_file(path.string()) == text) return;
  fs::create_directories(path.parent_path());
  cairn::write_file_atomically(path.string(), text);
}

int64_t line_of(const std::string& text, size_t at) {
  return 1 + std::count(text.begin(), text.begin() + static_cast<long>(at), '\n');
}

}  // namespace

AlteredTree::AlteredTree(fs::path root, fs::path folder, int jobs)
    : root_(std::move(root)), folder_(std::move(folder)), jobs_(jobs) {
  fs::create_directories(folder_);
  setenv("CAIRN_SHARED", (root_ / "../shared").lexically_normal().c_str(), 0);  // not beside a copy
}

void AlteredTree::write(const std::map<std::string, std::vector<Switched>>& files) const {
  for (auto it = fs::recursive_directory_iterator(root_); it != fs::end(it); ++it) {
    const std::string name = fs::relative(it->path(), root_).string();
    if (name == "build" || name == "out" || name.starts_with(".")) it.disable_recursion_pending();
    if (!it->is_regular_file()) continue;
    const std::string text = cairn::read_file(it->path().string());
    const auto file = files.find(name);
    write_if_new(folder_ / "source" / name,
                 file == files.end() ? text : with_switches(text, file->second));
  }
}

bool AlteredTree::builds(const std::string& log) const {
  const std::string source = (folder_ / "source").string();
  const std::string flags = "-w -include " + source + "/tools/mutants_switch.h";
  const std::string command =
      "exec > '" + log + "' 2>&1; cmake -S '" + source + "' -B '" + build().string() +
      "' -DCMAKE_BUILD_TYPE=Release -DCAIRN_WERROR=OFF -DCMAKE_CXX_FLAGS='" + flags +
      "' && cmake --build '" + build().string() + "' --parallel " + std::to_string(jobs_) +
      " --target cairn_tests cairn64_tests cairn_tool fixtures -- -k";
  return std::system(command.c_str()) == 0;
}

// The alterations at whose lines the compiler complains.
std::set<int> AlteredTree::blamed(
    const std::string& log, const std::map<std::string, std::vector<Switched>>& files) const {
  std::set<int> numbers;
  for (const char* what : {"error:", "(?:note:|  required)"}) {
    const std::regex place(std::string("source/([^:\\n]+):(\\d+)[^\\n]*") + what);
    for (std::sregex_iterator it(log.begin(), log.end(), place), end; it != end; ++it) {
      const auto file = files.find((*it)[1]);
      if (file == files.end()) continue;
      const std::string text = cairn::read_file((root_ / file->first).string());
      const int64_t line = std::stoll((*it)[2]);
      for (const auto& [a, number] : file->second)
        if (line >= line_of(text, a.host.begin) && line <= line_of(text, a.host.end))
          numbers.insert(number);
    }
    if (!numbers.empty()) break;
  }
  return numbers;
}

std::set<int> AlteredTree::plant(std::map<std::string, std::vector<Switched>> files) {
  const std::string log = (folder_ / "build.log").string();
  std::set<int> no_code;
  for (;;) {
    write(files);
    std::cout << "building in " << build().string() << std::endl;
    if (builds(log)) return no_code;
    const std::set<int> wrong = blamed(cairn::read_file(log), files);
    if (wrong.empty()) cairn::fail("mutants", "the altered tree does not build", "see " + log);
    no_code.insert(wrong.begin(), wrong.end());
    for (auto& [name, alterations] : files)
      std::erase_if(alterations, [&](const Switched& s) { return wrong.contains(s.number); });
  }
}

#include "tests/mutants/tree.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <regex>

#include "core/error.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/mutants/mutants.h"

namespace fs = std::filesystem;

namespace {

void write_if_new(const fs::path& path, const std::string& text) {
  if (fs::exists(path) && cairn::read_file(path.string()) == text) return;
  fs::create_directories(path.parent_path());
  cairn::write_file_atomically(path.string(), text);
}

}  // namespace

AlteredTree::AlteredTree(fs::path root, fs::path folder, int jobs)
    : root_(std::move(root)),
      folder_(std::move(folder)),
      source_(folder_ / "source"),
      log_(folder_ / "compiler.log"),
      jobs_(jobs) {
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
    write_if_new(source_ / name, file == files.end() ? text : with_switches(text, file->second));
  }
  // What was moved or deleted since the last run would be compiled with the rest.
  std::vector<fs::path> gone;
  for (const auto& entry : fs::recursive_directory_iterator(source_))
    if (!fs::exists(root_ / fs::relative(entry.path(), source_))) gone.push_back(entry.path());
  for (const fs::path& path : gone) fs::remove_all(path);
}

bool AlteredTree::configures() const {
  const std::string flags = "-w -include " + (source_ / "tests/mutants/switch.h").string();
  return std::system(("cmake -S '" + source_.string() + "' -B '" + build().string() +
                      "' -DCMAKE_BUILD_TYPE=Release -DCAIRN_WERROR=OFF -DCMAKE_CXX_FLAGS='" +
                      flags + "' > '" + log_.string() + "' 2>&1")
                         .c_str()) == 0;
}

// Reads what is altered, a header in the first file that includes it, without making code.
bool AlteredTree::compiles(const std::map<std::string, std::vector<Switched>>& files) const {
  const std::string list = (build() / "compile_commands.json").string();
  const cairn::Json all = cairn::parse_json(cairn::read_file(list), list);
  std::set<std::string> left;
  for (const auto& [name, alterations] : files)
    if (!alterations.empty()) left.insert(name);
  std::vector<std::string> commands;
  for (const cairn::Json& entry : all.items()) {
    const std::string file = entry.at("file").as_string(),
                      command = entry.at("command").as_string();
    const std::string text = cairn::read_file(file), name = fs::relative(file, source_).string();
    const size_t covered = std::erase_if(left, [&](const std::string& altered) {
      return altered == name || text.find("#include \"" + altered + "\"") != std::string::npos;
    });
    if (covered > 0)
      commands.push_back(command.substr(0, command.find(" -o ")) + " -fsyntax-only " + file);
  }
  fs::remove(log_);
  std::atomic<bool> good = true;
  in_parallel(jobs_, commands.size(), [&](size_t i) {
    if (std::system((commands[i] + " >> '" + log_.string() + "' 2>&1").c_str()) != 0) good = false;
  });
  return good;
}

bool AlteredTree::builds() const {
  return std::system(("cmake --build '" + build().string() + "' --parallel " +
                      std::to_string(jobs_) + " --target cairn_tests cairn64_tests cairn_tool " +
                      "fixtures > '" + log_.string() + "' 2>&1")
                         .c_str()) == 0;
}

// The alterations at whose lines the compiler complains; else the last one above such a line.
std::set<int> AlteredTree::blamed(const std::map<std::string, std::vector<Switched>>& files) const {
  const std::string log = cairn::read_file(log_.string());
  std::set<int> there, above;
  for (const char* what : {"error:", "(?:note:|  required)"}) {
    const std::regex place(std::string("source/([^:\\n]+):(\\d+)[^\\n]*") + what);
    for (std::sregex_iterator it(log.begin(), log.end(), place), end; it != end; ++it) {
      const auto file = files.find((*it)[1]);
      if (file == files.end()) continue;
      const std::string text = cairn::read_file((root_ / file->first).string());
      const int line = std::stoi((*it)[2]);
      int last = 0;
      for (const auto& [a, number] : file->second) {
        if (line_of(text, a.host.begin) <= line) last = number;
        if (last == number && line <= line_of(text, a.host.end)) there.insert(number);
      }
      if (last > 0) above.insert(last);
    }
    if (!there.empty()) return there;
  }
  return above;
}

std::set<int> AlteredTree::plant(std::map<std::string, std::vector<Switched>> files) {
  std::set<int> no_code;
  for (;;) {
    write(files);
    if (configures() && compiles(files) && builds()) return no_code;
    const std::set<int> wrong = blamed(files);
    if (wrong.empty())
      cairn::fail("mutants", "the altered tree does not build", "see " + log_.string());
    std::cerr << wrong.size() << " are no C++" << std::endl;
    no_code.insert(wrong.begin(), wrong.end());
    for (auto& [name, alterations] : files)
      std::erase_if(alterations, [&](const Switched& s) { return wrong.contains(s.number); });
  }
}

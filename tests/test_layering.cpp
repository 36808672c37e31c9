// The rules of the house, read from the sources themselves: dependencies point one way, kernels
// include no STL header, nothing outside the standard library and POSIX is included, and no file
// names a path or a host of somebody's machine.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

// Each layer may include itself, those listed here, and nothing else.
const std::map<std::string, std::set<std::string>> may_include = {
    {"core", {}},
    {"nn", {"core"}},
    {"optim", {"core"}},
    {"text", {"core"}},
    {"models", {"core", "nn", "optim", "text"}},
    {"train", {"core", "nn", "optim", "text", "models"}},
    {"tools", {"core", "nn", "optim", "text", "models", "train"}},
    {"tutorials", {"core", "nn", "optim", "text", "models", "train"}},
};

const std::set<std::string> posix = {
    "dirent.h",    "dlfcn.h",       "execinfo.h",     "fcntl.h",    "fnmatch.h",
    "pthread.h",   "sched.h",       "signal.h",       "spawn.h",
    "sys/file.h",  // for flock: BSD's, and every system's
    "sys/ioctl.h", "sys/mman.h",    "sys/resource.h", "sys/stat.h", "sys/time.h",
    "sys/types.h", "sys/utsname.h", "sys/wait.h",     "termios.h",  "unistd.h",
};
const std::set<std::string> c_headers = {
    "assert.h", "cpuid.h",  "errno.h", "fenv.h",      "float.h",    "inttypes.h",
    "limits.h", "locale.h", "math.h",  "stddef.h",    "stdint.h",   "stdio.h",
    "stdlib.h", "string.h", "time.h",  "immintrin.h", "arm_neon.h",
};

const fs::path root = CAIRN_SOURCE_DIR;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Include {
  std::string file;  // as written
  bool quoted;
};

std::vector<Include> includes(const fs::path& file) {
  std::vector<Include> found;
  std::istringstream lines(text_of(file));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word, name;
    words >> word;
    if (word == "#") words >> word, word = "#" + word;
    if (word != "#include" || !(words >> name) || name.size() < 3) continue;
    const bool quoted = name[0] == '"';
    if (quoted || name[0] == '<') found.push_back({name.substr(1, name.size() - 2), quoted});
  }
  return found;
}

bool is_source(const fs::path& file) {
  return file.extension() == ".h" || file.extension() == ".cpp";
}

// The C++ files below a folder of the repository; none if there is no such folder.
std::vector<fs::path> sources(const std::string& folder) {
  std::vector<fs::path> files;
  if (!fs::exists(root / folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder))
    if (entry.is_regular_file() && is_source(entry.path())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string shown(const fs::path& file) { return fs::relative(file, root).string(); }

// Is the file needed to fine-tune BERT? What is not stands in a folder more/, shows computations,
// or is the checks of the ops' records, which only tests link.
bool in_spine(const std::string& file) {
  return file.find("/more/") == std::string::npos && !file.starts_with("core/inspect/") &&
         !file.starts_with("core/ops/records/records_check");
}

// "core/ops" for core/ops/softmax.cpp and core/ops.h, "core" for core/tensor.h.
std::string part_of_core(const std::string& file) {
  if (file == "core/ops.h") return "core/ops";
  const size_t slash = file.find('/', 5);
  return slash == std::string::npos ? "core" : file.substr(0, slash);
}

bool standard(const std::string& header) {
  return posix.count(header) || c_headers.count(header) ||
         header.find_first_of("./") == std::string::npos;  // <vector>, <cstdint>
}

// The C++ standard headers that `file` reaches, each with the way to it.
void find_stl(const fs::path& file, const std::string& way, std::set<fs::path>& seen,
              std::vector<std::string>& found) {
  if (!seen.insert(file).second) return;
  for (const Include& include : includes(file)) {
    if (include.quoted) find_stl(root / include.file, way + " > " + include.file, seen, found);
    else if (!c_headers.count(include.file)) found.push_back(way + " > <" + include.file + ">");
  }
}

}  // namespace

TEST_CASE("layering: dependencies point one way") {
  int edges = 0;
  for (const auto& [layer, allowed] : may_include)
    for (const fs::path& file : sources(layer))
      for (const Include& include : includes(file)) {
        if (!include.quoted) continue;
        INFO(shown(file), " includes ", include.file);
        const std::string target = include.file.substr(0, include.file.find('/'));
        CHECK_MESSAGE(fs::exists(root / include.file), "includes are written from the root");
        CHECK_MESSAGE((target == layer || allowed.count(target)), "an edge that points up");
        ++edges;
      }
  CHECK(edges > 10);
}

TEST_CASE("layering: the spine includes nothing that fine-tuning BERT does not need") {
  int edges = 0;
  for (const char* folder : {"core", "nn", "optim", "text", "models/bert", "train"})
    for (const fs::path& file : sources(folder)) {
      const std::string name = shown(file);
      if (!in_spine(name) || name == "core/ops.h") continue;  // which is the users' umbrella
      for (const Include& include : includes(file)) {
        INFO(name, " includes ", include.file);
        CHECK((!include.quoted || (in_spine(include.file) && include.file != "core/ops.h")));
        ++edges;
      }
    }
  CHECK(edges > 100);
}

TEST_CASE("layering: inside core the arrows are core <- autograd <- ops <- inspect") {
  const std::map<std::string, std::set<std::string>> allowed = {
      {"core", {}},
      {"core/kernels", {"core"}},
      {"core/autograd", {"core"}},
      {"core/ops", {"core", "core/kernels", "core/autograd"}},
      {"core/io", {"core"}},
      {"core/inspect", {"core", "core/kernels", "core/autograd", "core/ops", "core/io"}}};
  // Sources that join a Tensor to its history.
  const std::set<std::string> joints = {"core/in_place.cpp", "core/operators.cpp",
                                        "core/storage.cpp", "core/tensor.cpp"};
  for (const fs::path& file : sources("core")) {
    const std::string name = shown(file), part = part_of_core(name);
    if (joints.count(name) || name.find("/more/") != std::string::npos) continue;
    for (const Include& include : includes(file)) {
      if (!include.quoted) continue;
      const std::string target = part_of_core(include.file);
      // backward() adds gradients by add().
      if (part == "core/autograd" && target == "core/ops" && name.ends_with(".cpp")) continue;
      INFO(name, " includes ", include.file);
      CHECK((target == part || allowed.at(part).count(target)));
    }
  }
}

TEST_CASE("layering: only the standard library and POSIX are included") {
  for (const auto& [layer, allowed] : may_include)
    for (const fs::path& file : sources(layer))
      for (const Include& include : includes(file))
        if (!include.quoted) {
          INFO(shown(file), " includes <", include.file, ">");
          CHECK(standard(include.file));
        }
}

TEST_CASE("layering: kernel files include no STL header") {
  // These are compiled for every CPU, so they may: they choose the kernels, allocate for them, time
  // them.
  const std::set<std::string> exempt = {"choose_kernels.h", "choose_kernels.cpp", "peak.cpp",
                                        "scratch.cpp"};
  int files = 0;
  for (const fs::path& file : sources("core/kernels")) {
    if (exempt.count(file.filename().string())) continue;
    std::set<fs::path> seen;
    std::vector<std::string> found;
    find_stl(file, shown(file), seen, found);
    for (const std::string& way : found) FAIL_CHECK(way);
    ++files;
  }
  CHECK(files > 0);
}

TEST_CASE("layering: no file names a machine's path or a package registry") {
  // In pieces, so that this file does not contain them.
  // clang-format off
  const std::vector<std::string> banned = {
      "/ho" "me/", "/ro" "ot/", "/wo" "rk/", "/Us" "ers/", "py" "pi.org", "pythonho" "sted",
      "deb.deb" "ian.org", "archive.ubu" "ntu", "npm" "js.org", "security.deb" "ian"};
  // clang-format on
  const std::set<std::string> not_ours = {".git", "build", "out", "runs", "data"};
  int files = 0;
  for (auto entry = fs::recursive_directory_iterator(root);
       entry != fs::recursive_directory_iterator(); ++entry) {
    const std::string name = entry->path().filename().string();
    // In a work tree .git is a file; Python compiles its modules where they stand.
    if ((entry.depth() == 0 && not_ours.count(name)) || name == "__pycache__") {
      entry.disable_recursion_pending();
      continue;
    }
    const std::string kind = entry->path().extension().string();
    const bool is_data = kind == ".safetensors" || kind == ".png" || name == "vocab.txt";
    if (!entry->is_regular_file() || is_data) continue;
    const std::string text = text_of(entry->path());
    for (const std::string& word : banned) {
      INFO(shown(entry->path()), " contains ", word);
      CHECK(text.find(word) == std::string::npos);
    }
    ++files;
  }
  CHECK(files > 20);
}

// Every op's backward pass is altered in one place at a time (tests/mutants/rules.h lists the
// kinds), compiled, linked in front of the library and put to the checks that its record drives.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>

#include <unistd.h>

#include "core/error.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/mutants/equivalent.h"
#include "tests/mutants/mutants.h"
#include "tests/mutants/rules.h"

namespace {

namespace fs = std::filesystem;
using cairn::fail;

const fs::path root = CAIRN_SOURCE_DIR, build = CAIRN_BINARY_DIR;

struct Candidate {
  const Source* source;
  Mutant mutant;

  std::string before() const { return mutant.at.of(source->text); }
  std::string line() const {  // without its indent
    const std::string& text = source->text;
    const size_t begin = text.find_first_not_of(' ', text.rfind('\n', mutant.at.begin) + 1);
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  std::string altered() const {
    std::string text = source->text;
    return text.replace(mutant.at.begin, mutant.at.end - mutant.at.begin, mutant.by);
  }
  std::string shown() const {
    return source->file + ":" + std::to_string(source->line(mutant.at.begin)) + "  " + mutant.kind +
           ", " + mutant.function + ": " + before() + "  ->  " +
           (mutant.by.empty() ? "nothing" : mutant.by);
  }
};

bool is_kernels(const std::string& file) { return file.starts_with("core/kernels/"); }

// The ops' files, and those of the reference kernels.
std::vector<Source> sources() {
  std::vector<std::string> files;
  for (const std::string folder : {"core/ops/", "core/ops/more/", "core/kernels/"})
    for (const auto& entry : fs::directory_iterator(root / folder)) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with(".cpp") && (!is_kernels(folder) || name.starts_with("reference_")))
        files.push_back(folder + name);
    }
  std::sort(files.begin(), files.end());
  std::vector<Source> result;
  for (const std::string& file : files)
    result.emplace_back(file, cairn::read_file((root / file).string()));
  return result;
}

// The files whose ops tell whether the mutant is noticed: its own; for a kernel those that name it;
// for what several share, all.
std::vector<std::string> checked_by(const Candidate& c, const std::vector<Source>& all) {
  const auto has_records = [](const Source& s) {
    return s.code.find("_info() {") != std::string::npos;
  };
  if (has_records(*c.source)) return {c.source->file};
  std::string kernel = c.mutant.function;
  if (kernel.starts_with("d_")) kernel = kernel.substr(2) + "_backward";
  kernel = kernel.substr(0, kernel.find("_backward")) + "_backward";
  std::vector<std::string> named, any;
  for (const Source& s : all) {
    if (!has_records(s)) continue;
    any.push_back(s.file);
    if (s.code.find(kernel) != std::string::npos) named.push_back(s.file);
  }
  return named.empty() ? any : named;
}

// How the build compiles this file in double, but for the names of the files.
std::string compile_command(const cairn::Json& commands, const std::string& file) {
  for (const cairn::Json& entry : commands.items()) {
    const std::string command = entry.at("command").as_string();
    if (entry.at("file").as_string() == (root / file).string() &&
        command.find("-DCAIRN_DOUBLE") != std::string::npos)
      return command.substr(0, command.find(" -o ")) + " -O0 -g0 -w";
  }
  fail("mutants", "the build does not say how it compiles " + file);
}

class Runner {
 public:
  explicit Runner(const std::vector<Source>& all)
      : all_(all),
        folder_(build / ("mutants." + std::to_string(getpid()))),
        commands_(cairn::parse_json(cairn::read_file((build / "compile_commands.json").string()),
                                    "compile_commands.json")) {
    fs::create_directories(folder_);
    // What all ops include, translated once.
    cairn::write_file_atomically(
        (folder_ / "all.h").string(),
        "#include <algorithm>\n#include <cmath>\n#include <functional>\n"
        "#include \"core/kernels/kernels.h\"\n#include \"core/autograd/node.h\"\n"
        "#include \"core/ops/records/op_info.h\"\n#include \"core/ops.h\"\n");
    std::vector<std::string> files;
    for (const Source& s : all_) files.push_back(s.file);
    std::erase_if(files, is_kernels);
    const std::string header = path("all.h");
    if (!sh(compile_command(commands_, files.at(0)) + " -x c++-header -o " + header + ".gch -c " +
                header,
            "all"))
      fail("mutants", "cannot compile the headers:\n" + log("all"));
    if (!link("", "clean") || !run("clean", files))
      fail("mutants", "the ops as they are fail their own checks:\n" + log("clean"));
  }
  ~Runner() { fs::remove_all(folder_); }

  enum Result { rejected, survived, not_compiled };
  Result operator()(const Candidate& c, int number) const {
    const std::string name = std::to_string(number), file = c.source->file;
    // Its records shall name the file that they stand for.
    const std::string first = "#line 1 \"" + (root / file).string() + "\"\n";
    cairn::write_file_atomically(path(name + ".cpp"), first + c.altered());
    const std::string headers = is_kernels(file) ? "" : " -include " + path("all.h");
    const bool compiled = sh(compile_command(commands_, file) + headers + " -o " +
                                 path(name + ".o") + " -c " + path(name + ".cpp"),
                             name);
    const bool linked = compiled && link(path(name + ".o"), name);
    const Result result = !linked                          ? not_compiled
                          : run(name, checked_by(c, all_)) ? survived
                                                           : rejected;
    for (const char* kind : {".cpp", ".o", "", ".log"}) fs::remove(path(name + kind));
    return result;
  }

 private:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string log(const std::string& name) const { return cairn::read_file(path(name + ".log")); }
  bool sh(const std::string& command, const std::string& name) const {
    return std::system(("exec > " + path(name + ".log") + " 2>&1; " + command).c_str()) == 0;
  }
  bool link(const std::string& object, const std::string& name) const {
    return sh(std::string(CAIRN_CXX) + " -o " + path(name) + " " + object + " " + CAIRN_LIBRARIES +
                  " -pthread",
              name);
  }
  // One thread, and a minute of processor time at most.
  bool run(const std::string& name, const std::vector<std::string>& files) const {
    std::string command = "ulimit -t 60 && exec " + path(name);
    for (const std::string& file : files) command += " " + file;
    return sh(command, name);
  }

  const std::vector<Source>& all_;
  const fs::path folder_;
  const cairn::Json commands_;
};

// Depends on the mutant alone, not on its neighbours.
uint64_t hash(const Candidate& c, uint64_t seed) {
  return fnv1a(c.source->file + c.mutant.function + c.mutant.kind + c.before() + c.mutant.by, seed);
}

std::vector<Candidate> sampled(std::vector<Candidate> all, size_t count, uint64_t seed) {
  std::stable_sort(all.begin(), all.end(), [&](const Candidate& a, const Candidate& b) {
    return hash(a, seed) < hash(b, seed);
  });
  std::vector<Candidate> sample;
  for (const std::string& kind : mutant_kinds)
    for (size_t i = 0, taken = 0; i < all.size() && taken < count / mutant_kinds.size(); ++i)
      if (all[i].mutant.kind == kind) sample.push_back(all[i]), ++taken;
  return sample;
}

bool is_equivalent(const Candidate& c) {
  for (Equivalent& e : equivalents_of_ops)
    if (e.file == c.source->file && e.line == c.line() && e.before == c.before() &&
        e.by == c.mutant.by)
      return ++e.matched, true;
  return false;
}

std::vector<Candidate> candidates(const std::vector<Source>& all, const MutantOptions& options) {
  std::vector<Candidate> found;
  for (const Source& source : all)
    for (const Mutant& mutant : mutants_of(source)) {
      const Candidate c{&source, mutant};
      if (!is_equivalent(c)) found.push_back(c);
    }
  for (Equivalent& e : equivalents_of_ops)
    if (e.matched == 0)
      fail("mutants", "no mutant is " + e.file + ", " + e.line + ": " + e.before + " -> " + e.by,
           "take it from the list of equivalent mutants");
  std::erase_if(found, [&](const Candidate& c) {
    return (c.source->file + " " + c.mutant.function).find(options.only) == std::string::npos;
  });
  return options.count > 0 ? sampled(std::move(found), options.count, options.seed) : found;
}

}  // namespace

int run_ops_mutants(const MutantOptions& options) {
  const std::vector<Source> all = sources();
  const std::vector<Candidate> found = candidates(all, options);
  if (options.list) {
    for (const Candidate& c : found) std::cout << c.shown() << "\n";
    return 0;
  }
  const Runner runner(all);
  std::map<std::string, std::array<int, 3>> counts;
  std::mutex mutex;
  in_parallel(options.jobs, found.size(), [&](size_t i) {
    const Runner::Result result = runner(found[i], static_cast<int>(i));
    const std::lock_guard lock(mutex);
    ++counts[found[i].mutant.kind][result];
    if (result == Runner::survived) std::cout << "SURVIVED " << found[i].shown() << std::endl;
  });

  int survivors = 0;
  for (const std::string& kind : mutant_kinds) {
    const auto [rejected, survived, not_compiled] = counts[kind];
    survivors += survived;
    std::printf("%-12s %4d rejected, %d survived (%d are no C++)\n", kind.c_str(), rejected,
                survived, not_compiled);
  }
  std::printf("%zu equivalent mutants left out\n", equivalents_of_ops.size());
  return survivors > 0;
}

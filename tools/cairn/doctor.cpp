// cairn doctor: what this machine can do, and what is missing for which make target.
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "core/io/files.h"
#include "core/kernels/choose_kernels.h"
#include "core/kernels/more/peak.h"
#include "core/parallel.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/standard_streams.h"

namespace cairn {
namespace {

namespace fs = std::filesystem;

// Something that a make target needs: a program in $PATH, or one of several files.
struct Need {
  const char* name;
  std::vector<std::string> programs;  // any of them will do
  std::vector<std::string> files;     // any of them will do
  const char* package;                // Debian's
};

const std::string include_folder = "/usr/include/", local_include = "/usr/local/include/";

const Need compiler{"a C++ compiler", {"g++", "clang++", "c++"}, {}, "g++"};
const Need cmake{"cmake", {"cmake"}, {}, "cmake"};
const Need python{"python3", {"python3"}, {}, "python3 python3-venv"};
const Need doctest{"doctest",
                   {},
                   {include_folder + "doctest/doctest.h", local_include + "doctest/doctest.h"},
                   "doctest-dev"};
const Need ctags{"ctags", {"ctags"}, {}, "universal-ctags"};
const Need clang_format{"clang-format-15", {"clang-format-15"}, {}, "clang-format-15"};
const Need clang_tidy{"clang-tidy-15", {"clang-tidy-15"}, {}, "clang-tidy-15"};

struct Target {
  const char* name;
  std::vector<Need> needs;
};

const std::vector<Target>& targets() {
  static const std::vector<Target> list = {
      {"make, make demo", {compiler, cmake}},
      {"make test, make test-debug", {compiler, cmake, doctest, ctags}},
      {"make sanitize, make mutants", {compiler, cmake, doctest}},
      {"make test-clang", {cmake, {"clang++-15", {"clang++-15"}, {}, "clang-15"}}},
      {"make test-arm64",
       {cmake,
        {"an arm64 compiler", {"aarch64-linux-gnu-g++"}, {}, "g++-aarch64-linux-gnu"},
        {"qemu-aarch64", {"qemu-aarch64"}, {}, "qemu-user"}}},
      {"make test-browser",
       {compiler,
        cmake,
        {"chromium", {"chromium"}, {}, "chromium"},
        {"chromedriver", {"chromedriver"}, {}, "chromium-driver"},
        {"python3", {"python3"}, {}, "python3"}}},
      {"make docs",
       {{"doxygen", {"doxygen"}, {}, "doxygen"},
        {"dot", {"dot"}, {}, "graphviz"},
        {"the theme doxygen-awesome",
         {},
         {"/usr/share/doxygen-awesome-css"},
         "doxygen-awesome-css"}}},
      {"make minilm", {python}},
      {"make parity, make bench-peers", {compiler, cmake, python}},
      {"make format", {clang_format}},
      {"make style", {clang_format, clang_tidy}},
      {"make debug, and stepping", {compiler, cmake, {"gdb", {"gdb", "lldb"}, {}, "gdb"}}},
  };
  return list;
}

bool in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split(path ? path : "", ':'))
    if (!folder.empty() && ::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  return false;
}

bool is_met(const Need& need) {
  for (const std::string& program : need.programs)
    if (in_path(program)) return true;
  std::error_code error;
  for (const std::string& file : need.files)
    if (fs::exists(file, error)) return true;
  return false;
}

std::string missing_for(const Target& target) {
  std::string names, packages;
  for (const Need& need : target.needs) {
    if (is_met(need)) continue;
    names += (names.empty() ? "" : ", ") + std::string(need.name);
    packages += std::string(packages.empty() ? "" : " ") + need.package;
  }
  return names.empty() ? "ready" : "missing: " + names + " (Debian: " + packages + ")";
}

std::string cpu_name() {
  std::error_code error;
  if (fs::exists("/proc/cpuinfo", error))
    for (const std::string& line : split_lines(read_file("/proc/cpuinfo")))
      if (line.starts_with("model name"))
        if (const size_t colon = line.find(": "); colon != line.npos) return line.substr(colon + 2);
  utsname names{};
  return uname(&names) == 0 ? names.machine : "unknown";
}

void row(const std::string& name, const std::string& value) {
  write_output(name + std::string(name.size() < 30 ? 30 - name.size() : 1, ' ') +
               wrapped(value, 30) + "\n");
}

std::string measured(double value, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f %s", value, unit);
  return text;
}

void describe_machine() {
  row("CPU", cpu_name());
  std::string names;
  for (const Kernels* available : available_kernels())
    names += (names.empty() ? "" : ", ") + std::string(available->name);
  row("instruction set", std::string(kernels().name) + " (this machine has: " + names + ")");
  const char* forced = std::getenv("CAIRN_ISA");
  if (forced && *forced) row("", "chosen by CAIRN_ISA");
  row("threads", std::to_string(threads()));
}

void measure(double seconds) {
  const int all = threads();
  for (const int count : {1, all}) {
    if (count == 1 && all > 1) set_threads(1);
    const std::string with = ", " + std::to_string(count) + (count == 1 ? " thread" : " threads");
    row("multiply-adds" + with, measured(measure_fma_peak(kernels(), seconds), "GFLOP/s"));
    row("memory bandwidth" + with, measured(measure_bandwidth(seconds), "GB/s"));
    set_threads(all);
    if (all == 1) break;
  }
}

}  // namespace

int run_doctor(const Arguments& arguments) {
  double seconds = 0.5;
  Options options("cairn doctor",
                  "Reports what this machine can do, and what is missing for which make "
                  "target.");
  options.number("seconds", seconds, 0.01, 60, "seconds per measurement");
  options.threads();
  if (!options.parse(arguments)) return 0;

  describe_machine();
  measure(seconds);
  write_output("\n");
  for (const Target& target : targets()) row(target.name, missing_for(target));
  write_output("\nThe make targets install what is missing themselves, where they may.\n");
  return 0;
}

}  // namespace cairn

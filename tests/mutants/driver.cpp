// The checks of the ops that stand in the given files (core/ops/softmax.cpp ...), in double: exit 0
// if all hold. Linked once with the library, and once for each mutant with the mutant before it.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "core/ops/records/records.h"
#include "core/ops/records/records_check.h"

int main(int argc, char** argv) {
  const std::vector<std::string> files(argv + 1, argv + argc);
  int checked = 0;
  for (const cairn::OpInfo& op : cairn::all_ops())
    for (const std::string& file : files) {
      if (file != op.file) continue;
      std::string report;
      try {
        report = cairn::check_op(op);
      } catch (const std::exception& error) {
        report = std::string(op.name) + ": " + error.what();
      }
      if (!report.empty()) return std::puts(report.c_str()), 1;
      ++checked;
    }
  return checked > 0 ? 0 : 1;
}

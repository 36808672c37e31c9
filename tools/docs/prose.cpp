// Keeps the code and the numbers that a page shows equal to the program's: what stands in
//   <!-- code: NAME -->    and a fenced block   the lines between // [NAME] and // [/NAME] of SOURCE
//   <!-- code -->          and a fenced block   the whole of SOURCE
//   <!-- output: N -->     and a fenced block   the Nth paragraph (from 1) that PROGRAM prints
// `prose PAGE SOURCE [PROGRAM]` checks, exit 1 on a difference; `prose --write ...` writes the
// page.
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/io/files.h"

namespace {

using cairn::fail;

std::string output_of(const std::string& program) {
  std::string text;
  FILE* pipe = popen(("\"" + program + "\"").c_str(), "r");
  if (!pipe) fail(program, "cannot be run");
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  if (pclose(pipe) != 0) fail(program, "failed");
  return text;
}

std::string paragraph(const std::string& text, int number) {
  size_t start = 0;
  for (int i = 1; i < number && start != std::string::npos; ++i) {
    start = text.find("\n\n", start);
    if (start != std::string::npos) start += 2;
  }
  if (start == std::string::npos) fail("output", "there is no paragraph " + std::to_string(number));
  const size_t end = text.find("\n\n", start);
  return end == std::string::npos ? text.substr(start) : text.substr(start, end + 1 - start);
}

// The lines between the markers of a part, without the indent that the markers have.
std::string part(const std::string& source, const std::string& name) {
  const std::string open = "// [" + name + "]\n", close = "// [/" + name + "]";
  const size_t mark = source.find(open), end = source.find(close);
  if (mark == std::string::npos || end == std::string::npos)
    fail("source", "has no part // [" + name + "] ... " + close);
  const size_t indent = mark - (source.rfind('\n', mark) + 1);
  std::string text;
  for (size_t at = mark + open.size(); at + indent < end;) {
    const size_t next = source.find('\n', at) + 1;
    const bool blank = next == at + 1;
    text += blank ? "\n" : source.substr(at + indent, next - at - indent);
    at = next;
  }
  return text;
}

struct Material {
  std::string source, program, output;

  std::string of(const std::string& directive) {
    if (directive == "code") return source;
    if (directive.starts_with("code: ")) return part(source, directive.substr(6));
    if (!directive.starts_with("output: ")) return "";
    if (output.empty()) output = output_of(program);
    return paragraph(output, std::stoi(directive.substr(8)));
  }
};

// The page with every directive's block replaced by what it should be.
std::string renewed(const std::string& page, Material& material) {
  std::string result;
  size_t at = 0;
  for (size_t mark; (mark = page.find("<!-- ", at)) != std::string::npos;) {
    const size_t end = page.find(" -->\n", mark);
    if (end == std::string::npos) break;
    const std::string text = material.of(page.substr(mark + 5, end - mark - 5));
    const size_t fence = page.find('\n', page.find("```", end)) + 1;
    result += page.substr(at, text.empty() ? end + 5 - at : fence - at);
    at = text.empty() ? end + 5 : page.find("```", fence);
    result += text;
  }
  return result + page.substr(at);
}

int run(std::vector<std::string> arguments) {
  const bool write = !arguments.empty() && arguments[0] == "--write";
  if (write) arguments.erase(arguments.begin());
  if (arguments.size() < 2 || arguments.size() > 3) {
    std::cerr << "usage: prose [--write] PAGE SOURCE [PROGRAM]\n";
    return 2;
  }
  Material material{cairn::read_file(arguments[1]), arguments.size() > 2 ? arguments[2] : "", ""};
  const std::string before = cairn::read_file(arguments[0]), after = renewed(before, material);
  if (before == after) return 0;
  if (write) {
    cairn::write_file_atomically(arguments[0], after);
    return 0;
  }
  size_t at = 0;
  while (at < before.size() && at < after.size() && before[at] == after[at]) ++at;
  fail(arguments[0] + ":" + std::to_string(cairn::count_newlines(before.substr(0, at)) + 1),
       "differs from the program", "build/prose --write " + arguments[0] + " ... renews it");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "prose: " << error.what() << "\n";
    return 1;
  }
}

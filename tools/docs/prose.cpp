// Keeps the code, numbers and figures that a page shows equal to the program's. A comment on a line
// of its own says what the fenced block below it is:
//   <!-- code: NAME -->         the lines between // [NAME] and // [/NAME] of SOURCE
//   <!-- code -->               the whole of SOURCE
//   <!-- code: FILE NAME -->    the same of another file of the page's folder
//   <!-- code: FILE -->
//   <!-- output: N -->          the Nth paragraph (from 1) that PROGRAM prints
//   <!-- output: NAME -->       what it prints after a line [NAME], up to the next such line
// Code is compared exactly; of output the numbers may be off by one in the last decimal, or as
// <!-- output: 3, within 0.02 --> says, or <!-- output: 3, by shape --> for times; what the program
// leaves out with a line that begins with SKIPPED stays as it is. Besides,
//   <!-- figure: NAME -->       an image figures/NAME.svg, which `PROGRAM --figures DIR` draws
//   <!-- predict: NAME; answer: 0.449; output: 5 -->
//                               a paragraph **Predict.**, whose answer stands in an output below it
// `prose PAGE SOURCE [PROGRAM]` checks and names the first line that differs, exit 1;
// `prose --write ...` writes the page and its figures; what agrees stays as it is.
#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/io/files.h"
#include "tools/docs/compare.h"

namespace {

namespace fs = std::filesystem;
using cairn::fail;

std::string output_of(const std::string& program, const std::string& options = "") {
  if (program.empty()) fail("prose", "the page shows a program's output, and none is named");
  std::string text;
  FILE* pipe = popen(("\"" + program + "\"" + options).c_str(), "r");
  if (!pipe) fail(program, "cannot be run");
  char buffer[4096];
  for (size_t count; (count = fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    text.append(buffer, count);
  if (pclose(pipe) != 0) fail(program + options, "failed");
  return text;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// Is it the line [NAME] that begins a part of a program's output?
bool is_mark(const std::string& line) {
  return line.size() > 2 && line.front() == '[' && line.back() == ']' &&
         line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_", 1) == line.size() - 1;
}

// The part of an output that has the number or name.
std::string part_of_output(const std::string& output, const std::string& name) {
  const bool by_number = is_number(name);
  int paragraph = 1;
  bool inside = by_number && name == "1", found = inside;
  std::string part;
  for (const std::string& line : cairn::split_lines(output)) {
    if (by_number ? line.empty() : is_mark(line)) {
      inside = by_number ? std::to_string(++paragraph) == name : line == "[" + name + "]";
      found |= inside;
    } else if (inside) {
      part += line + "\n";
    }
  }
  while (part.ends_with("\n\n")) part.pop_back();
  if (!found) fail("output", "there is no part " + name);
  return part;
}

// The lines between the markers of a part, without the indent that the markers have.
std::string part_of_source(const std::string& file, const std::string& name) {
  const std::string source = cairn::read_file(file);
  if (name.empty()) return source;
  const std::string open = "// [" + name + "]\n", close = "// [/" + name + "]";
  const size_t mark = source.find(open), end = source.find(close);
  if (mark == std::string::npos || end == std::string::npos)
    fail(file, "has no part // [" + name + "] ... " + close);
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

// A comment of the page: <!-- KIND: NAME, within 0.02 -->
struct Directive {
  std::string kind, name;
  Tolerance tolerance;
};

Directive directive_of(const std::string& line) {
  if (!line.starts_with("<!-- ") || !line.ends_with(" -->")) return {};
  const std::string text = line.substr(5, line.size() - 9);
  const size_t colon = text.find(": ");
  if (colon == std::string::npos) return {text, "", {}};
  Directive directive{text.substr(0, colon), text.substr(colon + 2), {}};
  const size_t comma = directive.name.find(", ");
  const bool has_tolerance = directive.kind == "output" || directive.kind == "figure";
  if (comma == std::string::npos || !has_tolerance) return directive;
  const std::string rest = directive.name.substr(comma + 2);
  directive.name.resize(comma);
  if (rest == "by shape") directive.tolerance.by_shape = true;
  else if (rest.starts_with("within ")) directive.tolerance.within = std::stod(rest.substr(7));
  else fail("<!-- " + text + " -->", "\", " + rest + "\" is neither \"within X\" nor \"by shape\"");
  return directive;
}

class Page {
 public:
  Page(const std::string& page, const std::string& source, const std::string& program, bool write)
      : path_(page), source_(source), program_(program), write_(write) {}
  ~Page() {
    std::error_code ignored;
    if (!drawn_.empty()) fs::remove_all(drawn_, ignored);
  }
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  void renew() {
    const std::string before = cairn::read_file(path_);
    lines_ = cairn::split_lines(before);
    for (at_ = 0; at_ < lines_.size(); ++at_) one_line();
    check_figures();
    if (write_ && after_ != before) cairn::write_file_atomically(path_, after_);
  }

 private:
  void one_line() {
    const Directive directive = directive_of(lines_[at_]);
    keep(lines_[at_]);
    if (directive.kind == "code") block(code(directive.name), {.exact = true});
    if (directive.kind == "output") block(output(directive.name), directive.tolerance);
    if (directive.kind == "figure") figure(directive);
    if (directive.kind == "predict") prediction(directive.name);
  }

  void keep(const std::string& line) { after_ += line + "\n"; }

  [[noreturn]] void wrong(size_t line, const std::string& what, const std::string& hint = "") {
    fail(path_ + ":" + std::to_string(line + 1), what, hint);
  }

  const std::string& next_line(const std::string& begin) {
    while (++at_ < lines_.size() && lines_[at_].empty()) keep("");
    if (at_ == lines_.size() || !lines_[at_].starts_with(begin))
      wrong(std::min(at_, lines_.size() - 1), "here a line begins with " + begin);
    keep(lines_[at_]);
    return lines_[at_];
  }

  std::string in_folder(const std::string& file) const {
    return (fs::path(path_).parent_path() / file).string();
  }

  std::string code(const std::string& name) const {
    const size_t blank = name.find(' ');
    const std::string file = name.substr(0, blank);
    if (file.find('.') == std::string::npos) return part_of_source(source_, name);
    return part_of_source(in_folder(file),
                          blank == std::string::npos ? "" : name.substr(blank + 1));
  }

  std::string output(const std::string& name) {
    if (output_.empty()) output_ = output_of(program_);
    return part_of_output(output_, name);
  }

  // The fenced block that follows shows `now`.
  void block(const std::string& now, const Tolerance& tolerance) {
    next_line("```");
    const size_t start = at_ + 1;
    std::string shown;
    while (++at_ < lines_.size() && !lines_[at_].starts_with("```")) shown += lines_[at_] + "\n";
    if (at_ == lines_.size()) wrong(start - 1, "this block has no end");
    const bool skipped = now.starts_with("SKIPPED");  // its data are not on this machine
    const int line = skipped ? -1 : first_difference(shown, now, tolerance);
    if (line >= 0 && !write_) {
      const std::vector<std::string> text = cairn::split_lines(now);
      const size_t i = static_cast<size_t>(line);
      wrong(start + i,
            i < text.size() ? "the program has \"" + text[i] + "\" here"
                            : "the program has no such line",
            "make docs-sync renews the page");
    }
    after_ += line >= 0 ? now : shown;
    keep(lines_[at_]);
  }

  void figure(const Directive& directive) {
    const size_t line = at_;
    const std::string name = directive.name + ".svg";
    if (next_line("![").find("](figures/" + name + ")") == std::string::npos)
      wrong(at_, "this line shows figures/" + name);
    if (drawn_.empty()) {
      drawn_ = (fs::temp_directory_path() / "cairn_figures_XXXXXX").string();
      if (!mkdtemp(drawn_.data())) fail(drawn_, "cannot be made");
      output_of(program_, " --figures \"" + drawn_ + "\"");
    }
    shown_.push_back(name);
    if (!fs::exists(drawn_ + "/" + name)) wrong(line, program_ + " draws no " + name);
    const std::string now = cairn::read_file(drawn_ + "/" + name),
                      file = in_folder("figures/" + name);
    const std::string before = fs::exists(file) ? cairn::read_file(file) : "";
    if (first_difference(before, now, directive.tolerance) < 0) return;
    if (!write_)
      wrong(line, "figures/" + name + " is not what the program draws",
            "make docs-sync renews the figure");
    fs::create_directories(in_folder("figures"));
    cairn::write_file_atomically(file, now);
  }

  // All figures of the folder are on the page.
  void check_figures() {
    if (drawn_.empty()) return;
    for (const auto& entry : fs::directory_iterator(in_folder("figures")))
      if (std::find(shown_.begin(), shown_.end(), entry.path().filename()) == shown_.end())
        fail(entry.path().string(), "is on no page", "remove it, or show it in " + path_);
  }

  // `text` is NAME; answer: 0.449; output: 5
  void prediction(const std::string& text) {
    const size_t line = at_, answer = text.find("; answer: "), block = text.find("; output: ");
    if (answer == std::string::npos || block == std::string::npos || block < answer)
      wrong(line, "a prediction reads <!-- predict: NAME; answer: 0.449; output: 5 -->");
    const std::string expected = text.substr(answer + 10, block - answer - 10);
    const std::string name = text.substr(block + 10);
    next_line("**Predict.**");
    const bool follows = std::any_of(lines_.begin() + static_cast<ptrdiff_t>(at_), lines_.end(),
                                     [&](const std::string& below) {
                                       const Directive directive = directive_of(below);
                                       return directive.kind == "output" && directive.name == name;
                                     });
    if (!follows) wrong(line, "output " + name + " does not follow this prediction");
    if (!has_answer(output(name), expected))
      wrong(line, "the answer " + expected + " is not in output " + name,
            "the output is\n" + output(name));
  }

  std::string path_, source_, program_, output_;
  std::string drawn_;  // the folder of the figures as the program draws them now
  std::vector<std::string> shown_;
  bool write_;
  std::vector<std::string> lines_;
  size_t at_ = 0;
  std::string after_;
};

int run(std::vector<std::string> arguments) {
  const bool write = !arguments.empty() && arguments[0] == "--write";
  if (write) arguments.erase(arguments.begin());
  if (arguments.size() < 2 || arguments.size() > 3) {
    std::cerr << "usage: prose [--write] PAGE SOURCE [PROGRAM]\n";
    return 2;
  }
  Page(arguments[0], arguments[1], arguments.size() > 2 ? arguments[2] : "", write).renew();
  return 0;
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

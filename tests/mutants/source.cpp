#include "tests/mutants/source.h"

#include <algorithm>
#include <cctype>
#include <regex>

namespace {

bool opens(char c) { return c == '(' || c == '[' || c == '{'; }
bool closes(char c) { return c == ')' || c == ']' || c == '}'; }

size_t closing(const std::string& code, size_t open) {
  int depth = 0;
  for (size_t i = open; i < code.size(); ++i) {
    depth += opens(code[i]) ? 1 : closes(code[i]) ? -1 : 0;
    if (depth == 0) return i;
  }
  return code.size() - 1;
}

void blank(std::string& code, size_t begin, size_t end) {
  for (size_t i = begin; i < std::min(end, code.size()); ++i)
    if (code[i] != '\n') code[i] = ' ';
}

bool is_digit(char c) { return std::isxdigit(static_cast<unsigned char>(c)); }  // of 0xff'ff, too

// Just past the closing quote of the literal that begins at `at`.
size_t end_of_literal(const std::string& text, size_t at) {
  if (text[at] == '"' && at > 0 && text[at - 1] == 'R') {
    const size_t open = text.find('(', at);
    const std::string close = ")" + text.substr(at + 1, open - at - 1) + "\"";
    return text.find(close, open) + close.size();
  }
  size_t end = at + 1;
  while (end < text.size() && text[end] != text[at]) end += text[end] == '\\' ? 2 : 1;
  return end + 1;
}

std::string stripped(const std::string& text, bool literals) {
  std::string code = text;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto end_of_line = [&](size_t at) { return std::min(text.find('\n', at), text.size()); };
    size_t end = i + 1;
    if (text.compare(i, 2, "//") == 0) {
      end = end_of_line(i);
      blank(code, i, end);
    } else if (c == '#' && (i == 0 || text[i - 1] == '\n')) {
      end = end_of_line(i);
      while (end < text.size() && text[end - 1] == '\\') end = end_of_line(end + 1);
      if (literals) blank(code, i, end);
    } else if (c == '"' || (c == '\'' && !(i > 0 && is_digit(text[i - 1])))) {
      end = end_of_literal(text, i);
      if (literals) blank(code, i + 1, end - 1);
    }
    i = end - 1;
  }
  return code;
}

// Loop heads, too: `for (...; dx += cols)` is no value.
std::string code_of(const std::string& text) {
  std::string code = without_literals(text);
  for (size_t at = 0; (at = code.find("for (", at)) != std::string::npos; ++at)
    blank(code, at, closing(code, at + 4) + 1);
  return code;
}

std::string without_brackets(std::string code) {
  for (size_t i = 0; i < code.size(); ++i)
    if (code[i] == '[') {
      const size_t end = closing(code, i);
      blank(code, i + 1, end);
      i = end;
    }
  return code;
}

std::vector<std::string> words(const std::string& text, const std::string& pattern) {
  std::vector<std::string> found;
  const std::regex regex(pattern);
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it)
    found.push_back((*it)[1]);
  return found;
}

}  // namespace

std::string without_comments(const std::string& text) { return stripped(text, false); }
std::string without_literals(const std::string& text) { return stripped(text, true); }

int line_of(const std::string& text, size_t at) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

Source::Source(std::string file_, std::string text_)
    : file(std::move(file_)),
      text(std::move(text_)),
      code(code_of(text)),
      outside_brackets(without_brackets(code)) {}

size_t Source::close(size_t open) const { return closing(code, open); }

std::vector<Range> Source::find(const std::string& pattern, const Range& in) const {
  std::vector<Range> found;
  const std::regex regex(pattern);
  const auto begin = code.begin() + static_cast<long>(in.begin);
  for (std::sregex_iterator it(begin, code.begin() + static_cast<long>(in.end), regex), end;
       it != end; ++it) {
    const size_t at = in.begin + static_cast<size_t>(it->position());
    found.push_back({at, at + static_cast<size_t>(it->length())});
  }
  return found;
}

std::vector<Range> Source::arguments(size_t open) const {
  std::vector<Range> found;
  const size_t last = close(open);
  size_t begin = open + 1;
  for (size_t i = open + 1; i <= last; ++i) {
    if (i < last && opens(code[i])) i = close(i);
    else if (code[i] == ',' || i == last) {
      while (begin < i && std::isspace(static_cast<unsigned char>(code[begin]))) ++begin;
      if (begin < i) found.push_back({begin, i});
      begin = i + 1;
    }
  }
  return found;
}

std::vector<Region> Source::regions() const {
  std::vector<Region> found;
  const Range all{0, code.find("_info() {")};
  const Range searched{0, std::min(all.end, code.size())};
  for (const Range& head : find("struct \\w+ final : (?:Ops)?Node \\{", searched)) {
    const Range node{head.end, close(head.end - 1)};
    const std::string name = words(head.of(code), "struct (\\w+)").at(0);
    std::vector<std::string> saved;
    for (const std::string& line : words(node.of(code), "\\bSaved ([^;()]+);"))
      for (const std::string& field : words(line, "(\\w+)")) saved.push_back(field);
    const auto add = [&](const std::string& before, const std::string& after, const Range& in) {
      for (const Range& method : find(before + "backward\\w*\\(Grads& g\\)" + after, in)) {
        const std::string which = words(method.of(code), "(backward\\w*)\\(").at(0);
        found.push_back({name + "::" + which, {method.end, close(method.end - 1)}, saved, {}});
      }
    };
    add("void ", " override \\{", node);  // in the node, or declared there and defined below
    add("void " + name + "::", " \\{", searched);
  }
  const std::string function =
      "\\n\\w[\\w:&* ]* (?:\\w*_backward\\w*|\\w+_slope|d_\\w+)\\([^;{}()]*\\) \\{";
  for (const Range& head : find(function, searched)) {
    const std::string name = words(head.of(code), "(\\w+)\\(").at(0);
    const Range body{head.end, close(head.end - 1)};
    std::vector<std::string> arrays = words(head.of(code), "const real\\* (\\w+)");
    // const real *x = args.x, *y = args.y;
    for (const std::string& line : words(body.of(code), "const real ?(\\*[^;]* = args\\.[^;]*);"))
      for (const std::string& array : words(line, "\\*(\\w+) = args\\.")) arrays.push_back(array);
    found.push_back({name, body, {}, arrays});
  }
  for (const Range& head : find("\\[\\]\\((?:const Tensor&|real) [^;{}()]*\\) \\{", searched)) {
    // The statement it stands in begins at the left edge: `const Unary exp_row{`.
    size_t line = code.rfind('\n', head.begin) + 1;
    while (line > 1 && std::isspace(static_cast<unsigned char>(code[line])))
      line = code.rfind('\n', line - 2) + 1;
    const std::string before = code.substr(line, head.begin - line);
    const auto row = words(before, "^const \\w+ (\\w+_row)\\{");
    const bool is_function = code.compare(head.begin, 8, "[](real ") == 0 &&
                             before.find("[](real ") == std::string::npos;
    if (!row.empty() && !is_function)
      found.push_back({row[0], {head.end, close(head.end - 1)}, {}, {}});
  }
  return found;
}

std::vector<SavedField> Source::saved_fields() const {
  std::vector<SavedField> found;
  const std::vector<Region> nodes = regions();
  const std::regex names("record<\\w+>\\([^{;]*\\{&(\\w+)[^}]*\\}, (\\w+), where\\)");
  for (const Range& call : find("record<(\\w+)>\\([^;]*?where\\)", {0, code.size()})) {
    std::smatch match;
    const std::string head = call.of(code), node = words(head, "record<(\\w+)>").at(0) + "::";
    const auto made_here = [&](const Region& r) { return r.name.starts_with(node); };
    const auto region = std::find_if(nodes.begin(), nodes.end(), made_here);
    if (region == nodes.end() || !std::regex_search(head, match, names)) continue;
    const Range rest{call.end, code.find("\n}", call.end)};
    for (const Range& field : find("node->\\w+ = [^,;]+(?=[,;])", rest)) {
      const std::string name = words(field.of(code), "node->(\\w+)").at(0);
      const auto& saved = region->saved;
      if (std::find(saved.begin(), saved.end(), name) == saved.end()) continue;
      found.push_back({{code.find("= ", field.begin) + 2, field.end}, match[1], match[2]});
    }
  }
  return found;
}

std::vector<Range> Source::values(const Range& in) const {
  std::vector<Range> found;
  // From `begin` to the comma or semicolon that ends the expression; further declarators follow.
  const auto add = [&](size_t begin) {
    for (size_t i = begin; i < in.end; ++i) {
      if (opens(code[i])) i = close(i);
      if (code[i] != ',' && code[i] != ';') continue;
      found.push_back({begin, i});
      std::smatch next;
      const auto from = code.begin() + static_cast<long>(i);
      const bool more = std::regex_search(from, code.end(), next, std::regex("^,\\s*\\w+ = "));
      if (!more) return;
      begin = i + static_cast<size_t>(next.length());
    }
  };
  for (const Range& call : find("\\bg\\.add\\(", in)) {
    const std::vector<Range> arguments_of_add = arguments(call.end - 1);
    if (arguments_of_add.size() == 2) found.push_back(arguments_of_add[1]);
  }
  const std::string starts =
      "(?:\\bTensor&? \\w+ = |\\breal \\w+ = |\\bdouble \\w+ = |\\breturn |"
      "\\w\\[[^\\]]*\\] [-+*/]?= |[;{}]\\s*\\*\\w+(?:\\+\\+)? [-+*/]?= |"
      "\\b\\w+ [-+*/]= )";
  for (const Range& start : find(starts, in)) add(start.end);
  return found;
}

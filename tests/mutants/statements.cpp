#include "tests/mutants/statements.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <regex>
#include <set>

const std::vector<std::string> alteration_kinds = {
    "comparison", "arithmetic", "constant", "statement", "argument", "condition", "swap", "jump"};

namespace {

constexpr size_t none = std::string::npos;

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)); }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool opens(char c) { return c == '(' || c == '[' || c == '{'; }
bool closes(char c) { return c == ')' || c == ']' || c == '}'; }

// Exchanged arguments give the same.
bool commutes(const std::string& function) {
  static const std::set<std::string> all = {"add", "mul", "max", "min", "fmax", "fmin"};
  return all.contains(function);
}

bool matches(const std::string& text, const std::string& pattern) {
  static std::map<std::string, std::regex> made;
  return std::regex_search(text, made.try_emplace(pattern, pattern).first->second);
}

// What a file's text says, as far as the alterations need it.
class Code {
 public:
  explicit Code(const std::string& text)
      : plain(without_comments(text)), code(without_literals(text)) {
    partner_.assign(code.size(), none);
    around_.assign(code.size(), none);
    std::vector<size_t> open;
    for (size_t i = 0; i < code.size(); ++i) {
      if (closes(code[i]) && !open.empty()) {
        partner_[i] = open.back();
        partner_[open.back()] = i;
        open.pop_back();
      }
      if (!open.empty()) around_[i] = open.back();
      if (opens(code[i])) open.push_back(i);
    }
  }

  std::string plain, code;  // without comments; without literals and directives, too

  size_t partner(size_t i) const { return partner_[i]; }  // of a bracket
  size_t around(size_t i) const { return around_[i]; }    // the bracket that is open there

  std::string word_before(size_t end) const {
    while (end > 0 && is_space(code[end - 1])) --end;
    size_t begin = end;
    while (begin > 0 && is_word(code[begin - 1])) --begin;
    return code.substr(begin, end - begin);
  }
  Range trimmed(Range r) const {
    while (r.begin < r.end && is_space(code[r.begin])) ++r.begin;
    while (r.begin < r.end && is_space(code[r.end - 1])) --r.end;
    return r;
  }
  // What stands between the separators in this range, at its own level of brackets.
  std::vector<Range> parts(Range in, char separator) const {
    std::vector<Range> found;
    size_t begin = in.begin;
    for (size_t i = in.begin; i <= in.end; ++i) {
      if (i == in.end || code[i] == separator) {
        found.push_back(trimmed({begin, i}));
        begin = i + 1;
      } else if (opens(code[i])) {
        i = partner(i);
      }
    }
    return found;
  }
  std::vector<Range> parts(size_t open, char separator) const {
    return parts({open + 1, partner(open)}, separator);
  }

  enum Scope { block, outer, list };  // what these braces hold: statements, declarations, values
  Scope scope(size_t brace) const {
    if (brace == none) return outer;
    size_t begin = brace;
    while (begin > 0 && code[begin - 1] != ';' && code[begin - 1] != '{' && code[begin - 1] != '}')
      --begin;
    const Range head = trimmed({begin, brace});
    const std::string text = head.of(code);
    if (text.empty() || matches(text,
                                "(\\)|\\]|\\b(const|override|noexcept|mutable|else|do|try)|"
                                "-> [\\w:<>&*]+)$"))
      return block;
    if (matches(text, "\\b(struct|class|namespace|union)\\b")) return outer;
    return matches(text, "^\\W*(case\\b.*|default):$") ? block : list;
  }

 private:
  std::vector<size_t> partner_, around_;
};

struct Host {
  Range range;
  Alteration::Form form;
};

// Finds what a place in the code belongs to: the innermost condition, value or statement that can
// be there twice.
class Hosts {
 public:
  explicit Hosts(const Code& code) : c_(code) {}

  std::optional<Host> at(size_t place) const {
    size_t inner = place;
    for (size_t open; (open = c_.around(inner)) != none; inner = open) {
      if (c_.code[open] == '{' && c_.scope(open) != Code::list) break;
      if (c_.code[open] != '(') continue;
      const std::string word = c_.word_before(open);
      if (word == "if" || word == "while" || word == "for") return condition(open, place);
      if (word == "switch" || word == "catch" || word == "constexpr" || word == "static_assert")
        return {};
    }
    const Range statement = statement_around(inner);
    if (statement.begin > place || statement.end == none) return {};
    if (matches(statement.of(c_.code),
                "^(using|static_assert|template|struct|typedef|goto|extern|"
                "constexpr|static constexpr|throw|fail)\\b"))
      return {};
    return c_.scope(c_.around(inner)) == Code::outer ? in_declaration(statement, place)
                                                     : in_block(statement, place);
  }

  // The statement at `inner`, which may be its semicolon; `end` is npos if it has none. It begins
  // after what stands before, and after `if (...)`, `else`, `case 1:`.
  Range statement_around(size_t inner) const {
    const size_t open = c_.around(inner);
    size_t begin = inner;
    while (begin > (open == none ? 0 : open + 1)) {
      const char before = c_.code[begin - 1];
      const bool braces = before == '}' && c_.scope(c_.partner(begin - 1)) != Code::list;
      if (before == ';' || (braces && !ends_lambda(begin - 1))) break;
      begin = closes(before) && c_.partner(begin - 1) != none ? c_.partner(begin - 1) : begin - 1;
    }
    size_t end = inner;
    while (end < c_.code.size() && c_.code[end] != ';' && !closes(c_.code[end]))
      end = (opens(c_.code[end]) ? c_.partner(end) : end) + 1;
    if (end >= c_.code.size() || c_.code[end] != ';') return {begin, none};
    return {past_heads(begin, end), end + 1};
  }

 private:
  std::optional<Host> condition(size_t open, size_t place) const {
    const std::vector<Range> parts = c_.parts(open, ';');
    const bool is_for = c_.word_before(open) == "for";
    if (is_for && parts.size() != 3) return {};
    const Range range = is_for ? parts[1] : parts.back();
    if (is_for && place < parts[0].end) return value_in(parts[0], place);
    const std::string text = range.of(c_.code);
    const bool declares = matches(text, "^[\\w:<>,&* ]+ [*&]?\\w+ =\\s") || text.empty();
    if (declares || place < range.begin || place >= range.end) return {};
    return Host{range, Alteration::condition};
  }

  bool ends_lambda(size_t brace) const {
    const size_t next = c_.code.find_first_not_of(" \n", brace + 1);
    return next != none && std::string(";,).").find(c_.code[next]) != none;
  }

  size_t past_heads(size_t begin, size_t end) const {
    static const std::regex head(
        "^\\s*(else\\b|do\\b|if constexpr(?= \\()|(?:if|for|while|switch)(?= \\()|"
        "case [^:]*:(?!:)|(?:default|public|private|protected):)");
    for (;;) {
      std::smatch match;
      const std::string rest = c_.code.substr(begin, end - begin);
      if (!std::regex_search(rest, match, head)) break;
      begin += static_cast<size_t>(match.length());
      const std::string word = match[1];
      if (matches(word, "^(if|for|while|switch)")) begin = c_.partner(c_.code.find('(', begin)) + 1;
    }
    return c_.trimmed({begin, end}).begin;
  }

  // `T x = E, y = F`: E or F.
  std::optional<Host> value_in(const Range& statement, size_t place) const {
    for (const Range& part : c_.parts(statement, ',')) {
      if (place < part.begin || place >= part.end) continue;
      const std::string text = part.of(c_.code);
      const size_t sign = std::min(text.find(" = "), text.find(" =\n"));
      if (sign == none || place < part.begin + sign + 3) return {};
      return argument(c_.trimmed({part.begin + sign + 3, part.end}));
    }
    return {};
  }
  std::optional<Host> argument(const Range& range) const {
    if (range.begin >= range.end || c_.code[range.begin] == '{') return {};
    return Host{range, Alteration::value};
  }

  // : size_(n - 1), rest_(0)
  bool initialises_member(size_t open) const {
    const size_t word = c_.word_before(open).size();
    const size_t before = c_.code.find_last_not_of(" \n", open - word - 1);
    return word > 0 && before != none && (c_.code[before] == ':' || c_.code[before] == ',');
  }

  std::optional<Host> in_declaration(const Range& statement, size_t place) const {
    const size_t open = c_.around(place);
    if (open != none && open > statement.begin && initialises_member(open)) {
      for (const Range& part : c_.parts(open, ','))
        if (place >= part.begin && place < part.end) return argument(part);
      return {};
    }
    const std::string text = statement.of(c_.code);
    if (!matches(text, "^(const |static |inline |mutable )*[\\w:<>,]+[&*]* \\w+ =\\s")) return {};
    return value_in({statement.begin, statement.end - 1}, place);
  }

  std::optional<Host> in_block(const Range& statement, size_t place) const {
    const std::string text = statement.of(c_.code);
    const std::string type = "^(?:const |static |inline )*[\\w:]+(?:<[^;=()]*>)?[&*]* ";
    const bool other = matches(text, "^(return|delete|else|new)\\b");
    if (!other && matches(text, type + "[&*]*(\\w+|\\[[\\w, ]+\\]) =\\s"))
      return value_in({statement.begin, statement.end - 1}, place);
    if (!other && matches(text, type + "\\w+[({]")) {
      const size_t open = statement.begin + text.find_first_of("({");
      for (const Range& part : c_.parts(open, ','))
        if (place >= part.begin && place < part.end) return argument(part);
      return {};
    }
    if (!other && matches(text, type + "\\w+(\\[.*)?[;,]")) return {};
    return Host{statement, Alteration::statement};
  }

  const Code& c_;
};

class Finder {
 public:
  explicit Finder(const std::string& text) : c_(text), hosts_(c_) {}

  std::vector<Alteration> find() {
    operators();
    constants();
    statements();
    calls();
    conditions();
    std::stable_sort(found_.begin(), found_.end(),
                     [](const auto& a, const auto& b) { return a.at.begin < b.at.begin; });
    return std::move(found_);
  }

 private:
  void add(const char* kind, Range at, const std::string& by) {
    if (const std::optional<Host> host = hosts_.at(at.begin))
      if (at.end <= host->range.end) found_.push_back({kind, at, by, host->range, host->form});
  }
  std::vector<Range> all(const char* pattern) const {
    std::vector<Range> found;
    const std::regex regex(pattern);
    for (std::sregex_iterator it(c_.code.begin(), c_.code.end(), regex), end; it != end; ++it)
      found.push_back({static_cast<size_t>(it->position()),
                       static_cast<size_t>(it->position() + it->length())});
    return found;
  }

  void operators() {
    struct Rule {
      const char *kind, *sign, *by;
    };
    static const Rule rules[] = {
        {"comparison", "<", "<="},  {"comparison", "<=", "<"},  {"comparison", ">", ">="},
        {"comparison", ">=", ">"},  {"comparison", "==", "!="}, {"comparison", "!=", "=="},
        {"arithmetic", "+", "-"},   {"arithmetic", "-", "+"},   {"arithmetic", "*", "/"},
        {"arithmetic", "/", "*"},   {"arithmetic", "%", "*"},   {"arithmetic", "+=", "-="},
        {"arithmetic", "-=", "+="}, {"condition", "&&", "||"},  {"condition", "||", "&&"},
    };
    for (const Range& sign : all(" (?:[<>]=?|[=!]=|[-+*/%]|[-+]=|&&|\\|\\|)(?=\\s)"))
      for (const Rule& rule : rules) {
        const Range at{sign.begin + 1, sign.end};
        const size_t next = c_.code.find_first_not_of(" \n", at.end);
        const bool texts = c_.code[next] == '"' || c_.code[sign.begin - 1] == '"';
        if (at.of(c_.code) == rule.sign && !texts) add(rule.kind, at, rule.by);
      }
  }

  void constants() {
    for (const Range& at : all("\\b\\d[\\d'.]*(?:e-?\\d+)?(?=[^\\w'.])")) {
      if (at.begin > 0 && (c_.code[at.begin - 1] == '.' || c_.code[at.begin - 1] == '\'')) continue;
      const std::string number = at.of(c_.plain);
      add("constant", at, "(" + number + " + 1)");
      if (number != "0") add("constant", at, "(" + number + " - 1)");
    }
  }

  void statements() {
    for (size_t i = c_.code.find(';'); i != none; i = c_.code.find(';', i + 1)) {
      const size_t open = c_.around(i);
      if (open == none || c_.code[open] != '{' || c_.scope(open) != Code::block) continue;
      const Range range = hosts_.statement_around(i);
      const std::string text = range.of(c_.code);
      if (text == "break;" || text == "continue;") add_whole("jump", range);
      else if (matches(text, "^fail\\(")) add_whole("statement", range);
      else if (const auto host = hosts_.at(range.begin); host &&
                                                         host->form == Alteration::statement &&
                                                         !matches(text, "^(return\\b|\\(void\\))"))
        add_whole("statement", range);
    }
  }
  void add_whole(const char* kind, Range range) {
    if (range.end - range.begin > 1)
      found_.push_back({kind, range, "", range, Alteration::statement});
  }

  void calls() {
    for (const Range& head : all("\\w\\((?!\\))")) {
      const size_t open = head.end - 1;
      if (matches(c_.word_before(open), "^(if|for|while|switch|fail|sizeof|return|catch|assert)$"))
        continue;
      const std::vector<Range> arguments = c_.parts(open, ',');
      for (size_t i = 0; i < arguments.size(); ++i) {
        const std::string text = arguments[i].of(c_.code);
        if (text.empty()) continue;
        if (arguments.size() > 1 && !matches(text, "^([\\[{\"]|(0|false|nullptr)$)"))
          add("argument", arguments[i], "{}");
        if (i == 0) continue;
        const Range both{arguments[i - 1].begin, arguments[i].end};
        const std::string first = arguments[i - 1].of(c_.plain), second = arguments[i].of(c_.plain);
        const char* simple = "^[\\w.:>\\[\\]()-]+$";
        if (first != second && !commutes(c_.word_before(open)) && matches(first, simple) &&
            matches(second, simple))
          add("swap", both, second + ", " + first);
      }
    }
  }

  void conditions() {
    for (const Range& head : all("\\b(?:if|while) \\(")) {
      const std::vector<Range> parts = c_.parts(head.end - 1, ';');
      if (parts.empty() || parts.back().begin >= parts.back().end) continue;
      add("condition", parts.back(), "!(" + parts.back().of(c_.plain) + ")");
    }
  }

  Code c_;
  Hosts hosts_;
  std::vector<Alteration> found_;
};

std::string in_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

std::vector<Alteration> alterations_of(const std::string& text) { return Finder(text).find(); }

std::string with_switches(const std::string& text, const std::vector<Switched>& all) {
  const std::string plain = Code(text).plain;
  std::string result;
  size_t copied = 0;
  for (const auto& [a, number] : all) {
    const std::string before = a.host.of(plain);
    const std::string altered = in_one_line(Range{a.host.begin, a.at.begin}.of(plain) + a.by +
                                            Range{a.at.end, a.host.end}.of(plain));
    const std::string on = "cairn_mutant(" + std::to_string(number) + ")";
    result += Range{copied, a.host.begin}.of(plain);
    if (a.form == Alteration::statement)
      result += "{ if (" + on + ") { " + altered + " } else { " + before + " } }";
    else if (a.form == Alteration::condition)
      result += on + " ? static_cast<bool>(" + altered + ") : static_cast<bool>(" + before + ")";
    else result += "(" + on + " ? (" + altered + ") : (" + before + "))";
    copied = a.host.end;
  }
  return result + plain.substr(copied);
}

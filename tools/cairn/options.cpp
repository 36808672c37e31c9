// Parsing a command line, and printing what it may hold.
#include "tools/cairn/options.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <system_error>

#include "core/nearest_name.h"
#include "core/parallel.h"
#include "tools/cairn/standard_streams.h"

namespace cairn {
namespace {

std::string shown(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

template <typename Number>
bool read_number(const std::string& text, Number& value) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return result.ec == std::errc() && result.ptr == end;
}

}  // namespace

std::string wrapped(const std::string& text, size_t indent, size_t width) {
  std::istringstream words(text);
  std::string result;
  size_t column = indent;
  for (std::string word; words >> word;) {
    if (!result.empty()) {
      const bool fits = column + 1 + word.size() <= width;
      result += fits ? " " : "\n" + std::string(indent, ' ');
      column = fits ? column + 1 : indent;
    }
    result += word;
    column += word.size();
  }
  return result;
}

Options::Options(std::string command, std::string summary)
    : command_(std::move(command)), summary_(std::move(summary)) {}

void Options::text(const char* name, std::string& value, const char* kind, const char* help) {
  options_.push_back({name, &value, kind, help});
}

void Options::required(const char* name, std::string& value, const char* kind, const char* help) {
  text(name, value, kind, help);
  options_.back().required = true;
}

void Options::required(const char* name, int64_t& value, int64_t min, int64_t max,
                       const char* help) {
  integer(name, value, min, max, help);
  options_.back().required = true;
}

void Options::integer(const char* name, int64_t& value, int64_t min, int64_t max,
                      const char* help) {
  options_.push_back({name, &value, "N", help, static_cast<double>(min), static_cast<double>(max)});
}

void Options::number(const char* name, double& value, double min, double max, const char* help) {
  options_.push_back({name, &value, "X", help, min, max});
}

void Options::flag(const char* name, bool& value, const char* help) {
  options_.push_back({name, &value, "", help});
}

void Options::threads() {
  integer("threads", threads_, 1, 256, "processor threads to use (default: all)");
}

void Options::positional(const char* kind, std::string& value, const char* help) {
  positionals_.push_back({"", &value, kind, help});
}

bool Options::parse(const Arguments& arguments) {
  flag("help", help_wanted_, "print this and stop");
  for (const char* name : {"-h", "--help"}) {
    if (std::find(arguments.begin(), arguments.end(), name) == arguments.end()) continue;
    write_output(help());
    return false;
  }
  size_t positionals_seen = 0;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (!argument.starts_with("--")) {
      if (positionals_seen == positionals_.size())
        fail_usage("what is \"" + argument + "\"? options begin with --");
      Option& positional = positionals_[positionals_seen++];
      set(positional, argument);
      positional.given = true;
      continue;
    }
    const size_t equals = argument.find('=');
    Option& option = find(argument.substr(2, equals == argument.npos ? equals : equals - 2));
    option.given = true;
    if (std::holds_alternative<bool*>(option.value)) {
      if (equals != argument.npos) fail_usage("--" + option.name + " takes no value");
      *std::get<bool*>(option.value) = true;
    } else if (equals != argument.npos) {
      set(option, argument.substr(equals + 1));
    } else if (i + 1 < arguments.size()) {
      set(option, arguments[++i]);
    } else {
      fail_usage("--" + option.name + " lacks its value");
    }
  }
  check_required();
  if (threads_ > 0) set_threads(static_cast<int>(threads_));
  return true;
}

Options::Option& Options::find(const std::string& name) {
  std::vector<std::string> names;
  for (Option& option : options_) {
    if (option.name == name) return option;
    names.push_back(option.name);
  }
  const std::string nearest = nearest_name(name, names, 2);
  fail_usage("there is no option --" + name +
             (nearest.empty() ? "" : "; did you mean --" + nearest + "?"));
}

void Options::set(Option& option, const std::string& text) const {
  if (auto* value = std::get_if<std::string*>(&option.value)) {
    if (text.empty()) fail_usage("the value of --" + option.name + " is empty");
    **value = text;
    return;
  }
  double number = 0;
  bool valid = false;
  if (auto* value = std::get_if<int64_t*>(&option.value)) {
    valid = read_number(text, **value);
    number = static_cast<double>(**value);
  } else {
    valid = read_number(text, number);  // NaN is within no bounds
    *std::get<double*>(option.value) = number;
  }
  if (valid && number >= option.min && number <= option.max) return;
  fail_usage("--" + option.name + " is \"" + text + "\", not " +
             (option.kind == "N" ? "an integer" : "a number") + " from " + shown(option.min) +
             " to " + shown(option.max));
}

void Options::check_required() const {
  std::string missing;
  for (const Option& option : options_)
    if (option.required && !option.given) missing += " --" + option.name;
  for (const Option& positional : positionals_)
    if (!positional.given) missing += " " + positional.kind;
  if (!missing.empty()) fail_usage("missing:" + missing);
}

bool Options::given(const std::string& name) const {
  for (const Option& option : options_)
    if (option.name == name) return option.given;
  return false;
}

void Options::fail_usage(const std::string& what) const {
  throw UsageError(what + "\n  hint: " + command_ + " --help lists the options");
}

std::string Options::help() const {
  constexpr size_t column = 27;
  std::string usage = "usage: " + command_;
  for (const Option& positional : positionals_) usage += " " + positional.kind;
  for (const Option& option : options_)
    if (option.required) usage += " --" + option.name + " " + option.kind;
  std::string text = wrapped(usage + " [options]", 9) + "\n\n" + wrapped(summary_, 0) + "\n\n";

  const auto add_line = [&](std::string left, const std::string& right) {
    left += left.size() + 2 > column ? "\n" + std::string(column, ' ')
                                     : std::string(column - left.size(), ' ');
    text += left + wrapped(right, column) + "\n";
  };
  for (const Option& positional : positionals_) add_line("  " + positional.kind, positional.help);
  for (const Option& option : options_) {
    std::string help = option.help;
    if (option.required) help += " (required)";
    const auto* number = std::get_if<double*>(&option.value);
    const auto* integer = std::get_if<int64_t*>(&option.value);
    if (help.find("(default") == help.npos && !option.required && (number || integer))
      help += " (default: " + (number ? shown(**number) : std::to_string(**integer)) + ")";
    add_line("  --" + option.name + (option.kind.empty() ? "" : " " + option.kind), help);
  }
  return notes_.empty() ? text : text + "\n" + notes_;
}

void refuse_overwriting(const char* option, const std::string& written,
                        const std::vector<std::string>& read) {
  for (const std::string& path : read) {
    std::error_code ignored;  // of files that are not there
    if (!std::filesystem::equivalent(written, path, ignored)) continue;
    throw UsageError(std::string(option) + " names " + path +
                     ", which is an input and would be overwritten\n  hint: choose another name");
  }
}

}  // namespace cairn

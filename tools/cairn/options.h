#pragma once
// The options of one subcommand, declared once: the parser, the check of each value and the text of
// --help all come from the same list.
//
//   int64_t size = 32;
//   Options options("cairn example", "Shows how it is done.");
//   options.integer("batch-size", size, 1, 4096, "sentences in a batch");
//   if (!options.parse(arguments)) return 0;   // --help was asked for and has been printed
#include <cstdint>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace cairn {

// A mistake on the command line: the program ends with exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

using Arguments = std::vector<std::string>;

class Options {
 public:
  // `command` as it is typed, `summary` in one or more sentences.
  Options(std::string command, std::string summary);

  // Each declares an option and the variable that it sets; what the variable holds at parse() is
  // the default. `kind` stands for the value in the help: FILE, DIR. Values outside of
  // min..max, and anything that is not a number, are a UsageError.
  void text(const char* name, std::string& value, const char* kind, const char* help);
  void integer(const char* name, int64_t& value, int64_t min, int64_t max, const char* help);
  void number(const char* name, double& value, double min, double max, const char* help);
  void flag(const char* name, bool& value, const char* help);
  // The same, for what must be given.
  void required(const char* name, std::string& value, const char* kind, const char* help);
  void required(const char* name, int64_t& value, int64_t min, int64_t max, const char* help);
  void threads();  // --threads N, which every command has
  // A value without a name, required: `cairn inspect DIR`.
  void positional(const char* kind, std::string& value, const char* help);
  // Printed at the end of the help: examples, explanations. Lines of at most 80 columns.
  void notes(std::string text) { notes_ = std::move(text); }

  // Sets the variables: `--name value` or `--name=value`; the last of several counts. Returns false
  // if --help was among the arguments and has been printed to stdout. UsageError for anything
  // unknown (it names the nearest option), missing or out of range.
  bool parse(const Arguments& arguments);

  bool given(const std::string& name) const;  // whether the command line set this option
  std::string help() const;                   // at most 80 columns wide

 private:
  struct Option {
    std::string name;
    std::variant<std::string*, int64_t*, double*, bool*> value;
    std::string kind, help;
    double min = 0, max = 0;
    bool required = false, given = false;
  };

  Option& find(const std::string& name);
  void set(Option& option, const std::string& text) const;
  void check_required() const;
  [[noreturn]] void fail_usage(const std::string& what) const;

  std::string command_, summary_, notes_;
  std::vector<Option> options_;
  std::vector<Option> positionals_;
  int64_t threads_ = 0;
  bool help_wanted_ = false;
};

// UsageError if the file `written`, which `option` names, is one of those that are read.
void refuse_overwriting(const char* option, const std::string& written,
                        const std::vector<std::string>& read);

// `text` broken at blanks into lines of at most `width` columns, each but the first indented.
std::string wrapped(const std::string& text, size_t indent, size_t width = 80);

}  // namespace cairn

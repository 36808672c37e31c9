#pragma once
// Just enough of C++ to find the backward passes in a source file, and the expressions in them.
#include <cstddef>
#include <string>
#include <vector>

// The text with spaces for comments; for directives and what stands in quotes, too.
std::string without_comments(const std::string& text);
std::string without_literals(const std::string& text);

// The number of the line that the character at `at` is in; the first is 1.
int line_of(const std::string& text, size_t at);

struct Range {
  size_t begin, end;
  std::string of(const std::string& text) const { return text.substr(begin, end - begin); }
};

// A function that computes gradients: a node's backward or backward_in_ops, a function *_backward
// or *_slope or d_*, a slope in a row of a table of functions.
struct Region {
  std::string name;
  Range body;
  std::vector<std::string> saved;   // the node's fields of type Saved
  std::vector<std::string> arrays;  // a kernel's arrays that it reads
};

// A statement like node->y = Saved::output(y): `value` is what stands right of the sign.
struct SavedField {
  Range value;
  std::string input, output;  // the op's first input and its output, as the op calls them
};

class Source {
 public:
  Source(std::string file, std::string text);

  const std::string file;  // from the repository's root
  const std::string text;
  // The same, character by character, with spaces for comments, strings and the heads of loops,
  // and for the last one also for what stands in brackets.
  const std::string code, outside_brackets;

  std::vector<Region> regions() const;
  std::vector<SavedField> saved_fields() const;
  // What a region computes: second arguments of g.add, right sides of = on numbers and tensors,
  // returned expressions.
  std::vector<Range> values(const Range& in) const;

  // The matches of a regular expression in this range of the code.
  std::vector<Range> find(const std::string& pattern, const Range& in) const;
  // The bracket that closes the one at `open`.
  size_t close(size_t open) const;
  // What stands between commas in the brackets that open at `open`.
  std::vector<Range> arguments(size_t open) const;
  int line(size_t at) const { return line_of(text, at); }
};

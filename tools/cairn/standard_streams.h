#pragma once
// stdin, stdout and stderr, as all subcommands use them.
#include <cstdint>
#include <string>
#include <string_view>

#include "core/io/json.h"

namespace cairn {

// Thrown when nobody reads stdout any more (`cairn predict | head`): the program ends quietly.
struct OutputClosed {};

// Writes to stdout. Error if that fails, for example because the disk is full.
void write_output(std::string_view text);
void flush_output();

// Numbers as JSON with the fewest digits that read back as the same float.
Json json_numbers(const float* values, int64_t count);

// Writes "cairn: TEXT" to stderr.
void note(const std::string& text);

// The lines of stdin, one after the other, without their line ends. Error with the line's number if
// a line is not UTF-8 or longer than 16 MB.
class InputLines {
 public:
  bool next(std::string& line);               // false at the end
  int64_t number() const { return number_; }  // of the line read last, from 1
  std::string place() const;                  // "standard input:12"

 private:
  bool fill();

  std::string buffer_;
  size_t offset_ = 0;  // of the next line in the buffer
  int64_t number_ = 0;
};

}  // namespace cairn

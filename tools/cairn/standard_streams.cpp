// Reading lines, writing results and notes; each call's result is checked.
#include "tools/cairn/standard_streams.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <system_error>

#include "core/error.h"
#include "core/io/descriptor.h"
#include "core/io/utf8.h"

namespace cairn {
namespace {

constexpr size_t max_line_bytes = 16 << 20;

[[noreturn]] void fail_output(int error_number) {
  if (error_number == EPIPE) throw OutputClosed();
  fail_for("standard output", "can't be written", error_number);
}

}  // namespace

void write_output(std::string_view text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) fail_output(errno);
}

void flush_output() {
  errno = 0;
  if (std::fflush(stdout) != 0 || std::ferror(stdout)) fail_output(errno);
}

Json json_numbers(const float* values, int64_t count) {
  Json array = Json::array();
  for (int64_t i = 0; i < count; ++i) {
    char text[32];
    const char* end = std::to_chars(text, text + sizeof text, values[i]).ptr;
    double same_digits = 0;
    std::from_chars(text, end, same_digits);
    array.push(same_digits);
  }
  return array;
}

void note(const std::string& text) { std::fputs(("cairn: " + text + "\n").c_str(), stderr); }

std::string InputLines::place() const { return "standard input:" + std::to_string(number_); }

// Reads more bytes behind what is left in the buffer.
bool InputLines::fill() {
  buffer_.erase(0, offset_);
  offset_ = 0;
  const size_t size = buffer_.size();
  if (size > max_line_bytes)
    fail("standard input:" + std::to_string(number_ + 1), "the line is longer than 16 MB",
         "is this a text with one sentence per line?");
  buffer_.resize(size + (64 << 10));
  ssize_t count = 0;
  do {
    count = ::read(STDIN_FILENO, buffer_.data() + size, buffer_.size() - size);
  } while (count < 0 && errno == EINTR);
  if (count < 0)
    fail("standard input", "can't be read: " + std::generic_category().message(errno),
         "give a text file with <FILE, or a pipe");
  buffer_.resize(size + static_cast<size_t>(count));
  return count > 0;
}

bool InputLines::next(std::string& line) {
  size_t searched = offset_, end;
  while ((end = buffer_.find('\n', searched)) == std::string::npos) {
    searched = buffer_.size() - offset_;
    if (fill()) continue;
    if (offset_ == buffer_.size()) return false;
    end = buffer_.size();  // the last line lacks its end
    break;
  }
  line.assign(buffer_, offset_, end - offset_);
  offset_ = std::min(end + 1, buffer_.size());
  ++number_;
  if (line.ends_with('\r')) line.pop_back();
  check_utf8(place(), line, "the line");
  return true;
}

}  // namespace cairn

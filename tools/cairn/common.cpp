// stdin, stdout and model folders, as all subcommands use them.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "core/error.h"
#include "core/io/descriptor.h"
#include "core/io/utf8.h"
#include "tools/cairn/commands.h"

namespace cairn {
namespace {

constexpr size_t longest_line = 16 << 20;

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

void note(const std::string& text) { std::fputs(("cairn: " + text + "\n").c_str(), stderr); }

void keep_inputs(const char* option, const std::string& written,
                 const std::vector<std::string>& read) {
  for (const std::string& path : read) {
    std::error_code ignored;  // of files that are not there
    if (!std::filesystem::equivalent(written, path, ignored)) continue;
    throw UsageError(std::string(option) + " names " + path +
                     ", which is an input and would be overwritten\n  hint: choose another name");
  }
}

std::string InputLines::place() const { return "standard input:" + std::to_string(number_); }

// Reads more bytes behind what is left in the buffer.
bool InputLines::fill() {
  buffer_.erase(0, at_);
  at_ = 0;
  const size_t size = buffer_.size();
  if (size > longest_line)
    fail("standard input:" + std::to_string(number_ + 1), "the line is longer than 16 MB",
         "is this a text with one sentence per line?");
  buffer_.resize(size + (64 << 10));
  ssize_t n = 0;
  do {
    n = ::read(STDIN_FILENO, buffer_.data() + size, buffer_.size() - size);
  } while (n < 0 && errno == EINTR);
  if (n < 0)
    fail("standard input", "can't be read: " + std::generic_category().message(errno),
         "give a text file with <FILE, or a pipe");
  buffer_.resize(size + static_cast<size_t>(n));
  return n > 0;
}

bool InputLines::next(std::string& line) {
  size_t searched = at_, end;
  while ((end = buffer_.find('\n', searched)) == std::string::npos) {
    searched = buffer_.size() - at_;
    if (fill()) continue;
    if (at_ == buffer_.size()) return false;
    end = buffer_.size();  // the last line lacks its end
    break;
  }
  line.assign(buffer_, at_, end - at_);
  at_ = std::min(end + 1, buffer_.size());
  ++number_;
  if (line.ends_with('\r')) line.pop_back();
  check_utf8(place(), line, "the line");
  return true;
}

ModelFolder open_model(const std::string& folder, int64_t max_length, int64_t default_value) {
  BertConfig config = BertConfig::load(folder);
  for (const std::string& text : config.notes) note(text);
  BertTokenizer tokenizer = BertTokenizer::from_pretrained(folder);
  for (const std::string& text : tokenizer.notes()) note(text);
  if (tokenizer.size() > config.vocab_size)
    fail(folder, "the vocabulary has " + std::to_string(tokenizer.size()) +
                     " tokens, but config.json's vocab_size is " +
                     std::to_string(config.vocab_size),
         "the vocabulary belongs to another model");
  max_length = checked_length(config, max_length, default_value);
  return {std::move(config), std::move(tokenizer), max_length};
}

int64_t checked_length(const BertConfig& config, int64_t max_length, int64_t default_value) {
  const int64_t positions = config.max_position_embeddings;
  if (max_length > positions)
    fail("--max-length", std::to_string(max_length) + " is more than the model's " +
                             std::to_string(positions) + " positions",
         "give at most " + std::to_string(positions));
  return max_length > 0 ? max_length : std::min(positions, default_value);
}

}  // namespace cairn

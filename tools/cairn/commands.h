#pragma once
// What the subcommands of `cairn` share. Each is a function that takes the arguments after its name
// and returns the exit code: 0, or 1 where the data are at fault and that was no exception. (Error
// is exit code 1, UsageError 2; a training that Ctrl-C interrupted returns 130.)
#include <string>
#include <string_view>
#include <vector>

#include "models/bert/config.h"
#include "text/bert_tokenizer.h"
#include "tools/cairn/options.h"

namespace cairn {

int run_finetune(const Arguments& arguments);
int run_eval(const Arguments& arguments);
int run_predict(const Arguments& arguments);
int run_embed(const Arguments& arguments);
int run_tokenize(const Arguments& arguments);
int run_inspect(const Arguments& arguments);
int run_vocab(const Arguments& arguments);
int run_pretrain(const Arguments& arguments);
int run_doctor(const Arguments& arguments);
int run_demo(const Arguments& arguments);

// Thrown when nobody reads stdout any more (`cairn predict | head`): the program ends quietly.
struct OutputClosed {};

// Writes to stdout. Error if that fails, for example because the disk is full.
void write_output(std::string_view text);
void flush_output();

// Writes "cairn: TEXT" to stderr.
void note(const std::string& text);

// UsageError if the file `written`, which `option` names, is one of those that are read.
void keep_inputs(const char* option, const std::string& written,
                 const std::vector<std::string>& read);

// The lines of stdin, one after the other, without their ends. Error with the line's number if a
// line is not UTF-8 or longer than 16 MB.
class InputLines {
 public:
  bool next(std::string& line);                // false at the end
  int64_t number() const { return number_; }   // of the line read last, from 1
  std::string place() const;                   // "standard input:12"

 private:
  bool fill();

  std::string buffer_;
  size_t at_ = 0;
  int64_t number_ = 0;
};

// A model folder's configuration and tokenizer, checked against each other.
struct ModelFolder {
  BertConfig config;
  BertTokenizer tokenizer;
  int64_t max_length;  // how many tokens of a text are read
};

// Says which fields of config.json were passed over. Error if the tokenizer has ids that the model
// has no embedding for, and as checked_length.
ModelFolder open_model(const std::string& folder, int64_t max_length, int64_t default_value);

// How many tokens a text may have: `max_length`, or if that is 0, `default_value` but no more than
// the model has positions. Error if max_length is more than the model's positions.
int64_t checked_length(const BertConfig& config, int64_t max_length, int64_t default_value);

constexpr int64_t max_tokens = 1'000'000;  // the largest --max-length

}  // namespace cairn

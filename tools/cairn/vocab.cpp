// cairn vocab: a WordPiece vocabulary from the user's own text.
#include "core/io/file_kind.h"
#include "core/io/files.h"
#include "text/more/wordpiece_trainer.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/standard_streams.h"

namespace cairn {

int run_vocab(const Arguments& arguments) {
  std::string text, out;
  WordPieceTrainerOptions training;
  bool cased = false;
  Options options("cairn vocab", "Makes a WordPiece vocabulary from text.");
  options.required("text", text, "FILE", "the text, UTF-8");
  options.required("out", out, "FILE", "the vocabulary, one token per line");
  options.integer("size", training.size, 6, 10'000'000,
                  "tokens wanted, including the five special ones");
  options.integer("min-frequency", training.min_frequency, 1, 1'000'000'000,
                  "how often two pieces must occur side by side to become a token");
  options.flag("cased", cased, "keep upper case and accents");
  options.threads();
  if (!options.parse(arguments)) return 0;
  refuse_overwriting("--out", out, {text});

  training.words.lower_case = training.words.strip_accents = !cased;
  const TrainedVocabulary vocabulary = train_wordpiece(read_text(text), training);
  std::string lines;
  for (const std::string& token : vocabulary.tokens) lines += token + "\n";
  write_file_atomically(out, lines);
  note(out + ": " + std::to_string(vocabulary.tokens.size()) + " tokens");
  if (vocabulary.left_out > 0)
    note(std::to_string(vocabulary.left_out) + " rare characters have no token");
  return 0;
}

}  // namespace cairn

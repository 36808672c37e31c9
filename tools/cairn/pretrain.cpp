// cairn pretrain: a new BERT from plain text, by masked words and next sentences.
#include "train/more/pretrain.h"
#include "core/error.h"
#include "core/io/files.h"
#include "models/bert/more/pretraining.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/model_folder.h"
#include "tools/cairn/standard_streams.h"

namespace cairn {
namespace {

constexpr const char* notes =
    "The text has one sentence per line, and a blank line between documents. --config\n"
    "is a config.json as Hugging Face writes it, for example\n"
    "  {\"hidden_size\": 128, \"num_hidden_layers\": 2, \"num_attention_heads\": 2,\n"
    "   \"intermediate_size\": 512, \"max_position_embeddings\": 128}\n"
    "Fields that it lacks have BERT's usual values; vocab_size is that of --vocab.\n"
    "\n"
    "Ctrl-C finishes the step and saves a checkpoint; the same command with --resume\n"
    "continues from there to the same result, bit for bit.\n";

BertConfig read_config(const std::string& path, const BertTokenizer& tokenizer) {
  const Json json = read_settings(path);
  BertConfig config = BertConfig::from_json(json);
  for (const std::string& text : config.notes) note(text);
  const Json* size = json.find("vocab_size");
  if (!size || size->is_null()) config.vocab_size = tokenizer.size();
  if (tokenizer.size() > config.vocab_size)
    fail(path,
         "vocab_size is " + std::to_string(config.vocab_size) + ", but the vocabulary has " +
             std::to_string(tokenizer.size()) + " tokens",
         "leave vocab_size out");
  config.check_memory(path, 4 * sizeof(real));  // weights, gradients, AdamW's two moments
  return config;
}

}  // namespace

int run_pretrain(const Arguments& arguments) {
  std::string text, vocab, config_path;
  int64_t seed = 0, max_length = 0;
  double dropout = 0;
  bool cased = false, overwrite = false;
  PretrainOptions training;
  training.run.lr = 1e-4;
  training.run.warmup = 0.1;
  Options options("cairn pretrain", "Trains a new BERT on plain text.");
  options.required("text", text, "FILE", "the text, one sentence per line");
  options.required("vocab", vocab, "FILE", "the vocabulary, one token per line");
  options.required("config", config_path, "FILE", "the model's sizes, JSON");
  options.required("out", training.run.out, "DIR", "where the model is written");
  options.required("max-steps", training.run.steps, 1, 1'000'000'000, "how many steps to train");
  options.flag("overwrite", overwrite, "write into --out even if it is not empty");
  options.flag("resume", training.run.resume, "continue from the last checkpoint in --out");
  options.integer("batch-size", training.batch_size, 1, 65536, "pairs of sentences per step");
  options.number("lr", training.run.lr, 0, 10, "the highest learning rate");
  options.number("warmup", training.run.warmup, 0, 1,
                 "the fraction of all steps in which it rises from 0");
  options.number("weight-decay", training.run.weight_decay, 0, 10, "AdamW's");
  options.number("clip", training.run.clip, 0, 1e9, "the gradient's maximum norm; 0: no clipping");
  options.number("dropout", dropout, 0, 0.99, "all dropout rates (default: those of --config)");
  options.integer("max-length", max_length, 0, max_tokens,
                  "cut pairs to N tokens (default: 128, or the model's positions)");
  options.integer("seed", seed, 0, 1'000'000'000'000, "seed of weights, pairs, masks and dropout");
  options.flag("cased", cased, "the vocabulary keeps upper case and accents");
  options.integer("checkpoint-every", training.run.checkpoint_every, 0, 1'000'000'000,
                  "steps between checkpoints; 0: never");
  options.text("log", training.run.log, "FILE", "write one line of JSON per step");
  options.threads();
  options.notes(notes);
  if (!options.parse(arguments)) return 0;
  refuse_overwriting("--log", training.run.log, {text, vocab, config_path});

  training.seed = static_cast<uint64_t>(seed);
  BertTokenizerOptions words;
  words.lower_case = !cased;
  const BertTokenizer tokenizer = BertTokenizer::from_vocab(vocab, words);
  BertConfig config = read_config(config_path, tokenizer);
  if (options.given("dropout")) config.set_dropout(dropout);
  training.max_length = checked_length(config, max_length, 128);
  const Documents documents = read_documents(text);
  const OutputFolder out(training.run.out, overwrite || training.run.resume);
  Random random(training.seed);
  BertForPreTraining model(config, {.std = config.initializer_range, .random = &random});
  const PretrainResult result = pretrain(model, tokenizer, documents, training);
  if (result.interrupted) {
    note("interrupted after step " + std::to_string(result.steps.back().step) + "; saved in " +
         training.run.out +
         "/checkpoint.safetensors\n  hint: the same command with --resume continues");
    return 130;
  }
  note("saved in " + training.run.out);
  return 0;
}

}  // namespace cairn

// cairn demo: the whole way of a language model, on a corpus small enough for two minutes:
// vocabulary, pretraining, saving, loading, fine-tuning, and an honest comparison. demo/README.md
// explains the corpus and the numbers chosen here.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/io/files.h"
#include "core/kernels/kernels.h"
#include "core/parallel.h"
#include "models/bert/load.h"
#include "models/bert/more/pretraining.h"
#include "text/more/wordpiece_trainer.h"
#include "text/tsv.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/demo/demo.h"
#include "tools/cairn/standard_streams.h"
#include "train/more/bag_of_words.h"
#include "train/more/classification_report.h"

namespace cairn {
namespace {

constexpr int64_t vocabulary_size = 1500, max_length = 64;
constexpr int64_t pretraining_steps = 2600, pretraining_batch = 32;
constexpr int64_t tuning_epochs = 5, tuning_batch = 32;
constexpr double pretraining_lr = 2e-3, tuning_lr = 5e-4;
constexpr int minutes_per_seed = 2;  // on two cores; README.md and `make help` say the same

void say(const std::string& text) {
  write_output(text + "\n");
  flush_output();
}

template <class... Values>
std::string format(const char* pattern, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

std::vector<std::string> texts_of(const std::string& path) {
  std::vector<std::string> texts;
  for (const Example& example : read_tsv(path, 2)) texts.push_back(example.text);
  return texts;
}

DemoData read_data(const std::string& folder, const BertTokenizer& tokenizer) {
  DemoData data;
  data.task = find_task("sst2");
  const auto read = [&](const char* file) {
    return read_examples(data.task, folder + "/" + file, tokenizer, max_length);
  };
  data.train = read("train.tsv");
  data.dev = read("dev.tsv");
  data.seen = read("test_seen.tsv");
  data.unseen = read("test_unseen.tsv");
  data.seen_texts = texts_of(folder + "/test_seen.tsv");
  data.unseen_texts = texts_of(folder + "/test_unseen.tsv");
  return data;
}

BertTokenizer make_vocabulary(const std::string& folder, const std::string& out) {
  const std::string text = read_file(folder + "/pretrain.txt");
  const TrainedVocabulary vocabulary =
      train_wordpiece(text, {.size = vocabulary_size, .words = {}});
  BertTokenizer tokenizer(vocabulary.tokens);
  const OutputFolder made(out, true);
  tokenizer.save_pretrained(out);
  return tokenizer;
}

BertConfig demo_config(const std::string& path, const BertTokenizer& tokenizer) {
  BertConfig config = BertConfig::from_json(read_settings(path));
  config.vocab_size = tokenizer.size();
  return config;
}

RunOptions run_options(const std::string& out, double lr) {
  RunOptions options;
  options.out = out;
  options.lr = lr;
  options.warmup = 0.1;
  options.checkpoint_every = 0;
  return options;
}

PretrainResult pretrained(const BertConfig& config, const BertTokenizer& tokenizer,
                          const Documents& documents, uint64_t seed, const std::string& out) {
  Random random(seed);
  BertForPreTraining model(config, {.std = config.initializer_range, .random = &random});
  PretrainOptions options;
  options.run = run_options(out, pretraining_lr);
  options.run.steps = pretraining_steps;
  options.batch_size = pretraining_batch;
  options.max_length = max_length;
  options.seed = seed;
  return pretrain(model, tokenizer, documents, options);
}

FinetuneResult tuned(BertForSequenceClassification& model, const BertTokenizer& tokenizer,
                     const DemoData& data, uint64_t seed, const std::string& out) {
  FinetuneOptions options;
  options.run = run_options(out, tuning_lr);
  options.epochs = tuning_epochs;
  options.batch_size = tuning_batch;
  options.seed = seed;
  return finetune(model, tokenizer, data.train, data.dev, options);
}

DemoScore score(BertForSequenceClassification& model, const DemoData& data) {
  return {evaluate(model, data.seen).matrix, evaluate(model, data.unseen).matrix};
}

void say_epochs(const FinetuneResult& result) {
  say("\n   epoch   training loss   dev loss   dev accuracy");
  for (size_t i = 0; i < result.evaluations.size(); ++i) {
    const Evaluation& evaluation = result.evaluations[i];
    say(format("   %5zu   %13.4f   %8.4f   %11.1f%%%s", i + 1, evaluation.train_loss,
               evaluation.loss, 100 * evaluation.accuracy,
               result.best && evaluation.step == result.best->step ? "  kept" : ""));
  }
  say("");
}

void say_score(const char* name, const DemoScore& score) {
  say(format("   %-26s %9.1f%% %9.1f%% %9.1f%%", name, 100 * score.seen.accuracy(),
             100 * score.unseen.accuracy(), 100 * score.accuracy()));
}

void say_examples(const std::vector<DemoExample>& examples, const Task& task) {
  say("Ten sentences of the test set, the last five of the unseen half, with at most the\n"
      "two mistakes in each half that the model was surest of:\n");
  for (const DemoExample& example : examples)
    say(format("   %-8s %3.0f%%  %s  ", task.labels[static_cast<size_t>(example.predicted)].c_str(),
               100 * example.confidence, example.right() ? "     " : "wrong") +
        wrapped(example.text, 25));
  say("");
}

// One seed, from random numbers to the comparison.
DemoRound run_round(const std::string& folder, const std::string& out, uint64_t seed) {
  DemoRound round;
  round.seed = seed;
  say("1. A vocabulary. Frequent pieces of words become tokens (WordPiece).");
  const BertTokenizer tokenizer = make_vocabulary(folder + "/data", out + "/vocabulary");
  const DemoData data = read_data(folder + "/data", tokenizer);
  const BertConfig config = demo_config(folder + "/config.json", tokenizer);
  std::string pieces;
  for (int32_t id : tokenizer.pieces(data.unseen_texts[0])) pieces += " " + tokenizer.token(id);
  const std::string count = std::to_string(tokenizer.size());
  say("   " + wrapped(count + " tokens. \"" + data.unseen_texts[0] + "\" becomes:", 3) + "\n   " +
      wrapped(pieces, 3) + "\n");

  const Documents documents = read_documents(folder + "/data/pretrain.txt");
  say(
      format("2. Pretraining on %d short texts without labels: predict hidden words, and\n"
             "   whether one sentence follows another. The loss has a part for each.",
             static_cast<int>(documents.size())));
  round.pretraining = pretrained(config, tokenizer, documents, seed, out + "/pretrained");
  if (round.pretraining.interrupted) return round;
  say(format("   The loss of a hidden word fell from %.2f to %.2f (chance: %.2f).\n",
             round.pretraining.word_losses.front(), round.pretraining.word_losses.back(),
             std::log(static_cast<double>(tokenizer.size()))));

  say(
      format("3. Fine-tuning: the saved model is loaded again, with a new head for two\n"
             "   classes, and sees %d labelled sentences %d times.",
             static_cast<int>(data.train.size()), static_cast<int>(tuning_epochs)));
  Random random(seed);
  BertConfig labelled = config;
  labelled.task = data.task.name, labelled.id2label = data.task.labels;
  auto model = from_pretrained<BertForSequenceClassification>(out + "/pretrained", labelled,
                                                              LoadOptions{.random = &random});
  round.tuning = tuned(model, tokenizer, data, seed, out + "/model");
  if (round.tuning.interrupted) return round;
  say_epochs(round.tuning);
  round.bert = score(model, data);

  say("4. What did the pretraining gain? The same model without it, and a bag of words,\n"
      "   which knows the words of a sentence but not their order.");
  BertForSequenceClassification scratch(labelled,
                                        {.std = config.initializer_range, .random = &random});
  round.scratch_tuning = tuned(scratch, tokenizer, data, seed, out + "/scratch");
  if (round.scratch_tuning.interrupted) return round;
  round.scratch = score(scratch, data);
  BagOfWords bag(tokenizer.size(), 2);
  bag.fit(data.train);
  round.bag_of_words = {bag.evaluate(data.seen), bag.evaluate(data.unseen)};

  say("\n   test accuracy                   seen     unseen        all");
  say_score("BERT, pretrained", round.bert);
  say_score("BERT, not pretrained", round.scratch);
  say_score("bag of words", round.bag_of_words);
  say("\n   (unseen: constructions and cue words that no labelled sentence had)\n");
  say(classification_report(round.bert.all(), data.task.labels));
  const std::vector<DemoExample> examples = ten_examples(model, data);
  say_examples(examples, data.task);
  write_demo_report(out + "/report.html", data, round, examples, model, tokenizer);
  return round;
}

// Over several seeds: is the pretrained model's lead more than luck?
bool say_summary(const std::vector<DemoRound>& rounds) {
  const DemoSummary bert = summary_of(rounds, &DemoRound::bert);
  const DemoSummary scratch = summary_of(rounds, &DemoRound::scratch);
  const DemoSummary bag = summary_of(rounds, &DemoRound::bag_of_words);
  say(format("Over %zu seeds, test accuracy      mean      worst       best", rounds.size()));
  const auto line = [](const char* name, const DemoSummary& summary) {
    say(format("   %-26s %9.1f%% %9.1f%% %9.1f%%", name, 100 * summary.mean, 100 * summary.worst,
               100 * summary.best));
  };
  line("BERT, pretrained", bert);
  line("BERT, not pretrained", scratch);
  line("bag of words", bag);
  const DemoLead lead = lead_of(bert, scratch, bag);
  say(format(
      "\nThe pretrained model's mean lies %.1f points above the better baseline's, its worst\n"
      "seed %.1f points above their best: %s.\n",
      100 * lead.mean, 100 * lead.worst, lead.clear() ? "a clear lead" : "NO clear lead"));
  return lead.clear();
}

}  // namespace

int run_demo(const Arguments& arguments) {
  std::string folder = "demo", out = "out/demo";
  int64_t seeds = 1;
  Options options("cairn demo",
                  "Vocabulary, pretraining, fine-tuning and a comparison, in two minutes.");
  options.text("corpus", folder, "DIR", "the folder that has config.json and data/");
  options.text("out", out, "DIR", "where models and report.html are written");
  options.integer("seeds", seeds, 1, 1000, "repeat everything with N seeds, and compare");
  options.threads();
  if (!options.parse(arguments)) return 0;
  const OutputFolder folder_of_results(out, true);

  say("Cairn's demo: a small BERT, from random numbers to a classifier that understands\n"
      "\"not only ... but\", \"would have been ... if\" and the like.\n");
  say(format("This machine: %s kernels, %d thread%s. With two it takes about %d minutes.\n",
             kernels().name, threads(), threads() == 1 ? "" : "s",
             minutes_per_seed * static_cast<int>(seeds)));
  std::vector<DemoRound> rounds;
  for (int64_t seed = 0; seed < seeds; ++seed) {
    if (seeds > 1)
      say(format("---- Seed %d of %d ----\n", static_cast<int>(seed + 1), static_cast<int>(seeds)));
    rounds.push_back(run_round(folder, out, static_cast<uint64_t>(seed)));
    const DemoRound& round = rounds.back();
    if (round.pretraining.interrupted || round.tuning.interrupted ||
        round.scratch_tuning.interrupted)
      return 130;
  }
  const bool clear = seeds == 1 || say_summary(rounds);
  say("Look at " + out +
      "/report.html in a browser: the curves, and what each head\n"
      "attends to.\n"
      "The model is in " +
      out +
      "/model; try it on sentences of your own:\n\n"
      "   echo \"The soup was anything but bad.\" | \\\n"
      "     build/cairn predict --model " +
      out +
      "/model\n\n"
      "Read on: README.md (the real thing: MiniLM on SST-2), docs/architecture.md (how it\n"
      "is built), tutorials/01_scaled_dot_product_attention (how it works).");
  return clear ? 0 : 1;
}

}  // namespace cairn

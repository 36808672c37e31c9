// cairn finetune: a pretrained model and a labelled data set become a classifier.
#include <filesystem>
#include <optional>

#include "core/error.h"
#include "core/inspect/trace.h"
#include "core/io/files.h"
#include "models/bert/load.h"
#include "text/more/order_file.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/model_folder.h"
#include "tools/cairn/standard_streams.h"
#include "train/progress.h"
#include "train/trainer.h"

namespace cairn {
namespace {

constexpr const char* notes =
    "--out gets the model, its configuration and its tokenizer as of the best\n"
    "evaluation on --dev: the one with the highest accuracy, or among equals the\n"
    "lowest loss. Without evaluations it gets those of the last step.\n"
    "\n"
    "Ctrl-C, SIGTERM and SIGHUP finish the step and save a checkpoint in --out, as\n"
    "happens after every evaluation, every epoch, and every --checkpoint-every\n"
    "steps. The same command with --resume continues from there to the same result,\n"
    "bit for bit.\n"
    "\n"
    "Tasks: sst2 (a TSV file with the columns sentence and label; labels 0 negative,\n"
    "1 positive).\n";

struct Settings {
  std::string model, task, train, dev, order, trace;
  int64_t max_length = 0, eval_every = 0, seed = 0;
  double dropout = 0;
  bool overwrite = false, new_head = false;
  FinetuneOptions training;
};

void declare(Options& options, Settings& settings) {
  FinetuneOptions& training = settings.training;
  training.run.warmup = 0.06;
  options.required("model", settings.model, "DIR", "the pretrained model's folder");
  options.required("task", settings.task, "NAME", "the task to learn: sst2");
  options.required("train", settings.train, "FILE", "the training set, TSV with a header line");
  options.text("dev", settings.dev, "FILE",
               "the development set, on which the best model is chosen");
  options.required("out", training.run.out, "DIR", "where the result is written");
  options.flag("new-head", settings.new_head, "draw a new head, even if the model has one");
  options.flag("overwrite", settings.overwrite, "write into --out even if it is not empty");
  options.flag("resume", training.run.resume, "continue from the last checkpoint in --out");
  options.integer("epochs", training.epochs, 1, 1'000'000, "how many passes over the training set");
  options.integer("max-steps", training.max_steps, 0, 1'000'000'000,
                  "stop after N steps, whatever --epochs says; 0: no limit");
  options.integer("batch-size", training.batch_size, 1, 65536, "sentences per step");
  options.number("lr", training.run.lr, 0, 10, "the highest learning rate");
  options.number("warmup", training.run.warmup, 0, 1,
                 "the fraction of all steps in which the rate rises from 0; then it falls to 0");
  options.number("weight-decay", training.run.weight_decay, 0, 10,
                 "AdamW's; biases and layer norms do not decay");
  options.number("clip", training.run.clip, 0, 1e9, "the gradient's maximum norm; 0: no clipping");
  options.number("dropout", settings.dropout, 0, 0.99,
                 "all dropout rates (default: config.json's)");
  options.integer("max-length", settings.max_length, 0, max_tokens,
                  "cut texts to N tokens (default: 128, or the model's positions)");
  options.integer("seed", settings.seed, 0, 1'000'000'000'000,
                  "seed of the new head, the order of the sentences, and dropout");
  options.flag("group-by-length", training.group_by_length,
               "batches of sentences of similar length");
  options.text("order", settings.order, "FILE",
               "the examples of an epoch in their order: one index per line, from 0");
  options.integer("eval-every", settings.eval_every, 0, 1'000'000'000,
                  "steps between evaluations; 0: never (default: at the end of an epoch)");
  options.integer("patience", training.patience, 0, 1'000'000,
                  "stop after N evaluations without a better one; 0: never");
  options.integer("checkpoint-every", training.run.checkpoint_every, 0, 1'000'000'000,
                  "steps between checkpoints; 0: at evaluations and ends of epochs only");
  options.text("log", training.run.log, "FILE", "write one line of JSON per step");
  options.text("trace", settings.trace, "FILE",
               "write a page that shows every op of the first step");
  options.threads();
  options.notes(notes);
}

// The labels of the data, as the model numbers them: a trained head keeps its numbers, if its names
// are those of the task.
std::vector<int32_t> label_ids(const Settings& settings, const Task& task, BertConfig& config) {
  const bool has_head = !settings.new_head && ModelFiles(settings.model).find("classifier.weight");
  std::vector<int32_t> ids;
  if (has_head && config.id2label.size() == task.labels.size())
    ids = matched_labels(task, config.id2label, settings.model);
  else
    for (size_t i = 0; i < task.labels.size(); ++i) ids.push_back(static_cast<int32_t>(i));
  config.id2label.resize(task.labels.size());
  for (size_t i = 0; i < ids.size(); ++i)
    config.id2label[static_cast<size_t>(ids[i])] = task.labels[i];
  return ids;
}

Examples read_set(const Task& task, const std::string& path, const ModelFolder& folder,
                  const std::vector<int32_t>& ids) {
  Examples examples = read_examples(task, path, folder.tokenizer, folder.max_length, ids);
  std::string text = path + ": " + std::to_string(examples.size()) + " examples";
  if (examples.truncated > 0)
    text += ", " + std::to_string(examples.truncated) + " cut to " +
            std::to_string(folder.max_length) + " tokens";
  note(text);
  return examples;
}

BertForSequenceClassification load_model(const Settings& settings, const BertConfig& config) {
  LoadReport report;
  Random random(static_cast<uint64_t>(settings.seed));
  auto model = from_pretrained<BertForSequenceClassification>(
      settings.model, config,
      {.new_head = settings.new_head, .report = &report, .random = &random});
  std::string created, unused;
  for (const std::string& name : report.created) created += " " + name;
  for (const std::string& name : report.unused) unused += " " + name;
  if (!created.empty()) note(wrapped("new, with random weights:" + created, 7));
  if (!unused.empty()) note(wrapped("not used:" + unused, 7));
  return model;
}

// What a folder is called, without the way to it.
std::string folder_name(const std::string& path) {
  const std::filesystem::path whole = std::filesystem::absolute(path).lexically_normal();
  return whole.has_filename() ? whole.filename() : whole.parent_path().filename();
}

int report(const FinetuneResult& result, const FinetuneOptions& training) {
  if (result.interrupted) {
    const int64_t step = result.steps.empty() ? 0 : result.steps.back().step;
    note("interrupted after step " + std::to_string(step) + "; saved in " + training.run.out +
         "/checkpoint.safetensors\n  hint: the same command with --resume continues from there");
    return 130;
  }
  std::string text = "saved in " + training.run.out;
  if (result.best)
    text += ": the model of step " + std::to_string(result.best->step) + ", dev accuracy " +
            std::to_string(result.best->accuracy);
  note(text);
  note("peak memory " + std::to_string(static_cast<int64_t>(peak_memory_mb())) + " MB");
  return 0;
}

}  // namespace

int run_finetune(const Arguments& arguments) {
  Options options("cairn finetune", "Trains a pretrained BERT to label texts.");
  Settings settings;
  declare(options, settings);
  if (!options.parse(arguments)) return 0;
  FinetuneOptions& training = settings.training;
  if (training.group_by_length && !settings.order.empty())
    throw UsageError("--order and --group-by-length contradict each other");
  if (training.patience > 0 && settings.dev.empty()) throw UsageError("--patience needs --dev");
  std::vector<std::string> read = {settings.train, settings.dev, settings.order};
  std::error_code ignored;  // that the folder is not there is an error of its own, later
  for (const auto& entry : std::filesystem::directory_iterator(settings.model, ignored))
    read.push_back(entry.path().string());
  refuse_overwriting("--log", training.run.log, read);
  refuse_overwriting("--trace", settings.trace, read);
  if (options.given("eval-every")) training.eval_every = settings.eval_every;
  training.seed = static_cast<uint64_t>(settings.seed);

  const Task& task = find_task(settings.task);
  const OutputFolder out(training.run.out, settings.overwrite || training.run.resume);
  ModelFolder folder = open_model(settings.model, settings.max_length, 128);
  folder.config.task = task.name;
  const std::vector<int32_t> ids = label_ids(settings, task, folder.config);
  if (options.given("dropout")) folder.config.set_dropout(settings.dropout);
  const Examples train = read_set(task, settings.train, folder, ids);
  Examples dev;
  if (!settings.dev.empty()) dev = read_set(task, settings.dev, folder, ids);
  if (!settings.order.empty()) training.order = read_order(settings.order, train.size());
  BertForSequenceClassification model = load_model(settings, folder.config);
  std::optional<Trace> trace;
  if (!settings.trace.empty()) {
    trace.emplace(settings.trace,
                  TraceOptions{.title = "A step of fine-tuning " + folder_name(settings.model),
                               .names = model.named_parameters()});
    training.run.on_step = [&](const StepRecord&) { trace->finish(); };
  }
  return report(finetune(model, folder.tokenizer, train, dev, training), training);
}

}  // namespace cairn

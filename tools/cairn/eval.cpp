// cairn eval: how good is a fine-tuned model?
#include <cmath>
#include <cstdio>

#include "core/error.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/model_folder.h"
#include "tools/cairn/standard_streams.h"
#include "train/more/classification_report.h"
#include "train/trainer.h"

namespace cairn {
namespace {

const Task& task_of(const std::string& folder, const BertConfig& config, const std::string& name) {
  if (name.empty() && config.task.empty())
    fail(folder + "/config.json", "does not say for which task the model was trained",
         "name it with --task");
  const Task& task = find_task(name.empty() ? config.task : name);
  if (config.problem() != Problem::single_label)
    fail(folder + "/config.json",
         std::string("the model's problem_type is ") + to_string(config.problem()) +
             ", but each text of the task " + task.name + " has one label",
         "cairn predict gives the model's outputs");
  return task;
}

std::string json_of(const Predictions& p, const std::vector<std::string>& names) {
  Json classes = Json::object();
  for (size_t c = 0; c < names.size(); ++c) {
    const Score score = score_of(p.matrix, static_cast<int64_t>(c));
    Json entry = Json::object();
    entry.set("precision", score.precision);
    entry.set("recall", score.recall);
    entry.set("f1", score.f1);
    entry.set("support", score.support);
    classes.set(names[c], std::move(entry));
  }
  Json json = Json::object();
  json.set("accuracy", p.matrix.accuracy());
  json.set("loss", p.loss);
  json.set("n", p.matrix.total());
  json.set("per_class", std::move(classes));
  return to_text(json, 2) + "\n";
}

}  // namespace

int run_eval(const Arguments& arguments) {
  std::string model_folder, data, task_name;
  Batching batching{.batch_size = 64};
  bool json = false;
  Options options("cairn eval", "Measures a fine-tuned model on a labelled data set.");
  options.required("model", model_folder, "DIR", "the fine-tuned model's folder");
  options.required("data", data, "FILE", "the data set, TSV with a header line");
  options.text("task", task_name, "NAME", "the task (default: config.json's)");
  options.flag("json", json, "print accuracy, loss, n and per_class as JSON");
  declare_batching(options, batching, "the model's positions");
  if (!options.parse(arguments)) return 0;

  const ModelFolder folder = open_model(model_folder, batching.max_length, max_tokens);
  const Task& task = task_of(model_folder, folder.config, task_name);
  const std::vector<int32_t> ids = matched_labels(task, folder.config.id2label, model_folder);
  const Examples examples = read_examples(task, data, folder.tokenizer, folder.max_length, ids);
  BertForSequenceClassification model = open_classifier(model_folder, folder.config);
  const Predictions predictions = evaluate(model, examples, batching.batch_size);
  if (!std::isfinite(predictions.loss))
    fail(model_folder,
         "the model's outputs are not numbers: the loss is " + std::to_string(predictions.loss),
         "its training has diverged, or its files are damaged");
  note_truncated(examples.truncated, folder.max_length);
  if (json) {
    write_output(json_of(predictions, folder.config.id2label));
    return 0;
  }
  char loss[64];
  std::snprintf(loss, sizeof loss, "\nloss %.6f\n", predictions.loss);
  write_output(classification_report(predictions.matrix, folder.config.id2label, 4) + loss);
  return 0;
}

}  // namespace cairn

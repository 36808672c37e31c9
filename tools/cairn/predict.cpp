// cairn predict: a label for each line of stdin.
#include <algorithm>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/model_folder.h"
#include "tools/cairn/standard_streams.h"

namespace cairn {

namespace {

std::string with_probability(const std::string& name, real probability) {
  return name + "\t" + to_text(json_numbers(&probability, 1)[0]);
}

// What a classifier says of one text, from the logits of its labels.
class Prediction {
 public:
  Prediction(const BertConfig& config, const real* logits, const real* probabilities)
      : config_(config), logits_(logits), probabilities_(probabilities) {}

  std::string text() const;
  Json json() const;

 private:
  const std::string& name(int64_t i) const { return config_.id2label[static_cast<size_t>(i)]; }
  int64_t count() const { return config_.num_labels(); }
  int64_t best() const {
    return std::max_element(probabilities_, probabilities_ + count()) - probabilities_;
  }

  const BertConfig& config_;
  const real* logits_;
  const real* probabilities_;  // null for a regression
};

std::string Prediction::text() const {
  if (config_.problem() == Problem::single_label)
    return with_probability(name(best()), probabilities_[best()]);
  std::string line;
  for (int64_t i = 0; i < count(); ++i)
    line += (i ? "\t" : "") + (probabilities_ ? with_probability(name(i), probabilities_[i])
                                              : to_text(json_numbers(logits_ + i, 1)[0]));
  return line;
}

Json Prediction::json() const {
  Json line = Json::object();
  if (config_.problem() == Problem::single_label) line.set("label", name(best()));
  if (config_.problem() == Problem::multi_label) {
    Json labels = Json::array();
    for (int64_t i = 0; i < count(); ++i)
      if (probabilities_[i] > real{0.5}) labels.push(name(i));
    line.set("labels", std::move(labels));
  }
  if (probabilities_) line.set("probabilities", json_numbers(probabilities_, count()));
  else line.set("values", json_numbers(logits_, count()));
  line.set("logits", json_numbers(logits_, count()));
  return line;
}

Tensor probabilities_of(const Tensor& logits, Problem problem) {
  switch (problem) {
    case Problem::single_label: return softmax(logits);
    case Problem::multi_label: return sigmoid(logits);
    case Problem::regression: return Tensor();
  }
  return Tensor();
}

constexpr const char* notes =
    "Without --json each line has the label, a tab, and the label's probability. An\n"
    "empty line is an empty text.\n"
    "\n"
    "The output depends on config.json's problem_type. With\n"
    "multi_label_classification each label has its own probability: a line has all\n"
    "of them, and JSON's labels are those above 0.5. With regression, or a single\n"
    "output, a line has the raw outputs, and JSON has values instead of\n"
    "probabilities.\n";

}  // namespace

int run_predict(const Arguments& arguments) {
  std::string model_folder;
  Batching batching;
  bool json = false;
  Options options("cairn predict", "Labels each line of stdin with a fine-tuned model.");
  options.required("model", model_folder, "DIR", "the fine-tuned model's folder");
  options.flag("json", json,
               "print one JSON object per line: label, probabilities and logits by id");
  declare_batching(options, batching, "the model's positions");
  options.notes(notes);
  if (!options.parse(arguments)) return 0;

  const ModelFolder folder = open_model(model_folder, batching.max_length, max_tokens);
  BertForSequenceClassification model = open_classifier(model_folder, folder.config);
  const int64_t labels = folder.config.num_labels();
  const NoGrad no_grad;
  for_each_batch(folder, batching.batch_size, [&](const Batch& batch) {
    const Tensor logits = model(batch.ids, batch.token_types, batch.rows);
    const Tensor probabilities = probabilities_of(logits, folder.config.problem());
    const real* p = probabilities.defined() ? probabilities.data() : nullptr;
    for (int64_t b = 0; b < batch.rows.sequences(); ++b) {
      const Prediction prediction(folder.config, logits.data() + b * labels,
                                  p ? p + b * labels : nullptr);
      write_output((json ? to_text(prediction.json()) : prediction.text()) + "\n");
    }
  });
  return 0;
}

}  // namespace cairn

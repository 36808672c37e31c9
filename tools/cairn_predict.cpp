// cairn predict: a label for each line of stdin.
#include <algorithm>

#include "core/autograd.h"
#include "core/ops.h"
#include "tools/cairn_classifier.h"
#include "tools/cairn_commands.h"

namespace cairn {

int run_predict(const Arguments& arguments) {
  std::string model_folder;
  int64_t max_length = 0, batch_size = 32;
  bool json = false;
  Options o("cairn predict", "Labels each line of stdin with a fine-tuned model.");
  o.required("model", model_folder, "DIR", "the fine-tuned model's folder");
  o.flag("json", json, "print a JSON object a line: label, probabilities and logits by id");
  o.integer("max-length", max_length, 0, most_tokens,
            "cut texts to N tokens (default: the model's positions)");
  o.integer("batch-size", batch_size, 1, 65536, "texts in a batch");
  o.threads();
  o.notes("Without --json a line is LABEL, a tab, and the label's probability. An empty\n"
          "line is an empty text.\n");
  if (!o.parse(arguments)) return 0;

  const ModelFolder folder = open_model(model_folder, max_length, most_tokens);
  BertForSequenceClassification model = open_classifier(model_folder, folder.config);
  const std::vector<std::string>& names = folder.config.id2label;
  const auto classes = static_cast<int64_t>(names.size());
  const NoGrad no_grad;
  for_each_batch(folder, batch_size, [&](const Batch& batch) {
    const Tensor logits = model(batch.ids, batch.token_types, batch.rows);
    const Tensor probabilities = softmax(logits);
    for (int64_t b = 0; b < batch.rows.sequences(); ++b) {
      const real* p = probabilities.data() + b * classes;
      const auto best = static_cast<size_t>(std::max_element(p, p + classes) - p);
      if (!json) {
        write_output(names[best] + "\t" + to_text(json_numbers(p + best, 1)[0]) + "\n");
        continue;
      }
      Json line = Json::object();
      line.set("label", names[best]);
      line.set("probabilities", json_numbers(p, classes));
      line.set("logits", json_numbers(logits.data() + b * classes, classes));
      write_output(to_text(line) + "\n");
    }
  });
  return 0;
}

}  // namespace cairn

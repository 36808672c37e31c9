// cairn embed: a vector for each line of stdin. The mean of the last hidden states over all tokens,
// the special ones included, scaled to length 1: how sentence-transformers' MiniLM is meant to be
// used (Reimers & Gurevych 2019). The product of two such vectors says how similar two texts are.
#include <cmath>

#include "core/autograd.h"
#include "models/bert/load.h"
#include "tools/cairn_classifier.h"
#include "tools/cairn_commands.h"

namespace cairn {
namespace {

// The mean of `count` rows of C numbers, normalised.
std::vector<float> pooled(const real* rows, int64_t count, int64_t C) {
  std::vector<double> sum(static_cast<size_t>(C));
  for (int64_t t = 0; t < count; ++t)
    for (int64_t c = 0; c < C; ++c)
      sum[static_cast<size_t>(c)] += static_cast<double>(rows[t * C + c]);
  double squares = 0;
  for (const double s : sum) squares += s * s;
  std::vector<float> result;  // the mean's direction is that of the sum
  for (const double s : sum) result.push_back(static_cast<float>(s / std::sqrt(squares)));
  return result;
}

}  // namespace

int run_embed(const Arguments& arguments) {
  std::string model_folder;
  int64_t max_length = 0, batch_size = 32;
  bool json = false;
  Options o("cairn embed", "Turns each line of stdin into a vector of length 1.");
  o.required("model", model_folder, "DIR", "the model's folder");
  o.flag("json", json, "print {\"embedding\": [...]} a line, else the numbers alone");
  o.integer("max-length", max_length, 0, most_tokens,
            "cut texts to N tokens (default: the model's positions)");
  o.integer("batch-size", batch_size, 1, 65536, "texts in a batch");
  o.threads();
  o.notes("The vector is the mean over the last hidden states of all tokens, the special\n"
          "ones included.\n");
  if (!o.parse(arguments)) return 0;

  const ModelFolder folder = open_model(model_folder, max_length, most_tokens);
  auto model = from_pretrained<BertModel>(model_folder, folder.config);
  const int64_t C = folder.config.hidden_size;
  const NoGrad no_grad;
  for_each_batch(folder, batch_size, [&](const Batch& batch) {
    const Tensor hidden = model(batch.ids, batch.token_types, batch.rows);
    for (int64_t b = 0; b < batch.rows.sequences(); ++b) {
      const real* first = hidden.data() + batch.rows.starts()[b] * C;
      const std::vector<float> vector = pooled(first, batch.rows.length(b), C);
      const Json numbers = json_numbers(vector.data(), C);
      if (json) {
        Json line = Json::object();
        line.set("embedding", numbers);
        write_output(to_text(line) + "\n");
        continue;
      }
      std::string line;
      for (const Json& x : numbers.items()) line += (line.empty() ? "" : " ") + to_text(x);
      write_output(line + "\n");
    }
  });
  return 0;
}

}  // namespace cairn

// cairn embed: a vector for each line of stdin, as sentence-transformers gives it. The product of
// two such vectors, each of length 1, says how similar two texts are.
#include "core/autograd/autograd.h"
#include "core/error.h"
#include "models/bert/load.h"
#include "models/bert/more/sentence.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/model_folder.h"
#include "tools/cairn/standard_streams.h"

namespace cairn {
namespace {

constexpr const char* notes =
    "A sentence-transformers model is used as its modules.json, 1_Pooling/config.json\n"
    "and sentence_bert_config.json say. Without modules.json the vector is scaled to\n"
    "length 1; without a pooling it is the mean over the last hidden states of all\n"
    "tokens, including the special ones.\n";

// What --max-length is without the option: as the folder says, but no more than the positions.
int64_t default_length(const SentenceOptions& sentence) {
  return sentence.max_length > 0 ? sentence.max_length : max_tokens;
}

void check_case(const std::string& folder, const SentenceOptions& sentence,
                const BertTokenizer& tokenizer) {
  if (sentence.lower_case && !tokenizer.options().lower_case)
    fail(folder + "/sentence_bert_config.json",
         "do_lower_case is true, but the tokenizer keeps capitals",
         "set do_lower_case in tokenizer_config.json to true");
}

}  // namespace

int run_embed(const Arguments& arguments) {
  std::string model_folder;
  Batching batching;
  bool json = false;
  Options options("cairn embed", "Turns each line of stdin into a vector.");
  options.required("model", model_folder, "DIR", "the model's folder");
  options.flag("json", json, "print {\"embedding\": [...]} per line, else just the numbers");
  declare_batching(options, batching, "max_seq_length, or the model's positions");
  options.notes(notes);
  if (!options.parse(arguments)) return 0;

  const SentenceOptions sentence = SentenceOptions::load(model_folder);
  for (const std::string& text : sentence.notes) note(text);
  const ModelFolder folder =
      open_model(sentence.model_folder, batching.max_length, default_length(sentence));
  check_case(sentence.model_folder, sentence, folder.tokenizer);
  auto model = from_pretrained<BertModel>(sentence.model_folder, folder.config, LoadOptions{});
  const int64_t C = folder.config.hidden_size;
  const NoGrad no_grad;
  for_each_batch(folder, batching.batch_size, [&](const Batch& batch) {
    const Tensor hidden = model(batch.ids, batch.token_types, batch.rows);
    for (int64_t b = 0; b < batch.rows.sequences(); ++b) {
      const real* first = hidden.data() + batch.rows.starts()[b] * C;
      const std::vector<float> vector = sentence_vector(first, batch.rows.length(b), C, sentence);
      const Json numbers = json_numbers(vector.data(), static_cast<int64_t>(vector.size()));
      if (json) {
        Json line = Json::object();
        line.set("embedding", numbers);
        write_output(to_text(line) + "\n");
        continue;
      }
      std::string line;
      for (const Json& number : numbers.items())
        line += (line.empty() ? "" : " ") + to_text(number);
      write_output(line + "\n");
    }
  });
  return 0;
}

}  // namespace cairn

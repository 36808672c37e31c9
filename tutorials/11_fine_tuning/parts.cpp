// The data, the models, and what people do to the data.
#include "tutorials/11_fine_tuning/parts.h"

using namespace cairn;

namespace {

constexpr const char* folder = "tutorials/11_fine_tuning/pretrained";

BertConfig config_for_two_classes() {
  BertConfig config = BertConfig::load(folder);
  config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.1;
  config.id2label = {"negative", "positive"};
  return config;
}

void add(Examples& to, const Examples& from, size_t i) {
  to.texts.push_back(from.texts[i]);
  to.labels.push_back(from.labels[i]);
}

}  // namespace

Data read_data() {
  Data data{BertTokenizer::from_pretrained(folder), {}, {}, {}, {}};
  const auto read = [&](const std::string& name) {
    return read_examples(find_task("sst2"), "demo/data/" + name + ".tsv", data.tokenizer, 64);
  };
  data.train = read("train"), data.dev = read("dev");
  data.seen = read("test_seen"), data.unseen = read("test_unseen");
  return data;
}

Bert pretrained(uint64_t seed, LoadReport* report) {
  Random random(seed);
  return from_pretrained<Bert>(folder, config_for_two_classes(),
                               LoadOptions{.report = report, .random = &random});
}

Bert untrained(uint64_t seed) {
  Random random(seed);
  const BertConfig config = config_for_two_classes();
  return Bert(config, {.std = config.initializer_range, .random = &random});
}

double share_right(const Tensor& logits, const Ids& labels) {
  int64_t right = 0;
  for (int64_t b = 0; b < labels.numel(); ++b)
    right += (logits[b][1].item() > logits[b][0].item()) == (labels[b] == 1);
  return static_cast<double>(right) / static_cast<double>(labels.numel());
}

void count_predictions(Bert& model, const Examples& examples, ConfusionMatrix& matrix) {
  const ConfusionMatrix found = evaluate(model, examples).matrix;
  for (int32_t truth = 0; truth < 2; ++truth)
    for (int32_t predicted = 0; predicted < 2; ++predicted)
      for (int64_t i = 0; i < found.count(truth, predicted); ++i) matrix.add(truth, predicted);
}

int64_t trained_numbers(Bert& model) {
  int64_t count = 0;
  for (const NamedTensor& p : model.named_parameters())
    if (p.tensor.requires_grad()) count += p.tensor.numel();
  return count;
}

std::vector<real> frozen_numbers(Bert& model) {
  std::vector<real> all;
  for (const NamedTensor& p : model.named_parameters())
    if (!p.tensor.requires_grad())
      for (const real number : p.tensor.to_vector()) all.push_back(number);
  return all;
}

int64_t numbers_of_adapters(int64_t C, int64_t width, int64_t count) {
  Linear narrow(C, width), widen(width, C);
  return count * (narrow.parameter_count() + widen.parameter_count());
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

double mean_norm_weight(Bert& model) {
  double sum = 0, count = 0;
  for (const NamedTensor& p : model.named_parameters())
    if (p.name.ends_with("LayerNorm.weight"))
      for (const real number : p.tensor.to_vector()) sum += static_cast<double>(number), ++count;
  return sum / count;
}

Examples without_special_tokens(const Examples& examples) {
  Examples result = examples;
  for (Encoding& text : result.texts)
    for (std::vector<int32_t>* of : {&text.ids, &text.token_types})
      of->erase(of->begin()), of->pop_back();
  return result;
}

Examples ids_as_text(const Examples& examples, const BertTokenizer& tokenizer) {
  Examples result = examples;
  for (Encoding& text : result.texts) {
    std::string digits;
    for (const int32_t id : text.ids) digits += std::to_string(id) + " ";
    text = tokenizer.encode(digits, 64);
  }
  return result;
}

Examples padded(const Examples& examples, const BertTokenizer& tokenizer, size_t length) {
  Examples result = examples;
  for (Encoding& text : result.texts) {
    text.ids.resize(std::max(length, text.ids.size()), tokenizer.pad());
    text.token_types.resize(text.ids.size(), 0);
  }
  return result;
}

Examples few_positive(const Examples& examples) {
  Examples result;
  int64_t positive = 0;
  for (size_t i = 0; i < examples.texts.size(); ++i)
    if (examples.labels[i] == 0 || positive++ % 10 == 0) add(result, examples, i);
  return result;
}

Examples repeated_positive(const Examples& examples) {
  Examples result;
  for (size_t i = 0; i < examples.texts.size(); ++i)
    for (int copies = examples.labels[i] == 0 ? 1 : 10; copies-- > 0;) add(result, examples, i);
  return result;
}

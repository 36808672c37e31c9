#pragma once
// A folder in which the program finds a tiny model with weights that matter.
#include "core/io/json.h"
#include "models/bert/load.h"
#include "tests/bert_models.h"
#include "tests/program.h"
#include "text/bert_tokenizer.h"

namespace cairn::test {

inline const std::vector<std::string> tiny_vocabulary = {
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "film", "was", "good", "bad", "."};

// A place with the folder `model`: the classifier of tiny_config() with so many labels.
struct ModelPlace : Place {
  explicit ModelPlace(int64_t labels) {
    BertConfig config = tiny_config();
    config.set_num_labels(labels);
    auto model = tiny_model<BertForSequenceClassification>(config);
    save_pretrained(model, config, folder / "model");
    BertTokenizer(tiny_vocabulary).save_pretrained(folder / "model");
  }

  void set(const std::string& key, Json value) const {
    Json json = read_settings(folder / "model/config.json");
    json.set(key, std::move(value));
    write("model/config.json", to_text(json, 2));
  }
  void name_labels(const std::string& id2label) const {
    set("id2label", parse_json(id2label, "test"));
    set("label2id", Json());
  }
  void write_data() const {
    write("data.tsv", "sentence\tlabel\nthe film was good\t1\nbad bad\t1\nthe film was bad\t0\n");
  }
};

// The numbers under `key` of a line of JSON.
inline std::vector<double> numbers_of(const std::string& line, const char* key) {
  std::vector<double> values;
  const Json json = parse_json(line, "line");
  for (const Json& x : json.at(key).items()) values.push_back(x.as_double());
  return values;
}

// The keys of an object, in order, each followed by a blank.
inline std::string keys_of(const Json& json) {
  std::string keys;
  for (const Json& item : json.items()) keys += item.key() + " ";
  return keys;
}

}  // namespace cairn::test

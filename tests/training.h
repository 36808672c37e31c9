#pragma once
// A training small enough for tests: 18 texts of 20 words, a BERT of 2 layers, 15 steps.
#include <filesystem>
#include <string>
#include <vector>

#include "tests/folders.h"
#include "train/trainer.h"

namespace cairn::test {

inline BertTokenizer tokenizer() {
  return BertTokenizer({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad",
                        "fine",  "poor",  "not",   "very",  "film",   "book", "the",
                        "a",     "was",   "is",    "this",  "one",    "."});
}

inline BertConfig config() {
  BertConfig c;
  c.vocab_size = 20;
  c.hidden_size = 16;
  c.num_hidden_layers = 2;
  c.num_attention_heads = 2;
  c.intermediate_size = 24;
  c.max_position_embeddings = 24;
  return c;
}

// Texts of the pattern "the film was very good .", whose label is the adjective's, or its contrary
// after "not".
inline Examples examples(int64_t count, uint64_t seed) {
  const char* const adjectives[] = {"bad", "poor", "good", "fine"};
  const char* const nouns[] = {"film", "book", "one"};
  const BertTokenizer t = tokenizer();
  Random random(seed);
  Examples e;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t adjective = random.below(4), adverb = random.below(3);
    const std::string text = std::string("the ") + nouns[random.below(3)] + " was " +
                             (adverb == 0   ? "not "
                              : adverb == 1 ? "very "
                                            : "") +
                             adjectives[adjective] + " .";
    e.texts.push_back(t.encode(text));
    e.labels.push_back((adjective >= 2) != (adverb == 0));
  }
  return e;
}

inline BertForSequenceClassification classifier(uint64_t seed = 1) {
  Random random(seed);
  return BertForSequenceClassification(config(), Init{.std = 0.1, .random = &random});
}

inline std::vector<std::vector<real>> weights(Module& model) {
  std::vector<std::vector<real>> all;
  for (const NamedTensor& p : model.named_parameters()) all.push_back(p.tensor.to_vector());
  return all;
}

// Three epochs of five steps, checkpoints after every second, dropout, three evaluations.
inline FinetuneOptions options(const std::string& out) {
  FinetuneOptions o;
  o.run.out = out;
  o.run.lr = 1e-2;
  o.run.warmup = 0.2;
  o.run.checkpoint_every = 2;
  o.batch_size = 4;
  o.seed = 3;
  return o;
}

struct Trained {
  FinetuneResult result;
  std::vector<std::vector<real>> weights;
  std::string saved;  // the bytes of model.safetensors
};

inline Trained train(const FinetuneOptions& o) {
  BertForSequenceClassification model = classifier();
  Trained t;
  t.result = finetune(model, tokenizer(), examples(18, 1), examples(9, 2), o);
  t.weights = weights(model);
  const std::string file = o.run.out + "/model.safetensors";
  if (std::filesystem::exists(file)) t.saved = read_file(file);
  return t;
}

inline bool same(const Trained& a, const Trained& b) {
  if (a.result.evaluations.size() != b.result.evaluations.size()) return false;
  for (size_t i = 0; i < a.result.evaluations.size(); ++i) {
    const Evaluation &x = a.result.evaluations[i], &y = b.result.evaluations[i];
    if (x.step != y.step || x.loss != y.loss || x.train_loss != y.train_loss ||
        x.accuracy != y.accuracy)
      return false;
  }
  const std::optional<Evaluation>&best = a.result.best, &other = b.result.best;
  if (best.has_value() != other.has_value() || (best && best->step != other->step)) return false;
  if (a.result.stopped_early != b.result.stopped_early) return false;
  return !a.saved.empty() && a.saved == b.saved && a.weights == b.weights;
}

}  // namespace cairn::test

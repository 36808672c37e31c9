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
  BertConfig config;
  config.vocab_size = 20;
  config.hidden_size = 16;
  config.num_hidden_layers = 2;
  config.num_attention_heads = 2;
  config.intermediate_size = 24;
  config.max_position_embeddings = 24;
  return config;
}

// Texts of the pattern "the film was very good .", whose label is the adjective's, or its contrary
// after "not".
inline Examples examples(int64_t count, uint64_t seed) {
  const char* const adjectives[] = {"bad", "poor", "good", "fine"};
  const char* const nouns[] = {"film", "book", "one"};
  const BertTokenizer words = tokenizer();
  Random random(seed);
  Examples examples;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t adjective = random.below(4), adverb = random.below(3);
    const std::string text = std::string("the ") + nouns[random.below(3)] + " was " +
                             (adverb == 0   ? "not "
                              : adverb == 1 ? "very "
                                            : "") +
                             adjectives[adjective] + " .";
    examples.texts.push_back(words.encode(text));
    examples.labels.push_back((adjective >= 2) != (adverb == 0));
  }
  return examples;
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
  FinetuneOptions options;
  options.run.out = out;
  options.run.lr = 1e-2;
  options.run.warmup = 0.2;
  options.run.checkpoint_every = 2;
  options.batch_size = 4;
  options.seed = 3;
  return options;
}

struct Trained {
  FinetuneResult result;
  std::vector<std::vector<real>> weights;
  std::string saved;  // the bytes of model.safetensors
};

inline Trained train(const FinetuneOptions& options) {
  BertForSequenceClassification model = classifier();
  Trained trained;
  trained.result = finetune(model, tokenizer(), examples(18, 1), examples(9, 2), options);
  trained.weights = weights(model);
  const std::string file = options.run.out + "/model.safetensors";
  if (std::filesystem::exists(file)) trained.saved = read_file(file);
  return trained;
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

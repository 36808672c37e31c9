#pragma once
// The parts of `cairn demo`: what one round (one seed) of it computes, and the report made from
// that.
#include <string>
#include <vector>

#include "models/bert/heads.h"
#include "train/more/pretrain.h"
#include "train/trainer.h"

namespace cairn {

// The corpus in demo/data, encoded.
struct DemoData {
  Task task;
  Examples train, dev, seen, unseen;  // seen, unseen: the two halves of the test set
  std::vector<std::string> seen_texts, unseen_texts;
};

// A classifier's confusion matrices on the two halves of the test set.
struct DemoScore {
  ConfusionMatrix seen{2}, unseen{2};

  double accuracy() const;  // over both halves
  ConfusionMatrix all() const;
};

// The three systems that are compared, trained from one seed.
struct DemoRound {
  uint64_t seed = 0;
  PretrainResult pretraining;
  FinetuneResult tuning, scratch_tuning;
  DemoScore bert, scratch, bag_of_words;
};

// A system's accuracies over the seeds.
struct DemoSummary {
  double mean = 0, worst = 1, best = 0;
};
DemoSummary summary_of(const std::vector<DemoRound>& rounds, DemoScore DemoRound::*system);

// A model's lead over two baselines: of its mean over the better mean, of its worst seed over their
// best.
struct DemoLead {
  double mean, worst;
  bool clear() const { return mean >= 0.05 && worst > 0; }
};
DemoLead lead_of(const DemoSummary& model, const DemoSummary& one, const DemoSummary& other);

// A sentence of the test set as the model sees it.
struct DemoExample {
  std::string text;
  int32_t label = 0, predicted = 0;
  double confidence = 0;  // the predicted class's probability

  bool right() const { return predicted == label; }
};

// Ten sentences of the test set, five of each half: up to two mistakes, those that the model was
// surest of, and right ones. The same model and data give the same.
std::vector<DemoExample> ten_examples(BertForSequenceClassification& model, const DemoData& data);

// Writes the self-contained page with the curves, the tables and the attention over one sentence.
void write_demo_report(const std::string& path, const DemoData& data, const DemoRound& round,
                       const std::vector<DemoExample>& examples,
                       BertForSequenceClassification& model, const BertTokenizer& tokenizer);

}  // namespace cairn

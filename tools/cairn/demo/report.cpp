// The page that `cairn demo` leaves behind.
#include <algorithm>
#include <cstdio>

#include "models/bert/more/attention_maps.h"
#include "tools/cairn/demo/demo.h"
#include "train/more/report.h"

namespace cairn {
namespace {

std::string percent(double part) {
  char text[16];
  std::snprintf(text, sizeof text, "%.1f%%", 100 * part);
  return text;
}

// A running mean, so that the curve shows the trend and not each batch's luck.
Series smoothed(const std::string& name, const std::vector<double>& values) {
  Series series{name, {}};
  double mean = values.empty() ? 0 : values[0];
  const size_t every = std::max<size_t>(1, values.size() / 150);
  for (size_t i = 0; i < values.size(); ++i) {
    mean = 0.95 * mean + 0.05 * values[i];
    if (i % every == 0 || i + 1 == values.size())
      series.points.emplace_back(static_cast<double>(i + 1), mean);
  }
  return series;
}

Series accuracy_curve(const std::string& name, const FinetuneResult& result) {
  Series series{name, {}};
  for (size_t i = 0; i < result.evaluations.size(); ++i)
    series.points.emplace_back(static_cast<double>(i + 1), result.evaluations[i].accuracy);
  return series;
}

Series loss_curve(const std::string& name, const FinetuneResult& result) {
  Series series{name, {}};
  for (size_t i = 0; i < result.evaluations.size(); ++i)
    series.points.emplace_back(static_cast<double>(i + 1), result.evaluations[i].train_loss);
  return series;
}

std::vector<std::string> score_row(const std::string& name, const DemoScore& score) {
  return {name, percent(score.seen.accuracy()), percent(score.unseen.accuracy()),
          percent(score.accuracy())};
}

void add_attention(Report& report, const std::string& text, BertForSequenceClassification& model,
                   const BertTokenizer& tokenizer) {
  const Encoding encoding = tokenizer.encode(text);
  std::vector<std::string> tokens;
  for (int32_t id : encoding.ids) tokens.push_back(tokenizer.token(id));
  std::vector<HeadAttention> heads;
  const std::vector<Tensor> maps = attention_maps(model.bert, Ids(encoding.ids));
  for (size_t layer = 0; layer < maps.size(); ++layer) {
    const std::vector<real> weights = maps[layer].to_vector();
    const size_t size = tokens.size() * tokens.size();
    for (size_t head = 0; head * size < weights.size(); ++head)
      heads.push_back({static_cast<int>(layer + 1),
                       static_cast<int>(head + 1),
                       {weights.begin() + static_cast<std::ptrdiff_t>(head * size),
                        weights.begin() + static_cast<std::ptrdiff_t>((head + 1) * size)}});
  }
  report.attention(tokens, heads);
}

}  // namespace

void write_demo_report(const std::string& path, const DemoData& data, const DemoRound& round,
                       const std::vector<DemoExample>& examples,
                       BertForSequenceClassification& model, const BertTokenizer& tokenizer) {
  Report report(
      "A small BERT learns what people think",
      "Made by cairn demo, seed " + std::to_string(round.seed) +
          ". Everything here was trained on this machine, from random numbers, on the text "
          "in demo/data.");
  report.section("Pretraining",
                 "The model guesses hidden words and tells whether two sentences belong together. "
                 "Nobody has told it yet which sentences are friendly.");
  report.line_chart("Loss of the two tasks", "step", "loss (running mean)",
                    {smoothed("hidden words", round.pretraining.word_losses),
                     smoothed("next sentence", round.pretraining.sentence_losses)});
  report.section("Fine-tuning",
                 "The same model, now with labels; beside it one of the same size that "
                 "skipped the pretraining.");
  report.line_chart(
      "Training loss", "epoch", "mean loss of the epoch",
      {loss_curve("pretrained", round.tuning), loss_curve("not pretrained", round.scratch_tuning)});
  report.line_chart("Accuracy on the development set", "epoch", "accuracy",
                    {accuracy_curve("pretrained", round.tuning),
                     accuracy_curve("not pretrained", round.scratch_tuning)});
  report.section(
      "The test",
      "Half of the test sentences are built like those of the training set (seen); the other "
      "half has constructions and cue words that no labelled sentence had (unseen).");
  report.table("Accuracy", {{"system", "seen", "unseen", "all"},
                            score_row("BERT, pretrained", round.bert),
                            score_row("BERT, not pretrained", round.scratch),
                            score_row("bag of words", round.bag_of_words)});
  report.confusion("The pretrained BERT on the whole test set", round.bert.all(), data.task.labels);
  std::vector<std::vector<std::string>> rows{{"sentence", "truth", "predicted", "sure"}};
  for (const DemoExample& example : examples)
    rows.push_back({example.text, data.task.labels[static_cast<size_t>(example.label)],
                    data.task.labels[static_cast<size_t>(example.predicted)] +
                        (example.right() ? "" : "\u00a0\u2717"),
                    percent(example.confidence)});
  report.table(
      "Ten sentences of the test set, the last five of the unseen half. \u2717 marks a mistake: "
      "of those in each half, at most the two that the model was surest of.",
      rows);
  report.section("Attention",
                 "What each head of each layer attends to, in a sentence of the test set.");
  const auto shown = std::find_if(examples.rbegin(), examples.rend(),
                                  [](const DemoExample& example) { return example.right(); });
  add_attention(report, shown == examples.rend() ? examples[0].text : shown->text, model,
                tokenizer);
  report.write(path);
}

}  // namespace cairn

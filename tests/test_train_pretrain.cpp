// Pretraining against its loop written out here: what each option does is a row of a table, and every
// number agrees bit for bit.
#include <doctest/doctest.h>

#include <filesystem>

#include "models/bert/load.h"
#include "models/bert/more/pretraining.h"
#include "tests/pretraining.h"
#include "tests/stderr.h"
#include "tests/support.h"
#include "tests/training_course.h"

using namespace cairn;
using namespace cairn::test;

namespace {

struct PretrainCourse : Course {
  std::vector<double> words, sentences;
};

PretrainCourse pretrained(const PretrainOptions& o, int64_t warmup) {
  BertForPreTraining model = pretraining_model();
  AdamW optimizer(groups_of(model, o.run.weight_decay));
  const BertTokenizer t = tokenizer();
  default_random() = Random(o.seed);
  model.train();
  PretrainCourse course;
  const auto passages = passages_of(documents, t, o.max_length - 3);
  for (int64_t epoch = 0;; ++epoch) {
    Random random = random_of_epoch(o.seed, epoch);
    const std::vector<SentencePair> pairs = sentence_pairs(passages, random);
    const auto n = static_cast<int64_t>(pairs.size());
    for (const auto& rows : batches_of(shuffled_order(n, random), o.batch_size)) {
      std::vector<int32_t> ids, types, labels, lengths;
      for (const int64_t row : rows) {
        const SentencePair& pair = pairs[static_cast<size_t>(row)];
        const Encoding text = t.encode(pair.first, pair.second, o.max_length);
        ids.insert(ids.end(), text.ids.begin(), text.ids.end());
        types.insert(types.end(), text.token_types.begin(), text.token_types.end());
        lengths.push_back(static_cast<int32_t>(text.ids.size()));
        labels.push_back(pair.label);
      }
      const auto done = static_cast<int64_t>(course.steps.size());
      Random masks = random_of_epoch(mix_bits(o.seed + 1), done);
      const MaskedTokens masked = mask_tokens(Ids(ids), t, masks, o.masking);
      std::vector<int32_t> at, words;
      for (size_t i = 0; i < ids.size(); ++i)
        if (masked.labels[static_cast<int64_t>(i)] >= 0)
          at.push_back(static_cast<int32_t>(i)), words.push_back(ids[i]);
      const auto y = model(masked.ids, Ids(types), Rows::of_lengths(lengths), Ids(at));
      const Tensor of_words = cross_entropy(y.predictions, Ids(words));
      const Tensor of_sentences = cross_entropy(y.seq_relationship, Ids(labels));
      course.words.push_back(static_cast<double>(of_words.item()));
      course.sentences.push_back(static_cast<double>(of_sentences.item()));
      step_on(of_words + of_sentences, static_cast<int64_t>(rows.size()),
              static_cast<int64_t>(ids.size()), warmup, o.run.steps, o.run, model, optimizer,
              course);
      if (done + 1 == o.run.steps) return course;
    }
  }
}

struct PretrainRow {
  const char* what;
  std::function<void(PretrainOptions&)> change;
  int64_t warmup;  // that follows from it
};

const std::vector<PretrainRow> pretrain_table = {
    {"as they are", [](auto&) {}, 2},  // 1.4 steps, rounded up
    {"warm-up", [](auto& o) { o.run.warmup = 0.5; }, 4},
    {"rate", [](auto& o) { o.run.lr = 3e-3; }, 2},
    {"decay", [](auto& o) { o.run.weight_decay = 1; }, 2},
    {"short gradients", [](auto& o) { o.run.clip = 0.3; }, 2},
    {"no clipping", [](auto& o) { o.run.clip = 0; }, 2},
    {"steps", [](auto& o) { o.run.steps = 4, o.run.warmup = 0.5; }, 2},
    {"batches of 2", [](auto& o) { o.batch_size = 2; }, 2},
    {"batches of all", [](auto& o) { o.batch_size = 10; }, 2},
    {"length", [](auto& o) { o.max_length = 22; }, 2},
    {"seed", [](auto& o) { o.seed = 6; }, 2},
    {"chosen", [](auto& o) { o.masking.chosen = 0.9; }, 2},
    {"masked", [](auto& o) { o.masking.masked = 0.2; }, 2},
    {"random", [](auto& o) { o.masking.masked = 0.2, o.masking.random = 0.8; }, 2},
};

}  // namespace

TEST_CASE("pretrain: step by step it is the loop written out, whatever the options") {
  std::vector<Weights> ends;
  for (const PretrainRow& row : pretrain_table) {
    CAPTURE(row.what);
    const TempFolder folder;
    PretrainOptions o = pretrain_options(folder.path());
    row.change(o);
    const PretrainCourse expected = pretrained(o, row.warmup);
    BertForPreTraining model = pretraining_model();
    model.eval();  // which training ends
    std::vector<Weights> after;
    o.run.on_step = [&](const StepRecord&) {
      CHECK(model.training());
      after.push_back(weights(model));
    };
    const PretrainResult result = pretrain(model, tokenizer(), documents, o);
    REQUIRE(same_course(result.steps, expected.steps));
    CHECK(after == expected.weights);
    CHECK(result.word_losses == expected.words);
    CHECK(result.sentence_losses == expected.sentences);
    CHECK_FALSE(result.interrupted);
    CHECK_FALSE(model.training());
    auto saved = from_pretrained<BertForPreTraining>(folder.path());
    CHECK(weights(saved) == after.back());
    CHECK_FALSE(std::filesystem::exists(folder / "checkpoint.safetensors"));
    for (const Weights& other : ends) CHECK(largest_difference(other, after.back()) > 1e-5);
    ends.push_back(after.back());
  }
}

TEST_CASE("pretrain: the bar shows the two losses, each the mean of the last 50 steps") {
  const TempFolder folder;
  PretrainOptions o = pretrain_options(folder.path());
  o.run.steps = 60;
  o.run.checkpoint_every = 0;
  PretrainResult result;
  BertForPreTraining model = pretraining_model();
  const std::string text = stderr_of([&] { result = pretrain(model, tokenizer(), documents, o); });
  double words = 0, sentences = 0;
  for (size_t i = 10; i < 60; ++i) {
    words += result.word_losses[i] / 50;
    sentences += result.sentence_losses[i] / 50;
  }
  char note[80];
  std::snprintf(note, sizeof note, " pairs/s, loss %.2f + %.2f]\n", words, sentences);
  CHECK(text.ends_with(note));
  CHECK(has(text, "pretraining 100% 60/60 ["));
}

// The loop over epochs and batches of pairs of sentences.
#include "train/more/pretrain.h"

#include <algorithm>
#include <cstdio>

#include "core/io/crc32.h"
#include "core/io/files.h"
#include "core/ops.h"
#include "models/bert/load.h"
#include "models/bert/more/pretraining.h"
#include "text/batches.h"
#include "train/interrupt.h"
#include "train/progress.h"
#include "train/trainer.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// One epoch's pairs, encoded, and the order in which they are read.
struct Epoch {
  std::vector<Encoding> pairs;
  std::vector<int32_t> labels;
  BatchIndices batches;
};

uint32_t fingerprint(const Documents& documents) {
  uint32_t crc = 0;
  for (const std::vector<std::string>& document : documents) {
    for (const std::string& s : document) crc = crc32(s.c_str(), s.size() + 1, crc);
    crc = crc32("", 1, crc);
  }
  return crc;
}

// Of the words and of how a text is split into them.
uint32_t fingerprint(const BertTokenizer& tokenizer) {
  const BertWordOptions o = tokenizer.options().words();
  const char flags[] = {o.lower_case, o.strip_accents, o.space_chinese};
  uint32_t crc = crc32(flags, sizeof flags);
  for (int32_t id = 0; id < tokenizer.size(); ++id)
    crc = crc32(tokenizer.token(id).c_str(), tokenizer.token(id).size() + 1, crc);
  return crc;
}

Json settings_of(const BertConfig& config, const BertTokenizer& tokenizer,
                 const Documents& documents, const PretrainOptions& o) {
  const std::string text = to_text(config.to_json());
  Json s = Json::object();
  s.set("batch-size", o.batch_size);
  s.set("max-length", o.max_length);
  s.set("seed", std::to_string(o.seed));
  s.set("masking", to_text(Json::array({o.masking.chosen, o.masking.masked, o.masking.random})));
  s.set("checksum of the configuration", crc32(text.data(), text.size()));
  s.set("checksum of the vocabulary", fingerprint(tokenizer));
  s.set("checksum of the text", fingerprint(documents));
  return s;
}

int64_t steps_per_epoch(const std::vector<Passage>& passages, int64_t batch_size) {
  const auto pairs = std::count_if(passages.begin(), passages.end(),
                                   [](const Passage& p) { return p.sentences.size() > 1; });
  return std::max<int64_t>(1, (pairs + batch_size - 1) / batch_size);
}

class Pretraining {
 public:
  Pretraining(BertForPreTraining& model, const BertTokenizer& tokenizer, const Documents& documents,
              const PretrainOptions& options)
      : model_(model),
        tokenizer_(tokenizer),
        options_(options),
        passages_(passages_of(documents, tokenizer, options.max_length - 3)),  // [CLS], two [SEP]
        per_epoch_(steps_per_epoch(passages_, options.batch_size)),
        run_(model, options.run, settings_of(model.bert.config, tokenizer, documents, options)) {}

  PretrainResult train();

 private:
  Epoch draw_epoch(int64_t number) const;
  void train_step(const Epoch& epoch, const std::vector<int64_t>& indices);
  Tensor loss_of(const Batch& batch);
  void show(Progress& progress) const;

  BertForPreTraining& model_;
  const BertTokenizer& tokenizer_;
  const PretrainOptions& options_;
  const std::vector<Passage> passages_;
  const int64_t per_epoch_;  // steps: every epoch has as many pairs
  Run run_;
  PretrainResult result_;
};

Epoch Pretraining::draw_epoch(int64_t number) const {
  Random random = random_of_epoch(options_.seed, number);
  Epoch epoch;
  for (const SentencePair& pair : sentence_pairs(passages_, random)) {
    epoch.pairs.push_back(tokenizer_.encode(pair.first, pair.second, options_.max_length));
    epoch.labels.push_back(pair.label);
  }
  const auto pairs = static_cast<int64_t>(epoch.pairs.size());
  epoch.batches = batches_of(shuffled_order(pairs, random), options_.batch_size);
  return epoch;
}

PretrainResult Pretraining::train() {
  const Interrupt interrupt;
  default_random() = Random(options_.seed);
  if (options_.run.resume) run_.resume();
  model_.train();
  Progress progress("pretraining", options_.run.steps, "pairs", run_.step());
  while (!run_.finished()) {
    const Epoch epoch = draw_epoch(run_.step() / per_epoch_);
    run_.skip_time();
    do {
      train_step(epoch, epoch.batches[static_cast<size_t>(run_.step() % per_epoch_)]);
      show(progress);
      result_.interrupted = Interrupt::requested() && !run_.finished();
      if (result_.interrupted || (run_.checkpoint_due() && !run_.finished())) {
        run_.save(Json::object());
        run_.skip_time();
      }
      if (result_.interrupted) return std::move(result_);
    } while (!run_.finished() && run_.step() % per_epoch_ != 0);
  }
  run_.check_weights();
  model_.eval();
  tokenizer_.save_pretrained(options_.run.out);
  save_pretrained(model_, model_.bert.config, options_.run.out);
  run_.remove_checkpoint();
  return std::move(result_);
}

void Pretraining::train_step(const Epoch& epoch, const std::vector<int64_t>& indices) {
  const Batch batch = make_batch(epoch.pairs, epoch.labels, indices);
  result_.steps.push_back(run_.train_step(batch, [this](const Batch& b) { return loss_of(b); }));
}

Tensor Pretraining::loss_of(const Batch& batch) {
  Random random = random_of_epoch(mix_bits(options_.seed + 1), run_.step());
  const MaskedTokens masked = mask_tokens(batch.ids, tokenizer_, random, options_.masking);
  std::vector<int32_t> at, words;  // the rows whose word is to be predicted, and the words
  for (int64_t i = 0; i < masked.labels.numel(); ++i) {
    if (masked.labels[i] == ignored_label) continue;
    at.push_back(static_cast<int32_t>(i));
    words.push_back(masked.labels[i]);
  }
  const auto logits = model_(masked.ids, batch.token_types, batch.rows, Ids(at));
  const Tensor word_loss = cross_entropy(logits.predictions, Ids(words));
  const Tensor sentence_loss = cross_entropy(logits.seq_relationship, batch.labels);
  result_.word_losses.push_back(static_cast<double>(word_loss.item()));
  result_.sentence_losses.push_back(static_cast<double>(sentence_loss.item()));
  return word_loss + sentence_loss;
}

// The losses are shown as means over the last 50 steps.
void Pretraining::show(Progress& progress) const {
  const auto mean = [](const std::vector<double>& losses) {
    const size_t count = std::min<size_t>(50, losses.size());
    double sum = 0;
    for (size_t i = losses.size() - count; i < losses.size(); ++i) sum += losses[i];
    return sum / static_cast<double>(count);
  };
  char note[80];
  std::snprintf(note, sizeof note, "loss %.2f + %.2f", mean(result_.word_losses),
                mean(result_.sentence_losses));
  progress.update(run_.step(), result_.steps.back().sentences, note);
}

}  // namespace

PretrainResult pretrain(BertForPreTraining& model, const BertTokenizer& tokenizer,
                        const Documents& documents, const PretrainOptions& options) {
  const OutputFolder out(options.run.out, true);
  return Pretraining(model, tokenizer, documents, options).train();
}

}}  // namespace cairn::CAIRN_PRECISION

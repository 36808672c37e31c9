// The loop over epochs and batches, with an evaluation and a checkpoint now and then. The training
// step itself is in train/train_step.cpp.
#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/autograd/autograd.h"
#include "core/error.h"
#include "core/io/crc32.h"
#include "core/io/files.h"
#include "core/ops/ops.h"
#include "models/bert/load.h"
#include "train/interrupt.h"
#include "train/progress.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

std::string number(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

Json to_json(const Evaluation& e) {
  Json json = Json::object();
  json.set("step", e.step);
  json.set("train_loss", e.train_loss);
  json.set("loss", e.loss);
  json.set("accuracy", e.accuracy);
  return json;
}

Evaluation evaluation_of(const Json& json) {
  return {json.at("step").as_int(0), json.at("train_loss").as_double(), json.at("loss").as_double(),
          json.at("accuracy").as_double()};
}

bool better(const Evaluation& a, const std::optional<Evaluation>& b) {
  return !b || a.accuracy > b->accuracy || (a.accuracy == b->accuracy && a.loss < b->loss);
}

// Everything that determines the training's course, by the names of the program's options.
Json settings_of(const BertConfig& config, const Examples& train, const Examples& dev,
                 const FinetuneOptions& o) {
  Json s = Json::object();
  s.set("epochs", o.epochs);
  s.set("max-steps", o.max_steps);
  s.set("batch-size", o.batch_size);
  s.set("eval-every", o.eval_every ? Json(*o.eval_every) : Json());
  s.set("patience", o.patience);
  s.set("seed", std::to_string(o.seed));
  s.set("group-by-length", o.group_by_length);
  s.set("order", crc32(o.order.data(), o.order.size() * sizeof(int64_t)));
  s.set("dropout", config.hidden_dropout_prob);
  s.set("checksum of config.json",
        crc32(to_text(config.to_json()).data(), to_text(config.to_json()).size()));
  s.set("checksum of the training data", fingerprint(train));
  s.set("checksum of the development data", fingerprint(dev));
  return s;
}

int64_t steps_per_epoch(const Examples& train, const FinetuneOptions& o) {
  const int64_t count = o.order.empty() ? train.size() : static_cast<int64_t>(o.order.size());
  return (count + o.batch_size - 1) / o.batch_size;
}

RunOptions run_options(const Examples& train, const FinetuneOptions& o) {
  RunOptions run = o.run;
  run.steps = o.max_steps > 0 ? o.max_steps : o.epochs * steps_per_epoch(train, o);
  return run;
}

class Finetuning {
 public:
  Finetuning(BertForSequenceClassification& model, const BertTokenizer& tokenizer,
             const Examples& train, const Examples& dev, const FinetuneOptions& options)
      : model_(model),
        tokenizer_(tokenizer),
        train_(train),
        dev_(dev),
        options_(options),
        per_epoch_(steps_per_epoch(train, options)),
        total_(run_options(train, options).steps),
        run_(model, run_options(train, options),
             settings_of(model.bert.config, train, dev, options)) {}

  FinetuneResult train();

 private:
  void train_epoch();
  void train_step(const std::vector<int64_t>& indices);
  bool evaluation_due() const;
  void evaluate_now(Progress& progress);
  [[noreturn]] void give_up(double loss);
  void save_model();
  void load_best();
  void save_checkpoint();
  void resume();
  bool over() const { return run_.finished() || result_.stopped_early || result_.interrupted; }

  BertForSequenceClassification& model_;
  const BertTokenizer& tokenizer_;
  const Examples &train_, &dev_;
  const FinetuneOptions& options_;
  const int64_t per_epoch_, total_;
  Run run_;
  FinetuneResult result_;
  double loss_sum_ = 0;  // since the previous evaluation
  int64_t loss_count_ = 0;
  int64_t evaluations_since_best_ = 0;  // evaluations since the best one
};

FinetuneResult Finetuning::train() {
  const Interrupt interrupt;
  default_random() = Random(options_.seed);
  if (options_.run.resume) resume();
  model_.train();
  while (!over()) train_epoch();
  model_.eval();
  if (result_.interrupted) return std::move(result_);
  if (!result_.best) save_model();
  else if (result_.best->step != run_.step()) load_best();
  run_.remove_checkpoint();
  return std::move(result_);
}

void Finetuning::train_epoch() {
  const int64_t epoch = run_.step() / per_epoch_, first = epoch * per_epoch_;
  const int64_t steps = std::min(per_epoch_, total_ - first);
  const int64_t epochs = (total_ + per_epoch_ - 1) / per_epoch_;
  const BatchIndices batches = batches_of_epoch(train_, options_, epoch);
  Progress progress("epoch " + std::to_string(epoch + 1) + "/" + std::to_string(epochs), steps,
                    "sentences", run_.step() - first);
  run_.skip_time();
  while (run_.step() < first + steps && !over()) {
    train_step(batches[static_cast<size_t>(run_.step() - first)]);
    progress.update(run_.step() - first, result_.steps.back().sentences,
                    "loss " + number(loss_sum_ / static_cast<double>(loss_count_), 4));
    const bool evaluates = evaluation_due();
    if (evaluates) evaluate_now(progress);
    if (run_.finished() || result_.stopped_early) break;
    result_.interrupted = Interrupt::requested();
    const bool epoch_ends = run_.step() == first + steps;
    if (evaluates || epoch_ends || result_.interrupted || run_.checkpoint_due()) save_checkpoint();
    run_.skip_time();
    progress.skip_time();
  }
}

void Finetuning::train_step(const std::vector<int64_t>& indices) {
  const auto loss_of = [this](const Batch& batch) {
    return cross_entropy(model_(batch.ids, batch.token_types, batch.rows), batch.labels);
  };
  const Batch batch = make_batch(train_.texts, train_.labels, indices);
  result_.steps.push_back(run_.train_step(batch, loss_of));
  loss_sum_ += result_.steps.back().loss;
  ++loss_count_;
}

bool Finetuning::evaluation_due() const {
  if (dev_.size() == 0 || options_.eval_every == 0) return false;
  return run_.finished() || run_.step() % options_.eval_every.value_or(per_epoch_) == 0;
}

void Finetuning::evaluate_now(Progress& progress) {
  const Predictions found = evaluate(model_, dev_);
  if (!std::isfinite(found.loss)) give_up(found.loss);
  const Evaluation e{run_.step(), loss_sum_ / static_cast<double>(loss_count_), found.loss,
                     found.matrix.accuracy()};
  loss_sum_ = 0;
  loss_count_ = 0;
  result_.evaluations.push_back(e);
  const bool best = better(e, result_.best);
  if (best) {
    result_.best = e;
    save_model();
  }
  evaluations_since_best_ = best ? 0 : evaluations_since_best_ + 1;
  result_.stopped_early = options_.patience > 0 && evaluations_since_best_ >= options_.patience;
  progress.message("step " + std::to_string(e.step) + ": dev accuracy " + number(e.accuracy, 4) +
                   ", loss " + number(e.loss, 4) + "; train loss " + number(e.train_loss, 4) +
                   (best ? " (best, saved)" : "") +
                   (result_.stopped_early ? " (no improvement: stopping)" : ""));
}

void Finetuning::give_up(double loss) {
  std::string what = "the loss on the development set is " + number(loss, 4) + ". ";
  if (result_.best)
    what += "The model of step " + std::to_string(result_.best->step) + " is kept in " +
            options_.run.out;
  else what += "No model is saved";
  run_.fail_diverged(run_.step(), what);
}

void Finetuning::load_best() {
  const ModelFiles best(options_.run.out);
  load_bert(model_, model_.prefix, best, options_.run.out, 0);
}

// The tokenizer first and the weights, which make a folder a model, last but one.
void Finetuning::save_model() {
  run_.check_weights();
  tokenizer_.save_pretrained(options_.run.out);
  save_pretrained(model_, model_.bert.config, options_.run.out);
}

void Finetuning::save_checkpoint() {
  Json state = Json::object(), evaluations = Json::array();
  for (const Evaluation& e : result_.evaluations) evaluations.push(to_json(e));
  state.set("loss_sum", loss_sum_);
  state.set("loss_count", loss_count_);
  state.set("evaluations_since_best", evaluations_since_best_);
  state.set("evaluations", std::move(evaluations));
  run_.save(state);
}

void Finetuning::resume() {
  const Json state = run_.resume();
  loss_sum_ = state.at("loss_sum").as_double();
  loss_count_ = state.at("loss_count").as_int(0);
  evaluations_since_best_ = state.at("evaluations_since_best").as_int(0);
  for (const Json& e : state.at("evaluations").items()) {
    result_.evaluations.push_back(evaluation_of(e));
    if (better(result_.evaluations.back(), result_.best)) result_.best = result_.evaluations.back();
  }
}

void check_labels(const Examples& examples, int64_t classes, const char* name) {
  for (const int32_t label : examples.labels)
    if (label < 0 || label >= classes)
      fail("finetune", std::string("a label of the ") + name + " set is " + std::to_string(label),
           "the model has " + std::to_string(classes) + " classes, counted from 0");
}

}  // namespace

FinetuneResult finetune(BertForSequenceClassification& model, const BertTokenizer& tokenizer,
                        const Examples& train, const Examples& dev,
                        const FinetuneOptions& options) {
  if (train.size() == 0) fail("finetune", "there are no training examples");
  if (model.bert.config.num_labels() < 2)
    fail("finetune", "the model has one output, which can't tell classes apart",
         "give it a head of two labels or more: LoadOptions{.num_labels = 2, .new_head = true}");
  // Cross entropy makes it one, whatever the model was before.
  model.bert.config.problem_type = to_string(Problem::single_label);
  check_labels(train, model.bert.config.num_labels(), "training");
  check_labels(dev, model.bert.config.num_labels(), "development");
  const OutputFolder out(options.run.out, true);
  return Finetuning(model, tokenizer, train, dev, options).train();
}

Predictions evaluate(BertForSequenceClassification& model, const Examples& examples,
                     int64_t batch_size) {
  const NoGrad no_grad;
  const bool was_training = model.training();
  model.eval();
  const int64_t classes = model.bert.config.num_labels();
  Predictions result{ConfusionMatrix(classes)};
  for (const auto& indices : batches_of(sequential_order(examples.size()), batch_size)) {
    const Batch batch = make_batch(examples.texts, examples.labels, indices);
    const Tensor logits = model(batch.ids, batch.token_types, batch.rows);
    result.loss += static_cast<double>(cross_entropy(logits, batch.labels, Reduction::sum).item());
    const real* row = logits.data();
    for (int64_t b = 0; b < batch.rows.sequences(); ++b, row += classes)
      result.matrix.add(batch.labels[b],
                        static_cast<int32_t>(std::max_element(row, row + classes) - row));
  }
  result.loss /= static_cast<double>(std::max<int64_t>(1, examples.size()));
  model.train(was_training);
  return result;
}

BatchIndices batches_of_epoch(const Examples& examples, const FinetuneOptions& options,
                              int64_t epoch) {
  if (!options.order.empty()) return batches_of(options.order, options.batch_size);
  Random random = random_of_epoch(options.seed, epoch);
  if (!options.group_by_length)
    return batches_of(shuffled_order(examples.size(), random), options.batch_size);
  std::vector<int64_t> lengths;
  for (const Encoding& text : examples.texts)
    lengths.push_back(static_cast<int64_t>(text.ids.size()));
  return length_grouped_batches(lengths, options.batch_size, random);
}

}}  // namespace cairn::CAIRN_PRECISION

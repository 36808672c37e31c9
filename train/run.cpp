// A training run: its steps, the log and the checkpoint.
#include "train/run.h"

#include <cerrno>
#include <cmath>
#include <filesystem>
#include <system_error>

#include "core/autograd/unnamed_leaves.h"
#include "core/error.h"
#include "core/io/descriptor.h"
#include "core/io/file_kind.h"
#include "core/io/files.h"
#include "core/io/safetensors.h"
#include "optim/linear_schedule.h"
#include "train/progress.h"
#include "train/train_step.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Run::Run(Module& model, const RunOptions& options, Json settings)
    : options_(options),
      settings_(std::move(settings)),
      parameters_(model.named_parameters()),
      optimizer_(decay_groups(parameters_, options.weight_decay)) {
  settings_.set("steps", options.steps);
  settings_.set("lr", options.lr);
  settings_.set("warmup", options.warmup);
  settings_.set("weight-decay", options.weight_decay);
  settings_.set("clip", options.clip);
  if (!options.resume) open_log();
}

StepRecord Run::train_step(const Batch& batch, const LossFunction& loss_of) {
  StepRecord record{.step = step_ + 1,
                    .lr = learning_rate(),
                    .sentences = batch.rows.sequences(),
                    .tokens = batch.tokens()};
  const auto loss_of_batch = [&] {
    const Tensor loss = loss_of(batch);
    if (!names_checked_ && std::isfinite(loss.item())) check_names(loss);
    return loss;
  };
  const StepNumbers numbers = training_step(loss_of_batch, optimizer_, record.lr, options_.clip);
  record.loss = numbers.loss;
  record.grad_norm = numbers.grad_norm;
  if (!std::isfinite(record.loss))
    fail_diverged(record.step, "the loss is " + std::to_string(record.loss));
  if (!std::isfinite(record.grad_norm))
    fail_diverged(record.step, "the gradient's norm is " + std::to_string(record.grad_norm));
  ++step_;

  record.seconds = steady_seconds() - since_;
  log(record);
  if (options_.on_step) options_.on_step(record);
  skip_time();
  return record;
}

double Run::learning_rate() const {
  const auto warmup =
      static_cast<int64_t>(std::ceil(options_.warmup * static_cast<double>(options_.steps)));
  return options_.lr * (options_.schedule ? options_.schedule(step_)
                                          : linear_with_warmup(step_, warmup, options_.steps));
}

void Run::check_names(const Tensor& loss) {
  std::string list;
  for (const UnnamedLeaf& leaf : unnamed_leaves(loss, parameters_))
    list += "\n  " + to_string(leaf);
  if (!list.empty())
    fail("train",
         "the loss depends on what no visit() of the model names, so that it would not be "
         "trained:" +
             list,
         "name the child or the parameter in its module's visit()");
  names_checked_ = true;
}

void Run::fail_diverged(int64_t step, const std::string& what) const {
  fail("step " + std::to_string(step), "the training has diverged: " + what,
       "lower --lr, lengthen --warmup, or clip the gradient with --clip");
}

void Run::check_weights() const {
  for (const NamedTensor& p : parameters_) {
    const Contiguous numbers(p.tensor);
    const int64_t bad = first_not_finite(numbers, p.tensor.numel());
    if (bad >= 0) fail_diverged(step_, p.name + " has the value " + std::to_string(numbers[bad]));
  }
}

bool Run::checkpoint_due() const {
  return options_.checkpoint_every > 0 && step_ % options_.checkpoint_every == 0;
}

void Run::save(const Json& state) {
  check_weights();
  Json run = Json::object();
  run.set("step", step_);
  run.set("loop", state);
  save_checkpoint(checkpoint_path(), parameters_, optimizer_, settings_, run);
}

Json Run::resume() {
  const Json run = load_checkpoint(checkpoint_path(), parameters_, optimizer_, settings_);
  step_ = run.at("step").as_int(0, options_.steps);
  open_log();
  skip_time();
  return run.at("loop");
}

void Run::remove_checkpoint() {
  std::error_code ignored;  // a file left in the folder does no harm
  std::filesystem::remove(checkpoint_path(), ignored);
}

// A resumed run keeps the log's lines of the steps that it does not repeat.
void Run::open_log() {
  if (options_.log.empty()) return;
  std::string kept;
  if (step_ > 0 && has_file(options_.log)) {
    const std::string before = read_file(options_.log);
    std::string_view rest = before;
    for (int64_t i = 0; i < step_ && !rest.empty(); ++i) kept.append(take_line(rest)) += '\n';
  }
  write_file_atomically(options_.log, kept);
  log_.reset(std::fopen(options_.log.c_str(), "ae"));
  if (!log_) fail_for(options_.log, "can't be written", errno);
}

void Run::log(const StepRecord& r) {
  if (!log_) return;
  const double seconds = std::max(r.seconds, 1e-9);
  Json line = Json::object();
  line.set("step", r.step);
  line.set("loss", r.loss);
  line.set("lr", r.lr);
  line.set("grad_norm", r.grad_norm);
  line.set("sentences_per_second", static_cast<double>(r.sentences) / seconds);
  line.set("tokens_per_second", static_cast<double>(r.tokens) / seconds);
  line.set("peak_memory_mb", peak_memory_mb());
  std::fputs((to_text(line) + "\n").c_str(), log_.get());
  if (std::fflush(log_.get()) != 0) fail_for(options_.log, "can't be written", errno);
}

}}  // namespace cairn::CAIRN_PRECISION

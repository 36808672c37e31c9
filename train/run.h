#pragma once
// A training run: what fine-tuning and pretraining have in common, which is the training step
// (train/train_step.cpp), the log, and the checkpoint.
//
//   Run run(model, options, settings);
//   if (options.resume) loop_state = run.resume();
//   while (!run.finished()) {
//     run.train_step(batch, [&](const Batch& b) { return cross_entropy(model(...), b.labels); });
//     if (run.checkpoint_due()) run.save(loop_state);
//   }
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "core/clock.h"
#include "nn/module.h"
#include "optim/adamw.h"
#include "text/batches.h"
#include "train/checkpoint.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// What one step did.
struct StepRecord {
  int64_t step = 0;  // counted from 1
  double loss = 0, lr = 0;
  double grad_norm = 0;               // before clipping
  int64_t sentences = 0, tokens = 0;  // of the batch
  double seconds = 0;                 // since the end of the previous step, or skip_time()
};

struct RunOptions {
  std::string out;                 // the folder of the results; the checkpoint is in it
  int64_t steps = 0;               // of the whole run: the learning rate is 0 after the last
  double lr = 5e-5;                // the highest learning rate
  double warmup = 0;               // the fraction of the steps in which the rate climbs from 0
  double weight_decay = 0.01;      // of matrices; biases and layer norms do not decay
  double clip = 1;                 // the maximum norm of the gradient; 0: no maximum
  int64_t checkpoint_every = 500;  // steps; 0: only where the loop says so
  bool resume = false;             // continue from the checkpoint in `out`
  std::string log;                 // a file that gets a line of JSON for each step, or empty
  // Called after each step, if set.
  std::function<void(const StepRecord&)> on_step = {};
  // The factor of lr at each step, counted from 0, if set; else linear_with_warmup(). A resumed run
  // has to be given the same one.
  std::function<double(int64_t step)> schedule = {};
};

// The loss of a batch: one number, to be minimised.
using LossFunction = std::function<Tensor(const Batch& batch)>;

class Run {
 public:
  // `model` must outlive the run. `settings` is an object with everything that determines the
  // training's course beyond these options.
  Run(Module& model, const RunOptions& options, Json settings);

  // One step: the forward pass is loss_of(batch); then backward, clipping, one step of AdamW. Error
  // if the loss or the gradient is not finite, or if the loss depends on a parameter that the
  // model's visit() does not name; then no parameter has changed.
  StepRecord train_step(const Batch& batch, const LossFunction& loss_of);

  // Throws the Error that says at which step the training has diverged.
  [[noreturn]] void fail_diverged(int64_t step, const std::string& what) const;
  void check_weights() const;  // fail_diverged() if one of them is not finite

  int64_t step() const { return step_; }  // how many have been made
  bool finished() const { return step_ >= options_.steps; }
  void skip_time() { since_ = steady_seconds(); }  // the time until now belongs to no step

  // The checkpoint: OUT/checkpoint.safetensors. `state` is the loop's own, given back by resume().
  // Weights that are not finite are an Error; then the previous checkpoint stays.
  bool checkpoint_due() const;
  void save(const Json& state);
  Json resume();
  void remove_checkpoint();  // at the end there is nothing left to resume

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  double learning_rate() const;
  void check_names(const Tensor& loss);
  void open_log();
  void log(const StepRecord& record);
  std::string checkpoint_path() const { return options_.out + "/checkpoint.safetensors"; }

  RunOptions options_;
  Json settings_;
  NamedTensors parameters_;
  AdamW optimizer_;
  int64_t step_ = 0;
  bool names_checked_ = false;
  double since_ = steady_seconds();
  std::unique_ptr<std::FILE, CloseFile> log_;
};

}}  // namespace cairn::CAIRN_PRECISION

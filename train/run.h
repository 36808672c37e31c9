#pragma once
// What fine-tuning and pretraining have in common: one step of the optimiser with its learning rate
// and clipping, the log, and the checkpoint.
//
//   Run run(model, options, settings);
//   if (options.resume) loop_state = run.resume();
//   while (run.step() < options.steps) {
//     run.update(loss_of(batch), 32, batch.rows.total());
//     ...
//     run.save(loop_state);
//   }
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "nn/module.h"
#include "optim/adamw.h"
#include "train/checkpoint.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// What one step did.
struct StepRecord {
  int64_t step = 0;       // counted from 1
  double loss = 0, lr = 0;
  double grad_norm = 0;   // before clipping
  int64_t sentences = 0, tokens = 0;
  double seconds = 0;     // from the end of the step before, or from skip_time()
};

struct RunOptions {
  std::string out;               // the folder of the results; the checkpoint lies in it
  int64_t steps = 0;             // of the whole run: the learning rate is 0 after the last
  double lr = 5e-5;              // at its highest
  double warmup = 0;             // the part of the steps during which it climbs to that, from 0
  double weight_decay = 0.01;    // of matrices; biases and layer norms do not decay
  double clip = 1;               // the longest gradient; 0: any
  int64_t checkpoint_every = 500;  // steps; 0: only where the loop says so
  bool resume = false;           // go on from the checkpoint in `out`
  std::string log;               // a file that gets a line of JSON for each step, or empty
  std::function<void(const StepRecord&)> on_step;  // called after each step, if set
};

class Run {
 public:
  // `model` lives as long as this. `settings` is an object with all that decides the course of the
  // training beyond these options.
  Run(Module& model, const RunOptions& options, Json settings);

  // Backward from `loss` (one number), clipping, one step of AdamW. `sentences` and `tokens` are
  // the batch's, for the log. Error if the loss or the gradient is not finite, or if the loss
  // depends on a parameter that the model's visit() does not name; then nothing has changed.
  StepRecord update(const Tensor& loss, int64_t sentences, int64_t tokens);

  // Throws the Error that says since when the training is of no use.
  [[noreturn]] void diverged(int64_t step, const std::string& what) const;
  void check_weights() const;                    // diverged() if one of them is not finite

  int64_t step() const { return step_; }         // how many were made
  bool finished() const { return step_ >= options_.steps; }
  void skip_time() { clock_ = Clock::now(); }    // what was done until now belongs to no step

  // The checkpoint: OUT/checkpoint.safetensors. `state` is the loop's own, given back by resume().
  // Weights that are not finite are not saved: then the checkpoint before stays.
  bool checkpoint_due() const;
  void save(const Json& state);
  Json resume();
  void remove_checkpoint();                      // at the end of a run nothing is left to resume

 private:
  using Clock = std::chrono::steady_clock;
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  double rate() const;
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
  Clock::time_point clock_ = Clock::now();
  std::unique_ptr<std::FILE, CloseFile> log_;
};

}}  // namespace cairn::CAIRN_PRECISION

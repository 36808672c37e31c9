// The loop, written out.
#include "tutorials/11_fine_tuning/loop.h"

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "core/ops/losses.h"
#include "optim/adamw.h"
#include "optim/clip.h"
#include "optim/linear_schedule.h"

using namespace cairn;

// [groups]
static ParameterGroups groups_of(Bert& model, const Setting& s) {
  const NamedTensors all = model.named_parameters();
  if (!s.decays_all) return decay_groups(all, s.decay);  // two groups: with decay, and without
  return ParameterGroups{{.parameters = all, .weight_decay = s.decay}};
}
// [/groups]

// [loop]
void fine_tune(Bert& model, const Examples& train, const Setting& s) {
  AdamW optimizer(groups_of(model, s));
  const int64_t per_epoch = (train.size() + s.batch_size - 1) / s.batch_size;
  const int64_t steps = s.epochs * per_epoch, warmup = steps / 10;
  int64_t step = 0;
  default_random() = Random(s.seed);  // from which dropout draws
  model.train();
  for (int64_t epoch = 0; epoch < s.epochs; ++epoch) {
    Random random = random_of_epoch(s.seed, epoch);
    const std::vector<int64_t> order = shuffled_order(train.size(), random);
    for (const std::vector<int64_t>& indices : batches_of(order, s.batch_size)) {
      const Batch batch = make_batch(train.texts, train.labels, indices);

      // Forward: sentences to logits (B, 2), logits and labels to one number.
      const Tensor logits = model(batch.ids, batch.token_types, batch.rows);
      const Tensor loss = cross_entropy(logits, batch.labels);
      // Backward: adds d(loss)/d(parameter) to each parameter's gradient.
      backward(loss);
      // Clip: the factor that makes all gradients, seen as one vector, no longer than 1.
      const double scale = clip_scale(gradient_norm(optimizer.parameters()), 1.0);
      // Step, at the rate of this moment; then the gradients have done their work.
      optimizer.step(s.lr * linear_with_warmup(step, warmup, steps), scale);
      optimizer.zero_grad();

      ++step;
      if (s.after_step) s.after_step(step, static_cast<double>(loss.item()));
    }
  }
  model.eval();
}
// [/loop]

// [score]
// The share of the examples for which the larger logit is the label's.
double score(Bert& model, const Examples& examples) {
  const NoGrad no_grad;  // nothing is recorded: there is no way back from here
  model.eval();          // dropout lets everything through
  int64_t right = 0;
  for (const auto& indices : batches_of(sequential_order(examples.size()), 64)) {
    const Batch batch = make_batch(examples.texts, examples.labels, indices);
    const Tensor logits = model(batch.ids, batch.token_types, batch.rows);
    for (int64_t b = 0; b < batch.rows.sequences(); ++b)
      right += (logits[b][1].item() > logits[b][0].item()) == (batch.labels[b] == 1);
  }
  return static_cast<double>(right) / static_cast<double>(examples.size());
}
// [/score]

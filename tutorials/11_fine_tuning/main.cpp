// Chapter 11: fine-tuning. A pretrained BERT learns to tell praise from blame: the loop written out,
// learning rates, seeds, freezing, decay, and what goes wrong. README.md beside this file tells the
// story and shows the parts between the markers.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "core/autograd/autograd.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/ops.h"
#include "core/ops/losses.h"
#include "optim/adamw.h"
#include "optim/clip.h"
#include "train/more/classification_report.h"
#include "tutorials/11_fine_tuning/figures.h"
#include "tutorials/11_fine_tuning/loop.h"
#include "tutorials/11_fine_tuning/parts.h"
#include "tutorials/figure.h"

using namespace cairn;

namespace {

// What came of a run: the mean loss of its last epoch, and the shares that are right.
struct Result {
  double loss, dev, seen, unseen;
};

Result tune(Bert& model, const Data& d, Setting s, bool tell = false) {
  const int64_t per_epoch = (d.train.size() + s.batch_size - 1) / s.batch_size;
  double sum = 0, mean = 0;
  s.after_step = [&](int64_t step, double loss) {
    sum += loss;
    if (step % per_epoch != 0) return;
    mean = sum / static_cast<double>(per_epoch), sum = 0;
    if (tell) std::printf("  %5d   %13.3f\n", static_cast<int>(step), mean);
  };
  fine_tune(model, d.train, s);
  return {mean, score(model, d.dev), score(model, d.seen), score(model, d.unseen)};
}

void look_at(const Data& d) {
  const Encoding& first = d.train.texts[0];
  for (const int32_t id : first.ids) std::printf(" %s", d.tokenizer.token(id).c_str());
  std::printf("\n");
  for (const int32_t id : first.ids) std::printf(" %d", id);
  std::printf("\n label %d\n\n           sentences   positive   longest\n", d.train.labels[0]);
  const auto row = [](const char* name, const Examples& examples) {
    size_t longest = 0;
    for (const Encoding& text : examples.texts) longest = std::max(longest, text.ids.size());
    const auto positive = std::count(examples.labels.begin(), examples.labels.end(), 1);
    std::printf("  %-8s %9zu  %9zu %9zu\n", name, examples.texts.size(),
                static_cast<size_t>(positive), longest);
  };
  row("train", d.train), row("dev", d.dev), row("seen", d.seen), row("unseen", d.unseen);
}

void before(const Data& d) {
  LoadReport report;
  Bert model = pretrained(0, &report);
  std::printf("  drawn at random:");
  for (const std::string& name : report.created) std::printf(" %s", name.c_str());
  const Predictions found = evaluate(model, d.dev);
  std::printf("\n  loss %.1f, right %.2f\n", found.loss, found.matrix.accuracy());
}

// [first]
Result first_run(Bert& model, const Data& d) {
  std::printf("  steps   training loss\n");
  const Result first = tune(model, d, {}, true);
  std::printf("  right: dev %.3f, seen %.3f, unseen %.3f\n", first.dev, first.seen, first.unseen);
  return first;
}
// [/first]

void rates(const Data& d, const Result& first) {
  std::printf("  learning rate   last epoch's loss     dev    seen\n");
  for (const double lr : {1e-5, 1e-4, 1e-3, 3e-2}) {
    Bert model = pretrained(0);
    const Result r = lr == 1e-3 ? first : tune(model, d, {.lr = lr});
    std::printf("  %13g   %17.3f   %.3f   %.3f\n", lr, r.loss, r.dev, r.seen);
  }
}

double range_of(const std::vector<double>& scores) {
  const auto [low, high] = std::minmax_element(scores.begin(), scores.end());
  return *high - *low;
}

void print_range(const char* name, const std::vector<double>& of_seed) {
  std::printf("  %-18s ", name);
  for (const double right : of_seed) std::printf("  %.3f", right);
  std::printf("     %.3f\n", range_of(of_seed));
}

// [seeds]
void seeds(const Data& d, const Result& first) {
  std::vector<double> seen{first.seen}, unseen{first.unseen}, random_seen, random_unseen;
  for (const uint64_t seed : {0, 1, 2}) {
    Bert random = untrained(seed), model = pretrained(seed);
    const Result r = tune(random, d, {.seed = seed});
    random_seen.push_back(r.seen), random_unseen.push_back(r.unseen);
    if (seed == 0) continue;  // the first run
    const Result p = tune(model, d, {.seed = seed});
    seen.push_back(p.seen), unseen.push_back(p.unseen);
  }
  std::printf("  seed                     0      1      2     range\n");
  print_range("pretrained, seen", seen), print_range("pretrained, unseen", unseen);
  print_range("random, seen", random_seen), print_range("random, unseen", random_unseen);
  std::printf("  the pretrained ones are further apart on unseen: %s\n",
              range_of(unseen) > range_of(seen) ? "yes" : "no");
}
// [/seeds]

// [frozen]
void frozen(const Data& d, const Result& first) {
  std::printf("  trained                numbers   frozen ones unchanged    seen\n");
  const auto row = [&](const char* name, const std::vector<const char*>& patterns) {
    Bert model = pretrained(0);
    for (const char* pattern : patterns) model.set_trainable(pattern, false);
    const std::vector<real> before = frozen_numbers(model);
    const int64_t count = trained_numbers(model);
    fine_tune(model, d.train, {});
    std::printf("  %-20s %9d   %21s   %.3f\n", name, static_cast<int>(count),
                frozen_numbers(model) == before ? "yes" : "NO", score(model, d.seen));
  };
  Bert whole = pretrained(0);
  std::printf("  %-20s %9d   %21s   %.3f\n", "all", static_cast<int>(trained_numbers(whole)), "",
              first.seen);
  row("last layer and head", {"bert.embeddings", "bert.encoder.layer.0"});
  row("head", {"bert"});
  std::printf("  an adapter of width 8 after each sublayer adds %d numbers\n",
              static_cast<int>(numbers_of_adapters(64, 8, 4)));
}
// [/frozen]

// Milliseconds of a step.
void cost(const Data& d) {
  const auto row = [&](const char* name, const std::vector<const char*>& patterns) {
    Bert model = pretrained(0);
    for (const char* pattern : patterns) model.set_trainable(pattern, false);
    const double begin = steady_seconds();
    fine_tune(model, d.train, {.epochs = 1});
    std::printf("  %-20s %.2f ms\n", name, 1000 * (steady_seconds() - begin) / 88);
  };
  row("all", {}), row("last layer and head", {"bert.embeddings", "bert.encoder.layer.0"});
  row("head", {"bert"});
}

// [decay]
void decay(Bert& first, const Data& d) {
  Bert other = pretrained(0);
  fine_tune(other, d.train, {.decays_all = true});
  const double weights[] = {mean_norm_weight(first), mean_norm_weight(other)};
  std::printf("  what decays     seen   mean weight of the norms\n");
  std::printf("  matrices       %.3f   %.4f\n", score(first, d.seen), weights[0]);
  std::printf("  everything     %.3f   %.4f\n", score(other, d.seen), weights[1]);
  std::printf("  smaller by %.4f\n", weights[0] - weights[1]);
}
// [/decay]

// [modes]
void modes(Bert& model, const Data& d) {
  std::printf("  mode    recorded   two answers equal   right   history\n");
  const Batch batch = make_batch(d.dev.texts, d.dev.labels, sequential_order(d.dev.size()));
  for (const bool training : {true, false})
    for (const bool recorded : {true, false}) {
      const GradMode grad(recorded);
      model.train(training);
      const Tensor first = model(batch.ids, batch.token_types, batch.rows);
      const Tensor second = model(batch.ids, batch.token_types, batch.rows);
      std::printf("  %-6s  %8s   %17s   %.3f   %7s\n", training ? "train" : "eval",
                  recorded ? "yes" : "no", first.to_vector() == second.to_vector() ? "yes" : "no",
                  share_right(first, batch.labels), first.is_leaf() ? "none" : "kept");
    }
  model.eval();
}
// [/modes]

// [one_step]
// As one article does it: the losses of an epoch are added up, and there is one step at its end.
int64_t one_step_per_epoch(Bert& model, const Examples& train, int64_t epochs) {
  AdamW optimizer(decay_groups(model.named_parameters(), 0.01));
  int64_t steps = 0;
  for (; steps < epochs; ++steps) {
    for (const auto& indices : batches_of(sequential_order(train.size()), 32)) {
      const Batch batch = make_batch(train.texts, train.labels, indices);
      backward(cross_entropy(model(batch.ids, batch.token_types, batch.rows), batch.labels));
    }
    optimizer.step(1e-3, clip_scale(gradient_norm(optimizer.parameters()), 1.0));
    optimizer.zero_grad();
  }
  return steps;
}
// [/one_step]

void one_step(const Data& d) {
  Bert model = pretrained(0);
  const int64_t steps = one_step_per_epoch(model, d.train, 3);
  std::printf("  after %d steps right: %.2f\n", static_cast<int>(steps), score(model, d.seen));
  // [item]
  Tensor total = Tensor::scalar(0);
  const Batch batch = make_batch(d.train.texts, d.train.labels, {0, 1, 2, 3});
  total.add_(cross_entropy(model(batch.ids, batch.token_types, batch.rows), batch.labels).item());
  try {
    backward(total);
  } catch (const Error& error) {
    std::printf("  %s\n", first_line(error.what()).c_str());
  }
  // [/item]
}

void special_tokens(Bert& model, const Data& d) {
  Bert without = pretrained(0);
  fine_tune(without, without_special_tokens(d.train), {});
  Bert of_ids = pretrained(0);
  fine_tune(of_ids, ids_as_text(d.train, d.tokenizer), {.epochs = 1});
  const Examples stripped = without_special_tokens(d.seen), ids = ids_as_text(d.seen, d.tokenizer);
  std::printf("  tuned and tested with [CLS] and [SEP]  %.3f\n", score(model, d.seen));
  std::printf("  tuned with them, tested without        %.3f\n", score(model, stripped));
  std::printf("  tuned and tested without               %.3f\n", score(without, stripped));
  std::printf("  ids tokenised once more:              ");
  for (size_t i = 0; i < 5; ++i) std::printf(" %s", d.tokenizer.token(ids.texts[0].ids[i]).c_str());
  std::printf(" ...\n  tuned and tested on them               %.3f\n", score(of_ids, ids));
}

void padding(Bert& model, const Data& d) {
  const double without = score(model, d.seen);
  double with = 0;
  std::printf("  no padding %.3f", without);
  for (const size_t length : {16, 32, 64}) {
    with = score(model, padded(d.seen, d.tokenizer, length));
    std::printf(", up to %d %.3f", static_cast<int>(length), with);
  }
  std::printf("\n  [PAD] changes nothing: %s\n", with == without ? "yes" : "no");
}

// [metric]
void never_reset(Bert& model, const Data& d) {
  ConfusionMatrix matrix(2);
  count_predictions(model, d.dev, matrix);
  count_predictions(model, d.unseen, matrix);  // into the same counts
  std::printf("  dev %.3f, unseen %.3f; counted on after dev %.3f\n", score(model, d.dev),
              score(model, d.unseen), matrix.accuracy());
}
// [/metric]

// [few]
// Ten negative sentences to one positive.
void few(const Data& d) {
  const Examples rare = few_positive(d.train), test = few_positive(d.seen);
  std::printf("  tuned on            epochs   right   macro F1\n");
  const auto row = [&](const char* name, const Examples& train, int64_t epochs) {
    Bert model = pretrained(0);
    if (epochs > 0) fine_tune(model, train, {.epochs = epochs});
    const ConfusionMatrix matrix = evaluate(model, test).matrix;
    std::printf("  %-18s  %6d   %.3f   %8.3f\n", name, static_cast<int>(epochs), matrix.accuracy(),
                macro_average(matrix).f1);
  };
  row("few positive", rare, 1), row("few positive", rare, 3);
  row("each ten times", repeated_positive(rare), 3);
}
// [/few]

}  // namespace

int main(int argc, char** argv) {
  if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
  const Data d = read_data();
  if (argc == 2 && !std::strcmp(argv[1], "--full")) return full_run(d), 0;
  std::printf("[data]\n"), look_at(d);
  std::printf("\n[before]\n"), before(d);
  std::printf("\n[loop]\n");
  Bert model = pretrained(0);
  const Result first = first_run(model, d);
  std::printf("\n[rates]\n"), rates(d, first);
  std::printf("\n[seeds]\n"), seeds(d, first);
  std::printf("\n[frozen]\n"), frozen(d, first);
  std::printf("\n[cost]\n"), cost(d);
  std::printf("\n[decay]\n"), decay(model, d);
  std::printf("\n[modes]\n"), modes(model, d);
  std::printf("\n[one_step]\n"), one_step(d);
  std::printf("\n[special]\n"), special_tokens(model, d);
  std::printf("\n[padding]\n"), padding(model, d);
  std::printf("\n[metric]\n"), never_reset(model, d);
  std::printf("\n[few]\n"), few(d);
}

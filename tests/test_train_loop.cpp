// Fine-tuning against its loop written out here: what each option does is a row of a table, and every
// number agrees bit for bit. What an evaluation finds, keeps and says.
#include <doctest/doctest.h>

#include <cmath>
#include <csignal>

#include "models/bert/load.h"
#include "tests/stderr.h"
#include "tests/support.h"
#include "tests/training_course.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// Texts of one kind and of the other, in turn.
Examples typed_examples() {
  Examples data = examples(18, 1);
  for (size_t i = 1; i < data.texts.size(); i += 2)
    for (size_t t = 3; t < data.texts[i].ids.size(); ++t) data.texts[i].token_types[t] = 1;
  return data;
}

// The rows of each batch of an epoch, in the order in which they are read.
BatchIndices batches_by_hand(const Examples& train, const FinetuneOptions& o, int64_t epoch) {
  if (!o.order.empty()) return batches_of(o.order, o.batch_size);
  Random random = random_of_epoch(o.seed, epoch);
  std::vector<int64_t> order = shuffled_order(train.size(), random);
  if (!o.group_by_length) return batches_of(order, o.batch_size);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return train.texts[static_cast<size_t>(a)].ids.size() >
           train.texts[static_cast<size_t>(b)].ids.size();
  });
  BatchIndices batches = batches_of(order, o.batch_size);
  random.shuffle(batches);
  return batches;
}

Course finetuned(const FinetuneOptions& o, int64_t steps, int64_t warmup) {
  const Examples data = typed_examples();
  BertForSequenceClassification model = classifier();
  AdamW optimizer(groups_of(model, o.run.weight_decay));
  default_random() = Random(o.seed);
  model.train();
  Course course;
  for (int64_t epoch = 0;; ++epoch) {
    for (const std::vector<int64_t>& rows : batches_by_hand(data, o, epoch)) {
      std::vector<int32_t> ids, types, labels, lengths;
      for (const int64_t row : rows) {
        const Encoding& text = data.texts[static_cast<size_t>(row)];
        ids.insert(ids.end(), text.ids.begin(), text.ids.end());
        types.insert(types.end(), text.token_types.begin(), text.token_types.end());
        lengths.push_back(static_cast<int32_t>(text.ids.size()));
        labels.push_back(data.labels[static_cast<size_t>(row)]);
      }
      const Tensor logits = model(Ids(ids), Ids(types), Rows::of_lengths(lengths));
      step_on(cross_entropy(logits, Ids(labels)), static_cast<int64_t>(labels.size()),
              static_cast<int64_t>(ids.size()), warmup, steps, o.run, model, optimizer, course);
      if (static_cast<int64_t>(course.steps.size()) == steps) return course;
    }
  }
}

struct Row {
  const char* what;
  std::function<void(FinetuneOptions&)> change;
  int64_t steps, warmup;  // that follow from it: 18 texts, batches of 4, 3 epochs, warm-up 0.2
};

const std::vector<Row> table = {
    {"as they are", [](auto&) {}, 15, 3},
    {"a warm-up of 10 % of 15 steps is 2 steps, rounded up", [](auto& o) { o.run.warmup = 0.1; },
     15, 2},
    {"no warm-up", [](auto& o) { o.run.warmup = 0; }, 15, 0},
    {"rate", [](auto& o) { o.run.lr = 3e-3; }, 15, 3},
    {"decay", [](auto& o) { o.run.weight_decay = 1; }, 15, 3},
    {"no decay", [](auto& o) { o.run.weight_decay = 0; }, 15, 3},
    {"no clipping", [](auto& o) { o.run.clip = 0; }, 15, 3},
    {"short gradients", [](auto& o) { o.run.clip = 0.3; }, 15, 3},
    {"two epochs", [](auto& o) { o.epochs = 2; }, 10, 2},
    {"fewer steps than the epochs have", [](auto& o) { o.max_steps = 7; }, 7, 2},
    {"more steps than the epochs have", [](auto& o) { o.max_steps = 17; }, 17, 4},
    {"batches of 5", [](auto& o) { o.batch_size = 5; }, 12, 3},
    {"batches of 6, the last whole", [](auto& o) { o.batch_size = 6; }, 9, 2},
    {"batches of all", [](auto& o) { o.batch_size = 18; }, 3, 1},
    {"batches of more than all", [](auto& o) { o.batch_size = 100, o.run.warmup = 0; }, 3, 0},
    {"seed", [](auto& o) { o.seed = 4; }, 15, 3},
    {"by length", [](auto& o) { o.group_by_length = true; }, 15, 3},
    {"an order", [](auto& o) { o.order = {3, 1, 4, 1, 5, 9, 17}; }, 6, 2},
    {"another order", [](auto& o) { o.order = {3, 1, 4, 1, 5, 9, 16}; }, 6, 2},
};

}  // namespace

TEST_CASE("finetune: step by step it is the loop written out, whatever the options") {
  const Examples data = typed_examples();
  std::vector<Weights> ends;
  for (const Row& row : table) {
    CAPTURE(row.what);
    const TempFolder folder;
    FinetuneOptions o = options(folder.path());
    o.run.clip = 1;
    row.change(o);
    const Course expected = finetuned(o, row.steps, row.warmup);
    BertForSequenceClassification model = classifier();
    model.eval();  // which training ends
    std::vector<Weights> after;
    o.run.on_step = [&](const StepRecord& r) {
      CHECK(r.step == static_cast<int64_t>(after.size()) + 1);
      CHECK(model.training());
      after.push_back(weights(model));
    };
    const FinetuneResult result = finetune(model, tokenizer(), data, {}, o);
    REQUIRE(same_course(result.steps, expected.steps));
    for (size_t i = 0; i < after.size(); ++i) CHECK(after[i] == expected.weights[i]);
    CHECK(weights(model) == after.back());
    CHECK_FALSE(model.training());
    CHECK_FALSE(result.best);
    CHECK_FALSE(result.stopped_early);
    CHECK_FALSE(result.interrupted);
    for (const Weights& other : ends) CHECK(largest_difference(other, after.back()) > 1e-5);
    ends.push_back(after.back());
  }
}

namespace {

bool is_better(const Evaluation& a, const Evaluation& b) {
  return a.accuracy > b.accuracy || (a.accuracy == b.accuracy && a.loss < b.loss);
}

}  // namespace

TEST_CASE("finetune: its numbers on the development set are those of the steps until then") {
  const TempFolder folder;
  FinetuneOptions o = options(folder.path());
  o.eval_every = 4;
  const Examples dev = examples(9, 2);
  const Course expected = finetuned(o, 15, 3);
  BertForSequenceClassification model = classifier();
  const FinetuneResult result = finetune(model, tokenizer(), typed_examples(), dev, o);
  REQUIRE(same_course(result.steps, expected.steps));  // an evaluation changes nothing
  REQUIRE(result.evaluations.size() == 4);
  size_t from = 0;
  for (const Evaluation& e : result.evaluations) {
    const auto step = static_cast<size_t>(e.step);
    double sum = 0;
    for (size_t i = from; i < step; ++i) sum += expected.steps[i].loss;
    CHECK(e.train_loss == doctest::Approx(sum / static_cast<double>(step - from)).epsilon(1e-12));
    from = step;
    BertForSequenceClassification then = classifier();
    size_t i = 0;
    for (const NamedTensor& p : then.named_parameters()) {
      const std::vector<real>& values = expected.weights[step - 1][i++];
      Tensor tensor = p.tensor;
      std::copy(values.begin(), values.end(), tensor.write());
    }
    const Predictions found = evaluate(then, dev);
    CHECK(e.loss == found.loss);
    CHECK(e.accuracy == found.matrix.accuracy());
  }
}

TEST_CASE(
    "finetune: the best is the highest accuracy, of equal ones the lowest loss, then the first") {
  int by_loss = 0, by_accuracy = 0;  // how often it was decided so
  for (uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    const TempFolder folder;
    FinetuneOptions o = options(folder.path());
    o.seed = seed;
    o.run.lr = 0.1;
    o.run.checkpoint_every = 0;
    o.eval_every = 1;
    o.patience = seed % 3 == 0 ? 3 : 0;
    const Examples dev = examples(12, 2 + seed);
    BertForSequenceClassification model = classifier();
    std::vector<Weights> after;
    o.run.on_step = [&](const StepRecord&) { after.push_back(weights(model)); };
    const FinetuneResult result = finetune(model, tokenizer(), typed_examples(), dev, o);
    // Going through them again by hand.
    Evaluation best{.loss = INFINITY, .accuracy = -1};
    int64_t worse = 0;
    bool stops = false;
    for (const Evaluation& e : result.evaluations) {
      CHECK_FALSE(stops);
      const bool equal = e.accuracy == best.accuracy;
      if (is_better(e, best)) {
        by_loss += equal;
        by_accuracy += !equal && e.loss > best.loss;
        best = e;
        worse = 0;
      } else {
        stops = ++worse == 3 && o.patience == 3;
      }
    }
    CHECK(result.best->step == best.step);
    CHECK(result.best->loss == best.loss);
    CHECK(result.best->accuracy == best.accuracy);
    CHECK(result.best->train_loss == best.train_loss);
    CHECK(result.stopped_early == stops);
    CHECK(result.steps.size() == (stops ? result.evaluations.size() : 15));
    CHECK(weights(model) == after[static_cast<size_t>(best.step) - 1]);
    auto saved = from_pretrained<BertForSequenceClassification>(folder.path());
    CHECK(weights(saved) == weights(model));
    CHECK_FALSE(model.training());
  }
  CHECK(by_loss > 0);
  CHECK(by_accuracy > 0);
}

TEST_CASE("finetune: early stopping counts the evaluations since the best one, not all the worse") {
  // At rate 0 no evaluation is better than the first: it stops after 1 + patience of them.
  for (const int64_t patience : {1, 2, 5}) {
    const TempFolder folder;
    FinetuneOptions o = options(folder.path());
    o.run.lr = 0;
    o.eval_every = 1;
    o.patience = patience;
    const FinetuneResult result = train(o).result;
    CHECK(result.stopped_early);
    CHECK(static_cast<int64_t>(result.steps.size()) == 1 + patience);
    CHECK(result.best->step == 1);
  }
}

TEST_CASE("finetune: what it says of each evaluation and at the end of each epoch") {
  const TempFolder folder;
  FinetuneOptions o = options(folder.path());
  o.max_steps = 12;
  o.eval_every = 5;
  o.run.lr = 0.1;
  o.patience = 2;
  FinetuneResult result;
  const std::vector<std::string> lines = split_lines(stderr_of([&] { result = train(o).result; }));
  const auto text = [](double x) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.4f", x);
    return std::string(digits);
  };
  size_t at = 0;
  const auto expect_bar = [&](const std::string& epoch, const std::string& done, double loss) {
    REQUIRE(at < lines.size());
    CHECK(lines[at].starts_with("epoch " + epoch + "/3 100% " + done + " ["));
    CHECK(lines[at].ends_with(" sentences/s, loss " + text(loss) + "]"));
    ++at;
  };
  const auto expect_evaluation = [&](size_t i, const std::string& said) {
    REQUIRE(at < lines.size());
    const Evaluation& e = result.evaluations.at(i);
    CHECK(lines[at] == "step " + std::to_string(e.step) + ": dev accuracy " + text(e.accuracy) +
                           ", loss " + text(e.loss) + "; train loss " + text(e.train_loss) + said);
    ++at;
  };
  const auto end = [&](size_t i) {  // of an evaluation's line
    Evaluation best = result.evaluations.at(0);
    size_t best_at = 0;
    for (size_t j = 1; j <= i; ++j)
      if (is_better(result.evaluations.at(j), best)) best = result.evaluations[best_at = j];
    return best_at == i ? " (best, saved)" : i - best_at == 2 ? " (no improvement: stopping)" : "";
  };
  const auto mean = [&](size_t from, size_t to) {
    double sum = 0;
    for (size_t i = from; i < to; ++i) sum += result.steps.at(i).loss;
    return sum / static_cast<double>(to - from);
  };
  REQUIRE(result.evaluations.size() == 3);
  expect_bar("1", "5/5", mean(0, 5));
  expect_evaluation(0, end(0));
  expect_bar("2", "5/5", mean(5, 10));
  expect_evaluation(1, end(1));
  expect_bar("3", "2/2", mean(10, 12));
  expect_evaluation(2, end(2));
  CHECK(at == lines.size());

  const TempFolder second;
  o.run.out = second.path();
  o.run.lr = 0;
  o.eval_every = 1;
  const std::vector<std::string> still = split_lines(stderr_of([&] { result = train(o).result; }));
  REQUIRE(still.size() == 4);
  CHECK(still[0].ends_with("(best, saved)"));
  CHECK(still[1].ends_with(text(result.evaluations[1].train_loss)));
  CHECK(still[2].ends_with("(no improvement: stopping)"));
  CHECK(still[3].starts_with("epoch 1/3  60% 3/5 ["));
}

TEST_CASE("finetune: the folder has the tokenizer, and the configuration for one label a text") {
  const TempFolder folder;
  BertForSequenceClassification model = classifier();
  model.bert.config.problem_type = to_string(Problem::multi_label);
  finetune(model, tokenizer(), typed_examples(), {}, options(folder.path()));
  const auto saved = from_pretrained<BertForSequenceClassification>(folder.path());
  CHECK(saved.bert.config.problem_type == to_string(Problem::single_label));
  const BertTokenizer words = BertTokenizer::from_pretrained(folder.path());
  CHECK(words.encode("the film was not good .").ids ==
        tokenizer().encode("the film was not good .").ids);
}

TEST_CASE(
    "finetune: a label that the model has no class for, and a model of one class, are refused") {
  const TempFolder folder;
  const auto refused = [&](int32_t label, bool in_train) {
    BertForSequenceClassification model = classifier();
    Examples train = examples(4, 1), dev = examples(4, 1);
    (in_train ? train : dev).labels[3] = label;
    return error_of([&] { finetune(model, tokenizer(), train, dev, options(folder.path())); });
  };
  const std::string hint = "\n  hint: the model has 2 classes, counted from 0";
  CHECK(refused(2, true) == "[finetune] a label of the training set is 2" + hint);
  CHECK(refused(-1, true) == "[finetune] a label of the training set is -1" + hint);
  CHECK(refused(2, false) == "[finetune] a label of the development set is 2" + hint);
  CHECK(refused(-1, false) == "[finetune] a label of the development set is -1" + hint);
  CHECK(refused(1, false).empty());
  BertConfig one = config();
  one.set_num_labels(1);
  BertForSequenceClassification model(one);
  CHECK(has(
      error_of([&] { finetune(model, tokenizer(), examples(4, 1), {}, options(folder.path())); }),
      "the model has one output"));
}

TEST_CASE(
    "finetune: an interrupt at the last step, or where it stops early, is too late to be one") {
  const auto run = [](double lr, int64_t at) {
    const TempFolder folder;
    FinetuneOptions o = options(folder.path());
    o.run.lr = lr;
    o.eval_every = 1;
    o.patience = 20;
    if (lr == 0) o.patience = 2;
    o.run.on_step = [=](const StepRecord& r) {
      if (r.step == at) std::raise(SIGINT);
    };
    const Trained t = train(o);
    CHECK(folder.count() > 1);
    CHECK_FALSE(std::filesystem::exists(folder / "checkpoint.safetensors"));
    return t.result.interrupted;
  };
  CHECK_FALSE(run(1e-2, 15));
  CHECK_FALSE(run(0, 3));
}

// ---- Evaluation.

TEST_CASE("evaluate: counts and the mean loss are those of each text alone, in evaluation mode") {
  BertForSequenceClassification model = classifier();
  const Examples e = examples(23, 5);
  model.eval();
  double loss = 0;
  int64_t counts[2][2] = {};
  for (size_t i = 0; i < 23; ++i) {
    const std::vector<int32_t>& ids = e.texts[i].ids;
    const auto n = static_cast<int32_t>(ids.size());
    const Tensor logits =
        model(Ids(ids), Ids(std::vector<int32_t>(ids.size(), 0)), Rows::of_lengths({n}));
    const auto a = static_cast<double>(logits.data()[0]), b = static_cast<double>(logits.data()[1]);
    loss += std::log(std::exp(a) + std::exp(b)) - (e.labels[i] == 0 ? a : b);
    ++counts[e.labels[i]][b > a];
  }
  for (const bool training : {false, true})
    for (const int64_t batch : {1, 5, 23, 64}) {
      model.train(training);
      const Predictions found = evaluate(model, e, batch);
      CHECK(model.training() == training);
      CHECK(found.loss == doctest::Approx(loss / 23).epsilon(1e-5));
      for (int64_t truth : {0, 1})
        for (int64_t said : {0, 1}) CHECK(found.matrix.count(truth, said) == counts[truth][said]);
    }
  for (const NamedTensor& p : model.named_parameters()) CHECK_FALSE(p.tensor.grad().defined());
  CHECK(evaluate(model, {}).loss == 0);
  CHECK(evaluate(model, {}).matrix.total() == 0);
}

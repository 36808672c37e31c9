// A training that is interrupted and resumed: it ends as if it had never stopped, wherever that
// was; and it is resumed with the same settings and data only.
#include <doctest/doctest.h>

#include <csignal>
#include <set>

#include "core/io/safetensors.h"
#include "models/bert/more/pretraining.h"
#include "tests/pretraining.h"
#include "tests/support.h"
#include "tests/training.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Change = std::function<void(FinetuneOptions&)>;

const auto interrupt = [](const StepRecord&) { std::raise(SIGINT); };

bool same_steps(const std::vector<StepRecord>& a, const std::vector<StepRecord>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i].step != b[i].step || a[i].loss != b[i].loss || a[i].lr != b[i].lr ||
        a[i].grad_norm != b[i].grad_norm || a[i].tokens != b[i].tokens)
      return false;
  return true;
}

// The step of the checkpoint in the folder; 0 if there is none.
int64_t checkpoint_step(const std::string& folder) {
  const std::string path = folder + "/checkpoint.safetensors";
  if (!std::filesystem::exists(path)) return 0;
  const SafeTensors file(path);
  return parse_json(file.metadata().at("cairn"), path).at("run").at("step").as_int();
}

}  // namespace

TEST_CASE(
    "finetune: stopped and resumed after every single step it is the whole run, bit for bit") {
  const std::pair<const char*, Change> cases[] = {
      {"as they are", [](auto&) {}},
      {"an evaluation every 2 steps, patience", [](auto& o) { o.eval_every = 2, o.patience = 3; }},
      {"patience runs out", [](auto& o) { o.eval_every = 2, o.patience = 3, o.run.lr = 0; }},
      {"wild, so that the best is in the middle",
       [](auto& o) { o.eval_every = 1, o.patience = 6, o.run.lr = 0.3; }},
      {"evaluations beside the epochs' ends", [](auto& o) { o.eval_every = 4, o.max_steps = 14; }},
      {"no evaluations", [](auto& o) { o.eval_every = 0; }},
      {"by length", [](auto& o) { o.group_by_length = true; }},
      {"an order", [](auto& o) { o.order = {3, 1, 4, 1, 5, 9, 17}; }}};
  for (const auto& row : cases) {
    CAPTURE(row.first);
    const TempFolder whole_folder, folder;
    FinetuneOptions o = options(whole_folder.path());
    o.run.checkpoint_every = 0;
    row.second(o);
    const Trained whole = train(o);
    o.run.out = folder.path();
    o.run.log = folder / "log.jsonl";
    o.run.on_step = interrupt;
    std::vector<StepRecord> steps;
    Trained last;
    do {
      o.run.resume = !steps.empty();
      default_random() = Random(99);  // another process would have another state
      last = train(o);
      REQUIRE(last.result.steps.size() == 1);
      steps.push_back(last.result.steps[0]);
      CHECK(last.result.interrupted == (checkpoint_step(folder.path()) > 0));
    } while (last.result.interrupted && steps.size() < 20);
    CHECK(same_steps(steps, whole.result.steps));
    CHECK(same(last, whole));
    CHECK(split_lines(read_file(o.run.log)).size() == steps.size());
  }
}

TEST_CASE("finetune: an interrupted run remembers its patience and its best evaluation") {
  const TempFolder folder;
  FinetuneOptions o = options(folder.path());
  o.run.lr = 0;  // the first evaluation stays the best
  o.eval_every = 2;
  o.patience = 3;
  o.run.on_step = [](const StepRecord& r) {
    if (r.step == 7) std::raise(SIGINT);
  };
  const FinetuneResult first = train(o).result;
  CHECK(first.interrupted);
  CHECK(first.evaluations.size() == 3);  // two of them no better than the first
  o.run.on_step = nullptr;
  o.run.resume = true;
  const FinetuneResult second = train(o).result;
  CHECK(second.stopped_early);
  CHECK(second.steps.size() == 1);  // step 8: the third disappointment
  CHECK(second.evaluations.size() == 4);
  REQUIRE(second.best);
  CHECK(second.best->step == 2);
}

TEST_CASE("finetune: the checkpoint is made when it is due, at evaluations and at epochs' ends") {
  const auto made = [](int64_t every, std::optional<int64_t> eval_every) {
    const TempFolder folder;
    FinetuneOptions o = options(folder.path());
    o.run.checkpoint_every = every;
    o.eval_every = eval_every;
    std::set<int64_t> steps;
    o.run.on_step = [&](const StepRecord&) { steps.insert(checkpoint_step(folder.path())); };
    train(o);
    CHECK(checkpoint_step(folder.path()) == 0);  // it is gone at the end
    steps.erase(0);
    return steps;
  };
  using Steps = std::set<int64_t>;
  CHECK(made(0, 0) == Steps{5, 10});
  CHECK(made(4, 0) == Steps{4, 5, 8, 10, 12});
  CHECK(made(0, std::nullopt) == Steps{5, 10});
  CHECK(made(0, 3) == Steps{3, 5, 6, 9, 10, 12});
  CHECK(made(1, 3) == Steps{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14});
}

TEST_CASE(
    "finetune: each setting that decides the course must be the same to resume - it is named") {
  const TempFolder folder;
  FinetuneOptions o = options(folder.path());
  o.order = {1, 2, 3, 4, 5, 6, 7};
  o.run.on_step = interrupt;
  CHECK(train(o).result.interrupted);
  o.run.on_step = nullptr;
  o.run.resume = true;
  const std::string checkpoint = read_file(folder / "checkpoint.safetensors");
  const std::pair<const char*, Change> changes[] = {
      {"epochs was 3, is now 4", [](auto& c) { c.epochs = 4; }},
      {"max-steps was 0, is now 6", [](auto& c) { c.max_steps = 6; }},
      {"batch-size was 4, is now 3", [](auto& c) { c.batch_size = 3; }},
      {"eval-every was null, is now 2", [](auto& c) { c.eval_every = 2; }},
      {"eval-every was null, is now 0", [](auto& c) { c.eval_every = 0; }},
      {"patience was 0, is now 1", [](auto& c) { c.patience = 1; }},
      {"seed was \"3\", is now \"18446744073709551615\"", [](auto& c) { c.seed = UINT64_MAX; }},
      {"group-by-length was false, is now true", [](auto& c) { c.group_by_length = true; }},
      {"order was ", [](auto& c) { std::swap(c.order[2], c.order[3]); }},
      {"order was ", [](auto& c) { c.order.back() = 8; }},
      {"lr was 0.01, is now 0.02", [](auto& c) { c.run.lr = 0.02; }},
      {"warmup was 0.2, is now 0.1", [](auto& c) { c.run.warmup = 0.1; }},
      {"weight-decay was 0.01, is now 0.0", [](auto& c) { c.run.weight_decay = 0; }},
      {"clip was 1.0, is now 0.0", [](auto& c) { c.run.clip = 0; }}};
  for (const auto& [message, change] : changes) {
    FinetuneOptions changed = o;
    change(changed);
    const std::string error = error_of([&] { train(changed); });
    CHECK_MESSAGE(has(error, std::string("the run was started with other settings: ") + message),
                  error);
    CHECK(has(error, "hint: resume with the same settings, or start again"));
  }

  const auto data_refused = [&](const std::function<void(Examples&, Examples&)>& change) {
    Examples first = examples(18, 1), dev = examples(9, 2);
    change(first, dev);
    BertForSequenceClassification model = classifier();
    return error_of([&] { finetune(model, tokenizer(), first, dev, o); });
  };
  const std::string training = "checksum of the training data was ";
  const std::string development = "checksum of the development data was ";
  CHECK(has(data_refused([](auto& t, auto&) { t = examples(18, 5); }), training));
  CHECK(has(data_refused([](auto& t, auto&) { t.labels[17] ^= 1; }), training));
  CHECK(has(data_refused([](auto& t, auto&) { t.texts[17].ids[1] = 9; }), training));
  CHECK(has(data_refused([](auto&, auto& d) { d = examples(9, 3); }), development));
  CHECK(has(data_refused([](auto&, auto& d) {
              std::swap(d.texts[0], d.texts[1]), std::swap(d.labels[0], d.labels[1]);
            }),
            development));
  CHECK(has(data_refused([](auto&, auto& d) { d = {}; }), development));

  const auto model_refused = [&](const std::function<void(BertConfig&)>& change) {
    BertConfig other = config();
    change(other);
    BertForSequenceClassification model(other);
    return error_of([&] { finetune(model, tokenizer(), examples(18, 1), examples(9, 2), o); });
  };
  CHECK(has(model_refused([](auto& c) { c.hidden_dropout_prob = 0.2; }),
            "dropout was 0.1, is now 0.2"));
  CHECK(has(model_refused([](auto& c) { c.attention_probs_dropout_prob = 0.2; }),
            "checksum of config.json was "));
  CHECK(
      has(model_refused([](auto& c) { c.layer_norm_eps = 1e-5; }), "checksum of config.json was "));

  CHECK(read_file(folder / "checkpoint.safetensors") == checkpoint);
  o.run.checkpoint_every = 1;  // which decides nothing
  CHECK_FALSE(train(o).result.interrupted);
  CHECK(has(error_of([&] { train(o); }), "there is no checkpoint to resume from"));
}

TEST_CASE(
    "pretrain: stopped and resumed after every single step it is the whole run, bit for bit") {
  const TempFolder whole_folder, folder;
  PretrainOptions o = pretrain_options(whole_folder.path());
  BertForPreTraining model = pretraining_model();
  const PretrainResult whole = pretrain(model, tokenizer(), documents, o);
  o.run.out = folder.path();
  o.run.on_step = interrupt;
  std::vector<StepRecord> steps;
  PretrainResult part;
  do {
    o.run.resume = !steps.empty();
    default_random() = Random(99);
    BertForPreTraining fresh = pretraining_model();
    part = pretrain(fresh, tokenizer(), documents, o);
    REQUIRE(part.steps.size() == 1);
    steps.push_back(part.steps[0]);
    CHECK(part.interrupted == (steps.size() < 7));
    CHECK(part.interrupted == !std::filesystem::exists(folder / "model.safetensors"));
    CHECK(checkpoint_step(folder.path()) == (part.interrupted ? part.steps[0].step : 0));
  } while (part.interrupted && steps.size() < 20);
  CHECK(same_steps(steps, whole.steps));
  CHECK(read_file(folder / "model.safetensors") == read_file(whole_folder / "model.safetensors"));
}

TEST_CASE("pretrain: the checkpoint is made every checkpoint_every steps, and after a crash used") {
  struct Crash {};
  const auto made = [](int64_t every) {
    const TempFolder folder;
    PretrainOptions o = pretrain_options(folder.path());
    o.run.checkpoint_every = every;
    std::set<int64_t> steps;
    o.run.on_step = [&](const StepRecord&) { steps.insert(checkpoint_step(folder.path())); };
    BertForPreTraining model = pretraining_model();
    pretrain(model, tokenizer(), documents, o);
    CHECK(checkpoint_step(folder.path()) == 0);
    steps.erase(0);
    return steps;
  };
  using Steps = std::set<int64_t>;
  CHECK(made(0).empty());
  CHECK(made(2) == Steps{2, 4, 6});
  CHECK(made(3) == Steps{3, 6});
  CHECK(made(7).empty());  // after the last step there is nothing to resume

  const TempFolder folder;
  PretrainOptions o = pretrain_options(folder.path());
  o.run.checkpoint_every = 2;
  o.run.on_step = [](const StepRecord& r) {
    if (r.step == 5) throw Crash();
  };
  BertForPreTraining model = pretraining_model(), fresh = pretraining_model();
  CHECK_THROWS_AS(pretrain(model, tokenizer(), documents, o), Crash);
  o.run.on_step = nullptr;
  o.run.resume = true;
  CHECK(pretrain(fresh, tokenizer(), documents, o).steps.front().step == 5);
}

TEST_CASE(
    "pretrain: each setting that decides the course must be the same to resume - it is named") {
  const TempFolder folder;
  PretrainOptions o = pretrain_options(folder.path());
  o.run.on_step = interrupt;
  {
    BertForPreTraining model = pretraining_model();
    CHECK(pretrain(model, tokenizer(), documents, o).interrupted);
  }
  o.run.on_step = nullptr;
  o.run.resume = true;
  const auto refused = [&](const std::function<void(PretrainOptions&)>& change,
                           const Documents& text = documents, const BertConfig& c = config()) {
    PretrainOptions changed = o;
    change(changed);
    BertForPreTraining model(c);
    return error_of([&] { pretrain(model, tokenizer(), text, changed); });
  };
  const auto none = [](auto&) {};
  CHECK(has(refused([](auto& c) { c.batch_size = 2; }), "batch-size was 3, is now 2"));
  CHECK(has(refused([](auto& c) { c.max_length = 17; }), "max-length was 16, is now 17"));
  CHECK(has(refused([](auto& c) { c.seed = 1; }), "seed was \"5\", is now \"1\""));
  CHECK(has(refused([](auto& c) { c.run.steps = 8; }), "steps was 7, is now 8"));
  CHECK(has(refused([](auto& c) { c.run.lr = 0.5; }), "lr was 0.01, is now 0.5"));
  CHECK(has(refused([](auto& c) { c.masking.chosen = 0.25; }),
            "masking was \"[0.5,0.8,0.1]\", is now \"[0.25,0.8,0.1]\""));
  CHECK(has(refused([](auto& c) { c.masking.masked = 0.5; }), "is now \"[0.5,0.5,0.1]\""));
  CHECK(has(refused([](auto& c) { c.masking.random = 0.2; }), "is now \"[0.5,0.8,0.2]\""));
  const std::string of_text = "checksum of the text was ";
  Documents other = documents;
  other[2][1] = "the book is good .";
  CHECK(has(refused(none, other), of_text));
  other = documents;  // the same sentences, but another document's
  other[1].insert(other[1].begin(), other[0].back());
  other[0].pop_back();
  CHECK(has(refused(none, other), of_text));
  other = documents;  // the same bytes, cut elsewhere
  other[2] = {"a film is a film .the book", " is fine ."};
  CHECK(has(refused(none, other), of_text));
  BertConfig c = config();
  c.layer_norm_eps = 1e-5;
  CHECK(has(refused(none, documents, c), "checksum of the configuration was "));
  CHECK(refused(none).empty());
}

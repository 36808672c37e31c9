// Every hint, followed (see test_hints.cpp): those about models, their folders, and trainings.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>

#include "core/io/json.h"
#include "core/io/safetensors.h"
#include "core/io/tensor_file.h"
#include "core/more/data_loader.h"
#include "models/bert/load.h"
#include "models/bert/more/pretraining.h"
#include "models/bert/more/sentence.h"
#include "optim/more/schedules.h"
#include "tests/bert_models.h"
#include "tests/hints.h"
#include "tests/training.h"
#include "text/more/masked_lm.h"
#include "train/metrics.h"
#include "train/run.h"
#include "train/task.h"

using namespace cairn;
using cairn::test::follow;
using cairn::test::TempFolder;
using cairn::test::tiny_config;
using cairn::test::tiny_model;
namespace fs = std::filesystem;

TEST_CASE("hints: followed, those of config.json") {
  const auto config = [](const std::string& text) {
    return [text] { BertConfig::from_json(parse_json(text, "config.json")); };
  };
  const BertConfig usual;
  BertConfig one_layer = usual;
  one_layer.num_hidden_layers = 1;
  BertConfig no_labels = usual;
  no_labels.id2label.clear();
  follow({
      {"0 <= p < 1", config(R"({"hidden_dropout_prob": 1})"),
       config(R"({"hidden_dropout_prob": 0})")},
      {"write a text", config(R"({"id2label": {"0": []}})"), config(R"({"id2label": {"0": "a"}})")},
      {"number the labels from 0", config(R"({"id2label": {"1": "a", "2": "b"}})"),
       config(R"({"id2label": {"0": "a", "1": "b"}})")},
      {"leave label2id out: id2label says the same",
       config(R"({"id2label": {"0": "a"}, "label2id": ["a"]})"),
       config(R"({"id2label": {"0": "a"}})")},
      {"from 1 to 100000", [] { BertConfig().set_num_labels(100'001); },
       [] { BertConfig().set_num_labels(100'000); }},
      {"from 1 to 100000", [&] { no_labels.check("config.json"); },
       [&] { usual.check("config.json"); }},
      {R"(write {"0": "negative", ...})", config(R"({"id2label": ["negative"]})"),
       config(R"({"id2label": {"0": "negative"}})")},
      {"leave num_labels out", config(R"({"id2label": {"0": "a", "1": "b"}, "num_labels": 3})"),
       config(R"({"id2label": {"0": "a", "1": "b"}})")},
      {"this model is another kind of Transformer", config(R"({"model_type": "gpt2"})"),
       config(R"({"model_type": "bert"})")},
      {"BERT's is 1e-12", config(R"({"layer_norm_eps": 0})"),
       config(R"({"layer_norm_eps": 1e-12})")},
      {"BERT's is 0.02", config(R"({"initializer_range": 0})"),
       config(R"({"initializer_range": 0.02})")},
      {"a single output is a regression; to tell two classes apart give two labels",
       config(R"({"problem_type": "single_label_classification", "num_labels": 1})"),
       [&] {
         config(R"({"problem_type": "regression", "num_labels": 1})")();
         config(R"({"problem_type": "single_label_classification", "num_labels": 2})")();
       }},
      {"fewer or narrower layers, or a smaller vocabulary",
       [&] { usual.check_memory("config.json", 1e6); },
       [&] { one_layer.check_memory("config.json", 4); }},
  });
}

TEST_CASE("hints: followed, those of a model's call") {
  BertModel model(tiny_config(), {}, BertModel::Pooler::no);
  BertModel pooled(tiny_config(), {}, BertModel::Pooler::yes);
  const Ids ids{1, 2, 3, 4, 5, 6, 7};
  const auto call = [&](const std::vector<int32_t>& lengths, int32_t count) {
    const Rows rows = Rows::of_lengths(lengths);
    const Ids some(std::vector<int32_t>(ids.values().begin(), ids.values().begin() + count));
    return pooled.pool(pooled(some, {}, rows), rows);
  };
  // clang-format off
  follow({
      {"every sequence begins with [CLS]", [&] { call({4, 0, 2}, 6); },
       [&] { call({4, 1, 2}, 7); }},
      {"the three counts must agree", [&] { call({4, 2}, 5); }, [&] { call({4, 2}, 6); }},
      {"the model has positions for 6; truncate the text", [&] { call({7}, 7); },
       [&] { call({6}, 6); }},
      {"Pooler::yes", [&] { model.pool(model(ids, {}, Rows::of_lengths({4, 3})),
                                       Rows::of_lengths({4, 3})); },
       [&] { call({4, 3}, 7); }},
  });
  // clang-format on
}

TEST_CASE("hints: followed, those of a model's folder") {
  const TempFolder folder;
  auto model = tiny_model<BertForSequenceClassification>();
  const std::string good = folder / "good", bad = folder / "bad";
  const auto load = [](const std::string& from) {
    from_pretrained<BertForSequenceClassification>(from);
  };
  save_pretrained(model, tiny_config(), good);
  const auto with_config = [&](int64_t BertConfig::*size, int64_t value) {
    BertConfig other = tiny_config();
    other.*size = value;
    fs::create_directories(bad);
    fs::copy(good, bad, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    write_file_atomically(bad + "/config.json", to_text(other.to_json("")));
    load(bad);
  };
  const auto own_config = [&] {
    fs::copy(good + "/config.json", bad + "/config.json", fs::copy_options::overwrite_existing);
    load(bad);
  };
  BertConfig untied = tiny_config();
  untied.tie_word_embeddings = false;
  follow({
      {"is this config.json of the same model, and the file whole?",
       [&] { with_config(&BertConfig::intermediate_size, 10); }, own_config},
      {"is this config.json of the same model?",
       [&] { with_config(&BertConfig::vocab_size, 900000); }, own_config},
      {"the model is useless; take one saved before its training diverged",
       [&] {
         NamedTensors weights = load_tensors(good + "/model.safetensors");
         weights[0].tensor.write()[3] = NAN;
         save_tensors(bad + "/model.safetensors", weights);
         load(bad);
       },
       [&] { load(good); }},
      {"save the model with a tied decoder, or use a head that predicts no words",
       [&] { const BertForPreTraining predicts(untied); },
       [&] {
         const BertForPreTraining predicts(tiny_config());
         const BertForSequenceClassification tells(untied);
       }},
      {"an index, or an error's text?",
       [&] {
         write_file_atomically(bad + "/model.safetensors", "{\"weight_map\": {}}");
         load(bad);
       },
       [&] { load(good); }},
  });
}

TEST_CASE("hints: followed, those of a sentence-transformers folder") {
  const TempFolder folder;
  const auto with = [&](const std::string& name, const std::string& text) {
    return [&folder, name, text] {
      write_file_atomically(folder / name, text);
      SentenceOptions::load(folder.path());
    };
  };
  const std::string transformer = R"({"type": "sentence_transformers.models.Transformer"})";
  const std::string pooling = R"({"type": "sentence_transformers.models.Pooling"})";
  const std::string dense = R"({"type": "sentence_transformers.models.Dense"})";
  const std::string settings = "config_sentence_transformers.json";
  follow({
      {"Cairn does Transformer, Pooling, Normalize, in this order",
       with("modules.json", "[" + transformer + "," + pooling + "," + dense + "]"),
       with("modules.json", "[" + transformer + "," + pooling + "]")},
      {"Transformer, Pooling, Normalize, in this order",
       with("modules.json", "[" + transformer + "]"),
       with("modules.json", "[" + transformer + "," + pooling + "]")},
      {R"("feature-extraction" gives sentence vectors)",
       with("sentence_bert_config.json", R"({"transformer_task": "fill-mask"})"),
       with("sentence_bert_config.json", R"({"transformer_task": "feature-extraction"})")},
      {R"(write {"key": value, ...})", with(settings, "[]"), with(settings, "{}")},
      {"it gives no vectors of sentences", with(settings, R"({"model_type": "CrossEncoder"})"),
       with(settings, R"({"model_type": "SentenceTransformer"})")},
      {"set it to null and write the prompt into the texts",
       with(settings, R"({"prompts": {"query": "q: "}, "default_prompt_name": "query"})"),
       with(settings, R"({"prompts": {"query": "q: "}, "default_prompt_name": null})")},
  });
}

namespace {

struct TwoLayers : Module {
  Linear first{2, 3}, second{3, 1};
  bool names_both;
  explicit TwoLayers(bool names_both) : Module("TwoLayers"), names_both(names_both) {}
  void visit(ModuleVisitor& v) override {
    v("first", first);
    if (names_both) v("second", second);
  }
};

void take_a_step(bool names_both) {
  TwoLayers model(names_both);
  RunOptions options;
  options.steps = 1;
  Run(model, options, Json::object()).train_step({}, [&](const Batch&) {
    return sum(model.second(model.first(Tensor::ones({4, 2}))));
  });
}

}  // namespace

TEST_CASE("hints: followed, those of data sets, measures and a training's numbers") {
  const Task& task = find_task("sst2");
  const auto match = [&](const std::vector<std::string>& names) {
    return [&task, names] { match_labels(task, names, "config.json"); };
  };
  const BertTokenizer tokenizer = cairn::test::tokenizer();
  const auto mask = [&](double chosen) {
    return [&tokenizer, chosen] {
      Random random(1);
      mask_tokens({2, 5, 3}, tokenizer, random, {.chosen = chosen});
    };
  };
  const TempFolder folder;
  const auto train = [&](double lr, int32_t label) {
    FinetuneOptions o = cairn::test::options(folder.path());
    o.run.lr = lr;
    BertForSequenceClassification model = cairn::test::classifier();
    Examples data = cairn::test::examples(18, 1);
    data.labels[0] = label;
    finetune(model, tokenizer, data, {}, o);
  };
  const auto train_one_of = [&](const LoadOptions& head) {
    const std::string model = folder / "one label";
    BertConfig config = cairn::test::config();
    config.set_num_labels(1);
    BertForSequenceClassification one(config);
    save_pretrained(one, config, model);
    auto loaded = from_pretrained<BertForSequenceClassification>(model, head);
    finetune(loaded, tokenizer, cairn::test::examples(4, 1), {},
             cairn::test::options(folder / "out"));
  };
  ConfusionMatrix matrix(2);
  const TensorDataset three(Ids{1, 2, 3});
  DataLoader loader(three);
  // clang-format off
  follow({
      {"is it the right model and the right task?", match({"a", "b", "c"}),
       match({"negative", "positive"})},
      {"name them in id2label as the task does", match({"positive", "other"}),
       match({"positive", "negative"})},
      {"all are probabilities in [0, 1]", mask(1.5), mask(0.15)},
      {"they count from 0", [&] { matrix.add(2, 0); }, [&] { matrix.add(1, 0); }},
      {"name the child or the parameter in its module's visit()", [] { take_a_step(false); },
       [] { take_a_step(true); }},
      {"give it a head of two labels or more: LoadOptions{.num_labels = 2, .new_head = true}",
       [&] { train_one_of({}); }, [&] { train_one_of({.num_labels = 2, .new_head = true}); }},
      {"shape (1)", [] { TensorDataset(Tensor::scalar(7)); },
       [] { TensorDataset(Tensor::ones({1})); }},
      {"axis 0 counts the examples; it must have one size in all",
       [] { TensorDataset(Ids{1, 2}, Tensor::ones({3, 2})); },
       [] { TensorDataset(Ids{1, 2, 3}, Tensor::ones({3, 2})); }},
      {"begin() starts the next",
       [&] {
         auto at = loader.begin();
         while (at != loader.end()) ++at;
         *at;
       },
       [&] { *loader.begin(); }},
      {"what follows warm-up",
       [] { with_warmup(7, 3, std::function<double(int64_t)>()); },
       [] { with_warmup(7, 3, [](int64_t) { return 1.0; }); }},
      {"expand() or reshape() one of them",
       [] { mse_loss(Tensor::ones({2, 1}), Tensor::ones({2})); },
       [] { mse_loss(Tensor::ones({2, 1}), reshape(Tensor::ones({2}), {2, 1})); }},
      {"classes, counted from 0", [&] { train(1e-2, 2); }, [&] { train(1e-2, 1); }},
      {"lower --lr, lengthen --warmup, or clip the gradient with --clip", [&] { train(1e38, 1); },
       [&] { train(1e-2, 1); }},
  });
  // clang-format on
}

// BERT: what must not change its result, its configuration, loading and saving.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/nearest_name.h"
#include "models/bert/load.h"
#include "models/bert/more/attention_maps.h"
#include "models/bert/more/pretraining.h"
#include "tests/saved_model.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// The gradients of all parameters after backward of sum(f() * random numbers).
template <class M>
std::vector<Tensor> gradients(M& model, const std::function<Tensor()>& f) {
  model.zero_grad();
  const Tensor y = f();
  backward(y, random_tensor(y.shape(), 99));
  std::vector<Tensor> all;
  for (const NamedTensor& p : model.named_parameters()) all.push_back(p.tensor.grad());
  return all;
}

}  // namespace

TEST_CASE("bert: the parameters have Hugging Face's names") {
  auto model = tiny_model<BertForPreTraining>();
  std::vector<std::string> names;
  for (const NamedTensor& p : model.named_parameters()) names.push_back(p.name);
  const auto known = [&](const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  CHECK(names.size() == 46);
  CHECK(known("bert.embeddings.LayerNorm.weight"));
  CHECK(known("bert.encoder.layer.1.attention.self.query.weight"));
  CHECK(known("bert.encoder.layer.0.attention.output.dense.bias"));
  CHECK(known("bert.pooler.dense.weight"));
  CHECK(known("cls.predictions.transform.LayerNorm.bias"));
  CHECK(known("cls.predictions.bias"));
  CHECK(known("cls.seq_relationship.weight"));
}

TEST_CASE("bert: one layer over one sentence, written out") {
  BertConfig config = tiny_config();
  config.num_hidden_layers = 1;
  auto model = tiny_model<BertModel>(config);
  const NamedTensors all = model.named_parameters();
  const auto get = [&](const std::string& name) {
    for (const NamedTensor& p : all)
      if (p.name == name) return p.tensor;
    FAIL(name);
    return Tensor();
  };
  const auto dense = [&](const Tensor& x, const std::string& name) {
    return matmul(x, transpose(get(name + ".weight"), 0, 1)) + get(name + ".bias");
  };
  const auto norm = [&](const Tensor& x, const std::string& name) {
    const Tensor centered = x - mean(x, {1}, true);
    const Tensor deviation = sqrt(mean(centered * centered, {1}, true));
    return centered / deviation * get(name + ".LayerNorm.weight") + get(name + ".LayerNorm.bias");
  };
  const Ids ids{1, 5, 6, 2}, types{0, 0, 1, 1};
  Tensor x = index_select(get("embeddings.word_embeddings.weight"), ids) +
             index_select(get("embeddings.token_type_embeddings.weight"), types) +
             slice(get("embeddings.position_embeddings.weight"), 0, 0, 4);
  x = norm(x, "embeddings");
  const std::string layer = "encoder.layer.0.";
  std::vector<Tensor> heads;
  for (int64_t h = 0; h < 2; ++h) {
    const auto head = [&](const char* name) {
      return slice(dense(x, layer + "attention.self." + name), 1, 4 * h, 4 * h + 4);
    };
    const Tensor scores = matmul(head("query"), transpose(head("key"), 0, 1)) / 2;  // sqrt(4)
    heads.push_back(matmul(softmax(scores), head("value")));
  }
  x = norm(dense(cat(heads, 1), layer + "attention.output.dense") + x, layer + "attention.output");
  const Tensor inner = gelu(dense(x, layer + "intermediate.dense"));
  x = norm(dense(inner, layer + "output.dense") + x, layer + "output");
  const Tensor pooled = tanh(dense(slice(x, 0, 0, 1), "pooler.dense"));

  const Rows rows = Rows::of_lengths({4});
  const Tensor hidden = model(ids, types, rows);
  CHECK(difference(hidden, x) < 2e-6);
  CHECK(difference(model.pool(hidden, rows), pooled) < 2e-6);
}

TEST_CASE("bert: dense equals ragged, padding changes nothing") {
  auto model = tiny_model<BertModel>();
  const TinyBatch batch;
  const Tensor ragged = model(batch.ids, batch.types, batch.rows);
  for (int32_t filler : {0, 7}) {  // whatever stands in the padding
    std::vector<int32_t> ids(15, filler), types(15, filler ? 1 : 0), seen;
    for (int64_t b = 0; b < 3; ++b) {
      for (int64_t t = 0; t < batch.rows.length(b); ++t) {
        const int64_t row = batch.rows.starts()[b] + t;
        seen.push_back(static_cast<int32_t>(b * 5 + t));
        ids[static_cast<size_t>(b * 5 + t)] = batch.ids[row];
        types[static_cast<size_t>(b * 5 + t)] = batch.types[row];
      }
    }
    BertOptions options{.seen = Ids(seen), .seen_rows = batch.rows};
    const Tensor dense = model(Ids(ids), Ids(types), Rows::equal(3, 5), options);
    CHECK(difference(index_select(dense, Ids(seen)), ragged) < 1e-6);
    CHECK(difference(model.pool(dense, Rows::equal(3, 5)), model.pool(ragged, batch.rows)) < 1e-6);
  }
}

TEST_CASE("bert: another order of the batch gives the same results in that order") {
  auto model = tiny_model<BertForSequenceClassification>();
  const TinyBatch batch;
  const Tensor logits = model(batch.ids, batch.types, batch.rows);
  const Rows rows = Rows::of_lengths({5, 4, 2});
  const Ids ids{1, 9, 10, 3, 2, 1, 5, 6, 2, 1, 2};
  const Ids types{0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1};
  CHECK(difference(model(ids, types, rows), index_select(logits, Ids{2, 0, 1})) < 1e-6);
  const Tensor alone = model(Ids{1, 2}, Ids{0, 1}, Rows::of_lengths({2}));
  CHECK(difference(alone, slice(logits, 0, 1, 2)) < 1e-6);
}

TEST_CASE(
    "bert: computing the last layer for first rows only changes neither result nor gradient") {
  auto model = tiny_model<BertModel>();
  const TinyBatch batch;
  const auto pooled = [&](bool only_first) {
    const Tensor hidden = model(batch.ids, batch.types, batch.rows, {.only_first = only_first});
    CHECK(hidden.size(0) == (only_first ? 3 : 11));
    return model.pool(hidden, batch.rows);
  };
  CHECK(difference(pooled(true), pooled(false)) < 1e-6);
  const auto some = gradients(model, [&] { return pooled(true); });
  const auto all = gradients(model, [&] { return pooled(false); });
  for (size_t i = 0; i < all.size(); ++i) CHECK(difference(some[i], all[i]) < 2e-6);
}

TEST_CASE("bert: words are predicted at the masked rows only, with the same numbers") {
  auto model = tiny_model<BertForMaskedLM>();
  const TinyBatch batch;
  const Tensor all = model(batch.ids, batch.types, batch.rows);
  CHECK(all.shape() == Shape{11, 11});
  const Tensor some = model(batch.ids, batch.types, batch.rows, Ids{8, 1});
  CHECK(difference(some, index_select(all, Ids{8, 1})) < 1e-6);
  CHECK(model(batch.ids, batch.types, batch.rows, Ids()).shape() == Shape{0, 11});
}

TEST_CASE("bert: a decoder's token sees only those before it") {
  BertConfig config = tiny_config();
  config.is_decoder = true;
  auto model = tiny_model<BertForMaskedLM>(config);
  const Rows rows = Rows::of_lengths({4});
  const Tensor a = model(Ids{1, 5, 6, 2}, {}, rows), b = model(Ids{1, 5, 6, 9}, {}, rows);
  CHECK(difference(slice(a, 0, 0, 3), slice(b, 0, 0, 3)) == 0);
  CHECK(difference(a, b) > 0.01);
}

TEST_CASE("bert: attention maps are the probabilities, rows sum to one") {
  auto model = tiny_model<BertModel>();
  const std::vector<Tensor> maps = attention_maps(model, Ids{1, 5, 6, 2});
  REQUIRE(maps.size() == 2);
  CHECK(maps[1].shape() == Shape{2, 4, 4});
  CHECK(difference(sum(maps[1], {2}), Tensor::ones({2, 4})) < 1e-6);
}

TEST_CASE("bert: what does not fit is an error, not a crash") {
  auto model = tiny_model<BertModel>();
  const auto call = [&](Ids ids, Ids types, Rows rows) {
    return error_of([&] { model(ids, types, rows); });
  };
  CHECK(has(call(Ids{1, 2, 3}, {}, Rows::of_lengths({2})), "3 ids"));
  CHECK(has(call(Ids{1, 2}, Ids{0}, Rows::of_lengths({2})), "1 token types"));
  CHECK(has(call(Ids{1, 2, 3, 4, 5, 6, 7}, {}, Rows::of_lengths({7})), "positions for 6"));
  CHECK(has(call(Ids{1, 11}, {}, Rows::of_lengths({2})), "11"));
  CHECK(has(call(Ids{1, -1}, {}, Rows::of_lengths({2})), "-1"));
  CHECK(has(call(Ids{1, 2}, Ids{0, 2}, Rows::of_lengths({2})), "2"));
  const Rows empty = Rows::of_lengths({2, 0});
  CHECK(has(error_of([&] { model(Ids{1, 2}, {}, empty, {.only_first = true}); }), "no token"));
}

TEST_CASE("bert: dropout acts in training only, and differently each time") {
  BertConfig config = tiny_config();
  config.set_dropout(0.3);
  auto model = tiny_model<BertForSequenceClassification>(config);
  const TinyBatch batch;
  const auto run = [&] { return model(batch.ids, batch.types, batch.rows); };
  CHECK(difference(run(), run()) > 0.01);
  default_random() = Random(5);
  const Tensor once = run();
  default_random() = Random(5);
  CHECK(same(once, run()));
  model.eval();
  CHECK(same(run(), run()));
}

TEST_CASE("config: absent fields have Hugging Face's values") {
  const BertConfig c = BertConfig::from_json(parse_json("{}", "config.json"));
  CHECK(c.vocab_size == 30522);
  CHECK(c.num_attention_heads == 12);
  CHECK(c.hidden_act == "gelu");
  CHECK(c.layer_norm_eps == 1e-12);
  CHECK(c.num_labels() == 2);
  CHECK(c.head_dropout() == 0.1);
}

TEST_CASE("config: saving a loaded one loses no field, known or unknown") {
  const char* text = R"({"model_type": "bert", "hidden_act": "relu", "my_field": [1, {"a": null}],
    "id2label": {"1": "good", "0": "bad"}, "classifier_dropout": 0.25, "torch_dtype": "float16"})";
  const BertConfig c = BertConfig::from_json(parse_json(text, "config.json"));
  const Json saved = c.to_json("BertForSequenceClassification");
  CHECK(to_text(saved.at("my_field")) == R"([1,{"a":null}])");
  CHECK(to_text(saved.at("architectures")) == R"(["BertForSequenceClassification"])");
  CHECK(to_text(saved.at("id2label")) == R"({"0":"bad","1":"good"})");
  CHECK(to_text(saved.at("label2id")) == R"({"bad":0,"good":1})");
  CHECK(saved.at("classifier_dropout").as_double() == 0.25);
  CHECK(saved.at("torch_dtype").as_string() == "float32");
  const BertConfig again = BertConfig::from_json(saved);
  CHECK(to_text(again.to_json()) == to_text(saved));
}

TEST_CASE("config: what is wrong is named with file and line") {
  const auto error = [](const std::string& text) {
    return error_of([&] { BertConfig::from_json(parse_json(text, "config.json")); });
  };
  CHECK(has(error("[1]"), "config.json"));
  CHECK(has(error(R"({"hidden_size": 8, "num_attention_heads": 5})"), "8 is not divisible by 5"));
  CHECK(has(error("{\n\"hidden_size\": -4}"), "config.json:2"));
  CHECK(has(error(R"({"hidden_size": 1e300})"), "hidden_size"));
  CHECK(has(error(R"({"vocab_size": 99999999999999})"), "vocab_size"));
  CHECK(has(error(R"({"model_type": "roberta"})"), "roberta"));
  CHECK(has(error(R"({"hidden_act": "softsign"})"), "softsign"));
  CHECK(has(error(R"({"position_embedding_type": "relative_key"})"), "relative_key"));
  CHECK(has(error(R"({"hidden_dropout_prob": 1.5})"), "hidden_dropout_prob"));
  CHECK(has(error(R"({"id2label": {"0": "a", "2": "b"}})"), "id2label"));
  CHECK(has(error(R"({"id2label": {"0": "a"}, "num_labels": 2})"), "num_labels"));
  CHECK(has(error(R"({"layer_norm_eps": 0})"), "layer_norm_eps"));
}

TEST_CASE("load: a saved model comes back bit for bit, in evaluation mode") {
  SavedModel saved;
  LoadReport report;
  auto again = from_pretrained<BertForSequenceClassification>(saved.folder.path(), &report);
  CHECK(report.created.empty());
  CHECK(report.unused.empty());
  CHECK_FALSE(again.training());
  const NamedTensors a = saved.model.named_parameters(), b = again.named_parameters();
  for (size_t i = 0; i < a.size(); ++i) CHECK(same(a[i].tensor, b[i].tensor));
  CHECK(again.bert.config.num_labels() == 3);
}

TEST_CASE("load: the body of one task serves another - a new head is reported, an old one too") {
  SavedModel saved;
  LoadReport report;
  auto lm = from_pretrained<BertForMaskedLM>(saved.folder.path(), &report);
  CHECK(report.created.size() == 5);
  CHECK(report.created[0] == "cls.predictions.bias");
  CHECK(report.unused == std::vector<std::string>{"bert.pooler.dense.bias",
                                                  "bert.pooler.dense.weight", "classifier.bias",
                                                  "classifier.weight"});
  CHECK(difference(lm.predictions.transform.dense.weight, Tensor::zeros({8, 8})) > 0);
  CHECK(same(lm.predictions.transform.norm.weight, Tensor::ones({8})));
  auto body = from_pretrained<BertModel>(saved.folder.path());
  CHECK(same(body.pooler->dense.weight, saved.model.bert.pooler->dense.weight));
}

TEST_CASE("load: old names, and buffers that carry nothing") {
  SavedModel saved;
  const std::vector<int64_t> positions{0, 1, 2, 3, 4, 5};
  const ModelFiles weights(saved.folder.path());
  std::vector<TensorView> views{
      tensor_view("bert.embeddings.position_ids", {1, 6}, positions.data())};
  for (TensorView view : weights.tensors()) {
    if (view.name.ends_with("LayerNorm.weight"))
      view.name.replace(view.name.size() - 6, 6, "gamma");
    if (view.name.ends_with("LayerNorm.bias")) view.name.replace(view.name.size() - 4, 4, "beta");
    views.push_back(view);
  }
  write_safetensors(saved.folder / "model.safetensors", views);
  LoadReport report;
  auto again = from_pretrained<BertForSequenceClassification>(saved.folder.path(), &report);
  CHECK(report.created.empty());
  CHECK(report.unused.empty());
  CHECK(same(again.bert.embeddings.norm.weight, saved.model.bert.embeddings.norm.weight));
}

TEST_CASE("load: a tied decoder is accepted, an untied one is refused by who would need it") {
  const TempFolder folder;
  auto model = tiny_model<BertForMaskedLM>();
  save_pretrained(model, tiny_config(), folder.path());
  const Tensor other = Tensor::ones({11, 8});
  for (bool tied : {true, false}) {
    const ModelFiles weights(folder.path());
    std::vector<TensorView> views;
    for (TensorView view : weights.tensors())  // its bias under its other name
      if (view.name != "cls.predictions.decoder.weight") views.push_back(view);
    const TensorView* words = weights.find("bert.embeddings.word_embeddings.weight");
    TensorView decoder = tied ? *words : tensor_view("", {11, 8}, other.data());
    decoder.name = "cls.predictions.decoder.weight";
    views.push_back(decoder);
    for (TensorView& view : views)
      if (view.name == "cls.predictions.bias") view.name = "cls.predictions.decoder.bias";
    write_safetensors(folder / "model.safetensors", views);
    const auto load = [&] {
      auto again = from_pretrained<BertForMaskedLM>(folder.path());
      CHECK(same(again.predictions.bias, model.predictions.bias));
    };
    if (tied) CHECK_NOTHROW(load());
    else CHECK(has(error_of(load), "untied"));
    CHECK_NOTHROW(from_pretrained<BertModel>(folder.path()));
  }
}

TEST_CASE("load: all that is missing, unexpected or mis-shaped is listed at once, with hints") {
  SavedModel saved;
  saved.rewrite([](TensorView& view) {
    if (view.name == "bert.encoder.layer.1.output.dense.bias") view.name = "";
    if (view.name == "bert.encoder.layer.0.attention.self.query.bias")
      view.name = "bert.encoder.layer.0.attention.self.querry.bias";
    if (view.name == "classifier.weight") view.shape = {8, 3};
    if (view.name == "bert.pooler.dense.bias") view.name = "";
  });
  const std::string text = saved.load_error<BertForSequenceClassification>();
  CHECK(has(text, saved.folder.path()));
  CHECK(has(text, "missing: bert.encoder.layer.1.output.dense.bias"));
  CHECK(has(text, "missing: bert.pooler.dense.bias"));  // half a head
  CHECK(has(text,
            "missing: bert.encoder.layer.0.attention.self.query.bias (nearest: "
            "bert.encoder.layer.0.attention.self.querry.bias)"));
  CHECK(has(text, "unexpected: bert.encoder.layer.0.attention.self.querry.bias"));
  CHECK(has(text, "shape: classifier.weight is (8, 3), the model has (3, 8)"));
}

TEST_CASE("load: an encoder is never made up") {
  SavedModel saved;
  saved.rewrite([](TensorView& view) {
    if (view.name.starts_with("bert.encoder")) view.name = "";
  });
  CHECK(has(saved.load_error<BertModel>(), "missing: bert.encoder.layer.1.output.dense.weight"));
}

TEST_CASE("load: a configuration of another size is refused before anything is allocated") {
  SavedModel saved;
  saved.rewrite_config("num_hidden_layers", 3);
  CHECK(has(saved.load_error<BertModel>(), "encoder.layer.2.attention.self.query.weight"));
  saved.rewrite_config("num_hidden_layers", 1);
  CHECK(has(saved.load_error<BertModel>(), "unexpected: bert.encoder.layer.1"));
  saved.rewrite_config("num_hidden_layers", 2);
  saved.rewrite_config("hidden_size", 1 << 20);
  saved.rewrite_config("vocab_size", 1 << 30);
  CHECK(has(saved.load_error<BertModel>(), "config.json"));
}

TEST_CASE("load: missing files are named") {
  SavedModel saved;
  std::filesystem::remove(saved.folder / "model.safetensors");
  CHECK(has(saved.load_error<BertModel>(), "model.safetensors"));
  std::filesystem::remove(saved.folder / "config.json");
  CHECK(has(saved.load_error<BertModel>(), "config.json"));
}

TEST_CASE("save: the folder is made, a file of other use stays, a bad place is an error") {
  const TempFolder folder;
  auto model = tiny_model<BertModel>();
  save_pretrained(model, tiny_config(), folder / "a/b");
  CHECK_NOTHROW(from_pretrained<BertModel>(folder / "a/b"));
  write_file_atomically(folder / "file", "x");
  CHECK(error_of([&] { save_pretrained(model, tiny_config(), folder / "file"); }) != "");
  CHECK(read_file(folder / "file") == "x");
}

TEST_CASE("nearest name: within reach the closest, else none") {
  CHECK(nearest_name("query.weight", {"key.weight", "querry.weight"}) == "querry.weight");
  CHECK(nearest_name("query.weight", {"classifier"}) == "");
}

TEST_CASE("minilm: the stored embeddings of sample sentences") {
  const std::string folder = shared_or_skip("data/minilm-l6");
  if (folder.empty()) return;
  LoadReport report;
  auto model = from_pretrained<BertModel>(folder, &report);
  CHECK(report.created.empty());
  CHECK(model.parameter_count() == 22'713'216);
  const Json samples = parse_json(read_file(folder + "/sample_expected.json"), "samples");
  NoGrad no_grad;
  for (const Json& sample : samples.items()) {
    std::vector<int32_t> ids;
    for (const Json& id : sample.at("ids").items())
      ids.push_back(static_cast<int32_t>(id.as_int()));
    const int64_t T = static_cast<int64_t>(ids.size());
    const Tensor pooled = mean(model(Ids(ids), {}, Rows::equal(1, T)), {0});
    const Tensor embedding = pooled / sqrt(sum(pooled * pooled)).item();
    std::vector<real> expected;
    for (const Json& x : sample.at("embedding").items())
      expected.push_back(static_cast<real>(x.as_double()));
    CHECK(difference(embedding, Tensor::of({384}, expected)) < 1e-5);
  }
}

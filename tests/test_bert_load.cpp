// Loading: heads for other labels, numbers that are none, and files that are no weights.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/io/file_kind.h"
#include "models/bert/load.h"
#include "models/bert/more/heads.h"
#include "models/bert/more/pretraining.h"
#include "tests/saved_model.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Classifier = BertForSequenceClassification;

const std::string dense = "bert.encoder.layer.1.output.dense.weight";  // (8, 12)

}  // namespace

TEST_CASE("load: a head for another number of labels is refused, naming --new-head") {
  SavedModel saved;
  const std::string error =
      error_of([&] { from_pretrained<Classifier>(saved.folder.path(), {.num_labels = 2}); });
  CHECK(has(error, "the head in the file is for another number of labels"));
  CHECK(has(error, "classifier.weight is (3, 8), the model has (2, 8)"));
  CHECK(has(error, "--new-head"));
  CHECK(has(error, "LoadOptions{.new_head = true}"));
  const auto load = [&](int64_t labels) {
    return error_of([&] {
      from_pretrained<Classifier>(saved.folder.path(), {.num_labels = labels, .new_head = true});
    });
  };
  for (const int64_t count : {int64_t{-1}, INT64_MAX}) CHECK(has(load(count), "labels"));
}

TEST_CASE("load: a new head is drawn and reported, the rest is the file's") {
  SavedModel saved;
  LoadReport report;
  Random random(7);
  auto model = from_pretrained<Classifier>(
      saved.folder.path(),
      {.num_labels = 2, .new_head = true, .report = &report, .random = &random});
  CHECK(report.created == std::vector<std::string>{"classifier.weight", "classifier.bias"});
  CHECK(report.unused == std::vector<std::string>{"classifier.bias", "classifier.weight"});
  CHECK(model.classifier.weight.shape() == Shape{2, 8});
  CHECK(model.bert.config.id2label == std::vector<std::string>{"LABEL_0", "LABEL_1"});
  CHECK(difference(model.classifier.weight, Tensor::zeros({2, 8})) > 0);
  CHECK(same(model.classifier.bias, Tensor::zeros({2})));
  CHECK(same(model.bert.pooler->dense.weight, saved.model.bert.pooler->dense.weight));
}

TEST_CASE("load: a model loaded for reading takes no gradient, drawn head and all") {
  SavedModel saved;
  auto model =
      from_pretrained<Classifier>(saved.folder.path(), {.new_head = true, .requires_grad = false});
  for (const NamedTensor& p : model.named_parameters()) CHECK(!p.tensor.requires_grad());
  const Rows rows = Rows::of_lengths({4});
  CHECK(!model(Ids::arange(4), {}, rows).requires_grad());
  CHECK(same(model.bert.pooler->dense.weight, saved.model.bert.pooler->dense.weight));
  auto trained = from_pretrained<Classifier>(saved.folder.path());
  for (const NamedTensor& p : trained.named_parameters()) CHECK(p.tensor.requires_grad());
}

TEST_CASE("load: a new head may have as many labels as the old one") {
  SavedModel saved;
  auto model = from_pretrained<Classifier>(saved.folder.path(), {.new_head = true});
  CHECK(model.classifier.weight.shape() == Shape{3, 8});
  CHECK_FALSE(same(model.classifier.weight, saved.model.classifier.weight));
  CHECK(same(from_pretrained<Classifier>(saved.folder.path(), LoadOptions{}).classifier.weight,
             saved.model.classifier.weight));
}

TEST_CASE("load: NaN and infinite weights are told by file, tensor and index") {
  std::vector<float> numbers(8 * 12, 0.5f);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), INFINITY, -INFINITY}) {
    SavedModel saved;
    numbers[3 * 12 + 7] = bad;
    const std::string error = saved.error_with(tensor_view(dense, {8, 12}, numbers.data()));
    CHECK(has(error, "model.safetensors"));
    CHECK(has(error,
              "\"" + dense + "\": element (3, 7) is " + (std::isnan(bad) ? "NaN" : "infinite")));
  }
}

TEST_CASE("load: a NaN in f16, bf16 or f64 is told too") {
  const std::string bias = "classifier.bias";
  const auto error = [&](const char* dtype, const void* bytes, size_t size) {
    SavedModel saved;
    TensorView view{bias, dtype, {3}};
    view.bytes = static_cast<const unsigned char*>(bytes);
    view.size = size;
    return saved.error_with(view);
  };
  const uint16_t f16[] = {0x3c00, 0x3c00, 0x7e00}, bf16[] = {0x3f80, 0x7f80, 0x3f80};
  const double f64[] = {std::numeric_limits<double>::quiet_NaN(), 1, 2};
  CHECK(has(error("F16", f16, 6), "element (2,) is NaN"));
  CHECK(has(error("BF16", bf16, 6), "element (1,) is infinite"));
  CHECK(has(error("F64", f64, 24), "element (0,) is NaN"));
}

TEST_CASE("load: integer weights are refused by name and type") {
  SavedModel saved;
  const std::vector<int64_t> numbers(8 * 12, 1);
  const std::string error = saved.error_with(tensor_view(dense, {8, 12}, numbers.data()));
  CHECK(has(error, "type: " + dense + " is I64, weights are F32, F64, F16 or BF16"));
}

TEST_CASE("load: a class has the parameters that Hugging Face's has, by its names") {
  std::vector<std::string> body = {"embeddings.word_embeddings.weight",
                                   "embeddings.position_embeddings.weight",
                                   "embeddings.token_type_embeddings.weight",
                                   "embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"};
  for (const std::string layer : {"encoder.layer.0.", "encoder.layer.1."})
    for (const char* part : {"attention.self.query", "attention.self.key", "attention.self.value",
                             "attention.output.dense", "attention.output.LayerNorm",
                             "intermediate.dense", "output.dense", "output.LayerNorm"})
      for (const char* end : {".weight", ".bias"}) body.push_back(layer + part + end);
  const auto check = [&](auto& model, bool has_pooler, std::vector<std::string> expected) {
    const bool bare = expected.empty();
    for (const std::string& name : body) expected.push_back((bare ? "" : "bert.") + name);
    if (has_pooler)
      for (const char* end : {"weight", "bias"})
        expected.push_back((bare ? "pooler.dense." : "bert.pooler.dense.") + std::string(end));
    std::vector<std::string> names;
    for (const NamedTensor& p : model.named_parameters()) names.push_back(p.name);
    std::sort(names.begin(), names.end());
    std::sort(expected.begin(), expected.end());
    CHECK(names == expected);
  };
  const std::vector<std::string> classifier{"classifier.weight", "classifier.bias"};
  const std::vector<std::string> next{"cls.seq_relationship.weight", "cls.seq_relationship.bias"};
  const std::vector<std::string> words{
      "cls.predictions.bias", "cls.predictions.transform.dense.weight",
      "cls.predictions.transform.dense.bias", "cls.predictions.transform.LayerNorm.weight",
      "cls.predictions.transform.LayerNorm.bias"};
  std::vector<std::string> both = next;
  both.insert(both.end(), words.begin(), words.end());
  const BertConfig c = tiny_config();
  BertModel plain(c);
  check(plain, true, {});
  Classifier labels(c);
  check(labels, true, classifier);
  BertForMultipleChoice choice(c);
  check(choice, true, classifier);
  CHECK(choice.classifier.weight.shape() == Shape{1, 8});
  BertForTokenClassification tokens(c);
  check(tokens, false, classifier);
  CHECK(tokens.classifier.weight.shape() == Shape{3, 8});
  BertForQuestionAnswering answers(c);
  check(answers, false, {"qa_outputs.weight", "qa_outputs.bias"});
  CHECK(answers.qa_outputs.weight.shape() == Shape{2, 8});
  BertForNextSentencePrediction following(c);
  check(following, true, next);
  CHECK(following.seq_relationship.weight.shape() == Shape{2, 8});
  BertForMaskedLM masked(c);
  check(masked, false, words);
  BertForPreTraining pretraining(c);
  check(pretraining, true, both);
  CHECK(pretraining.seq_relationship.weight.shape() == Shape{2, 8});
}

TEST_CASE("load: fresh weights have the deviation that the configuration names") {
  BertConfig c = tiny_config();
  c.vocab_size = 2000, c.initializer_range = 0.3;
  const auto deviation = [](const Tensor& x) {
    double squares = 0;
    for (const real value : x.to_vector()) squares += static_cast<double>(value * value);
    return std::sqrt(squares / static_cast<double>(x.numel()));
  };
  for (const double range : {0.3, 0.02}) {
    c.initializer_range = range;
    CHECK(std::abs(deviation(BertModel(c).embeddings.word_embeddings.weight) / range - 1) < 0.15);
    CHECK(std::abs(deviation(BertForMaskedLM(c).bert.embeddings.word_embeddings.weight) / range -
                   1) < 0.15);
  }
}

TEST_CASE("load: half a head is missing, with a new head only what the encoder lacks") {
  SavedModel saved;
  const auto error_without = [&](const std::string& name, const LoadOptions& options) {
    save_pretrained(saved.model, tiny_config(), saved.folder.path());
    const ModelFiles weights(saved.folder.path());
    std::vector<TensorView> views;
    for (const TensorView& view : weights.tensors())
      if (view.name != name) views.push_back(view);
    write_safetensors(saved.folder / "model.safetensors", views);
    return error_of([&] { from_pretrained<Classifier>(saved.folder.path(), options); });
  };
  CHECK(has(error_without("classifier.bias", {}), "missing: classifier.bias"));
  CHECK(error_without("classifier.bias", {.new_head = true}) == "");
  CHECK(has(error_without(dense, {}), "missing: " + dense));
  CHECK(has(error_without(dense, {.new_head = true}), "missing: " + dense));
}

TEST_CASE("load: only a head for other labels is told as one") {
  const std::vector<float> numbers(8 * 13, 0.5f);
  SavedModel saved;
  const std::string error = saved.error_with(tensor_view(dense, {8, 13}, numbers.data()));
  CHECK(error == "[" + saved.folder.path() +
                     "] the weights do not fit the model that config.json describes:\n"
                     "  shape: " +
                     dense +
                     " is (8, 13), the model has (8, 12)\n"
                     "  hint: is this config.json of the same model, and the file whole?");
  CHECK(has(error_of([&] { from_pretrained<BertModel>(saved.folder.path()); }), "do not fit"));
  SavedModel other;
  CHECK(error_of([&] { from_pretrained<Classifier>(other.folder.path(), {.num_labels = 2}); })
            .starts_with("[" + other.folder.path() +
                         "] the head in the file is for another number of labels:\n"
                         "  shape: classifier."));
}

TEST_CASE("load: a tensor under its old and its new name is there twice") {
  SavedModel saved;
  const ModelFiles weights(saved.folder.path());
  std::vector<TensorView> views(weights.tensors().begin(), weights.tensors().end());
  TensorView again = views[0];
  for (const TensorView& view : views)
    if (view.name == "bert.embeddings.LayerNorm.bias") again = view;
  again.name = "embeddings.LayerNorm.beta";
  views.push_back(again);
  write_safetensors(saved.folder / "model.safetensors", views);
  const std::string error = error_of([&] { from_pretrained<Classifier>(saved.folder.path()); });
  CHECK(has(error, "twice: "));
  CHECK((has(error, "twice: embeddings.LayerNorm.beta\n") ||
         has(error, "twice: bert.embeddings.LayerNorm.bias\n")));
}

TEST_CASE("load: tensors that should be one are told by both names, whatever differs") {
  const TempFolder folder;
  auto model = tiny_model<BertForMaskedLM>();
  const std::vector<float> ones(88, 1), wide(96, 1);
  std::vector<double> same(88);
  const std::vector<real> words = model.predictions.words.to_vector();
  for (size_t i = 0; i < 88; ++i) same[i] = static_cast<double>(words[i]);
  for (const TensorView& decoder :
       {tensor_view("cls.predictions.decoder.weight", {11, 8}, ones.data()),
        tensor_view("cls.predictions.decoder.weight", {12, 8}, wide.data()),
        tensor_view("cls.predictions.decoder.weight", {11, 8}, same.data())}) {
    save_pretrained(model, tiny_config(), folder.path());
    const ModelFiles weights(folder.path());
    std::vector<TensorView> views(weights.tensors().begin(), weights.tensors().end());
    views.push_back(decoder);
    write_safetensors(folder / "model.safetensors", views);
    CHECK(has(error_of([&] { from_pretrained<BertForMaskedLM>(folder.path()); }),
              "untied: cls.predictions.decoder.weight is not "
              "bert.embeddings.word_embeddings.weight, which is the same tensor in Cairn\n"));
  }
}

TEST_CASE("load: a file holds at most 8 times fewer numbers than its model, and a million") {
  const TempFolder folder;
  const std::vector<float> ten(10, 1);
  write_safetensors(folder / "model.safetensors", {tensor_view("a", {10}, ten.data())});
  const ModelFiles weights(folder.path());
  BertConfig config = tiny_config();
  config.hidden_size = config.num_attention_heads = 1, config.num_hidden_layers = 0;
  config.max_position_embeddings = config.type_vocab_size = 1;
  config.vocab_size = 1'000'080 - 4;
  CHECK(config.encoder_parameters() == 1'000'080);
  CHECK(error_of([&] { check_size(config, weights, "folder"); }) == "");
  ++config.vocab_size;
  CHECK(error_of([&] { check_size(config, weights, "folder"); }) ==
        "[folder/config.json] describes a model of 1000081 parameters, but the weights are 10\n"
        "  hint: is this config.json of the same model?");
}

TEST_CASE("save: config.json is indented by two and ends with a line end") {
  SavedModel saved;
  CHECK(read_file(saved.folder / "config.json") ==
        to_text(tiny_config().to_json("BertForSequenceClassification"), 2) + "\n");
  CHECK(read_file(saved.folder / "config.json").starts_with("{\n  \"architectures\": [\n    \""));
}

TEST_CASE("load: weights of f16, bf16 and f64 have the numbers of f32") {
  SavedModel saved;
  const uint16_t f16[] = {0x3c00, 0xc100, 0x0001}, bf16[] = {0x3f80, 0xc020, 0x3eaa};
  const double f64[] = {1, -2.5, 1.0 / 3};
  const auto bias = [&](const char* dtype, const void* bytes, size_t size) {
    TensorView view{"classifier.bias", dtype, {3}};
    view.bytes = static_cast<const unsigned char*>(bytes);
    view.size = size;
    CHECK(saved.error_with(view) == "");
    return from_pretrained<Classifier>(saved.folder.path()).classifier.bias.to_vector();
  };
  CHECK(bias("F16", f16, 6) == std::vector<real>{1, -2.5, static_cast<real>(std::ldexp(1, -24))});
  CHECK(bias("BF16", bf16, 6) == std::vector<real>{1, -2.5, static_cast<real>(0x1.54p-2)});
  CHECK(bias("F64", f64, 24) == std::vector<real>{1, -2.5, static_cast<real>(1.0 / 3)});
}

TEST_CASE("safetensors: the first number that is not finite is found, wherever it is") {
  std::vector<float> numbers(5000, 1e38f);
  CHECK(first_not_finite(numbers.data(), 5000) == -1);
  CHECK(first_not_finite(numbers.data(), 0) == -1);
  for (const int64_t at : {4999, 1024, 1023, 0}) {
    numbers[static_cast<size_t>(at)] = -INFINITY;
    CHECK(first_not_finite(numbers.data(), 5000) == at);
  }
  const double big[] = {1e308, 5e-324, NAN};
  CHECK(first_not_finite(big, 3) == 2);
  CHECK(first_not_finite(big, 2) == -1);
}

TEST_CASE("safetensors: what lies in the place of weights is told for what it is") {
  const TempFolder folder;
  const auto error = [&](const std::string& bytes) {
    write_file_atomically(folder / "model.safetensors", bytes);
    return error_of([&] { SafeTensors file(folder / "model.safetensors"); });
  };
  const std::string pointer = error(
      "version https://git-lfs.github.com/spec/v1\n"
      "oid sha256:53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db\n"
      "size 90868376\n");
  CHECK(has(pointer, "git-LFS pointer"));
  CHECK(has(pointer, "git lfs pull"));
  CHECK(has(error("<!DOCTYPE html>\n<html><body>Sign in</body></html>"), "is a web page"));
  CHECK(has(error("\n<html lang=\"en\">"), "is a web page"));
  CHECK(has(error(std::string("PK\x03\x04\x00\x00\x08\x08\x00\x00", 10)), "torch.save"));
  CHECK(has(error("\x80\x02}q\x00(X\x05weights"), "pickle"));
  CHECK(has(error("\x89HDF\r\n\x1a\n........"), "HDF5"));
  CHECK(has(error("\x1f\x8b\x08.........."), "compressed"));
  CHECK(has(error("GGUF\x03............"), "GGUF"));
  CHECK(has(error(std::string(4096, '\0')), "zeros"));
  CHECK(has(error(""), "is empty"));
  CHECK(has(error("{\"error\": \"Repository not found\"}"), "is JSON text"));
  CHECK(has(error(std::string(257, 'a') + "ustar  and so on"), "tar archive"));
}

TEST_CASE("safetensors: a header that happens to be as long as another kind's first byte is read") {
  // A header of 123 bytes begins with '{', the byte 123, as JSON does.
  const TempFolder folder;
  std::string header = R"({"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})";
  header.resize(123, ' ');
  write_file_atomically(folder / "a.safetensors", std::string("{\0\0\0\0\0\0\0", 8) + header);
  CHECK(SafeTensors(folder / "a.safetensors").tensors().size() == 1);
}

TEST_CASE("settings: a git-LFS pointer in the place of config.json is told for what it is") {
  const TempFolder folder;
  write_file_atomically(folder / "config.json",
                        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
  const std::string error = error_of([&] { BertConfig::load(folder.path()); });
  CHECK(has(error, "config.json"));
  CHECK(has(error, "git-LFS pointer"));
}

TEST_CASE("checkpoint: weights of another format are named, with the way to save them again") {
  for (const char* name : {"pytorch_model.bin", "tf_model.h5", "flax_model.msgpack"}) {
    const TempFolder folder;
    write_file_atomically(folder / name, "x");
    const std::string error = error_of([&] { ModelFiles weights(folder.path()); });
    CHECK(has(error, std::string(name) + " is not read"));
    CHECK(has(error, "save_pretrained"));
  }
}

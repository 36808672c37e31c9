// Trainings that go wrong: what is damaged is refused, what is of no use is not saved, and what was
// good before stays.
#include <doctest/doctest.h>

#include <cmath>
#include <csignal>
#include <iterator>

#include "models/bert/load.h"
#include "models/bert/more/pretraining.h"
#include "tests/limits.h"
#include "tests/support.h"
#include "tests/training.h"
#include "train/more/pretrain.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// Runs three steps of `o`, then is interrupted; the bytes of the checkpoint.
std::string interrupted(FinetuneOptions o) {
  o.run.on_step = [](const StepRecord& r) {
    if (r.step == 3) std::raise(SIGINT);
  };
  train(o);
  return read_file(o.run.out + "/checkpoint.safetensors");
}

// The Error of resuming `o`, which must leave the model as it is.
std::string resuming(FinetuneOptions o) {
  o.run.resume = true;
  BertForSequenceClassification model = classifier();
  const auto before = weights(model);
  const std::string message =
      error_of([&] { finetune(model, tokenizer(), examples(18, 1), examples(9, 2), o); });
  if (!message.empty()) CHECK(weights(model) == before);
  return message;
}

// Four texts about this.
Examples texts(const std::string& noun) {
  Examples e;
  for (const char* adjective : {"good", "bad", "fine", "poor"}) {
    e.texts.push_back(tokenizer().encode("the " + noun + " was " + adjective + " ."));
    e.labels.push_back(adjective[0] == 'g' || adjective[0] == 'f');
  }
  return e;
}

constexpr int64_t id_of_book = 12;

void spoil(BertForSequenceClassification& model, int64_t id) {
  Tensor words = model.bert.embeddings.word_embeddings.weight;
  words.write()[id * words.size(1)] = NAN;
}

}  // namespace

TEST_CASE("finetune: a damaged checkpoint is an error, and changes nothing") {
  const TempFolder folder;
  const FinetuneOptions o = options(folder.path());
  const std::string bytes = interrupted(o);
  const size_t all = bytes.size();
  for (const size_t size : {size_t{0}, size_t{7}, size_t{100}, all / 2, all - 1}) {
    write_file_atomically(folder / "checkpoint.safetensors", bytes.substr(0, size));
    CHECK(has(resuming(o), "checkpoint.safetensors"));
  }
}

TEST_CASE("finetune: a checkpoint with a flipped bit, wherever it is, is refused with the remedy") {
  const TempFolder folder;
  const FinetuneOptions o = options(folder.path());
  const std::string path = folder / "checkpoint.safetensors", bytes = interrupted(o);
  const auto refused = [&](size_t at, int bit) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
    write_file_atomically(path, flipped);
    const std::string message = resuming(o);
    CAPTURE(at);
    CAPTURE(bit);
    CAPTURE(message);
    CHECK(has(message, "[" + path + "]"));
    CHECK(has(message, "hint: start again, without --resume"));
  };
  // A byte of each tensor, of every kind: weights, both moments, counts of steps.
  const SafeTensors file(path);
  for (const TensorView& view : file.tensors())
    refused(static_cast<size_t>(view.bytes - file.file()->data()) + view.size / 2, 6);
  const size_t header = bytes.find("F32"), metadata = bytes.find("cairn");
  REQUIRE(metadata < bytes.size());
  REQUIRE(header < bytes.size());
  for (const char* part : {"cairn", "settings", "warmup", "loss_sum", "next", "crc32", "format",
                           "model.", "optimizer.", "F32", "data_offsets", "shape"}) {
    CAPTURE(part);
    REQUIRE(bytes.find(part) < bytes.size());
    refused(bytes.find(part), 0);
  }
  for (size_t at = 0; at < 9; ++at) refused(at, 1);  // the header's length, and its first character
  for (size_t at = 10; at < bytes.size(); at += bytes.size() / 60)
    refused(at, static_cast<int>(at % 8));
  refused(bytes.size() - 1, 7);
  write_file_atomically(path, bytes);
  CHECK(resuming(o).empty());
}

TEST_CASE("finetune: a checkpoint without a checksum is refused with the remedy") {
  const TempFolder folder;
  const FinetuneOptions o = options(folder.path());
  interrupted(o);
  const std::string path = folder / "checkpoint.safetensors";
  {
    const SafeTensors file(path);
    Metadata metadata = file.metadata();
    metadata.erase("crc32");
    write_safetensors(path, file.tensors(), metadata);
  }
  const std::string message = resuming(o);
  CHECK(has(message, "it lacks its checksum"));
  CHECK(has(message, "hint: start again"));
}

TEST_CASE("finetune: a loss on dev that is not a number is never the best - what was saved stays") {
  const TempFolder folder;
  FinetuneOptions o = options(folder.path());
  o.epochs = 3;
  o.batch_size = 2;  // 2 steps an epoch
  o.run.checkpoint_every = 0;
  BertForSequenceClassification model = classifier();
  std::string good_model, good_checkpoint;
  o.run.on_step = [&](const StepRecord& r) {
    if (r.step != 3) return;
    good_model = read_file(folder / "model.safetensors");
    good_checkpoint = read_file(folder / "checkpoint.safetensors");
    spoil(model, id_of_book);
  };
  const std::string message =
      error_of([&] { finetune(model, tokenizer(), texts("film"), texts("book"), o); });
  CHECK(has(message, "[step 4] the training has diverged: the loss on the development set is nan"));
  CHECK(has(message, "The model of step 2 is kept in " + folder.path()));
  CHECK(has(message, "hint: lower --lr"));
  CHECK(read_file(folder / "model.safetensors") == good_model);
  CHECK(read_file(folder / "checkpoint.safetensors") == good_checkpoint);

  const TempFolder second;  // spoilt from the start: nothing good was ever there
  o.run.out = second.path();
  o.run.on_step = nullptr;
  const std::string first =
      error_of([&] { finetune(model, tokenizer(), texts("film"), texts("book"), o); });
  CHECK(has(first, "[step 2] the training has diverged"));
  CHECK(has(first, "No model is saved"));
  CHECK_FALSE(std::filesystem::exists(second / "model.safetensors"));
}

TEST_CASE("finetune: weights that are not numbers are saved neither as model nor as checkpoint") {
  const TempFolder folder;
  FinetuneOptions o = options(folder.path());
  BertForSequenceClassification model = classifier();
  const auto error = [&](const Examples& dev) {
    return error_of([&] { finetune(model, tokenizer(), texts("film"), dev, o); });
  };
  std::string good;
  o.batch_size = 1;
  o.run.on_step = [&](const StepRecord& r) {
    if (r.step != 3) return;
    good = read_file(folder / "checkpoint.safetensors");
    spoil(model, id_of_book);
  };
  const std::string message = error({});
  CHECK(has(message, "[step 4] the training has diverged: bert.embeddings.word_embeddings.weight"));
  CHECK(read_file(folder / "checkpoint.safetensors") == good);

  const TempFolder second;  // without checkpoints it shows at the end
  o.run.out = second.path();
  o.run.checkpoint_every = 0;
  o.run.on_step = nullptr;
  o.epochs = 1;
  CHECK(has(error({}), "[step 4] the training has diverged"));
  CHECK_FALSE(std::filesystem::exists(second / "model.safetensors"));
}

TEST_CASE("pretrain: a training that has diverged says since when and saves no model") {
  const TempFolder folder;
  Random random(1);
  BertForPreTraining model(config(), Init{.std = 0.1, .random = &random});
  PretrainOptions o;
  o.run.out = folder.path();
  o.run.steps = 4;
  o.run.checkpoint_every = 0;
  o.batch_size = 2;
  o.max_length = 16;
  const Documents documents = {{"the film was good .", "this one is fine ."},
                               {"the book was bad .", "this one is poor ."}};
  o.run.on_step = [&](const StepRecord& r) {
    if (r.step == 2) model.bert.pooler->dense.bias.write()[0] = NAN;
  };
  const std::string message = error_of([&] { pretrain(model, tokenizer(), documents, o); });
  CHECK(has(message, "[step 3] the training has diverged: the loss is nan"));
  CHECK_FALSE(std::filesystem::exists(folder / "model.safetensors"));
  o.run.on_step = [&](const StepRecord& r) {
    if (r.step == 4) model.bert.pooler->dense.bias.write()[0] = INFINITY;
  };
  model.bert.pooler->dense.bias.write()[0] = 0;
  CHECK(has(error_of([&] { pretrain(model, tokenizer(), documents, o); }),
            "[step 4] the training has diverged: bert.pooler.dense.bias"));
  CHECK_FALSE(std::filesystem::exists(folder / "model.safetensors"));
}

TEST_CASE("finetune: a folder that another process trains into is refused") {
  const TempFolder folder;
  Waiting other([&] { new OutputFolder(folder.path(), true); });  // held until it is killed
  BertForSequenceClassification model = classifier();
  const auto error = [&] {
    return error_of(
        [&] { finetune(model, tokenizer(), examples(4, 1), {}, options(folder.path())); });
  };
  CHECK(has(error(), "another run is writing into this folder"));
  CHECK(has(error_of([&] { save_pretrained(model, model.bert.config, folder.path()); }),
            "another run is writing into this folder"));
  other.kill();
  CHECK(error().empty());
}

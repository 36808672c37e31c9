// The gradients of a whole BERT, each parameter of each head, against differences.
#include <doctest/doctest.h>

#include <map>

#include "core/autograd/autograd.h"
#include "core/autograd/more/gradcheck.h"
#include "core/io/tensor_file.h"
#include "models/bert/load.h"
#include "models/bert/more/heads.h"
#include "models/bert/more/pretraining.h"
#include "tests/bert_models.h"
#include "tests/folders.h"

using namespace cairn;
using namespace cairn::test;

namespace {

template <class M>
void check(M& model, const std::function<Tensor()>& loss) {
  std::vector<Tensor> leaves;
  for (const NamedTensor& p : model.named_parameters()) leaves.push_back(p.tensor);
  CHECK(gradcheck([&](const std::vector<Tensor>&) { return loss(); }, leaves) == "");
}

}  // namespace

TEST_CASE("bert: gradients of a classifier") {
  auto model = tiny_model<BertForSequenceClassification>();
  const TinyBatch batch;
  check(model, [&] {
    return cross_entropy(model(batch.ids, batch.types, batch.rows), Ids{2, 0, 1});
  });
}

TEST_CASE("bert: gradients of pretraining, with the tied table of words") {
  auto model = tiny_model<BertForPreTraining>();
  const TinyBatch batch;
  check(model, [&] {
    const auto output = model(batch.ids, batch.types, batch.rows, Ids{1, 8});
    return cross_entropy(output.predictions, Ids{4, 9}) +
           cross_entropy(output.seq_relationship, Ids{1, 0, 1});
  });
}

TEST_CASE("bert: gradients of token labels, of spans and of a decoder") {
  BertConfig config = tiny_config();
  config.num_hidden_layers = 1;
  const TinyBatch batch;
  auto tokens = tiny_model<BertForTokenClassification>(config);
  check(tokens, [&] {
    return cross_entropy(tokens(batch.ids, batch.types, batch.rows),
                         Ids{0, 1, 2, -100, 1, 1, 0, 2, 2, -100, 0});
  });
  auto spans = tiny_model<BertForQuestionAnswering>(config);
  check(spans, [&] {
    const auto [start, end] = spans(batch.ids, batch.types, batch.rows);
    return position_loss(start, batch.rows, Ids{1, 0, 4}) +
           position_loss(end, batch.rows, Ids{3, 7, 2});
  });
  config.is_decoder = true;
  config.hidden_act = "gelu_new";
  auto decoder = tiny_model<BertForMaskedLM>(config);
  check(decoder, [&] {
    return cross_entropy(decoder(batch.ids, batch.types, batch.rows),
                         Ids{5, 6, 2, -100, 2, -100, 9, 10, 3, 2, -100});
  });
}

TEST_CASE("bert: gradients with padding that is computed but hidden") {
  BertConfig config = tiny_config();
  config.num_hidden_layers = 1;
  auto model = tiny_model<BertModel>(config);
  BertOptions options{.seen = Ids{0, 1, 2, 3, 4}, .seen_rows = Rows::of_lengths({3, 2})};
  check(model, [&] {
    return model(Ids{1, 4, 2, 1, 2, 0}, Ids{0, 0, 1, 0, 1, 1}, Rows::equal(2, 3), options);
  });
}

TEST_CASE("bert: a model folder is read and written in double, too") {
  const std::string folder = CAIRN_SOURCE_DIR "/tests/fixtures/models/bert";
  std::map<std::string, Tensor> stored;
  for (const NamedTensor& t : load_tensors(folder + "/io.safetensors")) stored[t.name] = t.tensor;
  std::vector<int32_t> ids;
  for (const real id : stored.at("plain.in.input_ids").to_vector())
    ids.push_back(static_cast<int32_t>(id));
  const Tensor expected = stored.at("plain.out.last_hidden_state");  // (2, 8, 32), in float

  const TempFolder copy;
  auto original = from_pretrained<BertModel>(folder);
  save_pretrained(original, original.config, copy.path());
  auto model = from_pretrained<BertModel>(copy.path(), {.requires_grad = false});
  const Tensor hidden = model(Ids(ids), {}, Rows::equal(2, 8));
  CHECK(!hidden.requires_grad());
  CHECK(difference(hidden, reshape(expected, {16, 32})) < 1e-6);
}

// The heads of BERT and what the encoder returns beside its result, against transformers 5.23.0:
// each model of tests/bert_models.h was saved by Cairn, read by from_pretrained() and run in
// double on TinyBatch, padded; the numbers are its, to five digits.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "models/bert/heads.h"
#include "models/bert/more/attention_maps.h"
#include "models/bert/more/heads.h"
#include "models/bert/more/pretraining.h"
#include "tests/bert_models.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Numbers = std::vector<double>;
using Change = std::function<void(BertConfig&)>;

void check_close(const Tensor& a, const Numbers& b) {
  const std::vector<real> values = a.to_vector();
  REQUIRE(values.size() == b.size());
  for (size_t i = 0; i < b.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(static_cast<double>(values[i]) - b[i]) < 2e-5);
  }
}

Tensor row(const Tensor& x, int64_t i) { return slice(x, 0, i, i + 1); }

// Another activation and an eps that shows.
BertConfig other_config() {
  BertConfig config = tiny_config();
  config.layer_norm_eps = 0.1;
  config.hidden_act = "relu";
  return config;
}

template <class M>
auto run(const BertConfig& config) {
  auto model = tiny_model<M>(config);
  const TinyBatch batch;
  return model(batch.ids, batch.types, batch.rows);
}

}  // namespace

TEST_CASE("bert: each field of the configuration has the effect that it has in transformers") {
  // clang-format off
  const std::vector<std::tuple<std::string, Change, Numbers>> table = {
      {"as it is", [](BertConfig&) {},
       {-0.20392, 1.20729, -0.94403, -0.24886, 1.32284, -1.02608, -0.21264, 1.10293, -0.92746}},
      {"layer_norm_eps", [](BertConfig& c) { c.layer_norm_eps = 0.1; },
       {-0.20649, 1.19339, -0.93418, -0.24850, 1.30245, -1.01005, -0.19149, 1.14205, -0.93846}},
      {"hidden_act relu", [](BertConfig& c) { c.hidden_act = "relu"; },
       {-0.21443, 1.21899, -0.98425, -0.24401, 1.32159, -1.08564, -0.22436, 1.13785, -0.98442}},
      {"hidden_act gelu_new", [](BertConfig& c) { c.hidden_act = "gelu_new"; },
       {-0.20391, 1.20736, -0.94403, -0.24885, 1.32287, -1.02607, -0.21261, 1.10307, -0.92745}},
      {"num_attention_heads", [](BertConfig& c) { c.num_attention_heads = 4; },
       {-0.17812, 1.23890, -0.98936, -0.25771, 1.26797, -1.08425, -0.27941, 0.92107, -1.01424}},
      {"num_hidden_layers", [](BertConfig& c) { c.num_hidden_layers = 3; },
       {0.98371, 0.80957, 0.30371, 1.16929, 0.63622, 0.62728, 0.97832, 0.75899, 0.24514}},
  };
  // clang-format on
  for (const auto& row : table) {
    const auto& [name, change, logits] = row;
    INFO(std::get<0>(row));
    BertConfig config = tiny_config();
    change(config);
    check_close(run<BertForSequenceClassification>(config), logits);
  }
  auto model = tiny_model<BertForSequenceClassification>();
  const TinyBatch batch;
  check_close(model(batch.ids, {}, batch.rows), {-0.06689, 1.34219, -0.99708, -0.24472, 1.16897,
                                                 -1.14681, -0.13166, 1.03971, -1.01620});
  BertConfig config = tiny_config();
  config.is_decoder = true;
  check_close(slice(run<BertForTokenClassification>(config), 0, 6, 11),
              {-0.23743, -1.42006, -0.76260, 1.50625, -0.10299, -0.22819, 1.22362, 0.70059,
               -0.36422, -0.11293, 0.25623, 0.16351, 0.59878, 0.50311, 0.29258});
}

TEST_CASE("bert: each head gives the logits of transformers") {
  const BertConfig config = other_config();
  const Tensor words = run<BertForMaskedLM>(config);
  check_close(row(words, 8), {0.78353, 0.01259, -0.53691, 1.53488, -0.27135, 0.44137, -0.81796,
                              -0.19906, -2.00942, 0.91649, 1.25224});
  check_close(row(words, 1), {0.89139, 0.29139, -1.21276, 0.79179, 1.05441, 1.40266, -1.82575,
                              -1.18833, -1.31361, -0.85722, 0.28723});
  check_close(run<BertForNextSentencePrediction>(config),
              {-0.61187, 0.62402, -0.71013, 0.81730, -0.57081, 0.58116});
  const auto both = run<BertForPreTraining>(config);
  CHECK(both.predictions.shape() == Shape{11, 11});
  check_close(row(both.predictions, 8), {0.69160, -1.13934, 0.20325, -0.49854, 0.36818, 1.30424,
                                         -0.38209, 0.45740, -0.08365, 1.11547, -0.41966});
  check_close(both.seq_relationship, {-0.39216, 1.73952, -0.56552, 1.72282, -0.28002, 1.65878});
  const Tensor tokens = run<BertForTokenClassification>(config);
  CHECK(tokens.shape() == Shape{11, 3});
  check_close(row(tokens, 7), {1.21196, 0.23497, -0.23362});
  check_close(row(tokens, 5), {2.16095, 0.70724, -0.48838});
  BertConfig two_labels = config;
  two_labels.set_num_labels(2);
  const auto [start, end] = run<BertForQuestionAnswering>(two_labels);
  CHECK(start.shape() == Shape{11});
  check_close(slice(start, 0, 6, 11), {1.46210, 1.66597, 1.37426, 1.53520, 1.58995});
  check_close(slice(end, 0, 6, 11), {0.26163, 0.14085, 0.80948, 0.60435, 0.83824});
}

TEST_CASE("bert: the choices of a question stand in a row, question after question") {
  auto model = tiny_model<BertForMultipleChoice>(other_config());
  const TinyBatch batch;
  const Tensor logits = model(batch.ids, batch.types, batch.rows, 3);
  CHECK(logits.shape() == Shape{1, 3});
  check_close(logits, {-0.60064, -0.57349, -0.60762});
  const Tensor three = model(batch.ids, batch.types, batch.rows, 1);
  CHECK(three.shape() == Shape{3, 1});
  check_close(three, {-0.60064, -0.57349, -0.60762});
  const Rows six = Rows::of_lengths({2, 2, 2, 2, 2, 1});
  CHECK(model(batch.ids, {}, six, 3).shape() == Shape{2, 3});
  const auto error = [&](int64_t choices) {
    return error_of([&] { model(batch.ids, batch.types, batch.rows, choices); });
  };
  for (const int64_t choices : {0, -1, 2, 4})
    CHECK(has(error(choices),
              "3 sequences are not questions of " + std::to_string(choices) + " choices each\n"));
}

TEST_CASE("bert: heads of pretraining predict words at the rows asked for") {
  auto model = tiny_model<BertForPreTraining>(other_config());
  const TinyBatch batch;
  const auto all = model(batch.ids, batch.types, batch.rows);
  const auto some = model(batch.ids, batch.types, batch.rows, Ids{8, 1});
  CHECK(some.predictions.shape() == Shape{2, 11});
  CHECK(difference(some.predictions, index_select(all.predictions, Ids{8, 1})) < 1e-6);
  CHECK(difference(some.seq_relationship, all.seq_relationship) < 1e-6);
}

TEST_CASE("bert: hidden states are the embeddings' and each layer's output, the last included") {
  auto model = tiny_model<BertModel>();
  const TinyBatch batch;
  std::vector<Tensor> hidden;
  const Tensor last = model(batch.ids, batch.types, batch.rows, {.hidden_states = &hidden});
  REQUIRE(hidden.size() == 3);  // two layers
  Tensor x = model.embeddings(batch.ids, batch.types, batch.rows);
  CHECK(same(hidden[0], x));
  for (size_t i = 0; i < 2; ++i) {
    x = model.encoder.layer[i](x, batch.rows);
    CHECK(same(hidden[i + 1], x));
  }
  CHECK(same(hidden[2], last));
  hidden.clear();
  const Tensor first =
      model(batch.ids, batch.types, batch.rows, {.only_first = true, .hidden_states = &hidden});
  REQUIRE(hidden.size() == 3);
  CHECK(hidden[1].shape() == Shape{11, 8});
  CHECK(same(hidden[2], first));
  BertConfig config = tiny_config();
  config.num_hidden_layers = 0;
  auto none = tiny_model<BertModel>(config);
  hidden.clear();
  const Tensor embedded = none(batch.ids, batch.types, batch.rows, {.hidden_states = &hidden});
  REQUIRE(hidden.size() == 1);
  CHECK(same(hidden[0], embedded));
  const Tensor only = none(batch.ids, batch.types, batch.rows, {.only_first = true});
  CHECK(same(only, index_select(embedded, Ids{0, 4, 6})));
}

TEST_CASE("bert: hidden states have the numbers of transformers, whole ones from every head") {
  const TinyBatch batch;
  std::vector<Tensor> hidden;
  const BertOptions options{.hidden_states = &hidden};
  auto labels = tiny_model<BertForSequenceClassification>();
  const Tensor logits = labels(batch.ids, batch.types, batch.rows, options);
  REQUIRE(hidden.size() == 3);
  check_close(row(hidden[0], 9),
              {-1.02059, 1.54422, -0.24798, -1.89383, 0.44600, -0.14523, 0.93267, 0.05350});
  check_close(row(hidden[1], 9),
              {-0.26510, 1.67494, 0.19764, -1.96630, -0.20929, -0.74288, 0.23070, 0.89553});
  check_close(row(hidden[2], 9),
              {-0.40383, 0.80366, 0.02961, -0.14924, -0.85437, -1.53332, 0.60527, 1.22606});
  CHECK(difference(logits, labels(batch.ids, batch.types, batch.rows)) < 1e-6);
  const auto whole = [&](const auto& call) {
    hidden.clear();
    call();
    return hidden.size() == 3 && hidden[2].shape() == Shape{11, 8};
  };
  auto choice = tiny_model<BertForMultipleChoice>();
  CHECK(whole([&] { choice(batch.ids, batch.types, batch.rows, 3, options); }));
  auto next = tiny_model<BertForNextSentencePrediction>();
  CHECK(whole([&] { next(batch.ids, batch.types, batch.rows, options); }));
  auto tokens = tiny_model<BertForTokenClassification>();
  CHECK(whole([&] { tokens(batch.ids, batch.types, batch.rows, options); }));
  auto answers = tiny_model<BertForQuestionAnswering>();
  CHECK(whole([&] { answers(batch.ids, batch.types, batch.rows, options); }));
  auto words = tiny_model<BertForMaskedLM>();
  CHECK(whole([&] { words(batch.ids, batch.types, batch.rows, {}, options); }));
  auto both = tiny_model<BertForPreTraining>();
  CHECK(whole([&] { both(batch.ids, batch.types, batch.rows, {}, options); }));
}

TEST_CASE("bert: attention maps and pooled output have the numbers of transformers") {
  auto head = tiny_model<BertForSequenceClassification>();
  const Ids ids{1, 9, 10, 3, 2}, types{0, 0, 0, 1, 1};
  const std::vector<Tensor> maps = attention_maps(head.bert, ids, types);
  REQUIRE(maps.size() == 2);
  CHECK(maps[0].shape() == Shape{2, 5, 5});  // what the second token looks at, head by head:
  check_close(slice(maps[0], 1, 1, 2), {0.34221, 0.05361, 0.21005, 0.10467, 0.28946, 0.05588,
                                        0.18370, 0.45330, 0.19101, 0.11611});
  check_close(slice(maps[1], 1, 1, 2), {0.06779, 0.07807, 0.29274, 0.29742, 0.26399, 0.27517,
                                        0.09407, 0.22069, 0.22173, 0.18834});
  CHECK_FALSE(maps[0].requires_grad());
  const Rows rows = Rows::equal(1, 5);
  check_close(head.bert.pool(head.bert(ids, types, rows), rows),
              {0.84906, 0.46706, -0.61360, -0.57069, 0.76145, 0.14876, 0.01194, -0.87662});
}

TEST_CASE("place loss: places from the sequence's end on are ignored, as in transformers") {
  BertConfig config = other_config();
  config.set_num_labels(2);
  auto model = tiny_model<BertForQuestionAnswering>(config);
  const Rows rows = Rows::equal(2, 5);  // the same five tokens twice: places 0 to 4
  const auto [start, end] =
      model(Ids{1, 9, 10, 3, 2, 1, 9, 10, 3, 2}, Ids{0, 0, 0, 1, 1, 0, 0, 0, 1, 1}, rows);
  const auto loss = [&, &start = start, &end = end](const Ids& starts, const Ids& ends) {
    return (position_loss(start, rows, starts) + position_loss(end, rows, ends)) / 2;
  };
  check_close(loss(Ids{0, 0}, Ids{0, 0}), {1.79774});
  check_close(loss(Ids{1, 1}, Ids{4, 4}), {1.40750});
  check_close(loss(Ids{4, 4}, Ids{1, 1}), {1.79420});
  check_close(loss(Ids{1, 5}, Ids{6, 3}), {1.52445});  // 5: just past the end; so are 6 and more
}

TEST_CASE("place loss: of sequences of several lengths each place counts within its own") {
  // With logits of 0 a place of a sequence of n tokens costs log n; the mean is over the places
  // that count.
  const Rows rows = Rows::of_lengths({4, 2, 5});
  const Tensor flat = Tensor::zeros({11});
  const double log4 = std::log(4), log2 = std::log(2), log5 = std::log(5);
  check_close(position_loss(flat, rows, Ids{0, 0, 0}), {(log4 + log2 + log5) / 3});
  check_close(position_loss(flat, rows, Ids{3, 1, 4}), {(log4 + log2 + log5) / 3});
  check_close(position_loss(flat, rows, Ids{3, 2, 4}), {(log4 + log5) / 2});
  check_close(position_loss(flat, rows, Ids{4, 1, 5}), {log2});
  check_close(position_loss(flat, rows, Ids{-1, -100, 0}), {log5});
  // The right row of the right sequence: 1, 2, ..., 11 without gaps.
  Tensor logits = counting({11}) + Tensor::ones({11});
  logits.set_requires_grad();
  backward(position_loss(logits, rows, Ids{4, 1, -1}));
  const double right = 1 / (1 + std::exp(-1.0));
  check_close(logits.grad(), {0, 0, 0, 0, 1 - right, right - 1, 0, 0, 0, 0, 0});
}

TEST_CASE("bert: every dropout has the rate that the configuration names for it") {
  BertConfig config = tiny_config();
  config.hidden_dropout_prob = 0.25, config.attention_probs_dropout_prob = 0.5;
  BertForSequenceClassification plain(config);
  CHECK(plain.dropout.p == 0.25);  // of the head, unless classifier_dropout is set
  CHECK(plain.bert.embeddings.dropout.p == 0.25);
  for (BertLayer& layer : plain.bert.encoder.layer) {
    CHECK(layer.attention.output.dropout.p == 0.25);
    CHECK(layer.output.dropout.p == 0.25);
  }
  config.classifier_dropout = 0.75;
  CHECK(BertForSequenceClassification(config).dropout.p == 0.75);
  CHECK(BertForTokenClassification(config).dropout.p == 0.75);
  CHECK(BertForMultipleChoice(config).dropout.p == 0.75);
  config.set_dropout(0.125);
  CHECK(config.hidden_dropout_prob == 0.125);
  CHECK(config.attention_probs_dropout_prob == 0.125);
  CHECK(BertForTokenClassification(config).dropout.p == 0.125);
}

TEST_CASE("bert: each dropout acts at its own place in training") {
  const TinyBatch batch;
  const auto differs = [](auto& module, const auto& f) {
    default_random() = Random(3);
    module.train();
    const Tensor trained = f();
    module.eval();
    CHECK(same(f(), f()));  // eval() reaches every dropout
    return difference(trained, f()) > 0.01;
  };
  const Tensor x = random_tensor({11, 8}, 1);
  BertConfig hidden = tiny_config(), attention = tiny_config(), head = tiny_config();
  hidden.hidden_dropout_prob = attention.attention_probs_dropout_prob = 0.4;
  head.classifier_dropout = 0.4;
  hidden.classifier_dropout = 0;
  for (const bool drops : {true, false}) {
    auto model = tiny_model<BertModel>(drops ? hidden : attention);
    BertLayer& layer = model.encoder.layer[0];
    CHECK(differs(model, [&] { return model.embeddings(batch.ids, {}, batch.rows); }) == drops);
    CHECK(differs(model, [&] { return layer.attention.output(x, x); }) == drops);
    CHECK(differs(model, [&] { return layer.attention.self(x, batch.rows, x, batch.rows); }) ==
          !drops);
    CHECK_FALSE(differs(model, [&] { return layer.intermediate(x); }));
  }
  auto labels = tiny_model<BertForSequenceClassification>(head);
  auto tokens = tiny_model<BertForTokenClassification>(head);
  auto choice = tiny_model<BertForMultipleChoice>(head);
  CHECK(differs(labels, [&] { return labels(batch.ids, {}, batch.rows); }));
  CHECK(differs(tokens, [&] { return tokens(batch.ids, {}, batch.rows); }));
  CHECK(differs(choice, [&] { return choice(batch.ids, {}, batch.rows, 3); }));
  CHECK_FALSE(differs(labels, [&] { return labels.bert(batch.ids, {}, batch.rows); }));
}

TEST_CASE("bert: dropout's output is normalised with the residual, which itself is whole") {
  // All of dense(x) but nothing of the residual is dropped: with p near 1 the result is the
  // normalised residual nearly everywhere.
  BertConfig config = tiny_config();
  config.hidden_dropout_prob = 0.999999;
  auto model = tiny_model<BertModel>(config);
  BertOutput& output = model.encoder.layer[0].output;
  const Tensor inner = random_tensor({11, 12}, 1), residual = random_tensor({11, 8}, 2);
  CHECK(difference(output(inner, residual), output.norm(residual)) < 1e-6);
}

TEST_CASE("bert: a batch that does not fit is refused in whole sentences") {
  auto model = tiny_model<BertModel>();
  const auto error = [&](const Ids& ids, const Ids& types, const std::vector<int32_t>& lengths,
                         bool only_first = false) {
    return error_of(
        [&] { model(ids, types, Rows::of_lengths(lengths), {.only_first = only_first}); });
  };
  CHECK(has(error(Ids{1, 2}, Ids{0}, {2}), "2 ids, 1 token types, rows for 2\n"));
  CHECK(has(error(Ids{1, 2}, Ids{0}, {2}), "\n  hint: the three counts must agree"));
  CHECK(has(error(Ids{1, 2}, Ids{0, 0}, {3}), "2 ids, 2 token types, rows for 3\n"));
  CHECK(has(error(Ids{1, 2, 3}, Ids{0, 0}, {3}), "3 ids, 2 token types, rows for 3\n"));
  CHECK(error(Ids{1, 2, 3, 4, 5, 6}, {}, {6}) == "");
  const std::string seven = error(Ids{1, 2, 3, 4, 5, 6, 7}, {}, {7});
  CHECK(has(seven, "a sequence has 7 tokens\n"));
  CHECK(has(seven, "\n  hint: the model has positions for 6; truncate the text"));
  for (const int32_t at : {0, 1, 2}) {
    std::vector<int32_t> lengths{1, 1, 1};
    lengths[static_cast<size_t>(at)] = 0;
    CHECK(has(error(Ids{1, 2}, {}, lengths, true),
              "sequence " + std::to_string(at) + " of the batch has no token\n"));
  }
  BertModel bare(tiny_config(), {}, BertModel::Pooler::no);
  const std::string pooled = error_of([&] { bare.pool(Tensor::zeros({1, 8}), Rows::equal(1, 1)); });
  CHECK(has(pooled, "this model was made without a pooler\n"));
  CHECK(has(pooled, "\n  hint: Pooler::yes"));
}

TEST_CASE("squared error: the mean of the squares of the differences") {
  const Tensor logits = Tensor::of({3, 1}, {1, -2, 4}), targets = Tensor::of({3}, {0, 2, 2});
  check_close(squared_error(logits, targets), {21.0 / 3});
  Tensor leaf = logits;
  leaf.set_requires_grad();
  backward(squared_error(leaf, targets));
  check_close(leaf.grad(), {2.0 / 3, -8.0 / 3, 4.0 / 3});
}

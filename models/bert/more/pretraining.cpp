// The heads of BERT's pretraining.
#include "models/bert/more/pretraining.h"

#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

BertPredictionHeadTransform::BertPredictionHeadTransform(const BertConfig& c, const Init& init)
    : Module("BertPredictionHeadTransform"),
      dense(checked(c).hidden_size, c.hidden_size, init),
      norm(c.hidden_size, c.layer_norm_eps),
      act_(activation(c.hidden_act)) {}

void BertPredictionHeadTransform::visit(ModuleVisitor& v) {
  v("dense", dense);
  v("LayerNorm", norm);
}

Tensor BertPredictionHeadTransform::operator()(const Tensor& x, Where where) {
  Scope scope(name(), where);
  return norm(act_(dense(x), Where::current()));
}

BertLMPredictionHead::BertLMPredictionHead(const BertConfig& c, const Init& init,
                                           const Tensor& words)
    : Module("BertLMPredictionHead"),
      bias(Init::constant(checked(c).vocab_size, 0)),
      words(words),
      transform(c, init) {
  if (!c.tie_word_embeddings)
    fail("BertConfig", "tie_word_embeddings is false; Cairn predicts words with their embeddings",
         "save the model with a tied decoder, or use a head that predicts no words");
}

void BertLMPredictionHead::visit(ModuleVisitor& v) {
  v("bias", bias);
  v("transform", transform);
  v("decoder.weight", words);
  v("decoder.bias", bias);
}

Tensor BertLMPredictionHead::operator()(const Tensor& x, Where where) {
  Scope scope(name(), where);
  return linear(transform(x), words, bias);
}

BertForMaskedLM::BertForMaskedLM(const BertConfig& c, const Init& init)
    : Module(architecture),
      bert(c, init, BertModel::Pooler::no),
      predictions(c, initial_weights(c, init), bert.embeddings.word_embeddings.weight) {}

void BertForMaskedLM::visit(ModuleVisitor& v) {
  v("bert", bert);
  v("cls.predictions", predictions);
}

Tensor BertForMaskedLM::operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                                   const std::optional<Ids>& at, const BertOptions& options,
                                   Where where) {
  Scope scope(name(), where);
  const Tensor hidden = bert(ids, token_types, rows, options);
  return predictions(at ? index_select(hidden, *at) : hidden);
}

BertForNextSentencePrediction::BertForNextSentencePrediction(const BertConfig& c, const Init& init)
    : Module(architecture),
      bert(c, init),
      seq_relationship(c.hidden_size, 2, initial_weights(c, init)) {}

void BertForNextSentencePrediction::visit(ModuleVisitor& v) {
  v("bert", bert);
  v("cls.seq_relationship", seq_relationship);
}

Tensor BertForNextSentencePrediction::operator()(const Ids& ids, const Ids& token_types,
                                                 const Rows& rows, const BertOptions& options,
                                                 Where where) {
  Scope scope(name(), where);
  BertOptions first = options;
  first.only_first = options.hidden_states == nullptr;
  return seq_relationship(bert.pool(bert(ids, token_types, rows, first), rows));
}

BertForPreTraining::BertForPreTraining(const BertConfig& c, const Init& init)
    : Module(architecture),
      bert(c, init),
      predictions(c, initial_weights(c, init), bert.embeddings.word_embeddings.weight),
      seq_relationship(c.hidden_size, 2, initial_weights(c, init)) {}

void BertForPreTraining::visit(ModuleVisitor& v) {
  v("bert", bert);
  v("cls.predictions", predictions);
  v("cls.seq_relationship", seq_relationship);
}

BertForPreTraining::Output BertForPreTraining::operator()(const Ids& ids, const Ids& token_types,
                                                          const Rows& rows,
                                                          const std::optional<Ids>& at,
                                                          const BertOptions& options, Where where) {
  Scope scope(name(), where);
  const Tensor hidden = bert(ids, token_types, rows, options);
  return {predictions(at ? index_select(hidden, *at) : hidden),
          seq_relationship(bert.pool(hidden, rows))};
}

}}  // namespace cairn::CAIRN_PRECISION

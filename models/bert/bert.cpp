// BERT's encoder: embeddings, layers of attention and feed-forward, pooler.
#include "models/bert/bert.h"

#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// The first row of each sequence. Error if a sequence has none.
Ids first_rows(const Rows& rows) {
  for (int64_t b = 0; b < rows.sequences(); ++b) {
    if (rows.length(b) == 0)
      fail("bert", "sequence " + std::to_string(b) + " of the batch has no token",
           "every sequence begins with [CLS]");
  }
  return rows.first();
}

}  // namespace

Init initial_weights(const BertConfig& config, const Init& init) {
  return {.std = init.std.value_or(config.initializer_range), .random = init.random};
}

BertEmbeddings::BertEmbeddings(const BertConfig& c, const Init& init)
    : Module("BertEmbeddings"),
      word_embeddings(checked(c).vocab_size, c.hidden_size, init),
      position_embeddings(c.max_position_embeddings, c.hidden_size, init),
      token_type_embeddings(c.type_vocab_size, c.hidden_size, init),
      norm(c.hidden_size, c.layer_norm_eps),
      dropout(c.hidden_dropout_prob) {}

void BertEmbeddings::visit(ModuleVisitor& v) {
  v("word_embeddings", word_embeddings);
  v("position_embeddings", position_embeddings);
  v("token_type_embeddings", token_type_embeddings);
  v("LayerNorm", norm);
  v("dropout", dropout);
}

Tensor BertEmbeddings::operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                                  Where where) {
  Scope scope(name(), where);
  const int64_t N = ids.numel();
  if (rows.total() != N || (token_types.numel() != N && token_types.numel() != 0)) {
    fail("bert",
         std::to_string(N) + " ids, " + std::to_string(token_types.numel()) +
             " token types, rows for " + std::to_string(rows.total()),
         "the three counts must agree", where);
  }
  if (rows.longest() > position_embeddings.weight.size(0)) {
    fail("bert", "a sequence has " + std::to_string(rows.longest()) + " tokens",
         "the model has positions for " + std::to_string(position_embeddings.weight.size(0)) +
             "; truncate the text",
         where);
  }
  const Ids types = token_types.numel() == N ? token_types.reshape({N})
                                             : Ids({N}, std::vector<int32_t>(ids.values().size()));
  const Tensor x = word_embeddings(ids.reshape({N})) + token_type_embeddings(types) +
                   position_embeddings(rows.positions());
  return dropout(norm(x));
}

BertSelfAttention::BertSelfAttention(const BertConfig& c, const Init& init)
    : Module("BertSelfAttention"),
      query(checked(c).hidden_size, c.hidden_size, init),
      key(c.hidden_size, c.hidden_size, init),
      value(c.hidden_size, c.hidden_size, init),
      heads(c.num_attention_heads),
      dropout_(static_cast<real>(c.attention_probs_dropout_prob)),
      causal_(c.is_decoder) {}

void BertSelfAttention::visit(ModuleVisitor& v) {
  v("query", query);
  v("key", key);
  v("value", value);
}

Tensor BertSelfAttention::operator()(const Tensor& x, const Rows& rows, const Tensor& seen,
                                     const Rows& seen_rows, Where where) {
  Scope scope(name(), where);
  const AttentionOptions options{
      .heads = heads, .causal = causal_, .bias = Tensor(), .dropout = training() ? dropout_ : 0};
  return attention(query(x), key(seen), value(seen), rows, seen_rows, options);
}

BertOutput::BertOutput(const BertConfig& c, int64_t in, const Init& init)
    : Module("BertOutput"),
      dense(in, checked(c).hidden_size, init),
      norm(c.hidden_size, c.layer_norm_eps),
      dropout(c.hidden_dropout_prob) {}

void BertOutput::visit(ModuleVisitor& v) {
  v("dense", dense);
  v("LayerNorm", norm);
  v("dropout", dropout);
}

Tensor BertOutput::operator()(const Tensor& x, const Tensor& residual, Where where) {
  Scope scope(name(), where);
  return norm(dropout(dense(x)) + residual);
}

BertAttention::BertAttention(const BertConfig& c, const Init& init)
    : Module("BertAttention"), self(c, init), output(c, c.hidden_size, init) {}

void BertAttention::visit(ModuleVisitor& v) {
  v("self", self);
  v("output", output);
}

Tensor BertAttention::operator()(const Tensor& x, const Rows& rows, const Tensor& seen,
                                 const Rows& seen_rows, Where where) {
  Scope scope(name(), where);
  return output(self(x, rows, seen, seen_rows), x);
}

BertIntermediate::BertIntermediate(const BertConfig& c, const Init& init)
    : Module("BertIntermediate"),
      dense(checked(c).hidden_size, c.intermediate_size, init),
      act_(activation(c.hidden_act)) {}

void BertIntermediate::visit(ModuleVisitor& v) { v("dense", dense); }

Tensor BertIntermediate::operator()(const Tensor& x, Where where) {
  Scope scope(name(), where);
  return act_(dense(x), Where::current());
}

BertLayer::BertLayer(const BertConfig& c, const Init& init)
    : Module("BertLayer"),
      attention(c, init),
      intermediate(c, init),
      output(c, c.intermediate_size, init) {}

void BertLayer::visit(ModuleVisitor& v) {
  v("attention", attention);
  v("intermediate", intermediate);
  v("output", output);
}

Tensor BertLayer::operator()(const Tensor& x, const Rows& rows, const Tensor& seen,
                             const Rows& seen_rows, Where where) {
  Scope scope(name(), where);
  const bool all = !seen.defined();
  const Tensor mixed = attention(x, rows, all ? x : seen, all ? rows : seen_rows);
  return output(intermediate(mixed), mixed);
}

BertEncoder::BertEncoder(const BertConfig& c, const Init& init) : Module("BertEncoder") {
  layer.reserve(static_cast<size_t>(checked(c).num_hidden_layers));
  for (int64_t i = 0; i < c.num_hidden_layers; ++i) layer.emplace_back(c, init);
}

void BertEncoder::visit(ModuleVisitor& v) { v("layer", layer); }

Tensor BertEncoder::operator()(const Tensor& x, const Rows& rows, const BertOptions& options,
                               Where where) {
  Scope scope(name(), where);
  const bool hides = options.seen_rows.sequences() > 0;
  Tensor hidden = x;
  if (options.hidden_states) options.hidden_states->push_back(hidden);
  for (size_t i = 0; i < layer.size(); ++i) {
    const bool first = options.only_first && i + 1 == layer.size();
    const Tensor seen = hides ? index_select(hidden, options.seen) : first ? hidden : Tensor();
    if (first) hidden = index_select(hidden, first_rows(rows));
    hidden = layer[i](hidden, first ? Rows::equal(rows.sequences(), 1) : rows, seen,
                      hides ? options.seen_rows : rows);
    if (options.hidden_states) options.hidden_states->push_back(hidden);
  }
  if (options.only_first && layer.empty()) hidden = index_select(hidden, first_rows(rows));
  return hidden;
}

BertPooler::BertPooler(const BertConfig& c, const Init& init)
    : Module("BertPooler"), dense(checked(c).hidden_size, c.hidden_size, init) {}

void BertPooler::visit(ModuleVisitor& v) { v("dense", dense); }

Tensor BertPooler::operator()(const Tensor& first_rows, Where where) {
  Scope scope(name(), where);
  return tanh(dense(first_rows));
}

BertModel::BertModel(const BertConfig& c, const Init& init, Pooler with_pooler)
    : Module("BertModel"),
      config(checked(c)),
      embeddings(c, initial_weights(c, init)),
      encoder(c, initial_weights(c, init)) {
  if (with_pooler == Pooler::yes) pooler.emplace(c, initial_weights(c, init));
}

void BertModel::visit(ModuleVisitor& v) {
  v("embeddings", embeddings);
  v("encoder", encoder);
  if (pooler) v("pooler", *pooler);
}

Tensor BertModel::operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                             const BertOptions& options, Where where) {
  Scope scope(name(), where);
  return encoder(embeddings(ids, token_types, rows), rows, options);
}

Tensor BertModel::pool(const Tensor& hidden, const Rows& rows, Where where) {
  Scope scope(name(), where);
  if (!pooler) fail("bert", "this model was made without a pooler", "Pooler::yes", where);
  const bool already_first = hidden.size(0) == rows.sequences();
  return (*pooler)(already_first ? hidden : index_select(hidden, first_rows(rows)));
}

}}  // namespace cairn::CAIRN_PRECISION

#pragma once
// BERT's encoder (Devlin, Chang, Lee & Toutanova 2018), over ragged batches: the hidden state is
// (N, H), the tokens of all sequences one after the other, as Rows says; no padding is computed.
// Every module and parameter has the name that it has in Hugging Face's checkpoints. Its source
// there, "modeling_bert.py" below, is transformers: src/transformers/models/bert/modeling_bert.py.
#include <optional>
#include <vector>

#include "core/ids.h"
#include "core/rows.h"
#include "models/bert/config.h"
#include "nn/activation.h"
#include "nn/layers.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// How a BERT's weights start: as `init` says; if that names no std, config.initializer_range is it.
Init initial_weights(const BertConfig& config, const Init& init);

// Word + token type + position, normalised: ids (N) -> (N, H). modeling_bert.py: BertEmbeddings
class BertEmbeddings : public Module {
 public:
  Embedding word_embeddings, position_embeddings, token_type_embeddings;
  LayerNorm norm;
  Dropout dropout;

  BertEmbeddings(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  // token_types (N), or empty: all 0. The position of a token is its index in its sequence; Error
  // if a sequence is longer than the model has positions.
  Tensor operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    Where where = Where::current());
};

// Multi-head attention without the output projection. modeling_bert.py: BertSelfAttention
class BertSelfAttention : public Module {
 public:
  Linear query, key, value;

  BertSelfAttention(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  // The rows x (Nq, H) attend to the rows `seen` (Nk, H) of their own sequence -> (Nq, H).
  Tensor operator()(const Tensor& x, const Rows& rows, const Tensor& seen, const Rows& seen_rows,
                    Where where = Where::current());

  int64_t heads;

 private:
  real dropout_;
  bool causal_;
};

// norm(dropout(x weight^T + bias) + residual): how both halves of a layer end.
// modeling_bert.py: BertSelfOutput, and BertOutput
class BertOutput : public Module {
 public:
  Linear dense;
  LayerNorm norm;
  Dropout dropout;

  BertOutput(const BertConfig& config, int64_t in, const Init& init);
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& x, const Tensor& residual, Where where = Where::current());
};

// Self-attention and its output projection. modeling_bert.py: BertAttention
class BertAttention : public Module {
 public:
  BertSelfAttention self;
  BertOutput output;

  BertAttention(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& x, const Rows& rows, const Tensor& seen, const Rows& seen_rows,
                    Where where = Where::current());
};

// act(x weight^T + bias): (N, H) -> (N, I). modeling_bert.py: BertIntermediate
class BertIntermediate : public Module {
 public:
  Linear dense;

  BertIntermediate(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& x, Where where = Where::current());

 private:
  Activation act_;
};

// Attention, then the feed-forward part. modeling_bert.py: BertLayer
class BertLayer : public Module {
 public:
  BertAttention attention;
  BertIntermediate intermediate;
  BertOutput output;

  BertLayer(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  // x (N, H) -> (N, H). Each row attends to all rows of its sequence, or to those of `seen` if that
  // is given: so a layer can compute only some rows, or attend to only some.
  Tensor operator()(const Tensor& x, const Rows& rows, const Tensor& seen = Tensor(),
                    const Rows& seen_rows = {}, Where where = Where::current());
};

// What a caller may ask of the encoder beyond the last hidden state.
struct BertOptions {
  // The last layer computes the first row of each sequence alone, which is all that a classifier
  // reads: the result is (B, H). Exact, and saves most of a layer.
  bool only_first = false;
  // Padded batches: the rows that may be attended to, as indices into the N rows, and where each
  // sequence's begin among them. The other rows are computed, but no row sees them. Empty: all
  // rows.
  Ids seen{};
  Rows seen_rows{};
  // If set, receives the embeddings' output and that of each layer.
  std::vector<Tensor>* hidden_states = nullptr;
};

// The stack of layers. modeling_bert.py: BertEncoder
class BertEncoder : public Module {
 public:
  ModuleList<BertLayer> layer;

  BertEncoder(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& x, const Rows& rows, const BertOptions& options = {},
                    Where where = Where::current());
};

// tanh of a linear function of each sequence's first row: (B, H) -> (B, H).
// modeling_bert.py: BertPooler
class BertPooler : public Module {
 public:
  Linear dense;

  BertPooler(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& first_rows, Where where = Where::current());
};

// Embeddings, encoder and pooler. modeling_bert.py: BertModel
class BertModel : public Module {
 public:
  static constexpr const char* architecture = "BertModel";
  static constexpr const char* prefix = "bert.";  // what its parameters' names lack

  enum class Pooler { yes, no };

  BertConfig config;
  BertEmbeddings embeddings;
  BertEncoder encoder;
  std::optional<BertPooler> pooler;

  // Weights are drawn as initial_weights() says. Error if the config contradicts itself.
  explicit BertModel(const BertConfig& config, const Init& init = {},
                     Pooler with_pooler = Pooler::yes);
  void visit(ModuleVisitor& v) override;

  // ids and token_types (N; the latter may be empty: all 0) of the sequences in `rows` -> the last
  // hidden state (N, H), or (B, H) with options.only_first.
  Tensor operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const BertOptions& options = {}, Where where = Where::current());

  // The pooled output (B, H) of a hidden state that operator() returned: (N, H), or (B, H) if it
  // was asked for the first rows only. Error if the model has no pooler.
  Tensor pool(const Tensor& hidden, const Rows& rows, Where where = Where::current());
};

}}  // namespace cairn::CAIRN_PRECISION

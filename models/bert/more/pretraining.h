#pragma once
// BERT with the heads of its pretraining: masked words, next sentence, and both. They are used like
// the one in models/bert/heads.h.
#include <optional>

#include "models/bert/bert.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// norm(act(x weight^T + bias)): what a hidden state goes through before it is compared with the
// words. modeling_bert.py: BertPredictionHeadTransform
class BertPredictionHeadTransform : public Module {
 public:
  Linear dense;
  LayerNorm norm;

  BertPredictionHeadTransform(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& x, Where where = Where::current());

 private:
  Activation act_;
};

// Logits of all words: transform(x) words^T + bias. `words` is the word embeddings' own table
// (Press & Wolf 2017): one parameter, which is decoder.weight here and has its first name there.
// modeling_bert.py: BertLMPredictionHead
class BertLMPredictionHead : public Module {
 public:
  Tensor bias, words;
  BertPredictionHeadTransform transform;

  BertLMPredictionHead(const BertConfig& config, const Init& init, const Tensor& words);
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& x, Where where = Where::current());
};

// The word at each masked position. modeling_bert.py: BertForMaskedLM, and with config.is_decoder
// BertLMHeadModel
class BertForMaskedLM : public Module {
 public:
  static constexpr const char* architecture = "BertForMaskedLM";
  static constexpr const char* prefix = "";

  BertModel bert;
  BertLMPredictionHead predictions;

  explicit BertForMaskedLM(const BertConfig& config, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  // Logits (M, vocab_size) of the M rows `at`, the masked ones: the others' are never needed in
  // training, and computing them would cost more than a layer. Without `at`, of all N rows.
  Tensor operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const std::optional<Ids>& at = {}, const BertOptions& options = {},
                    Where where = Where::current());
};

// Does the second text follow the first? Class 0: yes, 1: no.
// modeling_bert.py: BertForNextSentencePrediction
class BertForNextSentencePrediction : public Module {
 public:
  static constexpr const char* architecture = "BertForNextSentencePrediction";
  static constexpr const char* prefix = "";

  BertModel bert;
  Linear seq_relationship;

  explicit BertForNextSentencePrediction(const BertConfig& config, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  // Logits (B, 2).
  Tensor operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const BertOptions& options = {}, Where where = Where::current());
};

// Both tasks of BERT's pretraining. modeling_bert.py: BertForPreTraining
class BertForPreTraining : public Module {
 public:
  static constexpr const char* architecture = "BertForPreTraining";
  static constexpr const char* prefix = "";

  struct Output {
    Tensor predictions;       // (M, vocab_size), of the rows `at`, or of all N
    Tensor seq_relationship;  // (B, 2)
  };

  BertModel bert;
  BertLMPredictionHead predictions;
  Linear seq_relationship;

  explicit BertForPreTraining(const BertConfig& config, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  Output operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const std::optional<Ids>& at = {}, const BertOptions& options = {},
                    Where where = Where::current());
};

}}  // namespace cairn::CAIRN_PRECISION

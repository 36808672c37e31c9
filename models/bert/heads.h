#pragma once
// BERT with what its tasks put on top. All take ids and token_types (N; the latter may be empty) of
// the sequences in `rows`. Constructed from a config alone they start with fresh weights; see
// models/bert/load.h for pretrained ones.
#include <optional>

#include "models/bert/bert.h"

namespace cairn::inline CAIRN_PRECISION {

// A label for each sequence.
class BertForSequenceClassification : public Module {
 public:
  static constexpr const char* architecture = "BertForSequenceClassification";
  static constexpr const char* prefix = "";

  BertModel bert;
  Dropout dropout;
  Linear classifier;

  explicit BertForSequenceClassification(const BertConfig& config);
  BertForSequenceClassification(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  // Logits (B, num_labels). Only the first rows leave the last layer, unless options asks for the
  // hidden states.
  Tensor operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const BertOptions& options = {}, Where where = Where::current());
};

// Regression's loss, for num_labels = 1: the mean of (logit - target)^2; both have B numbers.
Tensor squared_error(const Tensor& logits, const Tensor& targets, Where where = Where::current());

// A choice among several texts for each question: the sequences of a question stand one after the
// other in `rows`.
class BertForMultipleChoice : public Module {
 public:
  static constexpr const char* architecture = "BertForMultipleChoice";
  static constexpr const char* prefix = "";

  BertModel bert;
  Dropout dropout;
  Linear classifier;  // one number a sequence

  explicit BertForMultipleChoice(const BertConfig& config);
  BertForMultipleChoice(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  // Logits (sequences / choices, choices). Error if choices does not divide the sequences.
  Tensor operator()(const Ids& ids, const Ids& token_types, const Rows& rows, int64_t choices,
                    const BertOptions& options = {}, Where where = Where::current());
};

// A label for each token.
class BertForTokenClassification : public Module {
 public:
  static constexpr const char* architecture = "BertForTokenClassification";
  static constexpr const char* prefix = "";

  BertModel bert;
  Dropout dropout;
  Linear classifier;

  explicit BertForTokenClassification(const BertConfig& config);
  BertForTokenClassification(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  // Logits (N, num_labels).
  Tensor operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const BertOptions& options = {}, Where where = Where::current());
};

// Where in the text the answer begins and ends.
class BertForQuestionAnswering : public Module {
 public:
  static constexpr const char* architecture = "BertForQuestionAnswering";
  static constexpr const char* prefix = "";

  struct Output {
    Tensor start, end;  // logits, (N) each
  };

  BertModel bert;
  Linear qa_outputs;

  explicit BertForQuestionAnswering(const BertConfig& config);
  BertForQuestionAnswering(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  Output operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const BertOptions& options = {}, Where where = Where::current());
};

// Cross entropy of the place that is right among the tokens of its sequence, for logits (N) and
// places (B); a place outside of its sequence is ignored. A span's loss is the mean of its two.
Tensor place_loss(const Tensor& logits, const Rows& rows, const Ids& places,
                  Where where = Where::current());

// norm(act(x weight^T + bias)): what a hidden state goes through before it is compared with the
// words.
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
class BertLMPredictionHead : public Module {
 public:
  Tensor bias, words;
  BertPredictionHeadTransform transform;

  BertLMPredictionHead(const BertConfig& config, const Init& init, const Tensor& words);
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& x, Where where = Where::current());
};

// The word at each masked place. With config.is_decoder, also Hugging Face's BertLMHeadModel.
class BertForMaskedLM : public Module {
 public:
  static constexpr const char* architecture = "BertForMaskedLM";
  static constexpr const char* prefix = "";

  BertModel bert;
  BertLMPredictionHead predictions;

  explicit BertForMaskedLM(const BertConfig& config);
  BertForMaskedLM(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  // Logits (M, vocab_size) of the M rows `at`, the masked ones: the others' are never needed in
  // training, and computing them would cost more than a layer. Without `at`, of all N rows.
  Tensor operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const std::optional<Ids>& at = {}, const BertOptions& options = {},
                    Where where = Where::current());
};

// Does the second text follow the first? Class 0: yes, 1: no.
class BertForNextSentencePrediction : public Module {
 public:
  static constexpr const char* architecture = "BertForNextSentencePrediction";
  static constexpr const char* prefix = "";

  BertModel bert;
  Linear seq_relationship;

  explicit BertForNextSentencePrediction(const BertConfig& config);
  BertForNextSentencePrediction(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  // Logits (B, 2).
  Tensor operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const BertOptions& options = {}, Where where = Where::current());
};

// Both tasks of BERT's pretraining.
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

  explicit BertForPreTraining(const BertConfig& config);
  BertForPreTraining(const BertConfig& config, const Init& init);
  void visit(ModuleVisitor& v) override;
  Output operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const std::optional<Ids>& at = {}, const BertOptions& options = {},
                    Where where = Where::current());
};

}  // namespace cairn::inline CAIRN_PRECISION

#pragma once
// BERT with other heads that classify: choices, tokens, spans. They are used like the one in
// models/bert/heads.h.
#include "models/bert/bert.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// A choice among several texts for each question: the sequences of a question stand one after the
// other in `rows`. modeling_bert.py: BertForMultipleChoice
class BertForMultipleChoice : public Module {
 public:
  static constexpr const char* architecture = "BertForMultipleChoice";
  static constexpr const char* prefix = "";

  BertModel bert;
  Dropout dropout;
  Linear classifier;  // one number per sequence

  explicit BertForMultipleChoice(const BertConfig& config, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  // Logits (sequences / choices, choices). Error if choices does not divide the sequences.
  Tensor operator()(const Ids& ids, const Ids& token_types, const Rows& rows, int64_t choices,
                    const BertOptions& options = {}, Where where = Where::current());
};

// A label for each token. modeling_bert.py: BertForTokenClassification
class BertForTokenClassification : public Module {
 public:
  static constexpr const char* architecture = "BertForTokenClassification";
  static constexpr const char* prefix = "";

  BertModel bert;
  Dropout dropout;
  Linear classifier;

  explicit BertForTokenClassification(const BertConfig& config, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  // Logits (N, num_labels).
  Tensor operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const BertOptions& options = {}, Where where = Where::current());
};

// Where in the text the answer begins and ends. modeling_bert.py: BertForQuestionAnswering
class BertForQuestionAnswering : public Module {
 public:
  static constexpr const char* architecture = "BertForQuestionAnswering";
  static constexpr const char* prefix = "";

  struct Output {
    Tensor start, end;  // logits, (N) each
  };

  BertModel bert;
  Linear qa_outputs;

  explicit BertForQuestionAnswering(const BertConfig& config, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  Output operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const BertOptions& options = {}, Where where = Where::current());
};

// Cross entropy of the right position among the tokens of its sequence, for logits (N) and
// positions (B); a position outside of its sequence is ignored. The loss of a span is the mean of
// those of its start and its end, as in Hugging Face's BertForQuestionAnswering.
Tensor position_loss(const Tensor& logits, const Rows& rows, const Ids& positions,
                     Where where = Where::current());

// The loss of a regression, for BertForSequenceClassification with num_labels = 1: the mean of (logit - target)^2; both have B numbers.
Tensor squared_error(const Tensor& logits, const Tensor& targets, Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION

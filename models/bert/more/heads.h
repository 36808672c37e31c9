#pragma once
// BERT with other heads that classify: choices, tokens, spans. They are used as the one in
// models/bert/heads.h.
#include "models/bert/bert.h"

namespace cairn { inline namespace CAIRN_PRECISION {

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
Tensor position_loss(const Tensor& logits, const Rows& rows, const Ids& places,
                  Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION

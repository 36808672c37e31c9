#pragma once
// BERT with what a task puts on top: a classifier of sequences; other heads are in
// models/bert/more/. All take ids and token_types (N; the latter may be empty) of the sequences in
// `rows`. Their constructors draw new weights; models/bert/load.h gives pretrained ones.
#include "models/bert/bert.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// A label for each sequence. modeling_bert.py: BertForSequenceClassification
class BertForSequenceClassification : public Module {
 public:
  static constexpr const char* architecture = "BertForSequenceClassification";
  static constexpr const char* prefix = "";

  BertModel bert;
  Dropout dropout;
  Linear classifier;

  explicit BertForSequenceClassification(const BertConfig& config, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  // Logits (B, num_labels). Only the first rows leave the last layer, unless options asks for the
  // hidden states.
  Tensor operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                    const BertOptions& options = {}, Where where = Where::current());
};

}}  // namespace cairn::CAIRN_PRECISION

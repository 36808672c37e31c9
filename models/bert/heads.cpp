// The classifier of sequences.
#include "models/bert/heads.h"

namespace cairn { inline namespace CAIRN_PRECISION {

BertForSequenceClassification::BertForSequenceClassification(const BertConfig& c, const Init& init)
    : Module(architecture),
      bert(c, init),
      dropout(c.head_dropout()),
      classifier(c.hidden_size, c.num_labels(), initial_weights(c, init)) {}

void BertForSequenceClassification::visit(ModuleVisitor& v) {
  v("bert", bert);
  v("dropout", dropout);
  v("classifier", classifier);
}

Tensor BertForSequenceClassification::operator()(const Ids& ids, const Ids& token_types,
                                                 const Rows& rows, const BertOptions& options,
                                                 Where where) {
  Scope scope(name(), where);
  BertOptions first = options;
  first.only_first = options.hidden_states == nullptr;
  const Tensor pooled = bert.pool(bert(ids, token_types, rows, first), rows);
  return classifier(dropout(pooled));
}

}}  // namespace cairn::CAIRN_PRECISION

// Heads over choices, tokens and spans.
#include "models/bert/more/heads.h"

#include <limits>

#include "core/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

BertForMultipleChoice::BertForMultipleChoice(const BertConfig& c, const Init& init)
    : Module(architecture),
      bert(c, init),
      dropout(c.head_dropout()),
      classifier(c.hidden_size, 1, initial_weights(c, init)) {}

void BertForMultipleChoice::visit(ModuleVisitor& v) {
  v("bert", bert);
  v("dropout", dropout);
  v("classifier", classifier);
}

Tensor BertForMultipleChoice::operator()(const Ids& ids, const Ids& token_types, const Rows& rows,
                                         int64_t choices, const BertOptions& options, Where where) {
  Scope scope(name(), where);
  if (choices < 1 || rows.sequences() % choices != 0) {
    fail("bert",
         std::to_string(rows.sequences()) + " sequences are not questions of " +
             std::to_string(choices) + " choices each",
         "", where);
  }
  BertOptions first = options;
  first.only_first = options.hidden_states == nullptr;
  const Tensor pooled = bert.pool(bert(ids, token_types, rows, first), rows);
  return reshape(classifier(dropout(pooled)), {rows.sequences() / choices, choices});
}

BertForTokenClassification::BertForTokenClassification(const BertConfig& c, const Init& init)
    : Module(architecture),
      bert(c, init, BertModel::Pooler::no),
      dropout(c.head_dropout()),
      classifier(c.hidden_size, c.num_labels(), initial_weights(c, init)) {}

void BertForTokenClassification::visit(ModuleVisitor& v) {
  v("bert", bert);
  v("dropout", dropout);
  v("classifier", classifier);
}

Tensor BertForTokenClassification::operator()(const Ids& ids, const Ids& token_types,
                                              const Rows& rows, const BertOptions& options,
                                              Where where) {
  Scope scope(name(), where);
  return classifier(dropout(bert(ids, token_types, rows, options)));
}

BertForQuestionAnswering::BertForQuestionAnswering(const BertConfig& c, const Init& init)
    : Module(architecture),
      bert(c, init, BertModel::Pooler::no),
      qa_outputs(c.hidden_size, 2, initial_weights(c, init)) {}

void BertForQuestionAnswering::visit(ModuleVisitor& v) {
  v("bert", bert);
  v("qa_outputs", qa_outputs);
}

BertForQuestionAnswering::Output BertForQuestionAnswering::operator()(const Ids& ids,
                                                                      const Ids& token_types,
                                                                      const Rows& rows,
                                                                      const BertOptions& options,
                                                                      Where where) {
  Scope scope(name(), where);
  const Tensor both = qa_outputs(bert(ids, token_types, rows, options));
  return {select(both, 1, 0), select(both, 1, 1)};
}

Tensor position_loss(const Tensor& logits, const Rows& rows, const Ids& positions, Where where) {
  Scope scope("position_loss", where);
  const int64_t B = rows.sequences(), T = rows.longest();
  std::vector<real> hide;       // -inf where a shorter sequence has ended
  std::vector<int32_t> labels;  // the positions, -100 for those to ignore
  for (int64_t b = 0; b < B; ++b) {
    for (int64_t t = 0; t < T; ++t)
      hide.push_back(t < rows.length(b) ? 0 : -std::numeric_limits<real>::infinity());
    const bool inside = positions[b] >= 0 && positions[b] < rows.length(b);
    labels.push_back(inside ? positions[b] : -100);
  }
  const Tensor padded = reshape(unpack(reshape(logits, {-1, 1}), rows), {B, T});
  return cross_entropy(padded + Tensor::of({B, T}, hide), Ids(std::move(labels)));
}

Tensor squared_error(const Tensor& logits, const Tensor& targets, Where where) {
  Scope scope("squared_error", where);
  const Tensor difference = reshape(logits, targets.shape()) - targets;
  return mean(difference * difference);
}

}}  // namespace cairn::CAIRN_PRECISION

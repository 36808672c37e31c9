// Calls each op that BERT needs, and a BERT: tests/debugger/frames.py counts the frames between a call
// and its kernel.
#include "core/ops/records/records.h"
#include "models/bert/heads.h"

using namespace cairn;

namespace {

void call_ops() {
  for (const OpInfo& op : all_ops()) {
    if (op.file.find("/more/") != std::string::npos) continue;
    const OpCase& plain = op.cases.front();  // others have options, which may need further ops
    for (const InputShapes& shapes : plain.inputs) {
      std::vector<Tensor> x;
      for (const Shape& shape : shapes) x.push_back(Tensor::full(shape, real{0.5}));
      plain.call(x);
    }
  }
}

void call_bert() {
  BertConfig config;
  config.vocab_size = 10;
  config.hidden_size = 8;
  config.num_hidden_layers = 2;
  config.num_attention_heads = 2;
  config.intermediate_size = 16;
  BertForSequenceClassification model(config);
  const Ids ids{1, 2, 3, 4};
  const Rows rows = Rows::of_lengths({3, 1});
  model(ids, {}, rows);
}

}  // namespace

int main() {
  call_ops();
  call_bert();
}

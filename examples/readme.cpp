#include <iostream>
#include "cairn.h"
using namespace cairn;

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : "out/demo/model";
  const auto tokenizer = BertTokenizer::from_pretrained(folder);
  auto model = from_pretrained<BertForSequenceClassification>(folder);
  const Encoding text = tokenizer.encode("the soup was not bad at all .");
  const Rows rows = Rows::of_lengths({static_cast<int32_t>(text.ids.size())});
  const Tensor logits = model(text.ids, text.token_types, rows);
  for (real p : softmax(logits).to_vector()) std::cout << p << "\n";
}

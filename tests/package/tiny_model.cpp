// Writes a tiny untrained BERT with its vocabulary into the folder it is given, for readme.cpp.
#include <filesystem>

#include "models/bert/load.h"
#include "text/bert_tokenizer.h"

int main(int, char** argv) {
  const std::string folder = argv[1];
  std::filesystem::create_directories(folder);
  const cairn::BertTokenizer tokenizer({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "soup",
                                        "was", "not", "bad", "at", "all", "."});
  tokenizer.save_pretrained(folder);
  cairn::BertConfig config;
  config.vocab_size = 13;
  config.hidden_size = config.intermediate_size = 8;
  config.num_hidden_layers = config.num_attention_heads = 2;
  config.max_position_embeddings = 16;
  cairn::BertForSequenceClassification model(config);
  cairn::save_pretrained(model, config, folder);
}

#pragma once
// The corpus, the smallest BERT, its training, and how good it is.
#include <string>
#include <vector>

#include "core/ops.h"
#include "models/bert/more/pretraining.h"
#include "text/batches.h"
#include "text/more/masked_lm.h"

using cairn::Batch;
using cairn::BertForPreTraining;
using cairn::BertTokenizer;
using cairn::Documents;
using cairn::Encoding;
using cairn::Ids;
using cairn::Passage;
using cairn::Random;
using cairn::real;
using cairn::Rows;
using cairn::Tensor;

// The demo's text: 5,000 anecdotes, of which the last 500 are kept for the examination.
struct Corpus {
  Documents documents, kept;
  BertTokenizer tokenizer;
};
const Corpus& corpus();

constexpr int64_t max_length = 32;  // tokens of a pair
std::vector<Passage> passages(const Documents& documents);

// One layer of 64 numbers a token, without dropout; `deviation` is that of the first weights.
cairn::BertConfig small_bert(double deviation = 0.1);

// What is learned, and the mistakes that can be made.
struct Recipe {
  double chosen = 0.15;      // of the tokens
  double masked = 0.8;       // of the chosen: replaced by [MASK]
  double random = 0.1;       // of the chosen: replaced by a random token
  bool special_too = false;  // [CLS] and [SEP] may be chosen, too
  bool all = false;          // every token has a label, hidden or not
  int32_t elsewhere = -100;  // the label of the tokens that are not chosen
  int64_t steps = 1000, batch_size = 12;
  double lr = 3e-3;
};

// Tokens that have been chosen and hidden, with their labels.
cairn::MaskedTokens hidden(const Ids& ids, const Recipe& recipe, Random& random);

// Trains the model; the losses of the words, and of the sentences, step by step.
struct Losses {
  std::vector<double> words, sentences;
};
Losses train(BertForPreTraining& model, const Recipe& recipe, uint64_t seed);

// Pairs with their labels, encoded.
struct Pairs {
  std::vector<Encoding> texts;
  std::vector<int32_t> labels;
};
Pairs pairs_of(const std::vector<Passage>& passages, Random& random);

// The examination, always the same: 500 anecdotes that were not trained on, rightly hidden.
struct Score {
  double word_loss, words_right;  // the latter where there is a [MASK]
  double sentences_right;
};
Score examined(BertForPreTraining& model);

// The mean of the last 50.
double last_of(const std::vector<double>& losses);

// The three most likely words at the [MASK] of a text, with their probabilities.
std::string guessed(BertForPreTraining& model, const std::string& text);
